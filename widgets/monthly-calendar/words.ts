import { inLanguage } from '../core/language.ts';
import { englishPlural as plural } from '../core/plural.ts';

export const english = {
  heading: 'Calendar',
  previous: 'Previous month',
  next: 'Next month',
  upAndDown: (up: number, ups: string, _down: number, downs: string) =>
    `${ups} ${plural(up, { one: 'day', other: 'days' })} up · ${downs} down`,
  noTrades: 'No trades',
  grid: 'P&L by day',
  week: 'Week',
  day: (day: string, gain: string, trades: string) => `${day}: ${gain}, ${trades}`,
  times: (count: string) => `${count}×`,
};

export const wordsOf = inLanguage('monthly-calendar', english);
