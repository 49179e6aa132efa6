import { z } from 'zod';
import { shownStatuses } from '../accounts.ts';
import { count, currency, id, moment, money, text } from './fields.ts';

const accountSummary = z
  .object({
    id: id('acc', 'The account’s id.'),
    nickname: text('The account’s name.'),
    firm_id: text(
      'The firm that the account belongs to, as named when the account was created; null: none was named.',
    ).nullable(),
    currency: currency('The currency of all amounts of the account.'),
    trade_count: count('The number of closed trades.'),
    total_pnl: money('The net P&L of the closed trades.'),
  })
  .meta({ id: 'AccountSummary' });

export type AccountSummary = z.output<typeof accountSummary>;

/** One account: `GET /accounts/{id}`, and what a write of it answers. */
export const accountAnswer = accountSummary
  .extend({
    user_id: id('usr', 'The user that it belongs to; null: none.').nullable(),
    external_id: text('The partner’s own id of the account.').nullable(),
    firm: text('The firm’s name; null: none was given.').nullable(),
    status: z.enum(shownStatuses).describe('`closed`: no trade can be opened in it.'),
    attempt: count('The attempt that the figures are of: 1, 2, … up to the current one.'),
    attempt_started_at: moment(
      'When the attempt started; null: the first one, which reaches back without end.',
    ).nullable(),
    starting_balance: money('The balance at the start of the attempt.').nullable(),
    balance: money('The starting balance and the net P&L together.').nullable(),
    max_drawdown: money('How far the account may fall below its peak.').nullable(),
    created_at: moment('When the account was made.'),
    closed_at: moment('When the account was closed; null: it is not.').nullable(),
  })
  .meta({ id: 'AccountAnswer' });

export type AccountAnswer = z.output<typeof accountAnswer>;

/** `GET /accounts` */
export const accountsAnswer = z
  .object({
    accounts: z.array(accountSummary).describe('The accounts of this page.'),
    total: count('The number of accounts on all pages together.'),
    limit: count('The most accounts that a page has.'),
    offset: count('The number of accounts before this page.'),
  })
  .meta({ id: 'AccountsAnswer' });

export type AccountsAnswer = z.output<typeof accountsAnswer>;
