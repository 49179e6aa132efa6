import type SQLite from 'better-sqlite3';
import type { Day } from '../../shared/day.ts';
import type { DaySettings, TradingDays } from '../../shared/trading-day.ts';
import {
  type CountedTrade,
  emptyTally,
  type Run,
  RunBuilder,
  type Tally,
} from '../analytics/run.ts';
import { WayBuilder } from '../analytics/way.ts';
import { addToMonth } from './account-months.ts';
import {
  addDifference,
  addToPart,
  type Breakdown,
  type BrokenDown,
  breakdownNames,
  breakdowns,
  type Parts,
  replaceParts,
} from './breakdowns.ts';
import { runColumns, runNames, type TallyRow, tallyNames, tallyOf } from './columns.ts';
import { insertion, prepared } from './statements.ts';
import type { Attempt } from './touched-trades.ts';

/** One version of a partner's sums, and the days that it was made for. */
export interface Version {
  number: number;
  settings: DaySettings;
  days: TradingDays;
}

/** The owner of the days that are made anew. */
export interface DayOwner extends Attempt {
  currency: string;
}

export function currencyOf(
  handle: SQLite.Database,
  { partner_id, account_id }: Omit<Attempt, 'attempt'>,
): string {
  return prepared<{ currency: string }>(
    handle,
    'select currency from accounts where partner_id = ? and id = ?',
  ).get(partner_id, account_id)!.currency;
}

type SummarisedTrade = CountedTrade & BrokenDown;

/**
 * Makes the sums of an attempt's day anew from its trades, and adds the difference to its month and
 * to the parts of the partner's day. `changed` is told the sums before and now.
 */
export function remakeAccountDay(
  handle: SQLite.Database,
  { number, days }: Version,
  owner: DayOwner,
  day: Day,
  changed?: (before: Tally, now: Run) => void,
): void {
  const { partner_id, account_id, attempt, currency } = owner;
  const key = [partner_id, number, account_id, attempt, day];
  const run = new RunBuilder();
  const way = new WayBuilder();
  const parts: Record<Breakdown, Parts> = { symbol: new Map(), hour: new Map() };
  const trades = prepared<SummarisedTrade>(
    handle,
    `select symbol, entry_time, exit_time, pnl, commission from trades
     where partner_id = ? and account_id = ? and attempt = ? and exit_time >= ? and exit_time < ?
     order by exit_time, entry_time, id`,
  ).iterate(partner_id, account_id, attempt, days.startOf(day), days.startOf(day + 1));
  for (const trade of trades) {
    run.add(trade);
    way.add(trade);
    for (const by of breakdownNames) addToPart(parts[by], breakdowns[by](trade, days), trade.pnl);
  }
  const now = run.finish();
  const before = takeTally(handle, key);
  changed?.(before, now);
  addToMonth(handle, owner, number, day, before, now);
  if (now.trades > 0) {
    const columns = runColumns(now);
    prepared(handle, insertion('account_days', [...keyColumns, ...runNames, 'way'])).run(
      ...key,
      ...runNames.map((name) => columns[name]),
      JSON.stringify(way.finish()),
    );
  }
  for (const by of breakdownNames) {
    const before = replaceParts(handle, by, key, parts[by]);
    addDifference(handle, by, [partner_id, number, currency, day], before, parts[by]);
  }
}

const keyColumns = ['partner_id', 'version', 'account_id', 'attempt', 'day'] as const;
const isDay = keyColumns.map((name) => `${name} = ?`).join(' and ');

/** Deletes a day's row and returns the tally that it had. */
function takeTally(handle: SQLite.Database, key: (string | number)[]): Tally {
  const row = prepared<TallyRow>(
    handle,
    `delete from account_days where ${isDay} returning ${tallyNames.join(', ')}`,
  ).get(...key);
  return row ? tallyOf(row) : emptyTally;
}
