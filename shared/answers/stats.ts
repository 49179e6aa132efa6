import { z } from 'zod';
import { periods } from '../period.ts';
import { count, currency, day, figure, id, money, percent, text } from './fields.ts';

export const accountName = z
  .object({ id: id('acc', 'The account’s id.'), nickname: text('The account’s name.') })
  .meta({ id: 'AccountName', description: 'The account that was asked about.' });

export type AccountName = z.output<typeof accountName>;

export const period = z.enum(periods).describe('The period that was asked for.');

/** Which accounts an answer covers: one, or all that are in one currency. */
export const coverage = {
  account: accountName
    .nullable()
    .describe('The account that was asked about; null: the answer is about all accounts together.'),
  currency: currency('The currency of all amounts; nothing is converted.'),
  accounts: z
    .object({
      counted: count('The number of accounts that the answer covers.'),
      left_out: count('The number of accounts left out, as they are in other currencies.'),
    })
    .describe('How many accounts the answer covers.'),
  period,
};

export type Coverage = z.output<z.ZodObject<typeof coverage>>;

export const stats = z
  .object({
    tradeCount: count('The number of closed trades.'),
    winRate: percent('The share of trades that won, rounded to one decimal.'),
    avgPnl: money('The average P&L of a trade, rounded to two decimals.'),
    totalPnl: money('The total P&L, exact.'),
    bestTrade: money('The P&L of the best trade.'),
    worstTrade: money('The P&L of the worst trade.'),
    profitFactor: figure(
      'Gross profit / |gross loss|, rounded to two decimals; null: there are wins and no losses.',
    ).nullable(),
    instrumentsTraded: count('The number of different symbols.'),
  })
  .meta({ id: 'Stats', description: 'The main figures of the closed trades.' });

export type Stats = z.output<typeof stats>;

export const dayResult = {
  day: day('The trading day.'),
  pnl: money('The net P&L of the day.'),
  trades: count('The number of trades that were closed on the day.'),
};

export const dailyPnl = z.object(dayResult).meta({ id: 'DailyPnl' });

export type DailyPnl = z.output<typeof dailyPnl>;

export const days = z.array(dailyPnl).describe('The days with trades, the oldest first.');

export const instrumentFields = {
  symbol: text('The symbol; for a future its root, such as MES.'),
  trades: count('The number of closed trades.'),
  win_rate: percent('The share of trades that won, rounded to one decimal.'),
  total_pnl: money('The net P&L of these trades.'),
};

const instrumentStats = z.object(instrumentFields).meta({ id: 'InstrumentStats' });

export type InstrumentStats = z.output<typeof instrumentStats>;

/** `GET /stats` */
export const statsAnswer = z
  .object({
    ...coverage,
    stats,
    dailyPnl: days,
    instruments: z
      .array(instrumentStats)
      .describe('The instruments by number of trades, the largest first.'),
  })
  .meta({ id: 'StatsAnswer' });

export type StatsAnswer = z.output<typeof statsAnswer>;

const unknownAccount = z
  .object({
    account_id: text('What was asked for.'),
    error: z
      .literal('not_found')
      .describe('The partner has no such account, or the account no such attempt.'),
  })
  .meta({ id: 'UnknownAccount' });

const bulkEntry = z.union([statsAnswer, unknownAccount]);

export type BulkEntry = z.output<typeof bulkEntry>;

/** `GET /stats/bulk` */
export const bulkAnswer = z
  .object({ accounts: z.array(bulkEntry).describe('The accounts in the order asked for.') })
  .meta({ id: 'BulkAnswer' });
