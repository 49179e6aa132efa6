import type { Selectable } from 'kysely';
import { lifetimes } from '../../shared/access.ts';
import type { AuditActor } from '../../shared/answers/audit.ts';
import { recordAct } from './audit.ts';
import type { Queries } from './database.ts';
import { digestOf, newId, newSecret, type Random } from './ids.ts';
import { findKeyById, type Key } from './keys.ts';
import { findPartner, type Partner } from './partners.ts';
import type { SessionsTable } from './schema.ts';

export type Session = Selectable<SessionsTable>;

/** Who opened it: an address, by a link, or a key. */
export type Opener = { email: string } | { keyId: string };

/**
 * Opens a session; what its cookie holds is returned this once and kept nowhere. To be called in a
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
  const session = await database
    .insertInto('sessions')
    .values({
      partner_id: partnerId,
      id: newId('ses', random),
      digest: digestOf(secret),
      email: 'email' in opener ? opener.email : null,
      key_id: 'keyId' in opener ? opener.keyId : null,
      created_at: now,
      used_at: now,
      expires_at: now + lifetimes.session * 1_000,
      ended_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  const { id, email, key_id } = session;
  const actor: AuditActor = { type: 'session', id, name: email };
  const details = key_id === null ? {} : { key_id };
  await recordAct(
    database,
    partnerId,
    actor,
    { action: 'session.opened', subject: id, details },
    now,
  );
  return secret;
}

/** A session together with what its rights come from. */
export interface SessionWithPartner {
  session: Session;
  partner: Partner;
  /** That opened it; null: an address did. */
  key: Key | null;
}

/** One that has not ended; whether its partner and key may still be used is decided by who asks. */
export async function findSession(
  database: Queries,
  secret: string,
  now: number,
): Promise<SessionWithPartner | undefined> {
  const session = await database
    .selectFrom('sessions')
    .selectAll()
    .where('digest', '=', digestOf(secret))
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now)
    .where('used_at', '>', now - lifetimes.sessionIdle * 1_000)
    .executeTakeFirst();
  if (!session) return undefined;
  const { partner_id, key_id } = session;
  const partner = await findPartner(database, partner_id);
  const key = key_id === null ? null : await findKeyById(database, partner_id, key_id);
  return partner && key !== undefined ? { session, partner, key } : undefined;
}

/** Which of a partner's sessions: one, those of one opener, or all. */
export type WhichSessions = { id: string } | Opener | 'all';

/** Ends them; how many there were. To be called in a transaction. */
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
    .$if(which !== 'all', (update) => {
      const { id, email, keyId } = which as { id?: string; email?: string; keyId?: string };
      return update.where((eb) =>
        eb.or([
          ...(id === undefined ? [] : [eb('id', '=', id)]),
          ...(email === undefined ? [] : [eb('email', '=', email)]),
          ...(keyId === undefined ? [] : [eb('key_id', '=', keyId)]),
        ]),
      );
    })
    .returning('id')
    .execute();
  for (const { id } of ended) {
    await recordAct(database, partnerId, actor, { action: 'session.ended', subject: id }, now);
  }
  return ended.length;
}

/** Remembers that sessions were used, by their ids. */
export async function touchSessions(
  database: Queries,
  used: Iterable<{ partnerId: string; id: string; at: number }>,
): Promise<void> {
  for (const { partnerId, id, at } of used) {
    await database
      .updateTable('sessions')
      .set({ used_at: at })
      .where('partner_id', '=', partnerId)
      .where('id', '=', id)
      .where('used_at', '<', at)
      .execute();
  }
}
