import type { Run, Sequence, Tally } from '../analytics/run.ts';
import type { AccountDaysTable } from './schema.ts';

export const tallyNames = [
  'trades',
  'wins',
  'losses',
  'gross_profit',
  'gross_loss',
  'commission',
  'squares',
  'duration',
  'best',
  'worst',
] as const;

export const sequenceNames = [
  'high',
  'low',
  'fall',
  'leading_wins',
  'leading_losses',
  'trailing_wins',
  'trailing_losses',
  'longest_wins',
  'longest_losses',
  'recent',
] as const;

export type TallyRow = Pick<AccountDaysTable, (typeof tallyNames)[number]>;
type SequenceRow = Pick<AccountDaysTable, (typeof sequenceNames)[number]>;

function tallyColumns(tally: Tally): TallyRow {
  return {
    trades: tally.trades,
    wins: tally.wins,
    losses: tally.losses,
    gross_profit: tally.grossProfit,
    gross_loss: tally.grossLoss,
    commission: tally.commission,
    squares: tally.squares.toString(),
    duration: tally.duration,
    best: tally.best,
    worst: tally.worst,
  };
}

function sequenceColumns(sequence: Sequence): SequenceRow {
  return {
    high: sequence.high,
    low: sequence.low,
    fall: sequence.fall,
    leading_wins: sequence.leadingWins,
    leading_losses: sequence.leadingLosses,
    trailing_wins: sequence.trailingWins,
    trailing_losses: sequence.trailingLosses,
    longest_wins: sequence.longestWins,
    longest_losses: sequence.longestLosses,
    recent: sequence.recent,
  };
}

/** The names of the columns of a run. */
export const runNames = [...tallyNames, ...sequenceNames] as const;

export type RunRow = TallyRow & SequenceRow;

export function runColumns(run: Run): RunRow {
  return { ...tallyColumns(run), ...sequenceColumns(run) };
}

export function tallyOf(row: TallyRow): Tally {
  return {
    trades: row.trades,
    wins: row.wins,
    losses: row.losses,
    grossProfit: row.gross_profit,
    grossLoss: row.gross_loss,
    commission: row.commission,
    squares: BigInt(row.squares),
    duration: row.duration,
    best: row.best,
    worst: row.worst,
  };
}

export function runOf(row: RunRow): Run {
  return {
    ...tallyOf(row),
    high: row.high,
    low: row.low,
    fall: row.fall,
    leadingWins: row.leading_wins,
    leadingLosses: row.leading_losses,
    trailingWins: row.trailing_wins,
    trailingLosses: row.trailing_losses,
    longestWins: row.longest_wins,
    longestLosses: row.longest_losses,
    recent: row.recent,
  };
}
