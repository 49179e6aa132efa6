import { inLanguage } from '../core/language.ts';

export const english = {
  heading: 'Best and worst hour',
  best: 'Best hour',
  worst: 'Worst hour',
  zone: 'UTC',
  grid: 'P&L by day of the week and hour (UTC)',
  cell: (when: string, gain: string, trades: string) => `${when}: ${gain}, ${trades}`,
  times: (count: string) => `${count}×`,
};

export const wordsOf = inLanguage('trade-heatmap', english);
