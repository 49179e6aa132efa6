import { hash } from 'node:crypto';

/** Where randomness comes from: `count` random bytes. Passed in, so that tests can repeat it. */
export type Random = (count: number) => Buffer;

type Prefix = 'ptr' | 'key' | 'usr' | 'acc' | 'trd' | 'evt' | 'imp' | 'ses' | 'wh' | 'mail' | 'str';

const idBytes = 10;

/** A new id such as `acc_3f9c…`: the kind of thing that it identifies, and 80 random bits. */
export function newId(prefix: Prefix, random: Random): string {
  return newIds(prefix, 1, random)[0]!;
}

/** So many new ids. Randomness for all of them is drawn at once, which takes much less time. */
export function newIds(prefix: Prefix, count: number, random: Random): string[] {
  const bytes = random(idBytes * count);
  return Array.from({ length: count }, (_, index) => {
    const start = idBytes * index;
    return `${prefix}_${bytes.toString('hex', start, start + idBytes)}`;
  });
}

/** A secret of 128 random bits, for a cookie or a sign-in link, as base64url. */
export function newSecret(random: Random): string {
  return random(16).toString('base64url');
}

/** Whether a text has the form of such a secret. */
export function isSecret(text: string): boolean {
  return /^[\w-]{22}$/.test(text);
}

/** SHA-256, hex. Secrets are stored as digests; as they are long and random, a fast hash is safe. */
export function digestOf(secret: string): string {
  return hash('sha256', secret);
}
