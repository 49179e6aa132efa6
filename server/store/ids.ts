import { hash } from 'node:crypto';

/** Where randomness comes from: `count` random bytes. Passed in, so that tests can repeat it. */
export type Random = (count: number) => Buffer;

type Prefix = 'ptr' | 'key' | 'acc' | 'ses' | 'mail';

/** A new id such as `acc_3f9c…`: 80 random bits behind the kind of thing it names. */
export function newId(prefix: Prefix, random: Random): string {
  return `${prefix}_${random(10).toString('hex')}`;
}

/** 128 random bits that open something, for a cookie or an address. */
export function newSecret(random: Random): string {
  return random(16).toString('base64url');
}

/** Whether a text is of the form of one. */
export function isSecret(text: string): boolean {
  return /^[\w-]{22}$/.test(text);
}

/** SHA-256, hex. What is long and random is kept as its digest; a plain one is as good as a slow one. */
export function digestOf(secret: string): string {
  return hash('sha256', secret);
}
