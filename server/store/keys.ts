import { crc32 } from 'node:zlib';
import { type Expression, expressionBuilder, type Selectable, type SqlBool } from 'kysely';
import { allowances, includesScope, mostActiveKeys, type Scope } from '../../shared/access.ts';
import type { AuditActor } from '../../shared/answers/audit.ts';
import { recordAct } from './audit.ts';
import type { Queries } from './database.ts';
import { digestOf, newId, type Random } from './ids.ts';
import { NotPossible } from './not-possible.ts';
import { findPartner, type Partner } from './partners.ts';
import type { KeysTable, Schema } from './schema.ts';

export type Key = Selectable<KeysTable>;

export interface NewKey {
  label: string;
  scopes: readonly Scope[];
  /** When the key expires, epoch ms; null: never. */
  expiresAt: number | null;
  /** The origins on which the key's widgets may appear; empty: all of the partner's. */
  origins?: readonly string[];
}

interface MadeKey {
  key: string;
  record: Key;
}

/**
 * Creates a key; to be called in a transaction. The key itself is returned only here, and not
 * stored. Throws NotPossible when there are too many keys already, for a scope that the partner's
 * tier does not have, and for an expiry in the past.
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
  const { record } = made;
  const act = { action: 'key.created', subject: record.id, details: describe(record) } as const;
  await recordAct(database, partnerId, actor, act, now);
  return made;
}

async function insertKey(
  database: Queries,
  partnerId: string,
  { label, scopes, expiresAt, origins = [] }: NewKey,
  now: number,
  random: Random,
  rootId: string | null = null,
): Promise<MadeKey> {
  const partner = await findPartner(database, partnerId);
  if (!partner) throw new NotPossible('not_found', `There is no partner ${partnerId}.`);
  refuseBeyondTier(partner, scopes);
  refusePast(expiresAt, now);
  await refuseOneMore(database, partnerId, now);
  await refuseUnlisted(database, partnerId, now);
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
      root_id: rootId,
      paused_at: null,
      last_used_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return { key, record };
}

/** A key's details for the audit trail. */
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
    const sentence = `The ${partner.tier} tier does not have the scope ${missing.join(', ')}.`;
    throw new NotPossible('tier_required', sentence, 'scopes');
  }
}

/**
 * Throws NotPossible when origins that are to be given to a key are not among the partner's. A key
 * may keep other ones that it has already: the partner's list is applied as well
 * (access/origins.ts).
 */
export function refuseOtherOrigins(partner: Partner, origins: readonly string[]): void {
  const known = splitOrigins(partner.allowed_origins);
  const others = known.length > 0 ? origins.filter((origin) => !known.includes(origin)) : [];
  if (others.length > 0) {
    const sentence = `The partner's own allowed origins do not have ${others.join(', ')}.`;
    throw new NotPossible('origin_not_allowed', sentence, 'allowed_origins');
  }
}

function refusePast(expiresAt: number | null, now: number): void {
  if (expiresAt !== null && expiresAt <= now) {
    throw new NotPossible('invalid_body', 'A key must end in the future.', 'expires_at');
  }
}

function refuseEnded(key: Key, now: number): void {
  if (hasEnded(key, now)) throw new NotPossible('key_ended', `The key ${key.id} has ended.`);
}

/** `pt_`, 48 random hex digits and 8 of their CRC-32, by which a mistyped key is recognised. */
function newKey(random: Random): string {
  const secret = random(24).toString('hex');
  return `pt_${secret}${checksum(secret)}`;
}

function checksum(secret: string): string {
  return crc32(secret).toString(16).padStart(8, '0');
}

/** Whether a key is revoked or expired, and so never becomes active again. */
export function hasEnded(key: Pick<Key, 'revoked_at' | 'expires_at'>, now: number): boolean {
  return key.revoked_at !== null || (key.expires_at !== null && key.expires_at <= now);
}

/** Whether a key is valid: neither revoked, expired nor paused. */
export function isActive(
  key: Pick<Key, 'revoked_at' | 'expires_at' | 'paused_at'>,
  now: number,
): boolean {
  return key.paused_at === null && !hasEnded(key, now);
}

export function scopesOf(key: Pick<Key, 'scopes'>): Scope[] {
  return key.scopes.split(' ') as Scope[];
}

/** Origins as a column holds them; null: there are none. */
export function joinOrigins(origins: readonly string[]): string | null {
  return origins.length > 0 ? origins.join(' ') : null;
}

export function splitOrigins(column: string | null): string[] {
  return column?.split(' ') ?? [];
}

const keys = expressionBuilder<Schema, 'keys'>();

/** The opposite of {@link hasEnded}, in SQL. */
function notEndedAt(now: number): Expression<SqlBool> {
  return keys.and([
    keys('keys.revoked_at', 'is', null),
    keys.or([keys('keys.expires_at', 'is', null), keys('keys.expires_at', '>', now)]),
  ]);
}

