import type { SelectQueryBuilder } from 'kysely';
import type { SortOrder, TradeStatus } from '../../shared/trades.ts';
import type { Account } from './accounts.ts';
import type { Queries } from './database.ts';
import type { Schema, TradesTable } from './schema.ts';

/** A trade's place in the order by entry: by time of entry, of exit (first those without) and id. */
export type EntryPlace = Pick<TradesTable, 'entry_time' | 'exit_time' | 'id'>;

export interface AccountTradesWanted {
  status: TradeStatus;
  order: SortOrder;
  /** Null: from the beginning. */
  after: EntryPlace | null;
  limit: number;
}

type Trades = SelectQueryBuilder<Schema, 'trades', unknown>;

/** The trades of an account's attempt by entry; `limit` + 1 of them show whether there are more. */
export async function readAccountTrades(
  database: Queries,
  account: Account,
  { status, order, after, limit }: AccountTradesWanted,
): Promise<TradesTable[]> {
  const all = ofStatus(database, account, status);
  const trades: TradesTable[] = [];
  for (const range of after ? rangesAfter(all, after, status, order) : [all]) {
    if (trades.length === limit) break;
    const found = range
      .selectAll()
      .orderBy('entry_time', order)
      .orderBy('exit_time', order)
      .orderBy('id', order)
      .limit(limit - trades.length);
    trades.push(...(await found.execute()));
  }
  return trades;
}

/** A trade of whatever attempt of an account. */
export function findTrade(
  database: Queries,
  { partner_id, id: accountId }: Pick<Account, 'partner_id' | 'id'>,
  id: string,
): Promise<TradesTable | undefined> {
  return database
    .selectFrom('trades')
    .selectAll()
    .where('partner_id', '=', partner_id)
    .where('account_id', '=', accountId)
    .where('id', '=', id)
    .executeTakeFirst();
}

function ofStatus(
  database: Queries,
  { partner_id, id, attempt }: Account,
  status: TradeStatus,
): Trades {
  const trades = database
    .selectFrom('trades')
    .where('partner_id', '=', partner_id)
    .where('account_id', '=', id)
    .where('attempt', '=', attempt);
  if (status === 'all') return trades;
  return trades.where('exit_time', status === 'open' ? 'is' : 'is not', null);
}

/**
 * The trades after a place, as ranges of the index that follow one another. No comparison of whole
 * places would do, as none holds for null, which SQLite orders before all times.
 */
function rangesAfter(
  all: Trades,
  place: EntryPlace,
  status: TradeStatus,
  order: SortOrder,
): Trades[] {
  const { entry_time, exit_time, id } = place;
  const beyond = order === 'asc' ? '>' : '<';
  const sameEntry = all.where('entry_time', '=', entry_time);
  const sameExit = sameEntry.where('exit_time', exit_time === null ? 'is' : '=', exit_time);
  const isOpen = exit_time === null;
  const closedFollow = isOpen && order === 'asc' && status !== 'open';
  const openFollow = !isOpen && order === 'desc' && status !== 'closed';
  return [
    sameExit.where('id', beyond, id),
    ...(isOpen ? [] : [sameEntry.where('exit_time', beyond, exit_time)]),
    ...(closedFollow ? [sameEntry.where('exit_time', 'is not', null)] : []),
    ...(openFollow ? [sameEntry.where('exit_time', 'is', null)] : []),
    all.where('entry_time', beyond, entry_time),
  ];
}
