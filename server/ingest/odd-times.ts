import { latestDay, startOfUtcDay } from '../../shared/day.ts';
import { day } from '../../shared/time.ts';
import type { Trade } from '../../shared/trades.ts';

/** Trades whose times are unlikely. */
export interface Odd {
  trades: number;
  /** The lines of the first ones. */
  lines: number[];
}

const mostLinesListed = 20;
const thirtyYears = 30 * 365.25 * day;

/** Collects trades whose times are valid but unlikely: their years may be mistyped. */
export class OddTimes {
  readonly found: Record<'in_future' | 'long_ago', Odd> = {
    in_future: { trades: 0, lines: [] },
    long_ago: { trades: 0, lines: [] },
  };
  readonly #firstFuture: number;
  readonly #lastLongAgo: number;

  constructor(now: number) {
    this.#firstFuture = startOfUtcDay(latestDay(now) + 1);
    this.#lastLongAgo = now - thirtyYears;
  }

  look(line: number, { entry_time, exit_time }: Trade): void {
    // A valid trade never ends before it begins, so its last time is enough.
    if ((exit_time ?? entry_time) >= this.#firstFuture) note(this.found.in_future, line);
    if (entry_time < this.#lastLongAgo) note(this.found.long_ago, line);
  }
}

function note(odd: Odd, line: number): void {
  odd.trades++;
  if (odd.lines.length < mostLinesListed) odd.lines.push(line);
}
