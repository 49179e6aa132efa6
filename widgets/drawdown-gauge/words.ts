import { inLanguage } from '../core/language.ts';

export const english = {
  heading: 'Drawdown',
  current: 'Current drawdown',
  safe: 'Safe',
  caution: 'Caution',
  danger: 'Danger',
  breached: 'Breached',
  breachedOn: (day: string) => `Breached on ${day}`,
  used: 'used',
  ofTheLimit: (limit: string) => `of the ${limit} limit`,
  usedOf: (used: string, limit: string) => `${used} of ${limit}`,
  belowHigh: 'below the high',
  atHigh: 'at the high',
  ofTheWorst: (percent: string) => `${percent} of the worst so far`,
  left: 'Left',
  worst: 'Worst',
  soFar: 'so far',
  breach: 'breach',
  high: 'Highest P&L',
  now: 'P&L now',
  worstClose: 'Worst at a close',
  worstShare: 'Worst, in %',
};

export const wordsOf = inLanguage('drawdown-gauge', english);
