import { inLanguage } from '../core/language.ts';
import { englishPlural as plural } from '../core/plural.ts';

type Explained = readonly [name: string, qualifier: string, explanation: string];

export const english = {
  heading: 'Risk',
  sharpe: ['Sharpe ratio', 'Sharpe'],
  annualised: ['annualised', 'a year'],
  annualisedDays: (count: number, figure: string) =>
    `annualised, ${figure} ${plural(count, { one: 'day', other: 'days' })}`,
  tooFewDays: (count: number, missing: string) => {
    const days = plural(count, { one: 'day', other: 'days' });
    return [
      `Not enough days: ${missing} more needed`,
      `${missing} more ${days} needed`,
      `${missing} ${days} short`,
    ];
  },
  results: (worst: string, best: string, up: string, days: string) =>
    `Daily results from ${worst} to ${best}, up on ${up} of ${days} days`,
  sharpeMeans: 'Mean daily result over its deviation.',
  figures: {
    sortino: ['Sortino ratio', 'annualised', 'Mean daily result over the deviation of losses.'],
    maxDrawdown: ['Max drawdown', 'from the high', 'The deepest fall below a high.'],
    var95: ['Value at risk', '95%, one day', '19 of 20 days lose no more.'],
    cvar95: ['Expected shortfall', 'worst 5% of days', 'The mean of the worst 5% of days.'],
    riskReward: ['Risk : reward', 'average loss to win', 'The average win over the average loss.'],
    expectancy: ['Expectancy', 'per trade', 'The average result of a trade.'],
    recoveryFactor: ['Recovery factor', 'P&L to drawdown', 'Total P&L over the max drawdown.'],
    sqn: ['SQN', 'system quality', 'Mean trade over its deviation, times √trades.'],
    kelly: ['Kelly', 'share to risk', 'The share to risk for the fastest growth.'],
    calmar: ['Calmar ratio', 'year to drawdown', 'A year’s P&L over the max drawdown.'],
    ulcerDollar: ['Ulcer index', 'depth of drawdowns', 'Root mean square of daily drawdowns.'],
    bestDayPctOfProfit: ['Consistency', 'best day’s share', 'The best day’s share of total P&L.'],
    profitableDaysPct: ['Profitable days', 'of those traded', 'The share of days with a profit.'],
    volAnnual: ['Volatility', 'annualised', 'A year’s deviation of results.'],
  } satisfies Record<string, Explained>,
};

export type FigureName = keyof (typeof english)['figures'];

export const wordsOf = inLanguage('risk-metrics', english);
