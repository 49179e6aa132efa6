import { inLanguage } from '../core/language.ts';

export const english = {
  heading: 'Best and worst hour',
  best: 'Best hour',
  worst: 'Worst hour',
  grid: (place: string) => `P&L by day of the week and hour (${place})`,
  ofDay: (when: string, day: string) => `${when} (trading day ${day})`,
  cell: (when: string, gain: string, trades: string) => `${when}: ${gain}, ${trades}`,
  times: (count: string) => `${count}×`,
};

export const wordsOf = inLanguage('trade-heatmap', english);
