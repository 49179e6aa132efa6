import type { Selectable } from 'kysely';
import { lifetimes } from '../../shared/access.ts';
import { second } from '../../shared/time.ts';
import type { Queries } from './database.ts';
import { digestOf, newSecret, type Random } from './ids.ts';
import { activeAt, findKeyById, type Key } from './keys.ts';
import { findPartner, type Partner } from './partners.ts';
import type { TraderSessionsTable } from './schema.ts';
import { liveAt } from './sessions.ts';

export type TraderSession = Selectable<TraderSessionsTable>;

/**
 * What made a link, and ends it and the session it opens when it ends itself: a key, a session and
 * the key that opened that, or for the operator nothing.
 */
export type Maker = Pick<TraderSession, 'key_id' | 'session_id'>;

/** Makes a link to a user's page, and returns its secret, which is not stored. */
export async function createTraderLink(
  database: Queries,
  session: Pick<TraderSession, 'partner_id' | 'user_id'> & Maker,
  now: number,
  random: Random,
): Promise<{ secret: string; expiresAt: number }> {
  const secret = newSecret(random);
  const expiresAt = now + lifetimes.traderLink * second;
  await database
    .insertInto('trader_sessions')
    .values({ ...session, link: digestOf(secret), cookie: null, expires_at: expiresAt })
    .execute();
  return { secret, expiresAt };
}

/** The URL of a link to a user's page. */
export function traderLink(publicUrl: string, secret: string): string {
  return `${publicUrl}/trader/open?token=${secret}`;
}

/** A session, or a link that opens one, together with what its rights come from. */
export interface Trader {
  session: TraderSession;
  partner: Partner;
  /** The key that made the link, or that opened the session that did; null: none is involved. */
  key: Key | null;
}

/**
 * The session of a cookie, or the link, with this secret: if it has not ended and is not used, its
 * user is there, its partner active, and what made it still valid. What is invalid is not found by
 * this one statement, whatever the reason, so that all are refused alike.
 */
export async function findWorkingTrader(
  database: Queries,
  by: 'cookie' | 'link',
  secret: string,
  now: number,
): Promise<Trader | undefined> {
  const session = await database
    .selectFrom('trader_sessions')
    .selectAll('trader_sessions')
    .innerJoin('partners', 'partners.id', 'trader_sessions.partner_id')
    .innerJoin('users', (join) =>
      join
        .onRef('users.partner_id', '=', 'trader_sessions.partner_id')
        .onRef('users.id', '=', 'trader_sessions.user_id'),
    )
    .leftJoin('keys', (join) =>
      join
        .onRef('keys.partner_id', '=', 'trader_sessions.partner_id')
        .onRef('keys.id', '=', 'trader_sessions.key_id'),
    )
    .leftJoin('sessions', (join) =>
      join
        .onRef('sessions.partner_id', '=', 'trader_sessions.partner_id')
        .onRef('sessions.id', '=', 'trader_sessions.session_id'),
    )
    .where(`trader_sessions.${by}`, '=', digestOf(secret))
    .where('trader_sessions.cookie', by === 'link' ? 'is' : 'is not', null)
    .where('trader_sessions.expires_at', '>', now)
    .where('partners.is_active', '=', 1)
    .where(({ and, or, eb }) =>
      or([
        eb('trader_sessions.key_id', 'is', null),
        and([eb('keys.id', 'is not', null), activeAt(now)]),
      ]),
    )
    .where(({ and, or, eb }) =>
      or([
        eb('trader_sessions.session_id', 'is', null),
        and([eb('sessions.id', 'is not', null), liveAt(now)]),
      ]),
    )
    .executeTakeFirst();
  if (!session) return undefined;
  const { partner_id, key_id } = session;
  const partner = await findPartner(database, partner_id);
  const key = key_id === null ? null : await findKeyById(database, partner_id, key_id);
  return partner && key !== undefined ? { session, partner, key } : undefined;
}

/**
 * Uses up a link and opens its session: returns the secret for the cookie, which is not stored. If
 * several try at once, only one succeeds; the others get undefined.
 */
export async function openTraderSession(
  database: Queries,
  { partner_id, link }: TraderSession,
  now: number,
  random: Random,
): Promise<string | undefined> {
  const secret = newSecret(random);
  const { numUpdatedRows } = await database
    .updateTable('trader_sessions')
    .set({ cookie: digestOf(secret), expires_at: now + lifetimes.traderSession * second })
    .where('partner_id', '=', partner_id)
    .where('link', '=', link)
    .where('cookie', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows === 1n ? secret : undefined;
}

/** Sets when a link expires, once its mail has been sent. */
export async function extendTraderLink(
  database: Queries,
  secret: string,
  expiresAt: number,
): Promise<void> {
  await database
    .updateTable('trader_sessions')
    .set({ expires_at: expiresAt })
    .where('link', '=', digestOf(secret))
    .where('cookie', 'is', null)
    .execute();
}

/** Ends one session. What has ended is not kept. */
export async function endTraderSession(
  database: Queries,
  { partner_id, link }: TraderSession,
): Promise<void> {
  await database
    .deleteFrom('trader_sessions')
    .where('partner_id', '=', partner_id)
    .where('link', '=', link)
    .execute();
}

/** Ends all sessions of a user, and the links that would open more; returns how many sessions. */
export async function endTraderSessions(
  database: Queries,
  partnerId: string,
  userId: string,
  now: number,
): Promise<number> {
  const ended = await database
    .deleteFrom('trader_sessions')
    .where('partner_id', '=', partnerId)
    .where('user_id', '=', userId)
    .returning(['cookie', 'expires_at'])
    .execute();
  return ended.filter(({ cookie, expires_at }) => cookie !== null && expires_at > now).length;
}
