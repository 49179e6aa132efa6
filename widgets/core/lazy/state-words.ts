import type { Period } from '../../../shared/period.ts';
import { inLanguage } from '../language.ts';
import { english as common } from '../words.ts';

/** For cards without figures: there are none yet, or something is wrong. */
export const english = {
  nothingYet: (period: Period) =>
    period === 'all' ? 'No trades yet' : `No trades in the last ${common.periods[period]}`,
  nothingYetHint: 'They appear here as soon as one closes.',
  offline: 'You’re offline',
  unreachable: 'No answer from PropTally',
  nothingToShow: 'Nothing to show yet. ',
  tooManyRequests: 'Too many requests',
  retryHint: (seconds: number) => `Trying again ${seconds ? `in ${seconds} s` : 'shortly'}.`,
  viewEnded: 'This view has ended',
  viewEndedHint: 'Reload the page to go on.',
  outsideToken: 'This token doesn’t open this',
  outsideTokenHint: 'It was made for other widgets or another account.',
  noKey: 'A key is missing',
  noKeyHint: 'Put a key from the partner portal into the embed code.',
  keyRefused: 'This key was refused',
  keyRefusedHint:
    'It may have been revoked. Put a current key from the partner portal into the embed code.',
  scopeMissing: 'This key can’t open widgets',
  scopeMissingHint: 'Use a key from the partner portal with the scope embed:read.',
  originRefused: 'This site isn’t allowed',
  originRefusedHint: 'Add it to the allowed origins in the partner portal.',
  tierTooLow: 'Not part of this plan',
  tierTooLowHint: 'A larger plan opens this widget. See the partner portal.',
  notFound: 'This account wasn’t found',
  notFoundHint: 'Check the account ID in the embed code.',
  cannotShow: 'This can’t be shown',
  cannotShowHint: 'Check the embed code against the partner portal.',
  limitReached: 'Daily limit reached',
  limitUsed: (limit: string) => `${limit} of ${limit} requests used. `,
  limitHint: (hours: number, minutes: number) =>
    `Data returns at midnight UTC, in ${hours ? `${hours} h ` : ''}${minutes} min.`,
};

export const stateWordsOf = inLanguage('states', english);
