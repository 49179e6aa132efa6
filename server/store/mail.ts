import { type Expression, expressionBuilder, type Selectable, type SqlBool, sql } from 'kysely';
import { minute } from '../../shared/time.ts';
import type { Queries } from './database.ts';
import { newId, type Random } from './ids.ts';
import type { MailTable, Schema } from './schema.ts';

export type Mail = Selectable<MailTable>;

/** Nothing is tried for longer than it is waited for (mailer.ts), so what is older doesn't count. */
const longestTried = 15 * minute;
/** Of those that nobody gets, so many at once. */
const batch = 200;

/** Said in the statement itself, for the index is only of these. */
const waiting = sql.lit('waiting' as const);

export interface AskedMail {
  recipient: string;
  /** Digest of what the browser that asked holds. */
  browser: string;
}

/**
 * Puts a sign-in link into the queue, unless one was asked for within the minute: whoever asks, a
 * mailbox is not flooded. To be called in a transaction. It writes once in any case, and looks at no address: neither the answer nor the time
 * it takes tells whether one is known, or asked for just now.
 */
export async function queueMail(
  database: Queries,
  asked: AskedMail,
  now: number,
  random: Random,
): Promise<void> {
  const lately = await database
    .selectFrom('mail')
    .select('id')
    .where('recipient', '=', asked.recipient)
    // Either way: a clock may have been set back, and keeps nobody waiting for longer than the minute.
    .where('asked_at', '>', now - minute)
    .where('asked_at', '<', now + minute)
    .limit(1)
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
      id: newId('mail', random),
      ...asked,
      asked_at: now,
      asks: 1,
      due_at: now,
      tried_at: null,
      attempts: 0,
      state: 'waiting',
      problem: null,
    })
    .execute();
}

const mail = expressionBuilder<Schema, 'mail'>();

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
 * Drops those that are due and whose address signs in for nobody: many at once, so that what
 * others ask for doesn't hold up anybody's mail. Whether there may be more.
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
 * Takes the next one that is due and whose recipient was sent none within the minute; no other
 * process is given it before `until`.
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
  outcome: Partial<Pick<Mail, 'state' | 'due_at' | 'problem'>>,
): Promise<void> {
  await database.updateTable('mail').set(outcome).where('id', '=', id).execute();
}

/** What else waits for a recipient who has just been sent one. */
export async function dropOthers(database: Queries, recipient: string): Promise<void> {
  await database
    .updateTable('mail')
    .set({ state: 'dropped' })
    .where('recipient', '=', recipient)
    .where('state', '=', waiting)
    .execute();
}
