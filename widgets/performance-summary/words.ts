import { inLanguage } from '../core/language.ts';

export const english = {
  heading: 'Performance',
  /** Each from the longest to the shortest. */
  best: ['Best trade', 'Best'],
  worst: ['Worst trade', 'Worst'],
  average: ['Average'],
  profitFactor: ['Profit factor', 'Factor'],
  trades: ['Trades'],
  winRate: ['Win rate'],
  topInstruments: 'Top instruments',
  summary: (period: string, last: string, lowest: string, highest: string) =>
    `Cumulative P&L, ${period}: ${last}, between ${lowest} and ${highest}`,
};

export const wordsOf = inLanguage('performance-summary', english);
