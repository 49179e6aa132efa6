import { z } from 'zod';
import { count, figure, moment, money, text, yesOrNo } from './fields.ts';
import { accountName, period } from './stats.ts';

export const directions = ['long', 'short'] as const;
export type Direction = (typeof directions)[number];

export const tradeStatuses = ['closed', 'open', 'all'] as const;
export const tradeSorts = ['entry_time', 'exit_time', 'pnl', 'symbol', 'quantity'] as const;
export const sortOrders = ['desc', 'asc'] as const;

const tradeAnswer = z
  .object({
    id: text('Of the trade.'),
    symbol: text('Of a future the root (MES).'),
    contract: text('Of a future the contract (MESH5), else null.').nullable(),
    direction: z.enum(directions),
    quantity: figure('Lots or contracts.'),
    entry_price: figure('Price at the entry.'),
    exit_price: figure('Price at the exit; null while the trade is open.').nullable(),
    entry_time: moment('When it was opened.'),
    exit_time: moment('When it was closed; null while it is open.').nullable(),
    pnl: money(
      'What the account gained after commission, fees and swap; null while it is open.',
    ).nullable(),
    commission: money('Zero or below; told beside pnl, never to be subtracted again.'),
    setup_type: text('What the trader calls the kind of trade.').nullable(),
    duration_minutes: figure('From entry to exit; null while it is open.').nullable(),
  })
  .meta({ id: 'TradeAnswer' });

export type TradeAnswer = z.output<typeof tradeAnswer>;

/** `GET /trades` */
export const tradesAnswer = z
  .object({
    account: accountName,
    period,
    pagination: z.object({
      page: count('The page, from 1 on.'),
      limit: count('How many trades a page has at most.'),
      total: count('Trades on all pages.'),
      total_pages: count('Pages.'),
      has_more: yesOrNo('Whether there is another page.'),
    }),
    trades: z.array(tradeAnswer),
  })
  .meta({ id: 'TradesAnswer' });

export type TradesAnswer = z.output<typeof tradesAnswer>;
