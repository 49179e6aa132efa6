import { inLanguage } from '../core/language.ts';
import { englishPlural as plural } from '../core/plural.ts';

export const english = {
  heading: 'Instruments',
  most: 'Most traded',
  ofTradesIn: (symbol: string) => `of trades in ${symbol}`,
  in: (symbol: string) => `in ${symbol}`,
  counts: (count: number, figure: string, trades: string) =>
    `${figure} ${plural(count, { one: 'instrument', other: 'instruments' })}, ${trades}`,
  more: (figure: string) => `${figure} more`,
  traded: (figure: string) => `${figure} traded`,
  symbol: 'Symbol',
  share: 'Share',
  perTrade: 'Per trade',
};

export const wordsOf = inLanguage('instrument-breakdown', english);
