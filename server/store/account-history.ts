import { type NotNull, type SqlBool, sql } from 'kysely';
import type { Direction, TradeStatus } from '../../shared/trades.ts';
import type { Queries } from './database.ts';
import type { AttemptsTable, TradesTable } from './schema.ts';

/** Which trades of an account are read. */
export interface HistoryWanted {
  partnerId: string;
  accountId: string;
  /** Null: those of all attempts. */
  attempt: number | null;
  status: TradeStatus;
  symbol: string | null;
  direction: Direction | null;
  /** Closed trades from an exit on, and before another, epoch ms; null: unbounded. */
  from: number | null;
  to: number | null;
}

/** A trade, and when its attempt started. */
export type HistoryTrade = TradesTable & Pick<AttemptsTable, 'started_at'>;

/** The most trades or attempts of a page, and the most trades that are looked at for one. */
const mostOfPage = 250;
const mostLooks = 2_000;

/**
 * A page of an account's trades by id, after one. An id never changes: however long the reading of
 * all pages takes, and whatever is changed meanwhile, a trade that is there throughout is read once.
 * `next`: after which id the next page begins; null: there is none.
 */
export async function readTradesById(
  read: Queries,
  wanted: HistoryWanted,
  after: string,
): Promise<{ trades: HistoryTrade[]; next: string | null }> {
  const following = read
    .selectFrom('trades')
    .where('partner_id', '=', wanted.partnerId)
    .where('account_id', '=', wanted.accountId)
    .where('id', '>', after)
    .orderBy('id');
  const last = await following
    .select('id')
    .offset(mostLooks - 1)
    .limit(1)
    .executeTakeFirst();
  let matching = following;
  if (last) matching = matching.where('id', '<=', last.id);
  for (const condition of conditionsOf(wanted)) matching = matching.where(condition);
  const trades = await matching
    .selectAll()
    .select((eb) =>
      eb
        .selectFrom('attempts')
        .whereRef('attempts.partner_id', '=', 'trades.partner_id')
        .whereRef('attempts.account_id', '=', 'trades.account_id')
        .whereRef('attempts.attempt', '=', 'trades.attempt')
        .select('attempts.started_at')
        .as('started_at'),
    )
    .$narrowType<{ started_at: NotNull }>()
    .limit(mostOfPage)
    .execute();
  const isFull = trades.length === mostOfPage;
  return { trades, next: isFull ? trades.at(-1)!.id : (last?.id ?? null) };
}

/** The columns have a `+`, with which SQLite uses no index but that of ids. */
function conditionsOf({ attempt, status, symbol, direction, from, to }: HistoryWanted) {
  const conditions = [];
  if (attempt !== null) conditions.push(sql<SqlBool>`+attempt = ${attempt}`);
  if (symbol !== null) conditions.push(sql<SqlBool>`symbol = ${symbol}`);
  if (direction !== null) conditions.push(sql<SqlBool>`direction = ${direction}`);
  if (status === 'closed') conditions.push(sql<SqlBool>`+exit_time is not null`);
  if (status === 'open') conditions.push(sql<SqlBool>`+exit_time is null`);
  if (from !== null) conditions.push(sql<SqlBool>`(exit_time is null or +exit_time >= ${from})`);
  if (to !== null) conditions.push(sql<SqlBool>`(exit_time is null or +exit_time < ${to})`);
  return conditions;
}

/** A page of an account's attempts, in order, after one. `next`: likewise. */
export async function readAttempts(
  read: Queries,
  { partnerId, accountId }: Pick<HistoryWanted, 'partnerId' | 'accountId'>,
  after: number,
) {
  const attempts = await read
    .selectFrom('attempts')
    .select(['attempt', 'started_at', 'starting_balance', 'max_drawdown'])
    .where('partner_id', '=', partnerId)
    .where('account_id', '=', accountId)
    .where('attempt', '>', after)
    .orderBy('attempt')
    .limit(mostOfPage)
    .execute();
  return { attempts, next: attempts.length < mostOfPage ? null : attempts.at(-1)!.attempt };
}
