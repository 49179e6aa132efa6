import type SQLite from 'better-sqlite3';
import { type Day, startOfUtcDay } from '../../shared/day.ts';
import { insertion, prepared } from './statements.ts';
import { type Attempt, type Source, utcDaysOf } from './touched-trades.ts';

/**
 * How many closed trades of an attempt were entered, and how many were exited, on each UTC day. By
 * these a page of trades is found without reading those before it (list-trades.ts). A day without
 * any has no row.
 */

/** Counts all closed trades of a partner anew. */
export function countAllTrades(handle: SQLite.Database, partnerId: string): void {
  prepared(handle, 'delete from trade_counts where partner_id = ?').run(partnerId);
  const attempts = prepared<Attempt>(
    handle,
    'select partner_id, account_id, attempt from attempts where partner_id = ?',
  ).all(partnerId);
  for (const attempt of attempts) countTrades(handle, attempt, 'trades');
}

/** Counts the closed trades of an attempt anew, on the days of those that `source` has. */
export function countTrades(handle: SQLite.Database, attempt: Attempt, source: Source): void {
  for (const day of utcDaysOf(handle, source, attempt)) countDay(handle, attempt, day);
}

function countDay(
  handle: SQLite.Database,
  { partner_id, account_id, attempt }: Attempt,
  day: Day,
): void {
  const owner = [partner_id, account_id, attempt];
  const count = (time: 'entry_time' | 'exit_time') =>
    prepared<{ trades: number }>(
      handle,
      `select count(*) as trades from trades
       where partner_id = ? and account_id = ? and attempt = ?
         and ${time} >= ? and ${time} < ? and exit_time is not null`,
    ).get(...owner, startOfUtcDay(day), startOfUtcDay(day + 1))!.trades;
  const [entered, exited] = [count('entry_time'), count('exit_time')];
  prepared(
    handle,
    'delete from trade_counts where partner_id = ? and account_id = ? and attempt = ? and day = ?',
  ).run(...owner, day);
  if (entered === 0 && exited === 0) return;
  prepared(
    handle,
    insertion('trade_counts', [
      ...['partner_id', 'account_id', 'attempt'],
      ...['day', 'entered', 'exited'],
    ]),
  ).run(...owner, day, entered, exited);
}
