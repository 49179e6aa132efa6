import type { Selectable } from 'kysely';
import type {
  Direction,
  sortOrders,
  tradeSorts,
  tradeStatuses,
} from '../../shared/answers/trades.ts';
import { startOfDay } from '../../shared/day.ts';
import type { Account } from './accounts.ts';
import type { Queries } from './database.ts';
import type { Span } from './days.ts';
import type { TradesTable } from './schema.ts';

export type Trade = Selectable<TradesTable>;

export interface TradesWanted {
  status: (typeof tradeStatuses)[number];
  /** Of the exits of closed trades; open ones have none and are not held back by it. */
  span: Span;
  symbol: string | null;
  direction: Direction | null;
  sort: (typeof tradeSorts)[number];
  order: (typeof sortOrders)[number];
  limit: number;
  offset: number;
}

/** A page of the trades of an account's current attempt, and how many match in all. */
export async function listTrades(
  database: Queries,
  account: Account,
  wanted: TradesWanted,
): Promise<{ trades: Trade[]; total: number }> {
  const matching = matchingTrades(database, account, wanted);
  const { sort, order } = wanted;
  const trades = await matching
    .selectAll()
    .orderBy(sort, order)
    .orderBy('entry_time', order)
    .orderBy('id', order)
    .limit(wanted.limit)
    .offset(wanted.offset)
    .execute();
  const { total } = await matching
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  return { trades, total };
}

function matchingTrades(database: Queries, account: Account, wanted: TradesWanted) {
  let trades = database
    .selectFrom('trades')
    .where('partner_id', '=', account.partner_id)
    .where('account_id', '=', account.id)
    .where('attempt', '=', account.attempt);
  if (wanted.symbol !== null) trades = trades.where('symbol', '=', wanted.symbol);
  if (wanted.direction !== null) trades = trades.where('direction', '=', wanted.direction);
  if (wanted.status === 'open') return trades.where('exit_time', 'is', null);

  const { from, to } = wanted.span;
  const includesOpen = wanted.status === 'all';
  if (from === null && to === null) {
    return includesOpen ? trades : trades.where('exit_time', 'is not', null);
  }
  return trades.where((eb) => {
    const closed = eb.and([
      ...(from === null ? [] : [eb('exit_time', '>=', startOfDay(from))]),
      ...(to === null ? [] : [eb('exit_time', '<', startOfDay(to + 1))]),
    ]);
    return includesOpen ? eb.or([closed, eb('exit_time', 'is', null)]) : closed;
  });
}