/** {@link isActive}, in SQL. */
export function activeAt(now: number): Expression<SqlBool> {
  return keys.and([keys('keys.paused_at', 'is', null), notEndedAt(now)]);
}

async function countKeys(database: Queries, partnerId: string, which: Expression<SqlBool>) {
  const { count } = await database
    .selectFrom('keys')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('partner_id', '=', partnerId)
    .where(which)
    .executeTakeFirstOrThrow();
  return count;
}

async function refuseOneMore(database: Queries, partnerId: string, now: number): Promise<void> {
  if ((await countKeys(database, partnerId, activeAt(now))) < mostActiveKeys) return;
  const sentence = `A partner has at most ${mostActiveKeys} active keys. Revoke one first.`;
  throw new NotPossible('too_many_keys', sentence);
}

const mostListed = 100;

/** Throws NotPossible when {@link listKeys} has no room for one more key that has not ended. */
async function refuseUnlisted(database: Queries, partnerId: string, now: number): Promise<void> {
  if ((await countKeys(database, partnerId, notEndedAt(now))) < mostListed) return;
  const sentence = `A partner has at most ${mostListed} keys, paused ones too. Revoke one first.`;
  throw new NotPossible('too_many_keys', sentence);
}

/**
 * A partner's keys: the active ones, then the paused, then the ended, each group with the newest
 * first. Ended keys are deleted after a while (retention.ts).
 */
