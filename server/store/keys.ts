import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Selectable } from 'kysely';
import { allowances, type Scope } from '../../shared/access.ts';
import type { Queries } from './database.ts';
import { newId, type Random } from './ids.ts';
import { findPartner, type Partner } from './partners.ts';
import type { KeysTable } from './schema.ts';

export type Key = Selectable<KeysTable>;

/** How many keys of a partner may be active at once. */
export const mostActiveKeys = 10;

/** A key that cannot be made, with a sentence that says why. */
export class KeyRefused extends Error {}

export interface NewKey {
  label: string;
  scopes: readonly Scope[];
  /** Epoch ms; null: never. */
  expiresAt: number | null;
}

/**
 * Makes a key, to be called in a transaction. The key itself is returned this once and kept nowhere.
 * Throws KeyRefused beyond ten active ones, or for a scope the partner's tier does not have.
 */
export async function createKey(
  database: Queries,
  partnerId: string,
  { label, scopes, expiresAt }: NewKey,
  now: number,
  random: Random,
): Promise<{ key: string; record: Key }> {
  const partner = await findPartner(database, partnerId);
  if (!partner) throw new KeyRefused(`There is no partner ${partnerId}.`);
  refuseBeyondTier(partner, scopes);
  const active = (await listKeys(database, partnerId)).filter((key) => isActive(key, now));
  if (active.length >= mostActiveKeys) {
    throw new KeyRefused(`A partner has at most ${mostActiveKeys} active keys. Revoke one first.`);
  }
  const key = newKey(random);
  const record = await database
    .insertInto('keys')
    .values({
      partner_id: partnerId,
      id: newId('key', random),
      digest: digestKey(key),
      prefix: key.slice(0, 11),
      label,
      scopes: scopes.join(' '),
      created_at: now,
      expires_at: expiresAt,
      revoked_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return { key, record };
}

function refuseBeyondTier(partner: Partner, scopes: readonly Scope[]): void {
  const missing = scopes.filter((scope) => !allowances[partner.tier].scopes.includes(scope));
  if (missing.length > 0) {
    throw new KeyRefused(`The ${partner.tier} tier does not have the scope ${missing.join(', ')}.`);
  }
}

/** `pt_`, 48 random hex digits and 8 of their CRC-32, so that a mistyped key is known for one. */
function newKey(random: Random): string {
  const secret = random(24).toString('hex');
  return `pt_${secret}${checksum(secret)}`;
}

function checksum(secret: string): string {
  return crc32(secret).toString(16).padStart(8, '0');
}

/** Whether a text can be a key at all; what is not needs no look-up. */
export function isWellFormedKey(text: string): boolean {
  return /^pt_[0-9a-f]{56}$/.test(text) && checksum(text.slice(3, 51)) === text.slice(51);
}

/** SHA-256, hex. Keys are long and random, so a plain digest is as good as a slow one. */
export function digestKey(key: string): string {
  return hash('sha256', key);
}

export function isActive(key: Pick<Key, 'revoked_at' | 'expires_at'>, now: number): boolean {
  return key.revoked_at === null && (key.expires_at === null || key.expires_at > now);
}

export function listKeys(database: Queries, partnerId: string): Promise<Key[]> {
  return database
    .selectFrom('keys')
    .selectAll()
    .where('partner_id', '=', partnerId)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
}

/** False when the partner has no such key that is not revoked yet. */
export async function revokeKey(
  database: Queries,
  partnerId: string,
  id: string,
  now: number,
): Promise<boolean> {
  const { numUpdatedRows } = await database
    .updateTable('keys')
    .set({ revoked_at: now })
    .where('partner_id', '=', partnerId)
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** A key together with the partner it belongs to. */
export interface KeyWithPartner {
  key: Key;
  partner: Partner;
}

/** Whatever its state: whether it may be used is decided by who asks. */
export async function findKey(
  database: Queries,
  digest: string,
): Promise<KeyWithPartner | undefined> {
  const key = await database
    .selectFrom('keys')
    .selectAll()
    .where('digest', '=', digest)
    .executeTakeFirst();
  const partner = key && (await findPartner(database, key.partner_id));
  return key && partner ? { key, partner } : undefined;
}
