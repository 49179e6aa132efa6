import { isDeepStrictEqual } from 'node:util';
import type SQLite from 'better-sqlite3';
import type { Day } from '../../shared/day.ts';
import { type CountedTrade, emptyRun, joinRuns, type Run, RunBuilder } from '../analytics/run.ts';
import { encodeWay, type Way, WayBuilder } from '../analytics/way.ts';
import {
  addParts,
  addToPart,
  type Breakdown,
  type BrokenDown,
  breakdownNames,
  breakdowns,
  type Part,
  type Parts,
} from './breakdowns.ts';
import { type RunRow, runColumns, runNames, runOf } from './columns.ts';
import { insertion, prepared } from './statements.ts';
import { type Attempt, nextTouched, type TradeKey } from './touched-trades.ts';
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

export type SummarisedTrade = CountedTrade & BrokenDown;

/** The sums of consecutive trades of an attempt's day. */
export interface Summary {
  run: Run;
  parts: Record<Breakdown, Parts>;
}

/** Sums trades, which are in order. */
export function summarise(
  trades: readonly SummarisedTrade[],
  { days }: Version,
): Summary & { way: Way } {
  const run = new RunBuilder();
  const way = new WayBuilder();
  const parts = emptyParts();
  for (const trade of trades) {
    run.add(trade);
    way.add(trade);
    for (const by of breakdownNames) addToPart(parts[by], breakdowns[by](trade, days), trade.pnl);
  }
  return { run: run.finish(), parts, way: way.finish() };
}

function emptyParts(): Record<Breakdown, Parts> {
  return { symbol: new Map(), hour: new Map() };
}

/** From a place, included, to another one, excluded. */
interface Range {
  from: TradeKey;
  to: TradeKey;
}

/** `parts`: JSON of the parts by each breakdown. */
type SumsRow = RunRow & { parts: string };
type PieceRow = TradeKey & SumsRow & { way: Buffer };

const place = ['exit_time', 'entry_time', 'id'] as const;
const places = place.join(', ');
const backwards = place.map((name) => `${name} desc`).join(', ');
const keyColumns = ['partner_id', 'version', 'account_id', 'attempt', 'day'] as const;
const isDay = keyColumns.map((name) => `${name} = ?`).join(' and ');
const sums = [...runNames, 'parts'].join(', ');
const columns = [...place, ...runNames, 'parts', 'way'] as const;

function parametersOf({ exit_time, entry_time, id }: TradeKey) {
  return [exit_time, entry_time, id];
}

/** The pieces of an attempt's day. */
export class AccountPieces {
  readonly #handle: SQLite.Database;
  readonly #version: Version;
  readonly #attempt: Attempt;
  readonly #day: readonly (string | number)[];
  readonly #whole: Range;

