import { z } from 'zod';
import { shownStatuses } from '../accounts.ts';
import { count, currency, cursor, id, moment, money, text } from './fields.ts';

const summaryFields = {
  id: id('acc', 'The account’s id.'),
  external_id: text('The firm’s own id of the account; null: it has none.').nullable(),
  nickname: text('The account’s name.'),
  user_id: text('The id of the user that the account belongs to; null: to none.').nullable(),
  firm_id: text(
    'By which the partner knows the firm that the account belongs to; null: none was named.',
  ).nullable(),
  status: z
    .enum(shownStatuses)
    .describe('`closed`: no trade can be opened in the account any more.'),
  currency: currency('The currency of all amounts of the account.'),
  trade_count: count('The number of closed trades of the attempt.'),
  total_pnl: money('The net P&L of the closed trades of the attempt.'),
};

export const accountSummary = z.object(summaryFields).meta({
  id: 'AccountSummary',
  description: 'An account, with figures of its current attempt.',
});

export type AccountSummary = z.output<typeof accountSummary>;

/** `GET /accounts/{account_id}` */
export const accountAnswer = z
  .object({
    ...summaryFields,
    firm: text('The firm’s name; null: none was named.').nullable(),
    attempt: count('The number of the attempt that the figures are of; the first is 1.'),
    attempt_started_at: moment(
      'Trades that were opened from here on belong to the attempt; null: it is the first, to which all earlier ones belong, too.',
    ).nullable(),
    starting_balance: money(
      'The balance with which the attempt started; null: none was named.',
    ).nullable(),
    balance: money(
      'The starting balance and the total P&L together; null without the former.',
    ).nullable(),
    max_drawdown: money(
      'How far the account may fall below its peak; null: no limit was named.',
    ).nullable(),
    equity: money(
      'The balance with the P&L of open positions, as it was last observed in the current attempt; null: it was not, or the figures are of an earlier attempt.',
    ).nullable(),
    open_pnl: money(
      'The P&L of open positions in that observation; null: it did not tell it.',
    ).nullable(),
    observed_at: moment('When that was observed; null: it was not.').nullable(),
    created_at: moment('When the account was made.'),
    closed_at: moment('When the account was closed; null: it is active.').nullable(),
  })
  .meta({ id: 'AccountAnswer', description: 'An account, with one of its attempts.' });

export type AccountAnswer = z.output<typeof accountAnswer>;

/** `GET /accounts` */
export const accountsAnswer = z
  .object({
    accounts: z.array(accountSummary).describe('The accounts of this page.'),
    total: count('The number of accounts on all pages together.'),
    limit: count('The most accounts that a page has.'),
    offset: count(
      'The number of accounts before this page; null where a cursor says where it begins.',
    ).nullable(),
    next: cursor('The `cursor` of the next page; null: this is the last one.').nullable(),
  })
  .meta({ id: 'AccountsAnswer' });

export type AccountsAnswer = z.output<typeof accountsAnswer>;
