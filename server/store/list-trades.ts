import { type SelectQueryBuilder, sql } from 'kysely';
import { LRUCache } from 'lru-cache';
import { startOfUtcDay } from '../../shared/day.ts';
import type { Direction, SortOrder, TradeSort, TradeStatus } from '../../shared/trades.ts';
import type { TradingDays } from '../../shared/trading-day.ts';
import type { Account } from './accounts.ts';
import type { Queries, Snapshot } from './database.ts';
import type { Span } from './days.ts';
import { fromNearerEnd, fromOtherEnd, type ListPart } from './list-part.ts';
import type { Schema, TradesTable } from './schema.ts';
import { countExitsBefore, dayAt } from './trade-positions.ts';

export interface TradesWanted {
  status: TradeStatus;
  /** The days of exit of closed trades. Open trades have no exit, and any span includes them. */
  span: Span;
  symbol: string | null;
  direction: Direction | null;
  sort: TradeSort;
  order: SortOrder;
  limit: number;
  offset: number;
}

type Rows = SelectQueryBuilder<Schema, 'trades', unknown>;

/** The exits of the days of a span. */
interface Exits {
  /** From a moment, included, to another one, excluded; null: unbounded. */
  from: number | null;
  to: number | null;
  /** How many closed trades of the attempt were exited before and after these. */
  earlier: number;
  later: number;
}

/**
 * A page of the trades of an account's attempt, and how many match in all. Which trades are
 * in it is found in an index where possible, and only they are read whole. All closed trades by
 * entry or exit, and those of a period by exit, are not gone through up to the page: counts of days
 * tell where it begins.
 */
export async function listTrades(
  database: Snapshot,
  account: Account,
  days: TradingDays,
  wanted: TradesWanted,
): Promise<{ trades: TradesTable[]; total: number }> {
  const { read } = database;
  const exits = await exitsIn(read, account, days, wanted.span);
  const total = await countMatching(database, account, exits, wanted);
  // With more rows than there are, SQLite would go on to the end of the index.
  const limit = Math.min(wanted.limit, total - wanted.offset);
  if (limit <= 0) return { trades: [], total };
  const part = partOf(wanted, limit, total);
  const { rows, skipped } = await findStart(read, account, exits, wanted, part);
  const keys = [...new Set([wanted.sort, 'exit_time', 'entry_time', 'id'] as const)];
  const page = keys
    .reduce((sorted, key) => sorted.orderBy(key, part.order), rows.select('id'))
    .limit(limit)
    .offset(skipped);
  const trades = await keys
    .reduce(
      (sorted, key) => sorted.orderBy(`trades.${key}`, wanted.order),
      read
        .selectFrom(page.as('page'))
        // SQLite keeps the order of a cross join: only trades of the page are read.
        .crossJoin('trades')
        .where('trades.partner_id', '=', account.partner_id)
        .where('trades.account_id', '=', account.id)
        .whereRef('trades.id', '=', 'page.id')
        .selectAll('trades'),
    )
    .execute();
  return { trades, total };
}

async function exitsIn(
  read: Queries,
  account: Account,
  days: TradingDays,
  span: Span,
): Promise<Exits> {
  const from = span.from === null ? null : days.startOf(span.from);
  const to = span.to === null ? null : days.startOf(span.to + 1);
  const countBefore = (moment: number) => countExitsBefore(read, account, moment);
  return {
    from,
    to,
    earlier: from === null ? 0 : await countBefore(from),
    later: to === null ? 0 : account.trade_count - (await countBefore(to)),
  };
}

async function countMatching(
  database: Snapshot,
  account: Account,
  exits: Exits,
  wanted: TradesWanted,
): Promise<number> {
  if (isFiltered(wanted)) return countFiltered(database, account, exits, wanted);
  const { status } = wanted;
  const open = status === 'closed' ? 0 : await countRows(openTrades(database.read, account));
  const closed = status === 'open' ? 0 : account.trade_count - exits.earlier - exits.later;
  return open + closed;
}

