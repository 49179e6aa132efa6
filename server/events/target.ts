import { type BlockList, isIP } from 'node:net';
import { isPublicAddress } from './public-address.ts';

/** The longest address of a webhook, in characters. */
export const longestUrl = 2_048;

/** No name server knows these names: https://www.rfc-editor.org/rfc/rfc6761#section-6.3 */
export function isLocalhost(hostname: string): boolean {
  return /(^|\.)localhost\.?$/i.test(hostname);
}

/** The IP address that a URL names; null: it has a name that must be looked up. */
export function addressIn(hostname: string): string | null {
  if (isLocalhost(hostname)) return '127.0.0.1';
  const literal = hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(literal) ? literal : null;
}

/**
 * Whether the server may send to an address. Without encryption it sends to none but those that the
 * operator has allowed.
 */
export function mayConnect(address: string, protocol: string, allowed: BlockList): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  if (allowed.check(address, family === 4 ? 'ipv4' : 'ipv6')) return true;
  return protocol === 'https:' && isPublicAddress(address);
}

/**
 * Why nothing can be sent to a URL, as far as is known without looking its name up: `must …`. Null: it
 * can.
 */
export function problemOfUrl(text: string, allowed: BlockList): string | null {
  const url = /[\s\p{Cc}]/u.test(text) ? null : URL.parse(text);
  if (!url || url.port === '0') return 'must be an https address';
  const isHttp = url.protocol === 'http:' && allowed.rules.length > 0;
  if (url.protocol !== 'https:' && !isHttp) return 'must be an https address';
  if (url.username !== '' || url.password !== '') return 'must not have a user name or password';
  if (url.hash !== '') return 'must not have a fragment (#…)';
  const address = addressIn(url.hostname);
  if (address !== null && !mayConnect(address, url.protocol, allowed))
    return 'must be at a public address, not at one of a private network or this server';
  return null;
}
