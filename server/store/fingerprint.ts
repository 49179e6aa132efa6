import { hkdfSync } from 'node:crypto';
import type { Queries } from './database.ts';
import { readFact } from './facts.ts';

/** Identifies a secret, and reveals no more about it than a token that is signed with it. */
export function fingerprintOf(secret: string): string {
  const bytes = hkdfSync('sha256', secret, '', 'proptally fingerprint of the secret', 16);
  return Buffer.from(bytes).toString('hex');
}

/** Whether a database has been served with a different secret so far. */
export async function isServedWithAnother(database: Queries, secret: string): Promise<boolean> {
  const known = await readFact(database, 'secret');
  return known !== null && known !== fingerprintOf(secret);
}
