import { type Expression, expressionBuilder, type Selectable, type SqlBool } from 'kysely';
import { lifetimes } from '../../shared/access.ts';
import type { AuditActor } from '../../shared/answers/audit.ts';
import { second } from '../../shared/time.ts';
import { recordAct } from './audit.ts';
import type { Queries } from './database.ts';
import { digestOf, newId, newSecret, type Random } from './ids.ts';
import { activeAt, findKeyById, type Key } from './keys.ts';
import { findPartner, type Partner } from './partners.ts';
import type { Schema, SessionsTable } from './schema.ts';

export type Session = Selectable<SessionsTable>;

/** Who opens a session: an email address, with a sign-in link, or a key. */
export type Opener = { email: string } | { key: Pick<Key, 'id' | 'label'> };

/** How many sessions an address, or a key, may have at once. */
const mostSessions = 20;

/**
 * Opens a session and returns the secret for its cookie, which is not stored. To be called in a
 * transaction.
 */
export async function openSession(
  database: Queries,
  partnerId: string,
  opener: Opener,
  now: number,
  random: Random,
): Promise<string> {
  const secret = newSecret(random);
  const byKey = 'key' in opener ? opener.key : null;
  const session = await database
    .insertInto('sessions')
    .values({
      partner_id: partnerId,
      id: newId('ses', random),
      digest: digestOf(secret),
      email: 'email' in opener ? opener.email : null,
      key_id: byKey?.id ?? null,
      created_at: now,
      used_at: now,
      expires_at: now + lifetimes.session * second,
      ended_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  const { id } = session;
  const actor = sessionActor(session, byKey);
  await endOldest(database, session, actor, now);
  const details = byKey === null ? {} : { key_id: byKey.id };
  const act = { action: 'session.opened', subject: id, details } as const;
  await recordAct(database, partnerId, actor, act, now);
  return secret;
}

/** A session as the audit trail names it: by the address, or by the key's label, that opened it. */
export function sessionActor(
  { id, email, key_id }: Pick<Session, 'id' | 'email' | 'key_id'>,
  key: Pick<Key, 'label'> | null,
): AuditActor {
  return { type: 'session', id, name: email ?? key?.label ?? null, key_id };
}

/** Ends the oldest of the opener's other sessions, so that at most `mostSessions` remain. */
async function endOldest(
  database: Queries,
  { partner_id, id, email, key_id }: Session,
  actor: AuditActor,
  now: number,
): Promise<void> {
  const others = await liveSessions(database, now)
    .where('partner_id', '=', partner_id)
    .where('id', '!=', id)
    .where(email === null ? 'key_id' : 'email', '=', email ?? key_id)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute();
  for (const old of others.slice(mostSessions - 1)) {
    await endSessions(database, partner_id, { id: old.id }, actor, now);
  }
}

/** A session together with the partner and the key that its rights come from. */
export interface SessionWithPartner {
  session: Session;
  partner: Partner;
  /** The key that opened it; null: an address did. */
  key: Key | null;
}

/** The session with this secret, if it has not ended. Its partner and its key may be inactive. */
export async function findSession(
  database: Queries,
  secret: string,
  now: number,
): Promise<SessionWithPartner | undefined> {
  const session = await liveSessions(database, now)
    .where('digest', '=', digestOf(secret))
    .executeTakeFirst();
  return session && withPartner(database, session);
}

/**
 * The session with this secret, if it has not ended and its partner and its key are active. An
 * invalid session is not found by this one statement, whatever the reason, so that all are refused
 * alike.
 */
export async function findWorkingSession(
  database: Queries,
  secret: string,
  now: number,
): Promise<SessionWithPartner | undefined> {
  const session = await liveSessions(database, now)
    .innerJoin('partners', 'partners.id', 'sessions.partner_id')
    .leftJoin('keys', (join) =>
      join
        .onRef('keys.partner_id', '=', 'sessions.partner_id')
        .onRef('keys.id', '=', 'sessions.key_id'),
    )
    .where('sessions.digest', '=', digestOf(secret))
    .where('partners.is_active', '=', 1)
    .where(({ and, or, eb }) =>
      or([eb('sessions.key_id', 'is', null), and([eb('keys.id', 'is not', null), activeAt(now)])]),
    )
    .executeTakeFirst();
  return session && withPartner(database, session);
}

async function withPartner(
  database: Queries,
  session: Session,
): Promise<SessionWithPartner | undefined> {
  const { partner_id, key_id } = session;
  const partner = await findPartner(database, partner_id);
  const key = key_id === null ? null : await findKeyById(database, partner_id, key_id);
  return partner && key !== undefined ? { session, partner, key } : undefined;
}

/** The session with this id, if it has not ended. */
export function findSessionById(
  database: Queries,
  partnerId: string,
  id: string,
  now: number,
): Promise<Session | undefined> {
  return liveSessions(database, now)
    .where('partner_id', '=', partnerId)
    .where('id', '=', id)
    .executeTakeFirst();
}

const sessions = expressionBuilder<Schema, 'sessions'>();

/** Whether a session has not ended. */
export function liveAt(now: number): Expression<SqlBool> {
  return sessions.and([
    sessions('sessions.ended_at', 'is', null),
    sessions('sessions.expires_at', '>', now),
    sessions('sessions.used_at', '>', now - lifetimes.sessionIdle * second),
  ]);
}

function liveSessions(database: Queries, now: number) {
  return database.selectFrom('sessions').selectAll('sessions').where(liveAt(now));
}

/** Selects sessions of a partner: one, those of an address or a key, or all. */
export type WhichSessions = { id: string } | { email: string } | { keyId: string } | 'all';

/** Ends the selected sessions and returns how many there were. To be called in a transaction. */
export async function endSessions(
  database: Queries,
  partnerId: string,
  which: WhichSessions,
  actor: AuditActor,
  now: number,
): Promise<number> {
  const ended = await database
    .updateTable('sessions')
    .set({ ended_at: now })
    .where('partner_id', '=', partnerId)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now)
    .where((eb) => eb.and(columnsOf(which)))
    .returning('id')
    .execute();
  for (const { id } of ended) {
    await recordAct(database, partnerId, actor, { action: 'session.ended', subject: id }, now);
  }
  return ended.length;
}

function columnsOf(which: WhichSessions): { id?: string; email?: string; key_id?: string } {
  if (which === 'all') return {};
  return 'keyId' in which ? { key_id: which.keyId } : which;
}
