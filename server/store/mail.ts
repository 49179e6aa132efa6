import type { Selectable } from 'kysely';
import type { Queries } from './database.ts';
import { newId, type Random } from './ids.ts';
import type { MailTable } from './schema.ts';

export type Mail = Selectable<MailTable>;

const hour = 3_600_000;
/** So that no stranger floods a mailbox, nor keeps its owner from signing in. */
const mostPerHour = { fromNetwork: 20, inAll: 60 };

export interface AskedMail {
  recipient: string;
  /** Digest of what the browser that asked holds. */
  browser: string;
  /** From where it was asked. */
  network: string;
}

/**
 * Puts a sign-in link into the queue; to be called in a transaction. It costs the same whether the
 * address is known or not: that is seen when it is sent. What is too many is not even kept.
 */
export async function queueMail(
  database: Queries,
  asked: AskedMail,
  now: number,
  random: Random,
): Promise<void> {
  const before = await database
    .selectFrom('mail')
    .select('network')
    .where('recipient', '=', asked.recipient)
    .where('asked_at', '>', now - hour)
    .limit(mostPerHour.inAll)
    .execute();
  const fromNetwork = before.filter(({ network }) => network === asked.network);
  if (before.length >= mostPerHour.inAll || fromNetwork.length >= mostPerHour.fromNetwork) return;
  await database
    .insertInto('mail')
    .values({
      id: newId('mail', random),
      ...asked,
      asked_at: now,
      due_at: now,
      attempts: 0,
      state: 'waiting',
      problem: null,
    })
    .execute();
}

/** Takes the next one that is due; no other process is given it before `until`. */
export function claimMail(
  database: Queries,
  now: number,
  until: number,
): Promise<Mail | undefined> {
  return database
    .updateTable('mail')
    .set((eb) => ({ due_at: until, attempts: eb('attempts', '+', 1) }))
    .where('id', '=', (eb) =>
      eb
        .selectFrom('mail')
        .select('id')
        .where('state', '=', 'waiting')
        .where('due_at', '<=', now)
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
