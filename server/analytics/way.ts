import type { Units } from '../../shared/money.ts';
import { ratio } from './exact.ts';
import { type CountedTrade, type Run, totalPnl } from './run.ts';

/**
 * The course of a day's running total, which starts at zero: each time it reached a new high (or
 * the same again), when that was, and the lowest point before the next one. With it a history of
 * days, with any starting balance, answers what sums alone cannot: how deep a fall was in per cent
 * of its peak, and how long it took to recover.
 */
export interface Way {
  /** Entry of the first trade, exit of the last, in epoch ms. */
  startedAt: number;
  endedAt: number;
  /** Lowest point before the first high. */
  low: Units;
  /** Of each high in turn: the running total, when it was reached, the lowest before the next one. */
  highs: readonly number[] | Float64Array;
}

/** How many numbers of `highs` belong to one. */
const numbersOfHigh = 3;

const bytesOfNumber = Float64Array.BYTES_PER_ELEMENT;

/** A way as doubles: startedAt, endedAt, low, highs. */
export function encodeWay({ startedAt, endedAt, low, highs }: Way): Buffer {
  const numbers = [startedAt, endedAt, low, ...highs];
  const bytes = Buffer.alloc(numbers.length * bytesOfNumber);
  for (const [index, number] of numbers.entries()) {
    bytes.writeDoubleLE(number, index * bytesOfNumber);
  }
  return bytes;
}

export function decodeWay(bytes: Buffer): Way {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const numbers = new Float64Array(bytes.byteLength / bytesOfNumber);
  for (let index = 0; index < numbers.length; index++) {
    numbers[index] = view.getFloat64(index * bytesOfNumber, true);
  }
  const [startedAt = 0, endedAt = 0, low = 0] = numbers;
  return { startedAt, endedAt, low, highs: numbers.subarray(3) };
}

export class WayBuilder {
  readonly #highs: number[] = [];
  readonly #way: Way = { startedAt: 0, endedAt: 0, low: 0, highs: this.#highs };
  #isBegun = false;
  #total: Units = 0;
  #high: Units = 0;

  add(trade: CountedTrade): void {
    const [way, highs] = [this.#way, this.#highs];
    if (!this.#isBegun) way.startedAt = trade.entry_time;
    this.#isBegun = true;
    way.endedAt = trade.exit_time;
    this.#total += trade.pnl;
    if (this.#total >= this.#high) {
      this.#high = this.#total;
      highs.push(this.#total, trade.exit_time, this.#total);
    } else if (highs.length === 0) way.low = Math.min(way.low, this.#total);
    else highs[highs.length - 1] = Math.min(highs.at(-1)!, this.#total);
  }

  finish(): Way {
    return this.#way;
  }
}

export interface Falls {
  /** Largest (peak − equity) / peak in per cent; null without a starting balance above zero. */
  maxDrawdownPct: number | null;
  /** Longest time from a high to its recovery, in ms. */
  longestRecovered: number;
  /** Time from the last high to the end, in ms; 0 when it ended at a high. */
  underwater: number;
}

/** A fall from a peak at which the account had this capital. */
interface Fall {
  depth: Units;
  capital: Units;
}

/** Compares depths in relation to capital: as doubles and, where those are equal, exactly. */
function isDeeper(one: Fall, other: Fall): boolean {
  const [a, b] = [one.depth / one.capital, other.depth / other.capital];
  if (a !== b) return a > b;
  return BigInt(one.depth) * BigInt(other.capital) > BigInt(other.depth) * BigInt(one.capital);
}

/** A day, or a part of one, whose way is read only if it is needed. */
export interface WayDay {
  run: Pick<Run, 'grossProfit' | 'grossLoss' | 'high' | 'low'>;
  readWay(): Way;
}

/** Joins the days' ways, in order, and measures the falls. The first peak is 0 at the first entry. */
export function measureFalls(days: readonly WayDay[], startingBalance: Units | null): Falls {
  let base = 0;
  let peak = 0;
  let peakAt = days[0]?.readWay().startedAt ?? 0;
  let isUnder = false;
  let deepest: Fall = { depth: 0, capital: 1 };
  let longestRecovered = 0;

  const sink = (low: Units) => {
    if (low >= peak) return;
    isUnder = true;
    const fall = { depth: peak - low, capital: (startingBalance ?? 0) + peak };
    if (fall.capital > 0 && isDeeper(fall, deepest)) deepest = fall;
  };

  const follow = (way: Way) => {
    sink(base + way.low);
    const { highs } = way;
    for (let index = 0; index < highs.length; index += numbersOfHigh) {
      const [high, at, low] = [highs[index]!, highs[index + 1]!, highs[index + 2]!];
      if (base + high >= peak) {
        if (isUnder) longestRecovered = Math.max(longestRecovered, at - peakAt);
        peak = base + high;
        peakAt = at;
        isUnder = false;
      }
      sink(base + low);
    }
  };

  for (const { run, readWay } of days) {
    // On a day that does not reach the peak, only its lowest point matters.
    if (base + run.high < peak) sink(base + run.low);
    else follow(readWay());
    base += totalPnl(run);
  }
  const endedAt = days.at(-1)?.readWay().endedAt ?? 0;
  return {
    maxDrawdownPct:
      startingBalance !== null && startingBalance > 0
        ? ratio(100n * BigInt(deepest.depth), BigInt(deepest.capital))
        : null,
    longestRecovered,
    underwater: isUnder ? endedAt - peakAt : 0,
  };
}
