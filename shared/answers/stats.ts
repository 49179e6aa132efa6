import { z } from 'zod';
import { periods } from '../period.ts';
import { count, currency, day, figure, id, money, percent, text } from './fields.ts';

/** An account as an answer names it. */
export const accountName = z
  .object({ id: id('acc', 'Of the account.'), nickname: text('What it is called.') })
  .meta({ id: 'AccountName' });

export type AccountName = z.output<typeof accountName>;

export const period = z.enum(periods);

/** Which accounts an answer covers: one, or all that are in one currency. */
export const coverage = {
  account: accountName.nullable().describe('Null when the answer puts accounts together.'),
  currency: currency('Of every amount. Nothing is converted.'),
  accounts: z.object({
    counted: count('Accounts that the answer covers.'),
    left_out: count('Accounts in other currencies.'),
  }),
  period,
};

export type Coverage = z.output<z.ZodObject<typeof coverage>>;

export const stats = z
  .object({
    tradeCount: count('Closed trades.'),
    winRate: percent('Winning trades of all, to one decimal.'),
    avgPnl: money('P&L of a trade, on average, to two decimals.'),
    totalPnl: money('P&L of all, exact.'),
    bestTrade: money('P&L of the best.'),
    worstTrade: money('P&L of the worst.'),
    profitFactor: figure(
      'What was won for each unit that was lost, to two decimals; null when there are wins and no losses.',
    ).nullable(),
    instrumentsTraded: count('Different symbols.'),
  })
  .meta({ id: 'Stats' });

export type Stats = z.output<typeof stats>;

export const dayResult = {
  day: day('The day.'),
  pnl: money('What it made, net.'),
  trades: count('Trades that were closed on it.'),
};

export const dailyPnl = z.object(dayResult).meta({ id: 'DailyPnl' });

export type DailyPnl = z.output<typeof dailyPnl>;

export const days = z.array(dailyPnl).describe('Days with trades, the oldest first.');

export const instrumentFields = {
  symbol: text('Of a future the root (MES).'),
  trades: count('Closed trades.'),
  win_rate: percent('Winning trades of all, to one decimal.'),
  total_pnl: money('What they made, net.'),
};

const instrumentStats = z.object(instrumentFields).meta({ id: 'InstrumentStats' });

export type InstrumentStats = z.output<typeof instrumentStats>;

/** `GET /stats` */
export const statsAnswer = z
  .object({
    ...coverage,
    stats,
    dailyPnl: days,
    instruments: z.array(instrumentStats).describe('By number of trades, the largest first.'),
  })
  .meta({ id: 'StatsAnswer' });

export type StatsAnswer = z.output<typeof statsAnswer>;
