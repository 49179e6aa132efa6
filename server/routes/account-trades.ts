import { z } from 'zod';
import { accountTradesAnswer } from '../../shared/answers/trades.ts';
import { sortOrders, tradeStatuses } from '../../shared/trades.ts';
import { cursorsOf } from '../cursor.ts';
import { accountId, attempt, oneOf, wholeNumber } from '../query.ts';
import { question } from '../route.ts';
import { readAccountTrades } from '../store/account-trades.ts';
import { knownAccount, nameOf } from './coverage.ts';
import { presentTradeAnswer } from './trades.ts';

/** They hold the attempt, so that a list goes on in the one in which it began. */
const cursors = cursorsOf('account trades', {
  attempt: z.int().min(1),
  entry_time: z.int(),
  exit_time: z.int().nullable(),
  id: z.string().max(64),
});

export const accountTrades = question({
  name: 'listAccountTrades',
  path: '/api/partner/accounts/:account_id/trades',
  summary: 'Lists all trades of an account’s attempt by time of entry, to be read to the end.',
  keyParameter: 'api_key',
  scopes: ['stats:read'],
  query: z.object({
    account_id: accountId,
    attempt,
    status: oneOf(tradeStatuses).default('all').describe('Closed trades, open ones or all.'),
    order: oneOf(sortOrders)
      .default('asc')
      .describe('By entry, then exit (an open trade first), then id: ascending or descending.'),
    limit: wholeNumber(1, 1_000, 100).describe('How many trades to list.'),
    cursor: cursors.parameter.optional().describe('The `next` of the page before.'),
  }),
  answers: { 200: { means: 'A page of trades.', schema: accountTradesAnswer } },
  refusals: { 404: ['not_found'] },
  answer: async ({ query, partner, database }) => {
    const { account_id, status, order, limit, cursor } = query;
    const attempt = query.attempt ?? cursor?.attempt;
    const account = await knownAccount(account_id, partner.id, database.read, attempt);
    const wanted = { status, order, after: cursor ?? null, limit: limit + 1 };
    const found = await readAccountTrades(database.read, account, wanted);
    const page = found.slice(0, limit);
    const body = {
      account: nameOf(account),
      attempt: account.attempt,
      trades: page.map(presentTradeAnswer),
      next: found.length > limit ? cursors.write(page.at(-1)!) : null,
    };
    return { status: 200, body };
  },
});
