import type { ReadClock } from './clock.ts';
import { exact, type Fraction, sum } from './fraction.ts';

/** A trade as the files have it; one that is open has no exit time. */
export interface ListedTrade {
  id: string;
  account_id: string;
  symbol: string;
  direction: 'long' | 'short';
  entry_time: number;
  exit_time: number | null;
  pnl: number | null;
  commission: number;
}

/** A closed trade. */
export interface Trade extends Pick<ListedTrade, 'id' | 'symbol' | 'direction'> {
  entryTime: number;
  exitTime: number;
  /** Net of commission. */
  pnl: Fraction;
  /** Zero or below. */
  commission: Fraction;
}

/** A day and the trades that were closed on it, in order. */
export interface Day {
  day: string;
  pnl: Fraction;
  trades: Trade[];
}

/** The trades with an exit and a result, ordered by exit time, entry time and id. */
export function closedTrades(listed: ListedTrade[]): Trade[] {
  return listed
    .flatMap(({ id, symbol, direction, entry_time, exit_time, pnl, commission }) =>
      exit_time === null || pnl === null
        ? []
        : {
            id,
            symbol,
            direction,
            entryTime: entry_time,
            exitTime: exit_time,
            pnl: exact(pnl),
            commission: exact(commission),
          },
    )
    .sort((a, b) => a.exitTime - b.exitTime || a.entryTime - b.entryTime || (a.id < b.id ? -1 : 1));
}

/** Groups items by their keys, in the order of the keys. */
export function groupBy<Item>(items: Item[], keyOf: (item: Item) => string): [string, Item[]][] {
  const groups = Map.groupBy(items, keyOf);
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}

export const pnlOf = ({ pnl }: { pnl: Fraction }) => pnl;
export const isWin = ({ pnl }: { pnl: Fraction }) => pnl.sign > 0;
export const isLoss = ({ pnl }: { pnl: Fraction }) => pnl.sign < 0;

export function durationOf({ entryTime, exitTime }: Trade): number {
  return exitTime - entryTime;
}

export function totalOf(trades: { pnl: Fraction }[]): Fraction {
  return sum(trades.map(pnlOf));
}

/** The days of trades, in order; a trade belongs to the day of its exit. */
export function daysOf(trades: Trade[], clock: ReadClock): Day[] {
  return groupBy(trades, ({ exitTime }) => clock(exitTime).day).map(([day, those]) => ({
    day,
    pnl: totalOf(those),
    trades: those,
  }));
}

/** Writes an amount with two decimals. Throws a RangeError where it is no whole number of cents. */
export function money(value: Fraction): string {
  if (exact(value.toFixed(2)).compare(value) !== 0) throw new RangeError('Money is whole cents');
  return value.toFixed(2);
}

export function moneyOrNull(value: Fraction | null): string | null {
  return value && money(value);
}
