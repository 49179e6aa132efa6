import { isIP } from 'node:net';

/** An address, or a name that can't be taken for one: the system reads `0` as every address. */
export function isHost(text: string): boolean {
  if (isIP(text)) return true;
  const labels = text.replace(/\.$/, '').split('.');
  const isName = labels.every((label) => /^(?!-)[\w-]{1,63}$/.test(label));
  return isName && text.length <= 253 && /^[a-z_]/i.test(labels.at(-1)!);
}
