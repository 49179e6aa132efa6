import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

/**
 * The IPv4 addresses that are nobody's in the public internet, or stand for others:
 * https://www.iana.org/assignments/iana-ipv4-special-registry, with multicast, what is reserved, and
 * 168.63.129.16, by which machines in Azure reach their host.
 */
const specialV4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16'],
  ...['172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.31.196.0/24', '192.52.193.0/24'],
  ...['192.88.99.0/24', '192.168.0.0/16', '192.175.48.0/24', '198.18.0.0/15'],
  ...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4', '168.63.129.16/32'],
];

/** IPv6 addresses are public in 2000::/3 alone, without these, some of which stand for IPv4 ones. */
const globalV6 = listOf(['2000::/3']);
const specialV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'];
const special = listOf([...specialV4, ...specialV6]);

/**
 * Whether an IP address is a public one, and none of this machine: only so may others have the server
 * connect to it.
 */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0 || isOwn(address)) return false;
  if (family === 4) return !special.check(address, 'ipv4');
  return globalV6.check(address, 'ipv6') && !special.check(address, 'ipv6');
}

/** Asked each time, as a machine may get other addresses. */
function isOwn(address: string): boolean {
  const all = Object.values(networkInterfaces()).flat();
  return all.some((one) => one?.address === address);
}

function listOf(subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [address = '', bits] = subnet.split('/');
    list.addSubnet(address, Number(bits), isIP(address) === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}
