import { latestDay, startOfDay } from '../../shared/day.ts';
import { day } from '../../shared/time.ts';
import type { Trade } from '../../shared/trades.ts';

/** Trades with something odd about their times. */
export interface Odd {
  trades: number;
  /** The first of them. */
  lines: number[];
}

const mostLinesTold = 20;
const thirtyYears = 30 * 365.25 * day;

/** Notes trades whose times are possible and unlikely: their years may be mistyped. */
export class OddTimes {
  readonly found: Record<'in_future' | 'long_ago', Odd> = {
    in_future: { trades: 0, lines: [] },
    long_ago: { trades: 0, lines: [] },
  };
  readonly #firstFuture: number;
  readonly #lastLongAgo: number;

  constructor(now: number) {
    this.#firstFuture = startOfDay(latestDay(now) + 1);
    this.#lastLongAgo = now - thirtyYears;
  }

  look(line: number, { entry_time, exit_time }: Trade): void {
    // No trade ends before it begins.
    if ((exit_time ?? entry_time) >= this.#firstFuture) note(this.found.in_future, line);
    if (entry_time < this.#lastLongAgo) note(this.found.long_ago, line);
  }
}

function note(odd: Odd, line: number): void {
  odd.trades++;
  if (odd.lines.length < mostLinesTold) odd.lines.push(line);
}
