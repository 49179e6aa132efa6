import { isDeepStrictEqual } from 'node:util';
import type SQLite from 'better-sqlite3';
import type { Day } from '../../shared/day.ts';
import { type CountedTrade, emptyRun, joinRuns, type Run, RunBuilder } from '../analytics/run.ts';
import { encodeWay, type Way, WayBuilder } from '../analytics/way.ts';
import {
  accountDayKey,
  addParts,
  addToPart,
  type Breakdown,
  type BrokenDown,
  breakdownNames,
  breakdowns,
  changeDayParts,
  type DayParts,
  isAccountDay,
  noParts,
  type Part,
  type PartsOwners,
} from './breakdowns.ts';
import { type RunRow, runColumns, runNames, runOf } from './columns.ts';
import { insertion, prepared } from './statements.ts';
import { type Attempt, nextTouched, placeAt, type TradeKey } from './touched-trades.ts';
import type { Version } from './versions.ts';

/**
 * A day on which an attempt has many trades is kept in pieces, as the trades of a partner are
 * (pieces.ts): runs of consecutive trades with their sums. So a trade changes one piece, however
 * many others the day has, and a long day can be made in steps. A piece begins at the place of its
 * first trade, and reaches to the beginning of the next one.
 */

/**
 * A day with more trades than this is kept in pieces, and a piece with more is cut into pieces of
 * half as many.
 */
export const mostTrades = 512;

/** The owner of a day's sums. */
export interface DayOwner extends Attempt {
  currency: string;
}

export function partsOwners(
  { number }: Version,
  { partner_id, account_id, attempt, currency }: DayOwner,
  day: Day,
): PartsOwners {
  return {
    account: [partner_id, number, account_id, attempt, day],
    partner: [partner_id, number, currency, day],
  };
}

type SummarisedTrade = CountedTrade & BrokenDown;

/** Sums consecutive trades of an attempt's day. */
export function summarise(
  trades: readonly SummarisedTrade[],
  { days }: Version,
): { run: Run; way: Way; parts: DayParts } {
  const run = new RunBuilder();
  const way = new WayBuilder();
  const parts = noParts();
  for (const trade of trades) {
    run.add(trade);
    way.add(trade);
    for (const by of breakdownNames) addToPart(parts[by], breakdowns[by](trade, days), trade.pnl);
  }
  return { run: run.finish(), way: way.finish(), parts };
}

/** From a place, included, to another one, excluded. */
interface Range {
  from: TradeKey;
  to: TradeKey;
}

/** `parts`: JSON of the piece's parts by each breakdown. */
type PieceRow = TradeKey & RunRow & { parts: string; way: Buffer };

const place = ['exit_time', 'entry_time', 'id'] as const;
const places = place.join(', ');
const backwards = place.map((name) => `${name} desc`).join(', ');
const runs = runNames.join(', ');
const columns = [...place, ...runNames, 'parts', 'way'] as const;

function parametersOf({ exit_time, entry_time, id }: TradeKey) {
  return [exit_time, entry_time, id];
}

/** The pieces of an attempt's day. */
export class AccountPieces {
  readonly #handle: SQLite.Database;
  readonly #version: Version;
  readonly #attempt: Attempt;
  readonly #partsOwners: PartsOwners;
  readonly #day: readonly (string | number)[];
  readonly #whole: Range;
  /** The parts of the pieces that were discarded, and of those that were made. */
  #before = noParts();
  #now = noParts();

  constructor(handle: SQLite.Database, version: Version, owner: DayOwner, day: Day) {
    this.#handle = handle;
    this.#version = version;
    this.#attempt = owner;
    this.#partsOwners = partsOwners(version, owner, day);
    this.#day = this.#partsOwners.account;
    const { days } = version;
    this.#whole = { from: placeAt(days.startOf(day)), to: placeAt(days.startOf(day + 1)) };
  }

  exist(): boolean {
    return this.#placeAfter(this.#whole.from) !== undefined;
  }

  /** The first trades of the day. */
  firstTrades(limit: number): SummarisedTrade[] {
    return this.#tradesIn(this.#whole, limit);
  }

  /**
   * Makes a piece of the trades from a place on, or from the first one on. Returns the place of the
   * next piece; null: it was the last one, or there are no trades.
   */
  makeNext(from: TradeKey | null): TradeKey | null {
    return this.#make({ ...this.#whole, ...(from && { from }) })?.from ?? null;
  }

