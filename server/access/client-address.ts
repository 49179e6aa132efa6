import type { IncomingMessage } from 'node:http';
import { type BlockList, isIP } from 'node:net';

/** The proxies whose X-Forwarded-For header is believed. */
export type TrustedProxies = BlockList;

/** How much of X-Forwarded-For is read, from its end. No real chain of proxies is longer. */
const most = { characters: 1_000, addresses: 10 };

/**
 * The client's address: that of the connection, or if that is a trusted proxy, the last one in
 * X-Forwarded-For that is not.
 */
export function clientAddress(request: IncomingMessage, trusted: TrustedProxies): string {
  let address = plain(request.socket.remoteAddress ?? '');
  if (!isTrusted(address, trusted)) return address;
  for (const forwarded of forwardedFor(request)) {
    const next = plain(forwarded.trim());
    if (!isIP(next)) break;
    address = next;
    if (!isTrusted(address, trusted)) break;
  }
  return address;
}

/** The addresses in X-Forwarded-For, the one that the nearest proxy added first. */
function forwardedFor({ headers }: IncomingMessage): string[] {
  const header = [headers['x-forwarded-for'] ?? ''].flat().join(',');
  return header.slice(-most.characters).split(',').reverse().slice(0, most.addresses);
}

function isTrusted(address: string, trusted: TrustedProxies): boolean {
  const family = isIP(address);
  return family !== 0 && trusted.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

/**
 * An address without the `::ffff:` that a socket for both families puts before IPv4, and without
 * the port that some proxies add.
 */
function plain(address: string): string {
  return address
    .replace(/^(\d+(?:\.\d+){3}):\d+$/, '$1')
    .replace(/^\[(.*)\](?::\d+)?$/, '$1')
    .replace(/^::ffff:(?=\d+\.)/, '');
}