export function listKeys(database: Queries, partnerId: string, now: number): Promise<Key[]> {
  return database
    .selectFrom('keys')
    .selectAll()
    .where('partner_id', '=', partnerId)
    .orderBy((eb) =>
      eb.case().when(activeAt(now)).then(0).when(notEndedAt(now)).then(1).else(2).end(),
    )
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

export interface KeyChanges {
  label?: string | undefined;
  /** Each must be a scope that the key has already or that its partner's tier has. */
  scopes?: readonly Scope[] | undefined;
  expiresAt?: number | null | undefined;
  origins?: readonly string[] | undefined;
  /** True: the key is resumed; false: it is paused. */
  isActive?: boolean | undefined;
}

/**
 * Changes a key and returns it; to be called in the transaction that read it. Throws NotPossible
 * when the key has ended, when it is to be resumed while ten others are active, for a scope or an
 * expiry as {@link createKey} does, and for origins that the partner does not have.
 */
export async function changeKey(
  database: Queries,
  key: Key,
  { isActive, ...changes }: KeyChanges,
  actor: AuditActor,
  now: number,
): Promise<Key> {
  refuseEnded(key, now);
  const changed = await changeColumns(database, key, changes, actor, now);
  if (isActive === undefined || isActive === (key.paused_at === null)) return changed;
  if (isActive) await refuseOneMore(database, key.partner_id, now);
  const action = isActive ? 'key.resumed' : 'key.paused';
  await recordAct(database, key.partner_id, actor, { action, subject: key.id }, now);
  return updateKey(database, key, { paused_at: isActive ? null : now });
}

async function changeColumns(
  database: Queries,
  key: Key,
  { label, scopes, expiresAt, origins }: Omit<KeyChanges, 'isActive'>,
  actor: AuditActor,
  now: number,
): Promise<Key> {
  const partner = (await findPartner(database, key.partner_id))!;
  const changes: Partial<Key> = {};
  if (label !== undefined) changes.label = label;
  if (scopes) {
    refuseBeyondTier(partner, moreScopes(key, scopes));
    changes.scopes = scopes.join(' ');
  }
  if (expiresAt !== undefined) {
    refusePast(expiresAt, now);
    changes.expires_at = expiresAt;
  }
  if (origins) {
    refuseOtherOrigins(partner, origins);
    changes.allowed_origins = joinOrigins(origins);
  }
  if (Object.keys(changes).length === 0) return key;
  const changed = await updateKey(database, key, changes);
  const act = { action: 'key.changed', subject: key.id, details: describe(changed) } as const;
  await recordAct(database, key.partner_id, actor, act, now);
  return changed;
}

/** The wanted scopes that a key does not have. */
export function moreScopes(key: Key, wanted: readonly Scope[]): Scope[] {
  const held = scopesOf(key);
  return wanted.filter((scope) => !includesScope(held, scope));
}

function updateKey(database: Queries, key: Key, changes: Partial<Key>): Promise<Key> {
  return database
    .updateTable('keys')
    .set(changes)
    .where('partner_id', '=', key.partner_id)
    .where('id', '=', key.id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Revokes a key; false if it was revoked before. To be called in the transaction that read it. */
export async function revokeKey(
  database: Queries,
  key: Key,
  actor: AuditActor,
  now: number,
): Promise<boolean> {
  if (key.revoked_at !== null) return false;
  await updateKey(database, key, { revoked_at: now });
  const act = { action: 'key.revoked', subject: key.id } as const;
  await recordAct(database, key.partner_id, actor, act, now);
  return true;
}

/**
 * Creates a key that replaces another one, which stays valid for at most `overlap` ms; to be called
 * in the transaction that read the old key. The new key has those of the old key's scopes that the
 * tier still has, and uses the same quota. Throws NotPossible when the old key has ended, is paused
 * or was replaced already, and as {@link createKey} does.
 */
export async function rollKey(
  database: Queries,
  old: Key,
  { expiresAt, overlap }: { expiresAt: number | null; overlap: number },
  actor: AuditActor,
  now: number,
  random: Random,
): Promise<MadeKey & { oldEndsAt: number }> {
  refuseEnded(old, now);
  if (old.paused_at !== null) {
    throw new NotPossible('key_paused', `The key ${old.id} is paused. Resume it first.`);
  }
  if (old.replaced_by !== null) {
    throw new NotPossible('already_rolled', `The key was replaced by ${old.replaced_by}.`);
  }
  const { partner_id, id, label } = old;
  const partner = (await findPartner(database, partner_id))!;
  const ofTier = allowances[partner.tier].scopes;
  const scopes = scopesOf(old).filter((scope) => ofTier.includes(scope));
  if (scopes.length === 0) {
    const sentence = `The ${partner.tier} tier has none of the key's scopes.`;
    throw new NotPossible('tier_required', sentence);
  }
  const oldEndsAt = Math.min(now + overlap, old.expires_at ?? Infinity);
  // The old key ends first, so that without an overlap one of ten active keys can be rolled.
  await updateKey(database, old, { expires_at: oldEndsAt });
  const made = await insertKey(
    database,
    partner_id,
    {
      label,
      scopes,
      expiresAt,
      origins: splitOrigins(old.allowed_origins),
    },
    now,
    random,
    old.root_id ?? id,
  );
  const { id: replaced_by } = made.record;
  await updateKey(database, old, { replaced_by });
  const details = { replaced_by, old_expires_at: oldEndsAt, ...describe(made.record) };
  const act = { action: 'key.rolled', subject: id, details } as const;
  await recordAct(database, partner_id, actor, act, now);
  return { ...made, oldEndsAt };
}

/** A key together with the partner it belongs to. */
export interface KeyWithPartner {
  key: Key;
  partner: Partner;
}

/**
 * The key with this digest, if it is valid now and its partner is active. An invalid key is not
 * found by this one statement, whatever the reason, so that all are refused alike and equally fast.
 */
export async function findWorkingKey(
  database: Queries,
  digest: string,
  now: number,
): Promise<KeyWithPartner | undefined> {
  const key = await database
    .selectFrom('keys')
    .innerJoin('partners', 'partners.id', 'keys.partner_id')
    .selectAll('keys')
    .where('keys.digest', '=', digest)
    .where('partners.is_active', '=', 1)
    .where(activeAt(now))
    .executeTakeFirst();
  const partner = key && (await findPartner(database, key.partner_id));
  return key && partner && { key, partner };
}

/** What the validity of an embed token depends on, besides its own expiry. */
export interface TokenIssuer {
  partnerId: string;
  /** The key that made it; null: a person who signed in by mail did, or the operator. */
  keyId: string | null;
  /** The partner's token generation when it was made. */
  generation: number;
}

/** Like {@link findWorkingKey}, for a token: its partner, and the key that made it, if one did. */
export async function findWorkingIssuer(
  database: Queries,
  { partnerId, keyId, generation }: TokenIssuer,
  now: number,
): Promise<{ key: Key | null; partner: Partner } | undefined> {
  const partner = await database
    .selectFrom('partners')
    .leftJoin('keys', (join) =>
      join.onRef('keys.partner_id', '=', 'partners.id').on('keys.id', '=', keyId),
    )
    .selectAll('partners')
    .where('partners.id', '=', partnerId)
    .where('partners.is_active', '=', 1)
    .where('partners.token_generation', '=', generation)
    .where(({ and, or, eb, val }) =>
      or([eb(val(keyId), 'is', null), and([eb('keys.id', 'is not', null), activeAt(now)])]),
    )
    .executeTakeFirst();
  if (!partner || keyId === null) return partner && { key: null, partner };
  const key = await findKeyById(database, partnerId, keyId);
  return key && { key, partner };
}

/**
 * A number that every change raises of what the validity and rights of keys and tokens depend on, and
 * what may be sent to webhooks, in the same transaction, whoever makes it.
 */
export async function readAccessChanges(database: Queries): Promise<number> {
  const row = await database.selectFrom('access_changes').select('count').executeTakeFirst();
  return row?.count ?? 0;
}
