import { hkdfSync } from 'node:crypto';
import type { Queries } from './database.ts';
import { readFact } from './facts.ts';

/** Tells one secret from another, and nothing of what it is that a token would not. */
export function fingerprintOf(secret: string): string {
  const bytes = hkdfSync('sha256', secret, '', 'proptally fingerprint of the secret', 16);
  return Buffer.from(bytes).toString('hex');
}

/** Whether a database has been served with another secret so far. */
export async function isServedWithAnother(database: Queries, secret: string): Promise<boolean> {
  const known = await readFact(database, 'secret');
  return known !== null && known !== fingerprintOf(secret);
}
