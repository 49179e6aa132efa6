import { type RawBuilder, sql } from 'kysely';
import { type Day, startOfUtcDay, utcDay } from '../../shared/day.ts';
import type { SortOrder } from '../../shared/trades.ts';
import type { Account } from './accounts.ts';
import type { Queries } from './database.ts';

/**
 * Positions in the order of the closed trades of an account's attempt, found from the
 * counts of days (trade-counts.ts): the trades of other days are not read.
 */

/** The times by which an account's trades are in order, and the counts of them by day. */
const counts = { entry_time: 'entered', exit_time: 'exited' } as const;

export type OrderedTime = keyof typeof counts;

/**
 * The UTC day of the trade at a position, counted from 0, in an order by entry or by exit, and how
 * many trades come before that day in this order.
 */
export async function dayAt(
  read: Queries,
  account: Account,
  time: OrderedTime,
  order: SortOrder,
  position: number,
): Promise<{ day: Day; before: number }> {
  const count = sql.ref(counts[time]);
  // SQLite adds up days only until it has found the one.
  const { rows } = await sql<{ day: Day; before: number }>`
    select day, reached - count as before from (
      select day, ${count} as count, sum(${count}) over (order by day ${sql.raw(order)}) as reached
      from trade_counts where ${isOf(account)}
    ) as days
    where reached - count <= ${position} and reached > ${position}
    limit 1`.execute(read);
  const [found] = rows;
  if (!found) throw new Error(`The counts of ${account.id} are not as its trades are.`);
  return found;
}

/** How many trades were exited before a moment: those of whole days, and of a part of one. */
export async function countExitsBefore(
  read: Queries,
  account: Account,
  moment: number,
): Promise<number> {
  const day = utcDay(moment);
  const { rows } = await sql<{ count: number }>`
    select (
      select coalesce(sum(exited), 0) from trade_counts where ${isOf(account)} and day < ${day}
    ) + (
      select count(*) from trades
      where ${isOf(account)} and exit_time >= ${startOfUtcDay(day)} and exit_time < ${moment}
    ) as count`.execute(read);
  return rows[0]!.count;
}

function isOf({ partner_id, id, attempt }: Account): RawBuilder<boolean> {
  return sql`partner_id = ${partner_id} and account_id = ${id} and attempt = ${attempt}`;
}