function isFiltered({ symbol, direction }: TradesWanted): boolean {
  return symbol !== null || direction !== null;
}

/** The counts of filtered trades, so that the next page does not have to count them again. */
const filteredCounts = new LRUCache<string, number>({ max: 1_000 });

async function countFiltered(
  { read, edition }: Snapshot,
  account: Account,
  exits: Exits,
  wanted: TradesWanted,
): Promise<number> {
  const { partner_id, id, attempt, revision } = account;
  const { status, symbol, direction } = wanted;
  const key = JSON.stringify([
    ...[edition(), partner_id, id, attempt, revision],
    ...[status, exits.from, exits.to, symbol, direction],
  ]);
  let count = filteredCounts.get(key);
  if (count === undefined) {
    count = await countRows(matchingTrades(read, account, exits, wanted));
    filteredCounts.set(key, count);
  }
  return count;
}

async function countRows(rows: Rows): Promise<number> {
  const { count } = await rows
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

/** By entry, the trades of a period are the latest of an account, so they are read from there. */
function partOf({ sort, order, offset, span }: TradesWanted, limit: number, total: number) {
  const part = { order, offset, limit };
  if (sort !== 'entry_time' || span.from === null) return fromNearerEnd(part, total);
  return order === 'desc' ? part : fromOtherEnd(part, total);
}

/** The rows that a part of the list is taken from, and how many of them come before it. */
async function findStart(
  read: Queries,
  account: Account,
  exits: Exits,
  wanted: TradesWanted,
  { order, offset }: ListPart,
): Promise<{ rows: Rows; skipped: number }> {
  const { status, sort } = wanted;
  const isOfAll = exits.from === null && exits.to === null;
  const isOrdered = sort === 'exit_time' || (sort === 'entry_time' && isOfAll);
  if (status !== 'closed' || isFiltered(wanted) || !isOrdered) {
    // SQLite uses no index for `+exit_time`: so it goes by entry, and has nothing to sort.
    const exit = sort === 'entry_time' ? sql<number>`+exit_time` : exitTime;
    return { rows: matchingTrades(read, account, exits, wanted, exit), skipped: offset };
  }
  const position = offset + (order === 'asc' ? exits.earlier : exits.later);
  const { day, before } = await dayAt(read, account, sort, order, position);
  const closed = tradesOf(read, account).where('exit_time', 'is not', null);
  return {
    rows:
      order === 'asc'
        ? closed.where(sort, '>=', startOfUtcDay(day))
        : closed.where(sort, '<', startOfUtcDay(day + 1)),
    skipped: position - before,
  };
}

const exitTime = sql.ref<number>('exit_time');

function matchingTrades(
  read: Queries,
  account: Account,
  { from, to }: Exits,
  { status, symbol, direction }: TradesWanted,
  exit = exitTime,
): Rows {
  let trades = status === 'open' ? openTrades(read, account) : tradesOf(read, account);
  if (symbol !== null) trades = trades.where('symbol', '=', symbol);
  if (direction !== null) trades = trades.where('direction', '=', direction);
  if (status === 'open') return trades;

  const includesOpen = status === 'all';
  if (from === null && to === null) {
    return includesOpen ? trades : trades.where('exit_time', 'is not', null);
  }
  return trades.where((eb) => {
    const closed = eb.and([
      ...(from === null ? [] : [eb(exit, '>=', from)]),
      ...(to === null ? [] : [eb(exit, '<', to)]),
    ]);
    return includesOpen ? eb.or([closed, eb('exit_time', 'is', null)]) : closed;
  });
}

function openTrades(read: Queries, account: Account): Rows {
  return tradesOf(read, account).where('exit_time', 'is', null);
}

function tradesOf(read: Queries, account: Account): Rows {
  return read
    .selectFrom('trades')
    .where('partner_id', '=', account.partner_id)
    .where('account_id', '=', account.id)
    .where('attempt', '=', account.attempt);
}
