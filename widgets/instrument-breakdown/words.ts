import { words as common } from '../core/words.ts';

export const words = {
  heading: 'Instruments',
  most: 'Most traded',
  ofTradesIn: (symbol: string) => `of trades in ${symbol}`,
  in: (symbol: string) => `in ${symbol}`,
  counts: (instruments: number, figure: string, trades: string) =>
    `${figure} ${instruments === 1 ? 'instrument' : 'instruments'}, ${trades}`,
  more: (figure: string) => `${figure} more`,
  traded: (figure: string) => `${figure} traded`,
  columns: [
    'Symbol',
    'Share',
    common.trades,
    common.winRate,
    common.profitFactor,
    'Per trade',
    common.pnl,
  ],
};
