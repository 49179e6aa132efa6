import type { Units } from '../../shared/money.ts';
import { ratio } from './exact.ts';
import { type CountedTrade, type Run, totalPnl } from './run.ts';

/**
 * The way a day's running total went from zero: each time it stood at its high (or again at it),
 * when that was, and the lowest point before the next. From it follow, for a history of days
 * whatever its starting balance, the questions that sums alone cannot answer: how deep a fall was
 * in per cent of its peak, and how long it took to recover.
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
  /** From the last high to the end, in ms; 0 when it ended at a high. */
  underwater: number;
}

/** From a peak with this capital. */
interface Fall {
  depth: Units;
  capital: Units;
}

/** In relation to the capital; as doubles where those tell. */
function isDeeper(one: Fall, other: Fall): boolean {
  const [a, b] = [one.depth / one.capital, other.depth / other.capital];
  if (a !== b) return a > b;
  return BigInt(one.depth) * BigInt(other.capital) > BigInt(other.depth) * BigInt(one.capital);
}

/** Follows the days' ways, in order, as one. The first peak is zero, from the first entry on. */
export function measureFalls(
  days: { way: Way; run: Pick<Run, 'grossProfit' | 'grossLoss'> }[],
  startingBalance: Units | null,
): Falls {
  let base = 0;
  let peak = 0;
  let peakAt = days[0]?.way.startedAt ?? 0;
  let isUnder = false;
  let deepest: Fall = { depth: 0, capital: 1 };
  let longestRecovered = 0;

  const sink = (low: Units) => {
    if (low >= peak) return;
    isUnder = true;
    const fall = { depth: peak - low, capital: (startingBalance ?? 0) + peak };
    if (fall.capital > 0 && isDeeper(fall, deepest)) deepest = fall;
  };

  for (const { way, run } of days) {
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
    base += totalPnl(run);
  }
  const endedAt = days.at(-1)?.way.endedAt ?? 0;
  return {
    maxDrawdownPct:
      startingBalance !== null && startingBalance > 0
        ? ratio(100n * BigInt(deepest.depth), BigInt(deepest.capital))
        : null,
    longestRecovered,
    underwater: isUnder ? endedAt - peakAt : 0,
  };
}
