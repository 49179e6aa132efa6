import { crc32 } from 'node:zlib';
import type { ExpressionBuilder, Selectable } from 'kysely';
import { allowances, mostActiveKeys, type Scope } from '../../shared/access.ts';
import type { AuditActor } from '../../shared/answers/audit.ts';
import { recordAct } from './audit.ts';
import type { Queries } from './database.ts';
import { digestOf, newId, type Random } from './ids.ts';
import { findPartner, type Partner } from './partners.ts';
import type { KeysTable, Schema } from './schema.ts';

export type Key = Selectable<KeysTable>;

/** A key that cannot be made or changed, with a sentence that says why. */
export class KeyRefused extends Error {}

export interface NewKey {
  label: string;
  scopes: readonly Scope[];
  /** Epoch ms; null: never. */
  expiresAt: number | null;
  /** Empty: wherever the partner's widgets may appear. */
  origins?: readonly string[];
}

interface MadeKey {
  key: string;
  record: Key;
}

/**
 * Makes a key, to be called in a transaction. The key itself is returned this once and kept nowhere.
 * Throws KeyRefused beyond ten active ones, or for a scope the partner's tier does not have.
 */
export async function createKey(
  database: Queries,
  partnerId: string,
  wanted: NewKey,
  actor: AuditActor,
  now: number,
  random: Random,
): Promise<MadeKey> {
  const made = await insertKey(database, partnerId, wanted, now, random);
  const { id } = made.record;
  await recordAct(
    database,
    partnerId,
    actor,
    { action: 'key.created', subject: id, details: describe(made.record) },
    now,
  );
  return made;
}

async function insertKey(
  database: Queries,
  partnerId: string,
  { label, scopes, expiresAt, origins = [] }: NewKey,
  now: number,
  random: Random,
): Promise<MadeKey> {
  const partner = await findPartner(database, partnerId);
  if (!partner) throw new KeyRefused(`There is no partner ${partnerId}.`);
  refuseBeyondTier(partner, scopes);
  if ((await countActiveKeys(database, partnerId, now)) >= mostActiveKeys) {
    throw new KeyRefused(`A partner has at most ${mostActiveKeys} active keys. Revoke one first.`);
  }
  const key = newKey(random);
  const record = await database
    .insertInto('keys')
    .values({
      partner_id: partnerId,
      id: newId('key', random),
      digest: digestOf(key),
      prefix: key.slice(0, 11),
      label,
      scopes: scopes.join(' '),
      created_at: now,
      expires_at: expiresAt,
      revoked_at: null,
      allowed_origins: joinOrigins(origins),
      replaced_by: null,
      last_used_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return { key, record };
}

/** For the audit trail. */
function describe({ label, scopes, expires_at, allowed_origins }: Key) {
  return {
    label,
    scopes: scopes.split(' '),
    expires_at,
    allowed_origins: splitOrigins(allowed_origins),
  };
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

export function isActive(key: Pick<Key, 'revoked_at' | 'expires_at'>, now: number): boolean {
  return key.revoked_at === null && (key.expires_at === null || key.expires_at > now);
}

export function scopesOf(key: Pick<Key, 'scopes'>): Scope[] {
  return key.scopes.split(' ') as Scope[];
}

/** As a column holds them: null when there are none. */
export function joinOrigins(origins: readonly string[]): string | null {
  return origins.length > 0 ? origins.join(' ') : null;
}

export function splitOrigins(column: string | null): string[] {
  return column?.split(' ') ?? [];
}

/** {@link isActive}, in SQL. */
function activeAt(now: number) {
  return ({ and, or, eb }: ExpressionBuilder<Schema, 'keys'>) =>
    and([
      eb('revoked_at', 'is', null),
      or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]),
    ]);
}

async function countActiveKeys(database: Queries, partnerId: string, now: number) {
  const { count } = await database
    .selectFrom('keys')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('partner_id', '=', partnerId)
    .where(activeAt(now))
    .executeTakeFirstOrThrow();
  return count;
}

const mostListed = 100;

/** The active ones first, then the newest; ended ones are kept for a while (retention.ts). */
export function listKeys(database: Queries, partnerId: string, now: number): Promise<Key[]> {
  return database
    .selectFrom('keys')
    .selectAll()
    .where('partner_id', '=', partnerId)
    .orderBy((eb) => eb.case().when(activeAt(now)(eb)).then(0).else(1).end())
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(mostListed)
    .execute();
}

export function findKeyById(
  database: Queries,
  partnerId: string,
  id: string,
): Promise<Key | undefined> {
  return database
    .selectFrom('keys')
    .selectAll()
    .where('partner_id', '=', partnerId)
    .where('id', '=', id)
    .executeTakeFirst();
}

export type KeyChanges = Partial<Pick<Key, 'label' | 'scopes' | 'expires_at' | 'allowed_origins'>>;

/**
 * The key as it is now; undefined when the partner has no such key that is not revoked. To be called
 * in a transaction.
 */
export async function changeKey(
  database: Queries,
  partnerId: string,
  id: string,
  changes: KeyChanges,
  actor: AuditActor,
  now: number,
): Promise<Key | undefined> {
  const changed = await database
    .updateTable('keys')
    .set(changes)
    .where('partner_id', '=', partnerId)
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returningAll()
    .executeTakeFirst();
  if (changed) {
    const details = describe(changed);
    await recordAct(
      database,
      partnerId,
      actor,
      { action: 'key.changed', subject: id, details },
      now,
    );
  }
  return changed;
}

/**
 * False when the partner has no such key that is not revoked yet. To be called in a transaction.
 */
export async function revokeKey(
  database: Queries,
  partnerId: string,
  id: string,
  actor: AuditActor,
  now: number,
): Promise<boolean> {
  const { numUpdatedRows } = await database
    .updateTable('keys')
    .set({ revoked_at: now })
    .where('partner_id', '=', partnerId)
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return false;
  await recordAct(database, partnerId, actor, { action: 'key.revoked', subject: id }, now);
  return true;
}

/**
 * Makes a key that takes the place of another, which works until `oldEndsAt` at the latest; to be
 * called in a transaction. Throws KeyRefused as {@link createKey} does.
 */
export async function rollKey(
  database: Queries,
  old: Key,
  { expiresAt, oldEndsAt }: { expiresAt: number | null; oldEndsAt: number },
  actor: AuditActor,
  now: number,
  random: Random,
): Promise<MadeKey & { oldEndsAt: number }> {
  const { partner_id, id, label } = old;
  const ending = { expires_at: Math.min(oldEndsAt, old.expires_at ?? Infinity) };
  const update = (changes: Partial<Key>) =>
    database
      .updateTable('keys')
      .set(changes)
      .where('partner_id', '=', partner_id)
      .where('id', '=', id)
      .execute();
  // First, so that without an overlap a tenth key can be rolled.
  await update(ending);
  const made = await insertKey(
    database,
    partner_id,
    { label, scopes: scopesOf(old), expiresAt, origins: splitOrigins(old.allowed_origins) },
    now,
    random,
  );
  await update({ replaced_by: made.record.id });
  const details = { replaced_by: made.record.id, ...ending };
  await recordAct(database, partner_id, actor, { action: 'key.rolled', subject: id, details }, now);
  return { ...made, oldEndsAt: ending.expires_at };
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
