import type { NotNull } from 'kysely';
import type { Day } from '../../shared/day.ts';
import type { Units } from '../../shared/money.ts';
import type { ClosedTrade } from '../../shared/trades.ts';
import type { TradingDays } from '../../shared/trading-day.ts';
import type { Account } from './accounts.ts';
import type { Queries } from './database.ts';
import type { AccountSubject, PartnerSubject, Subject } from './days.ts';

/** A closed trade, with the name of its account. */
export interface NamedTrade extends ClosedTrade {
  account_id: string;
  nickname: string;
}

/** The latest closed trades, the newest first. */
export function latestTrades(
  database: Queries,
  subject: Subject,
  days: TradingDays,
  limit: number,
): Promise<NamedTrade[]> {
  return subject.kind === 'account'
    ? latestOfAccount(database, subject.account).limit(limit).execute()
    : latestOfAll(database, subject, days, limit);
}

/** The total P&L of an account's last `count` closed trades, up to the end of the day `to`. */
export async function sumOfLatest(
  database: Queries,
  { account }: AccountSubject,
  days: TradingDays,
  to: Day | null,
  count: number,
): Promise<Units> {
  let trades = latestOfAccount(database, account).limit(count);
  if (to !== null) trades = trades.where('trades.exit_time', '<', days.startOf(to + 1));
  const { pnl } = await database
    .selectFrom(trades.as('latest'))
    .select((eb) => eb.fn.coalesce(eb.fn.sum<number>('pnl'), eb.lit(0)).as('pnl'))
    .executeTakeFirstOrThrow();
  return pnl;
}

/** When a trade of an account's attempt was last closed, epoch ms; null: none was. */
export async function latestExit(database: Queries, account: Account): Promise<number | null> {
  const last = await latestOfAccount(database, account).limit(1).executeTakeFirst();
  return last?.exit_time ?? null;
}

function latestFirst(database: Queries) {
  return (
    database
      .selectFrom('trades')
      // SQLite keeps the order of a cross join: trades come sorted from an index, so few are read.
      .crossJoin('accounts')
      .whereRef('accounts.partner_id', '=', 'trades.partner_id')
      .whereRef('accounts.id', '=', 'trades.account_id')
      .where('accounts.status', '<>', 'erased')
      .selectAll('trades')
      .select('accounts.nickname')
      .$narrowType<{ exit_time: NotNull; exit_price: NotNull; pnl: NotNull }>()
      .orderBy('trades.exit_time', 'desc')
      .orderBy('trades.entry_time', 'desc')
      .orderBy('trades.account_id', 'desc')
      .orderBy('trades.id', 'desc')
  );
}

function latestOfAccount(database: Queries, account: Account) {
  return latestFirst(database)
    .where('trades.partner_id', '=', account.partner_id)
    .where('trades.account_id', '=', account.id)
    .where('trades.attempt', '=', account.attempt)
    .where('trades.exit_time', 'is not', null);
}

function latestOfDay(
  database: Queries,
  { partnerId, currency }: PartnerSubject,
  days: TradingDays,
  day: Day,
) {
  return latestFirst(database)
    .where('trades.partner_id', '=', partnerId)
    .where('trades.exit_time', '>=', days.startOf(day))
    .where('trades.exit_time', '<', days.startOf(day + 1))
    .where('accounts.currency', '=', currency);
}

/** Reads backwards day by day, and only days that have trades in the currency. */
async function latestOfAll(
  database: Queries,
  subject: PartnerSubject,
  days: TradingDays,
  limit: number,
) {
  const traded = await database
    .selectFrom('partner_days')
    .select('day')
    .where('partner_id', '=', subject.partnerId)
    .where('version', '=', subject.version)
    .where('currency', '=', subject.currency)
    .orderBy('day', 'desc')
    .limit(limit)
    .execute();
  const trades: NamedTrade[] = [];
  for (const { day } of traded) {
    if (trades.length === limit) break;
    const rest = limit - trades.length;
    trades.push(...(await latestOfDay(database, subject, days, day).limit(rest).execute()));
  }
  return trades;
}
