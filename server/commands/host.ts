import { isIP } from 'node:net';

/**
 * Whether a text is an IP address, or a name that the system can't take for one: it takes `0` for
 * all addresses.
 */
export function isHost(text: string): boolean {
  if (isIP(text)) return true;
  const labels = text.replace(/\.$/, '').split('.');
  const isName = labels.every((label) => /^(?!-)[\w-]{1,63}$/.test(label));
  return isName && text.length <= 253 && /^[a-z_]/i.test(labels.at(-1)!);
}
