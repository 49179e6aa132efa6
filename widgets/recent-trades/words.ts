import { inLanguage } from '../core/language.ts';

export const english = {
  heading: 'Recent trades',
  long: 'Long',
  short: 'Short',
  /** Followed by a duration, and by a time. */
  held: 'held',
  closed: 'closed',
  fromTo: (entry: string, exit: string) => `at ${entry} to ${exit}`,
  justNow: 'just now',
  columns: {
    symbol: 'Symbol',
    side: 'Side',
    account: 'Account',
    held: 'Held',
    entry: 'Entry',
    exit: 'Exit',
    closed: 'Closed',
  },
};

export const wordsOf = inLanguage('recent-trades', english);
