import type { StreakFigures } from '../../shared/answers/widgets.ts';
import type { Sequence } from './run.ts';

/** Figures of wins or losses in a row; a break-even trade ends either. */
export function describeStreak(sequence: Sequence): StreakFigures {
  const { trailingWins, trailingLosses, recent } = sequence;
  return {
    current:
      trailingWins > 0
        ? { type: 'win', length: trailingWins }
        : trailingLosses > 0
          ? { type: 'loss', length: trailingLosses }
          : { type: 'none', length: 0 },
    longestWin: sequence.longestWins,
    longestLoss: sequence.longestLosses,
    recent: [...recent] as StreakFigures['recent'],
  };
}
