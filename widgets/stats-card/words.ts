import { inLanguage } from '../core/language.ts';
import { englishPlural as plural } from '../core/plural.ts';

export const english = {
  heading: 'Overview',
  gainedAndLost: (gained: string, lost: string) => `${gained} gained · ${lost} lost`,
  tradingDays: (count: number, figure: string) =>
    `${figure} trading ${plural(count, { one: 'day', other: 'days' })}`,
};

export const wordsOf = inLanguage('stats-card', english);
