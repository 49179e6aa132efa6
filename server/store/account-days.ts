import type SQLite from 'better-sqlite3';
import type { Day } from '../../shared/day.ts';
import { emptyTally, type Run, type Tally } from '../analytics/run.ts';
import { encodeWay, type Way } from '../analytics/way.ts';
import { addToMonth } from './account-months.ts';
import {
  AccountPieces,
  type DayOwner,
  mostTrades,
  partsOwners,
  summarise,
} from './account-pieces.ts';
import { changeDayParts, noParts, readDayParts } from './breakdowns.ts';
import { runColumns, runNames, type TallyRow, tallyNames, tallyOf } from './columns.ts';
import { insertion, prepared } from './statements.ts';
import type { Attempt, TradeKey } from './touched-trades.ts';
import type { Version } from './versions.ts';

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
  if (pieces.exist()) {
    pieces.remakeTouched();
    if (storeLongDay(handle, version, owner, day, changed)) return;
  }
  let from = makeAccountDay(handle, version, owner, day, null, changed);
  while (from) from = makeAccountDay(handle, version, owner, day, from, changed);
}

/**
 * Makes the sums of an attempt's day from its trades, or of a long day one piece. Returns the place
 * to go on from with the next one, to be given as `from`; null: the day is complete.
 */
export function makeAccountDay(
  handle: SQLite.Database,
  version: Version,
  owner: DayOwner,
  day: Day,
  from: TradeKey | null,
  changed?: Changed,
): TradeKey | null {
  const pieces = new AccountPieces(handle, version, owner, day);
  if (!from) {
    const owners = partsOwners(version, owner, day);
    const parts = readDayParts(handle, owners);
    const trades = pieces.firstTrades(mostTrades + 1);
    if (trades.length <= mostTrades) {
      const summary = summarise(trades, version);
      changeDayParts(handle, owners, parts, summary.parts);
      storeDay(handle, version, owner, day, summary, changed);
      return null;
    }
    changeDayParts(handle, owners, parts, noParts());
  }
  const next = pieces.makeNext(from);
  if (next || storeLongDay(handle, version, owner, day, changed)) return next;
  return makeAccountDay(handle, version, owner, day, null, changed);
}

/** Stores a day whose pieces are all made. False: it is long no more, and has none any more. */
function storeLongDay(
  handle: SQLite.Database,
  version: Version,
  owner: DayOwner,
  day: Day,
  changed?: Changed,
): boolean {
  const pieces = new AccountPieces(handle, version, owner, day);
  const run = pieces.join();
  if (run.trades <= mostTrades) {
    pieces.discardAll();
    return false;
  }
  storeDay(handle, version, owner, day, { run, way: null }, changed);
  return true;
}

/** Stores the sums of a day, and adds the difference to those of its month. */
function storeDay(
  handle: SQLite.Database,
  { number }: Version,
  owner: DayOwner,
  day: Day,
  { run, way }: { run: Run; way: Way | null },
  changed?: Changed,
): void {
  const key = [owner.partner_id, number, owner.account_id, owner.attempt, day];
  const before = takeTally(handle, key);
  changed?.(before, run);
  addToMonth(handle, owner, number, day, before, run);
  if (run.trades === 0) return;
  const columns = runColumns(run);
  prepared(handle, insertion('account_days', [...keyColumns, ...runNames, 'way'])).run(
    ...key,
    ...runNames.map((name) => columns[name]),
    way && encodeWay(way),
  );
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
