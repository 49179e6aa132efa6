import type SQLite from 'better-sqlite3';
import { type Day, startOfUtcDay, utcDay } from '../../shared/day.ts';
import { type Tally, totalPnl } from '../analytics/run.ts';
import { insertion, prepared } from './statements.ts';
import type { Attempt } from './touched-trades.ts';

/** The month of a day's date, counted from January 1970. */
export function monthNumber(day: Day): number {
  const date = new Date(startOfUtcDay(day));
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
}

export function firstDayOfMonth(number: number): Day {
  return utcDay(Date.UTC(1970, number));
}

const keyColumns = ['partner_id', 'version', 'month', 'account_id', 'attempt'] as const;
const sums = ['trades', 'wins', 'pnl'] as const;
const isMonth = keyColumns.map((name) => `${name} = ?`).join(' and ');

/** Adds to the sums of an attempt's month what one of its days has gained or lost. */
export function addToMonth(
  handle: SQLite.Database,
  { partner_id, account_id, attempt }: Attempt,
  version: number,
  day: Day,
  before: Tally,
  now: Tally,
): void {
  const key = [partner_id, version, monthNumber(day), account_id, attempt];
  prepared(
    handle,
    `${insertion('account_months', [...keyColumns, ...sums])}
     on conflict (${keyColumns.join(', ')}) do update
     set ${sums.map((sum) => `${sum} = account_months.${sum} + excluded.${sum}`).join(', ')}`,
  ).run(
    ...key,
    now.trades - before.trades,
    now.wins - before.wins,
    // Of two numbers of opposite signs, the difference may be too large for a double.
    BigInt(totalPnl(now)) - BigInt(totalPnl(before)),
  );
  // A month without trades has no row.
  if (now.trades > 0) return;
  prepared(handle, `delete from account_months where ${isMonth} and trades = 0`).run(...key);
}
