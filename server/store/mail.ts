import { type Expression, expressionBuilder, type Selectable, type SqlBool, sql } from 'kysely';
import { minute } from '../../shared/time.ts';
import type { Queries } from './database.ts';
import { newId, type Random } from './ids.ts';
import type { MailTable, Schema } from './schema.ts';

export type Mail = Selectable<MailTable>;

/** No mail is sent this long after its request (mailer.ts), so older ones need not be searched. */
const longestTried = 15 * minute;
/** How many mails to unknown addresses are dropped at once. */
const batch = 200;

/** A literal, not a parameter: only so does SQLite use the partial index on waiting mails. */
const waiting = sql.lit('waiting' as const);

const mail = expressionBuilder<Schema, 'mail'>();

/** A mail with a sign-in link, not one to a user and no notice. */
const isToSignIn = mail.and([mail('mail.user_id', 'is', null), mail('mail.notice', 'is', null)]);

export interface AskedMail {
  recipient: string;
  /** The digest of the cookie of the browser that requested it. */
  browser: string;
}

/**
 * Queues a mail with a sign-in link, unless one for the same recipient was queued within a minute,
 * so that no mailbox can be flooded. To be called in a transaction. In any case it writes once, and
 * does not look the address up: neither the answer nor the time it takes reveals whether the
 * address is known, or was used just before.
 */
export async function queueMail(
  database: Queries,
  asked: AskedMail,
  now: number,
  random: Random,
): Promise<void> {
  const lately = await askedLately(database, now)
    .where('recipient', '=', asked.recipient)
    .where(isToSignIn)
    .executeTakeFirst();
  if (lately) {
    await database
      .updateTable('mail')
      .set((eb) => ({ asks: eb('asks', '+', 1) }))
      .where('id', '=', lately.id)
      .execute();
    return;
  }
  await database
    .insertInto('mail')
    .values({
      ...newMail(now, random),
      ...{ ...asked, partner_id: null, user_id: null, link: null },
    })
    .execute();
}

function newMail(now: number, random: Random) {
  return {
    id: newId('mail', random),
    asked_at: now,
    asks: 1,
    due_at: now,
    tried_at: null,
    attempts: 0,
    state: 'waiting',
    problem: null,
  } as const;
}

export interface MailToUser {
  partner_id: string;
  user_id: string;
  recipient: string;
  /** The secret of a link to the user's page, encrypted. */
  link: Buffer;
}

/**
 * Queues a mail with a link to a user's page. False: the user was mailed one within a minute. To be
 * called in a transaction.
 */
export async function queueMailToUser(
  database: Queries,
  asked: MailToUser,
  now: number,
  random: Random,
): Promise<boolean> {
  const lately = await askedLately(database, now)
    .where('partner_id', '=', asked.partner_id)
    .where('user_id', '=', asked.user_id)
    .where('user_id', 'is not', null)
    .executeTakeFirst();
  if (lately) return false;
  await database
    .insertInto('mail')
    .values({ ...newMail(now, random), ...asked, browser: '' })
    .execute();
  return true;
}

/** What a firm is told by mail. */
export interface Notice {
  /** A webhook was disabled, as it has only failed. */
  webhook: string;
  host: string;
  /** Since when. */
  since: number;
}

/** Queues a mail to a firm; to be called in a transaction. */
export async function queueNotice(
  database: Queries,
  { notice, ...asked }: { partner_id: string; recipient: string; notice: Notice },
  now: number,
  random: Random,
): Promise<void> {
  await database
    .insertInto('mail')
    .values({
      ...newMail(now, random),
      ...{ ...asked, browser: '', user_id: null, link: null, notice: JSON.stringify(notice) },
    })
    .execute();
}

/** One of the mails that were asked for within a minute. */
function askedLately(database: Queries, now: number) {
  return (
    database
      .selectFrom('mail')
      .select('id')
      // A time in the future, after the clock was set back, blocks for no longer than a minute either.
      .where('asked_at', '>', now - minute)
      .where('asked_at', '<', now + minute)
      .limit(1)
  );
}

/** Removes the mails to a user, those included that were sent. */
export async function eraseMailToUser(
  database: Queries,
  partnerId: string,
  userId: string,
): Promise<void> {
  await database
    .deleteFrom('mail')
    .where('partner_id', '=', partnerId)
    .where('user_id', '=', userId)
    .where('user_id', 'is not', null)
    .execute();
}

function dueAt(now: number): Expression<SqlBool> {
  return mail.and([mail('mail.state', '=', waiting), mail('mail.due_at', '<=', now)]);
}

export async function isMailDue(database: Queries, now: number): Promise<boolean> {
  const due = await database
    .selectFrom('mail')
    .select('id')
    .where(dueAt(now))
    .limit(1)
    .executeTakeFirst();
  return due !== undefined;
}

/**
 * Drops due mails whose address may not sign in for any active partner: many at once, so that
 * requests for unknown addresses do not delay other mails. Returns whether there may be more.
 */
export async function dropUnknown(database: Queries, now: number): Promise<boolean> {
  const { numUpdatedRows } = await database
    .updateTable('mail')
    .set({ state: 'dropped' })
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('mail')
        .select('id')
        .where(dueAt(now))
        .where(isToSignIn)
        .where((of) =>
          of.not(
            of.exists(
              of
                .selectFrom('sign_in_addresses')
                .innerJoin('partners', 'partners.id', 'sign_in_addresses.partner_id')
                .select('partners.id')
                .whereRef('sign_in_addresses.email', '=', 'mail.recipient')
                .where('partners.is_active', '=', 1),
            ),
          ),
        )
        .limit(batch),
    )
    .executeTakeFirst();
  return Number(numUpdatedRows) === batch;
}

/**
 * Claims the next mail that is due and whose recipient was sent no other one within a minute. No
 * other process can claim it before `until`.
 */
export function claimMail(
  database: Queries,
  now: number,
  until: number,
): Promise<Mail | undefined> {
  return database
    .updateTable('mail')
    .set((eb) => ({ due_at: until, tried_at: now, attempts: eb('attempts', '+', 1) }))
    .where('id', '=', (eb) =>
      eb
        .selectFrom('mail')
        .select('id')
        .where(dueAt(now))
        .where((of) =>
          of.not(
            of.exists(
              of
                .selectFrom('mail as other')
                .select('other.id')
                .whereRef('other.recipient', '=', 'mail.recipient')
                .whereRef('other.id', '!=', 'mail.id')
                .where('other.asked_at', '>', now - longestTried)
                .where('other.tried_at', '>', now - minute)
                .where('other.tried_at', '<', now + minute),
            ),
          ),
        )
        .orderBy('due_at')
        .limit(1),
    )
    .returningAll()
    .executeTakeFirst();
}

export async function settleMail(
  database: Queries,
  id: string,
  outcome: Partial<Pick<Mail, 'state' | 'due_at' | 'problem' | 'link'>>,
): Promise<void> {
  await database.updateTable('mail').set(outcome).where('id', '=', id).execute();
}

/** Drops the other waiting mails with sign-in links to a recipient who has just been sent one. */
export async function dropOthers(database: Queries, recipient: string): Promise<void> {
  await database
    .updateTable('mail')
    .set({ state: 'dropped' })
    .where('recipient', '=', recipient)
    .where(isToSignIn)
    .where('state', '=', waiting)
    .execute();
}
