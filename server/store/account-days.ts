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
import {
  accountDayKey,
  changeDayParts,
  isAccountDay,
  noParts,
  type PartsOwners,
  readDayParts,
} from './breakdowns.ts';
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

/** Told the sums of a day before and now, before anything is stored that may be too large. */
type Changed = (before: Tally, now: Run) => void;

/** The sums of an attempt's day. */
export class AccountDay {
  readonly #handle: SQLite.Database;
  readonly #version: Version;
  readonly #owner: DayOwner;
  readonly #day: Day;
  readonly #changed: Changed | undefined;
  readonly #parts: PartsOwners;
  readonly #pieces: AccountPieces;

  constructor(
    handle: SQLite.Database,
    version: Version,
    owner: DayOwner,
    day: Day,
    changed?: Changed,
  ) {
    this.#handle = handle;
    this.#version = version;
    this.#owner = owner;
    this.#day = day;
    this.#changed = changed;
    this.#parts = partsOwners(version, owner, day);
    this.#pieces = new AccountPieces(handle, version, owner, day);
  }

  /** Makes them follow the touched trades, or makes them of all trades if there are none. */
  remake(): void {
    if (this.#pieces.exist()) {
      this.#pieces.remakeTouched();
      if (this.#storeLong()) return;
    }
    for (let from = this.#makeNext(null); from; ) from = this.#makeNext(from);
  }

  /**
   * Makes them of all trades, or of a long day one piece. Returns the place to go on from with the
   * next one, to be given as `from`; null: the day is complete.
   */
  make(from: TradeKey | null): TradeKey | null {
    const next = this.#makeNext(from);
    this.#pieces.storeParts();
    return next;
  }

  /** Makes them follow the touched trades before a place, while only the pieces before it are made. */
  remakeUntil(place: TradeKey): void {
    this.#pieces.remakeTouched(place);
    this.#pieces.storeParts();
  }

  #makeNext(from: TradeKey | null): TradeKey | null {
    if (!from) {
      const parts = readDayParts(this.#handle, this.#parts);
      const trades = this.#pieces.firstTrades(mostTrades + 1);
      if (trades.length <= mostTrades) {
        const summary = summarise(trades, this.#version);
        this.#store(summary.run, summary.way);
        changeDayParts(this.#handle, this.#parts, parts, summary.parts);
        return null;
      }
      changeDayParts(this.#handle, this.#parts, parts, noParts());
    }
    const next = this.#pieces.makeNext(from);
    if (next || this.#storeLong()) return next;
    return this.#makeNext(null);
  }

  /** Stores a day whose pieces are all made. False: it is long no more, and has none any more. */
  #storeLong(): boolean {
    const run = this.#pieces.join();
    const isLong = run.trades > mostTrades;
    if (isLong) this.#store(run, null);
    else this.#pieces.discardAll();
    this.#pieces.storeParts();
    return isLong;
  }

  /** Stores the sums of the day, and adds the difference to those of its month. */
  #store(run: Run, way: Way | null): void {
    const key = this.#parts.account;
    const before = takeTally(this.#handle, key);
    this.#changed?.(before, run);
    addToMonth(this.#handle, this.#owner, this.#version.number, this.#day, before, run);
    if (run.trades === 0) return;
    const columns = runColumns(run);
    prepared(this.#handle, insertion('account_days', [...accountDayKey, ...runNames, 'way'])).run(
      ...key,
      ...runNames.map((name) => columns[name]),
      way && encodeWay(way),
    );
  }
}

/** Deletes a day's row and returns the tally that it had. */
function takeTally(handle: SQLite.Database, key: PartsOwners['account']): Tally {
  const row = prepared<TallyRow>(
    handle,
    `delete from account_days where ${isAccountDay} returning ${tallyNames.join(', ')}`,
  ).get(...key);
  return row ? tallyOf(row) : emptyTally;
}