  /** Makes those pieces anew that contain touched trades; before a place if only those are made. */
  remakeTouched(until: TradeKey = this.#whole.to): void {
    for (let from = this.#whole.from; ; ) {
      const touched = nextTouched(this.#handle, this.#attempt, from, until);
      if (!touched) return;
      const range = this.#rangeAt(touched, until);
      this.#discard(range);
      for (let rest: Range | null = range; rest; ) rest = this.#make(rest);
      from = range.to;
    }
  }

  discardAll(): void {
    this.#discard(this.#whole);
  }

  /** Adds to the parts of the day what its pieces have gained or lost since the last call. */
  storeParts(): void {
    changeDayParts(this.#handle, this.#partsOwners, this.#before, this.#now);
    this.#before = noParts();
    this.#now = noParts();
  }

  /** The sums of all pieces together. */
  join(): Run {
    const rows = prepared<RunRow>(
      this.#handle,
      `select ${runs} from account_pieces where ${isAccountDay} order by ${places}`,
    ).all(...this.#day);
    return rows.map(runOf).reduce(joinRuns, emptyRun);
  }

  /** The number of pieces that are not as their trades are. */
  countWrong(): number {
    let wrong = 0;
    let { from } = this.#whole;
    for (let at = this.#placeAfter(from); at; at = this.#placeAfter(at)) {
      const to = this.#placeAfter(at) ?? this.#whole.to;
      const trades = this.#tradesIn({ from, to }, -1);
      const row = prepared<object>(
        this.#handle,
        `select ${columns.join(', ')} from account_pieces
         where ${isAccountDay} and (${places}) = (?, ?, ?)`,
      ).get(...this.#day, ...parametersOf(at));
      if (trades.length === 0 || !isDeepStrictEqual({ ...row }, this.#pieceOf(trades).row)) wrong++;
      from = to;
    }
    return wrong;
  }

  /** The range of the piece that contains a place, when all before another place are made. */
  #rangeAt(at: TradeKey, until: TradeKey): Range {
    const from = prepared<TradeKey>(
      this.#handle,
      `select ${places} from account_pieces where ${isAccountDay} and (${places}) <= (?, ?, ?)
       order by ${backwards} limit 1`,
    ).get(...this.#day, ...parametersOf(at));
    return { from: from ?? this.#whole.from, to: this.#placeAfter(at) ?? until };
  }

  /** Where the first piece after a place begins. */
  #placeAfter(at: TradeKey): TradeKey | undefined {
    return prepared<TradeKey>(
      this.#handle,
      `select ${places} from account_pieces where ${isAccountDay} and (${places}) > (?, ?, ?)
       order by ${places} limit 1`,
    ).get(...this.#day, ...parametersOf(at));
  }

  #tradesIn({ from, to }: Range, limit: number): (SummarisedTrade & TradeKey)[] {
    const { partner_id, account_id, attempt } = this.#attempt;
    return prepared<SummarisedTrade & TradeKey>(
      this.#handle,
      `select id, symbol, entry_time, exit_time, pnl, commission from trades
       where partner_id = ? and account_id = ? and attempt = ?
         and (${places}) >= (?, ?, ?) and (${places}) < (?, ?, ?)
       order by ${places} limit ?`,
    ).all(
      ...[partner_id, account_id, attempt],
      ...[...parametersOf(from), ...parametersOf(to), limit],
    );
  }

  #discard({ from, to }: Range): void {
    const rows = prepared<{ parts: string }>(
      this.#handle,
      `delete from account_pieces
       where ${isAccountDay} and (${places}) >= (?, ?, ?) and (${places}) < (?, ?, ?) returning parts`,
    ).all(...this.#day, ...parametersOf(from), ...parametersOf(to));
    for (const row of rows) {
      const parts = JSON.parse(row.parts) as Record<Breakdown, Part[]>;
      for (const by of breakdownNames) addParts(this.#before[by], parts[by]);
    }
  }

  /** Makes a piece of the first trades in a range, and returns the rest of it. */
  #make(range: Range): Range | null {
    const trades = this.#tradesIn(range, mostTrades + 1);
    if (trades.length === 0) return null;
    const isLast = trades.length <= mostTrades;
    const { row, parts } = this.#pieceOf(isLast ? trades : trades.slice(0, mostTrades / 2));
    prepared(this.#handle, insertion('account_pieces', [...accountDayKey, ...columns])).run(
      ...this.#day,
      ...columns.map((name) => row[name]),
    );
    for (const by of breakdownNames) addParts(this.#now[by], parts[by].values());
    return isLast ? null : { ...range, from: trades[mostTrades / 2]! };
  }

  #pieceOf(trades: readonly (SummarisedTrade & TradeKey)[]): { row: PieceRow; parts: DayParts } {
    const { exit_time, entry_time, id } = trades[0]!;
    const { run, way, parts } = summarise(trades, this.#version);
    const row = {
      ...{ exit_time, entry_time, id },
      ...runColumns(run),
      parts: JSON.stringify({
        symbol: [...parts.symbol.values()],
        hour: [...parts.hour.values()],
      }),
      way: encodeWay(way),
    };
    return { row, parts };
  }
}
