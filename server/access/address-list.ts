import { BlockList, isIP } from 'node:net';

/**
 * Reads a list such as `10.0.0.5, 192.168.0.0/16`. Throws a RangeError that names an invalid entry.
 */
export function addressList(text: string): BlockList {
  const list = new BlockList();
  for (const entry of text.split(',').map((part) => part.trim())) {
    if (entry === '') continue;
    const [, address = '', bits] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
    const family = isIP(address);
    const length = bits === undefined ? undefined : Number(bits);
    if (!family || (length !== undefined && length > (family === 4 ? 32 : 128))) {
      throw new RangeError(`"${entry}" is no IP address and no range such as 10.0.0.0/8`);
    }
    const kind = family === 4 ? 'ipv4' : 'ipv6';
    if (length === undefined) list.addAddress(address, kind);
    else list.addSubnet(address, length, kind);
  }
  return list;
}
