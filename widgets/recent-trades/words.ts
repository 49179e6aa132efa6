import { words as common } from '../core/words.ts';

export const words = {
  heading: 'Recent trades',
  live: 'Live',
  long: 'Long',
  short: 'Short',
  held: 'held ',
  closed: 'closed ',
  to: ' to ',
  justNow: 'just now',
  columns: (isOfOne: boolean) => [
    'Symbol',
    'Side',
    isOfOne ? 'Held' : 'Account',
    'Entry',
    'Exit',
    'Closed',
    common.pnl,
  ],
};
