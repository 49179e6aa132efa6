import { z } from 'zod';
import {
  type TradeAnswer,
  type TradeDetails,
  tradeDetails,
  tradesAnswer,
} from '../../shared/answers/trades.ts';
import { minute } from '../../shared/time.ts';
import {
  directions,
  presentTrade,
  sortOrders,
  type Trade,
  tradeSorts,
  tradeStatuses,
} from '../../shared/trades.ts';
import { accountId, attempt, oneOf, period, wholeNumber } from '../query.ts';
import { notFound, type Refusal } from '../refusal.ts';
import { question } from '../route.ts';
import { findTrade } from '../store/account-trades.ts';
import { listTrades } from '../store/list-trades.ts';
import type { TradesTable } from '../store/schema.ts';
import { knownAccount, nameOf, spanOf } from './coverage.ts';

export const tradeId = z
  .string()
  .min(1, 'must not be empty')
  .max(64, 'is too long for an id')
  .describe('The id of a trade, percent-encoded.');

/** The parameters that select trades by what they are. */
export const tradeFilters = {
  symbol: z
    .string()
    .min(1, 'must not be empty')
    .max(32, 'is too long for a symbol')
    .optional()
    .describe('Only trades in this symbol.'),
  direction: oneOf(directions).optional().describe('Only long or only short trades.'),
};

export const trades = question({
  name: 'listTrades',
  path: '/api/partner/trades',
  summary: 'Lists the trades of one account: filtered, sorted and in pages.',
  keyParameter: 'api_key',
  scopes: ['stats:read'],
  query: z.object({
    account_id: accountId,
    attempt,
    page: wholeNumber(1, 1_000_000, 1).describe('The page, starting at 1.'),
    limit: wholeNumber(1, 100, 50).describe('How many trades a page has.'),
    period,
    ...tradeFilters,
    status: oneOf(tradeStatuses)
      .default('closed')
      .describe('Closed trades, open ones or all. A period selects closed trades only.'),
    sort: oneOf(tradeSorts).default('entry_time').describe('The field to sort by.'),
    order: oneOf(sortOrders).default('desc').describe('Descending or ascending.'),
  }),
  answers: { 200: { means: 'A page of trades.', schema: tradesAnswer } },
  refusals: { 404: ['not_found'] },
  answer: async ({ query, partner, database, ...when }) => {
    const { account_id, attempt, page, limit } = query;
    const account = await knownAccount(account_id, partner.id, database.read, attempt);
    const found = await listTrades(database, account, when.days, {
      status: query.status,
      span: spanOf(query.period, when),
      symbol: query.symbol ?? null,
      direction: query.direction ?? null,
      sort: query.sort,
      order: query.order,
      limit,
      offset: (page - 1) * limit,
    });
    const body = {
      account: nameOf(account),
      period: query.period,
      pagination: {
        page,
        limit,
        total: found.total,
        total_pages: Math.ceil(found.total / limit),
        has_more: page * limit < found.total,
      },
      trades: found.trades.map(presentTradeAnswer),
    };
    return { status: 200, body };
  },
});

export const trade = question({
  name: 'readTrade',
  path: '/api/partner/trades/:id',
  summary: 'Reads one trade of an account, of whatever attempt.',
  keyParameter: 'api_key',
  scopes: ['stats:read'],
  query: z.object({ id: tradeId, account_id: accountId }),
  answers: { 200: { means: 'The trade.', schema: tradeDetails } },
  refusals: { 404: ['not_found'] },
  answer: async ({ query, partner, database }) => {
    const account = await knownAccount(query.account_id, partner.id, database.read);
    const found = await findTrade(database.read, account, query.id);
    if (!found) throw noSuchTrade();
    return { status: 200, body: presentTradeDetails(found) };
  },
});

function noSuchTrade(): Refusal {
  return notFound('The account has no such trade.');
}

export function presentTradeDetails(row: TradesTable): TradeDetails {
  const { account_id, attempt } = row;
  return { account_id, attempt, ...presentTradeAnswer(row) };
}

export function presentTradeAnswer(trade: Trade): TradeAnswer {
  const { entry_time, exit_time } = trade;
  return {
    ...presentTrade(trade),
    duration_minutes: exit_time === null ? null : Math.round((exit_time - entry_time) / minute),
  };
}
