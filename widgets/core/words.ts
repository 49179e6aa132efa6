import type { Period } from '../../shared/period.ts';
import type { WidgetName } from '../../shared/widgets.ts';

/**
 * The English words that every widget shows. Those of a single widget stand beside it, so that no
 * other has to load them. Another language is other tables of these shapes.
 */
export const words = {
  /** Those of the catalogue, without the rest of it. */
  titles: {
    'stats-card': 'Overview',
    'performance-summary': 'Performance',
    'equity-curve': 'Equity curve',
    leaderboard: 'Leaderboard',
    'trade-heatmap': 'Best and worst hour',
    'instrument-breakdown': 'Instruments',
    'drawdown-gauge': 'Drawdown',
    'win-streak': 'Streak',
    'monthly-calendar': 'Calendar',
    'risk-metrics': 'Risk',
    'recent-trades': 'Recent trades',
  } satisfies Record<WidgetName, string> as Record<WidgetName, string>,
  periods: { '7d': '7 days', '30d': '30 days', '90d': '90 days', '1y': '1 year', all: 'All time' },
  allAccounts: 'All accounts',
  poweredBy: 'Powered by PropTally',

  nothingYet: (period: Period) =>
    period === 'all' ? 'No trades yet' : `No trades in the last ${words.periods[period]}`,
  nothingYetHint: 'They appear here as soon as one closes.',

  offline: 'You’re offline',
  unreachable: 'No answer from PropTally',
  retryHint: (seconds: number) =>
    `Nothing to show yet. Trying again ${seconds ? `in ${seconds} s` : 'shortly'}.`,
  retrying: 'Offline, retrying',
  asOf: (time: string) => `As of ${time}`,
  code: (status: number) => `Code ${status}`,
};