  constructor(handle: SQLite.Database, version: Version, attempt: Attempt, day: Day) {
    const { partner_id, account_id, attempt: number } = attempt;
    const placeAt = (moment: number) => ({ exit_time: moment, entry_time: 0, id: '' });
    this.#handle = handle;
    this.#version = version;
    this.#attempt = attempt;
    this.#day = [partner_id, version.number, account_id, number, day];
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

  /** Makes the piece after those that are made; false: no trades are left for one. */
  makeNext(): boolean {
    const last = prepared<TradeKey & { trades: number }>(
      this.#handle,
      `select ${places}, trades from account_pieces where ${isDay} order by ${backwards} limit 1`,
    ).get(...this.#day);
    const [next] = this.#tradesIn({ ...this.#whole, ...(last && { from: last }) }, 1, last?.trades);
    if (next) this.#make({ ...this.#whole, from: next });
    return next !== undefined;
  }

  /** Makes those pieces anew that contain touched trades. */
  remakeTouched(): void {
    for (let from = this.#whole.from; ; ) {
      const touched = this.#nextTouched(from);
      if (!touched) return;
      const range = this.#rangeAt(touched);
      this.#discard(range);
      for (let rest: Range | null = range; rest; ) rest = this.#make(rest);
      from = range.to;
    }
  }

  /** Discards the pieces from the one on that contains the first touched trade. */
  discardTouched(): void {
    const touched = this.#nextTouched(this.#whole.from);
    if (touched) this.#discard({ ...this.#whole, from: this.#rangeAt(touched).from });
  }

  discardAll(): void {
    this.#discard(this.#whole);
  }

  /** The sums of all pieces together. */
  join(): Summary {
    const rows = prepared<SumsRow>(
      this.#handle,
      `select ${sums} from account_pieces where ${isDay} order by ${places}`,
    ).all(...this.#day);
    const parts = emptyParts();
    let run = emptyRun;
    for (const row of rows) {
      run = joinRuns(run, runOf(row));
      const rowParts = JSON.parse(row.parts) as Record<Breakdown, Part[]>;
      for (const by of breakdownNames) addParts(parts[by], rowParts[by]);
    }
    return { run, parts };
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
         where ${isDay} and (${places}) = (?, ?, ?)`,
      ).get(...this.#day, ...parametersOf(at));
      if (trades.length === 0 || !isDeepStrictEqual({ ...row }, this.#rowOf(trades))) wrong++;
      from = to;
    }
    return wrong;
  }

  #nextTouched(from: TradeKey): TradeKey | null {
    const { account_id } = this.#attempt;
    const touched = nextTouched(this.#handle, this.#attempt, { ...from, account_id });
    return touched && touched.exit_time < this.#whole.to.exit_time ? touched : null;
  }

  /** The range of the piece that contains a place. */
  #rangeAt(at: TradeKey): Range {
    const from = prepared<TradeKey>(
      this.#handle,
      `select ${places} from account_pieces where ${isDay} and (${places}) <= (?, ?, ?)
       order by ${backwards} limit 1`,
    ).get(...this.#day, ...parametersOf(at));
    return { from: from ?? this.#whole.from, to: this.#placeAfter(at) ?? this.#whole.to };
  }

  /** Where the first piece after a place begins. */
  #placeAfter(at: TradeKey): TradeKey | undefined {
    return prepared<TradeKey>(
      this.#handle,
      `select ${places} from account_pieces where ${isDay} and (${places}) > (?, ?, ?)
       order by ${places} limit 1`,
    ).get(...this.#day, ...parametersOf(at));
  }

  #tradesIn({ from, to }: Range, limit: number, offset = 0): (SummarisedTrade & TradeKey)[] {
    const { partner_id, account_id, attempt } = this.#attempt;
    return prepared<SummarisedTrade & TradeKey>(
      this.#handle,
      `select id, symbol, entry_time, exit_time, pnl, commission from trades
       where partner_id = ? and account_id = ? and attempt = ?
         and (${places}) >= (?, ?, ?) and (${places}) < (?, ?, ?)
       order by ${places} limit ? offset ?`,
    ).all(
      ...[partner_id, account_id, attempt],
      ...[...parametersOf(from), ...parametersOf(to)],
      ...[limit, offset],
    );
  }

  #discard({ from, to }: Range): void {
    prepared(
      this.#handle,
      `delete from account_pieces
       where ${isDay} and (${places}) >= (?, ?, ?) and (${places}) < (?, ?, ?)`,
    ).run(...this.#day, ...parametersOf(from), ...parametersOf(to));
  }

  /** Makes a piece of the first trades in a range, and returns the rest of it. */
  #make(range: Range): Range | null {
    const trades = this.#tradesIn(range, mostTrades + 1);
    if (trades.length === 0) return null;
    const isLast = trades.length <= mostTrades;
    const row = this.#rowOf(isLast ? trades : trades.slice(0, mostTrades / 2));
    prepared(this.#handle, insertion('account_pieces', [...keyColumns, ...columns])).run(
      ...this.#day,
      ...columns.map((name) => row[name]),
    );
    return isLast ? null : { ...range, from: trades[mostTrades / 2]! };
  }

  #rowOf(trades: readonly (SummarisedTrade & TradeKey)[]): PieceRow {
    const { exit_time, entry_time, id } = trades[0]!;
    const { run, way, parts } = summarise(trades, this.#version);
    return {
      ...{ exit_time, entry_time, id },
      ...runColumns(run),
      parts: JSON.stringify({
        symbol: [...parts.symbol.values()],
        hour: [...parts.hour.values()],
      }),
      way: encodeWay(way),
    };
  }
}
