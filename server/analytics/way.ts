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
  /** [high, reached at, lowest point before the next high] */
  highs: [Units, number, Units][];
}

export class WayBuilder {
  #way: Way | null = null;
  #total: Units = 0;
  #high: Units = 0;

  add(trade: CountedTrade): void {
    this.#way ??= { startedAt: trade.entry_time, endedAt: 0, low: 0, highs: [] };
    const way = this.#way;
    way.endedAt = trade.exit_time;
    this.#total += trade.pnl;
    if (this.#total >= this.#high) {
      this.#high = this.#total;
      way.highs.push([this.#total, trade.exit_time, this.#total]);
      return;
    }
    const last = way.highs.at(-1);
    if (!last) way.low = Math.min(way.low, this.#total);
    else if (this.#total < last[2]) last[2] = this.#total;
  }

  finish(): Way | null {
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

/** A day, whose way is read only if it is needed. */
interface WayDay {
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
    for (const [high, at, low] of way.highs) {
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
