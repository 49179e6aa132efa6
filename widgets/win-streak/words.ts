import { inLanguage } from '../core/language.ts';
import { englishPlural as plural } from '../core/plural.ts';

export const english = {
  heading: 'Streak',
  current: 'Current streak',
  inARow: {
    win: (count: number) => plural(count, { one: 'win', other: 'wins in a row' }),
    loss: (count: number) => plural(count, { one: 'loss', other: 'losses in a row' }),
  },
  none: 'No streak',
  brokeEven: 'the last trade broke even',
  worth: (amount: string) => `worth ${amount}`,
  results: 'Last results, oldest first',
  outcomes: { W: 'Won', L: 'Lost', B: 'Broke even' },
  ago: (trades: string) => `${trades} ago`,
  latest: 'Latest',
  longestWin: ['Longest winning', 'Longest won'],
  longestLoss: ['Longest losing', 'Longest lost'],
  last: (count: string) => `Last ${count}`,
};

export const wordsOf = inLanguage('win-streak', english);
