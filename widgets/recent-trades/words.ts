import { words as common } from '../core/words.ts';

export const words = {
  heading: 'Recent trades',
  live: 'Live',
  long: 'Long',
  short: 'Short',
  held: 'held ',
  closed: 'closed ',
  at: 'at ',
  to: ' to ',
  justNow: 'just now',
  columns: ['Symbol', 'Side', 'Account', 'Held', 'Entry', 'Exit', 'Closed', common.pnl],
};
