import { z } from 'zod';
import { count, currency, id, money, text } from './fields.ts';

const accountSummary = z
  .object({
    id: id('acc', 'Of the account.'),
    nickname: text('What the account is called.'),
    firm_id: text('The firm’s own name for itself, as given when the account was made.').nullable(),
    currency: currency('Of all its amounts.'),
    trade_count: count('Closed trades.'),
    total_pnl: money('What they made, net.'),
  })
  .meta({ id: 'AccountSummary' });

export type AccountSummary = z.output<typeof accountSummary>;

/** `GET /accounts` */
export const accountsAnswer = z
  .object({
    accounts: z.array(accountSummary),
    total: count('All that match, on every page.'),
    limit: count('How many a page has at most.'),
    offset: count('How many came before this page.'),
  })
  .meta({ id: 'AccountsAnswer' });

export type AccountsAnswer = z.output<typeof accountsAnswer>;
