import type { Units } from '../../shared/money.ts';
import type { ClosedTrade } from '../../shared/trades.ts';

/** The fields of a closed trade that the arithmetic needs. */
export type CountedTrade = Pick<ClosedTrade, 'entry_time' | 'exit_time' | 'pnl' | 'commission'>;

/**
 * The figures of a run of closed trades that do not depend on their order. Those of two runs can be
 * added and, except for best and worst, subtracted again.
 */
export interface Tally {
  trades: number;
  wins: number;
  losses: number;
  grossProfit: Units;
  /** Zero or below. */
  grossLoss: Units;
  commission: Units;
  /** Sum of the squared pnl, in units²: it may be larger than a double holds exactly. */
  squares: bigint;
  /** Sum of the times from entry to exit, in ms. */
  duration: number;
  best: Units;
  worst: Units;
}

/** The figures that depend on the order of a run's trades; those of consecutive runs can be joined. */
export interface Sequence {
  /** Highest and lowest running total; the run starts at zero, which counts. */
  high: Units;
  low: Units;
  /** Deepest fall of the running total from a high before it, positive. */
  fall: Units;
  leadingWins: number;
  leadingLosses: number;
  trailingWins: number;
  trailingLosses: number;
  longestWins: number;
  longestLosses: number;
  /** The last outcomes, oldest first: W (win), L (loss) or B (break-even). */
  recent: string;
}

export type Run = Tally & Sequence;

/** How many of its last outcomes a run has. */
const recentLength = 20;

export const emptyTally: Tally = {
  trades: 0,
  wins: 0,
  losses: 0,
  grossProfit: 0,
  grossLoss: 0,
  commission: 0,
  squares: 0n,
  duration: 0,
  best: 0,
  worst: 0,
};

export const emptySequence: Sequence = {
  high: 0,
  low: 0,
  fall: 0,
  leadingWins: 0,
  leadingLosses: 0,
  trailingWins: 0,
  trailingLosses: 0,
  longestWins: 0,
  longestLosses: 0,
  recent: '',
};

export const emptyRun: Run = { ...emptyTally, ...emptySequence };

export function totalPnl(tally: Pick<Tally, 'grossProfit' | 'grossLoss'>): Units {
  return tally.grossProfit + tally.grossLoss;
}

/** The tally of both runs' trades together. */
export function addTallies(a: Tally, b: Tally): Tally {
  return {
    trades: a.trades + b.trades,
    wins: a.wins + b.wins,
    losses: a.losses + b.losses,
    grossProfit: a.grossProfit + b.grossProfit,
    grossLoss: a.grossLoss + b.grossLoss,
    commission: a.commission + b.commission,
    squares: a.squares + b.squares,
    duration: a.duration + b.duration,
    best: a.trades === 0 ? b.best : b.trades === 0 ? a.best : Math.max(a.best, b.best),
    worst: a.trades === 0 ? b.worst : b.trades === 0 ? a.worst : Math.min(a.worst, b.worst),
  };
}

/** The run `earlier` directly followed by the run `later`. */
export function joinRuns(earlier: Run, later: Run): Run {
  const before = totalPnl(earlier);
  return {
    ...addTallies(earlier, later),
    high: Math.max(earlier.high, before + later.high),
    low: Math.min(earlier.low, before + later.low),
    fall: Math.max(earlier.fall, later.fall, earlier.high - (before + later.low)),
    leadingWins: joinLeading(earlier.leadingWins, earlier.trades, later.leadingWins),
    leadingLosses: joinLeading(earlier.leadingLosses, earlier.trades, later.leadingLosses),
    trailingWins: joinLeading(later.trailingWins, later.trades, earlier.trailingWins),
    trailingLosses: joinLeading(later.trailingLosses, later.trades, earlier.trailingLosses),
    longestWins: Math.max(
      earlier.longestWins,
      later.longestWins,
      earlier.trailingWins + later.leadingWins,
    ),
    longestLosses: Math.max(
      earlier.longestLosses,
      later.longestLosses,
      earlier.trailingLosses + later.leadingLosses,
    ),
    recent: (earlier.recent + later.recent).slice(-recentLength),
  };
}

/** A streak at the edge of a run continues in the neighbouring run if it fills its own. */
function joinLeading(length: number, trades: number, neighbour: number): number {
  return length === trades ? length + neighbour : length;
}

/** Builds a run from trades that are added in order: cheaper than joining a run for each trade. */
export class RunBuilder {
  #run: Run = { ...emptyRun };
  #squares = new SquareSum();
  #total: Units = 0;
  #streak = 0;
  #outcomes = '';

  add(trade: CountedTrade): void {
    const run = this.#run;
    const { pnl } = trade;
    if (run.trades === 0 || pnl > run.best) run.best = pnl;
    if (run.trades === 0 || pnl < run.worst) run.worst = pnl;
    run.trades++;
    run.commission += trade.commission;
    run.duration += trade.exit_time - trade.entry_time;
    this.#squares.add(pnl);
    this.#total += pnl;
    if (this.#total > run.high) run.high = this.#total;
    if (this.#total < run.low) run.low = this.#total;
    if (run.high - this.#total > run.fall) run.fall = run.high - this.#total;
    if (pnl > 0) this.#win(run, pnl);
    else if (pnl < 0) this.#lose(run, pnl);
    else this.#breakEven();
    if (this.#outcomes.length > 1_000) this.#outcomes = this.#outcomes.slice(-recentLength);
  }

  #win(run: Run, pnl: Units): void {
    run.wins++;
    run.grossProfit += pnl;
    this.#streak = this.#streak > 0 ? this.#streak + 1 : 1;
    if (this.#streak === run.trades) run.leadingWins = this.#streak;
    if (this.#streak > run.longestWins) run.longestWins = this.#streak;
    this.#outcomes += 'W';
  }

  #lose(run: Run, pnl: Units): void {
    run.losses++;
    run.grossLoss += pnl;
    this.#streak = this.#streak < 0 ? this.#streak - 1 : -1;
    if (-this.#streak === run.trades) run.leadingLosses = -this.#streak;
    if (-this.#streak > run.longestLosses) run.longestLosses = -this.#streak;
    this.#outcomes += 'L';
  }

  #breakEven(): void {
    this.#streak = 0;
    this.#outcomes += 'B';
  }

  finish(): Run {
    return {
      ...this.#run,
      squares: this.#squares.value,
      trailingWins: Math.max(0, this.#streak),
      trailingLosses: Math.max(0, -this.#streak),
      recent: this.#outcomes.slice(-recentLength),
    };
  }
}

/** An exact sum of squares. Small ones are summed in a double first, since BigInts are slow. */
class SquareSum {
  #large = 0n;
  #small = 0;

  add(value: number): void {
    const square = value * value;
    if (this.#small + square <= Number.MAX_SAFE_INTEGER) this.#small += square;
    else {
      this.#large += BigInt(this.#small) + BigInt(value) * BigInt(value);
      this.#small = 0;
    }
  }

  get value(): bigint {
    return this.#large + BigInt(this.#small);
  }
}
