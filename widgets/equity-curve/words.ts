import { inLanguage } from '../core/language.ts';

export const english = {
  heading: 'Equity curve',
  maxDrawdown: 'Max drawdown',
  live: 'Live',
  nothingTraded: 'No trades',
  daily: 'Daily',
  weekly: 'Weekly',
  monthly: 'Monthly',
  yearly: 'Yearly',
  belowHigh: 'Below high',
  dayOfTrades: (trades: string) => `Day, ${trades}`,
  noTrades: 'Day, no trades',
  chart: 'chart, arrow keys move through its days',
  summary: (period: string, last: string, drawdown: string) =>
    `Cumulative P&L, ${period}: ${last}, max drawdown ${drawdown}`,
};

export const wordsOf = inLanguage('equity-curve', english);
