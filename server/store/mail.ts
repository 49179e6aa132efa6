import type { Selectable } from 'kysely';
import type { Queries } from './database.ts';
import { newId, type Random } from './ids.ts';
import type { MailTable } from './schema.ts';

export type Mail = Selectable<MailTable>;

const hour = 3_600_000;
/** So that nobody's mailbox is flooded by a stranger. */
const mostPerHour = 20;

/**
 * Puts a sign-in link into the queue; to be called in a transaction. It costs the same whether the
 * address is known or not: that is seen when it is sent. What is too many is taken and never sent.
 */
export async function queueMail(
  database: Queries,
  recipient: string,
  browser: string,
  now: number,
  random: Random,
): Promise<void> {
  const { asked } = await database
    .selectFrom('mail')
    .select((eb) => eb.fn.countAll<number>().as('asked'))
    .where('recipient', '=', recipient)
    .where('asked_at', '>', now - hour)
    .executeTakeFirstOrThrow();
  await database
    .insertInto('mail')
    .values({
      id: newId('mail', random),
      recipient,
      browser,
      asked_at: now,
      due_at: now,
      attempts: 0,
      state: asked < mostPerHour ? 'waiting' : 'dropped',
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
