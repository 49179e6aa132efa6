import { inLanguage } from '../core/language.ts';
import { englishPlural as plural } from '../core/plural.ts';

const traders = (count: number, figure: string) =>
  `${figure} ${plural(count, { one: 'trader', other: 'traders' })}`;

export const english = {
  heading: 'Leaderboard',
  place: 'Rank',
  rank: (figure: string) => `#${figure}`,
  ofTraders: (count: number, figure: string) => `of ${traders(count, figure)}`,
  leadsTraders: (count: number, figure: string, value: string) =>
    `leads ${traders(count, figure)} with ${value}`,
  leads: (value: string) => `leads with ${value}`,
  points: (count: number, figure: string) =>
    `${figure} ${plural(count, { one: 'point', other: 'points' })}`,
  behind: (gap: string, place: string) => `${gap} behind ${place}`,
  aheadOf: (gap: string, place: string) => `${gap} ahead of ${place}`,
  to: (gap: string, place: string) => `${gap} to ${place}`,
  levelWith: (place: string) => `level with ${place}`,
  places: ['first place', 'second place', 'third place', 'fourth place'],
  trader: 'Trader',
  thisAccount: 'this account',
};

export const wordsOf = inLanguage('leaderboard', english);
