import type SQLite from 'better-sqlite3';
import type { Day } from '../../shared/day.ts';
import { emptyTally, type Run, type Tally } from '../analytics/run.ts';
import { encodeWay, type Way } from '../analytics/way.ts';
import { addToMonth } from './account-months.ts';
import { AccountPieces, mostTrades, type Summary, summarise } from './account-pieces.ts';
import { addDifference, breakdownNames, replaceParts } from './breakdowns.ts';
import { runColumns, runNames, type TallyRow, tallyNames, tallyOf } from './columns.ts';
import { insertion, prepared } from './statements.ts';
import type { Attempt } from './touched-trades.ts';
import type { Version } from './versions.ts';

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

/** Told the sums of a day before and now. */
type Changed = (before: Tally, now: Run) => void;

/** Makes the sums of an attempt's day follow the touched trades, or all its trades if it has none. */
export function remakeAccountDay(
  handle: SQLite.Database,
  version: Version,
  owner: DayOwner,
  day: Day,
  changed?: Changed,
): void {
  const pieces = new AccountPieces(handle, version, owner, day);
  if (pieces.exist()) pieces.remakeTouched();
  while (!makeAccountDay(handle, version, owner, day, changed));
}

/**
 * Makes the sums of an attempt's day from its trades; of a long day the next piece only, and from
 * all pieces at last. False: the day is not complete yet.
 */
export function makeAccountDay(
  handle: SQLite.Database,
  version: Version,
  owner: DayOwner,
  day: Day,
  changed?: Changed,
): boolean {
  const pieces = new AccountPieces(handle, version, owner, day);
  if (!pieces.exist()) {
    const trades = pieces.firstTrades(mostTrades + 1);
    if (trades.length <= mostTrades) {
      storeDay(handle, version, owner, day, summarise(trades, version), changed);
      return true;
    }
  }
  if (pieces.makeNext()) return false;
  const joined = pieces.join();
  if (joined.run.trades <= mostTrades) {
    // It is long no more.
    pieces.discardAll();
    return false;
  }
  storeDay(handle, version, owner, day, { ...joined, way: null }, changed);
  return true;
}

/**
 * Stores the sums of a day, and adds the difference to those of its month and to the parts of the
 * partner's day.
 */
function storeDay(
  handle: SQLite.Database,
  { number }: Version,
  owner: DayOwner,
  day: Day,
  { run, way, parts }: Summary & { way: Way | null },
  changed?: Changed,
): void {
  const { partner_id, account_id, attempt, currency } = owner;
  const key = [partner_id, number, account_id, attempt, day];
  const before = takeTally(handle, key);
  changed?.(before, run);
  addToMonth(handle, owner, number, day, before, run);
  if (run.trades > 0) {
    const columns = runColumns(run);
    prepared(handle, insertion('account_days', [...keyColumns, ...runNames, 'way'])).run(
      ...key,
      ...runNames.map((name) => columns[name]),
      way && encodeWay(way),
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
