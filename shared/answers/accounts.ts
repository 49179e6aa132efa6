import { z } from 'zod';
import { count, currency, id, money, text } from './fields.ts';

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
