import { type SelectQueryBuilder, sql } from 'kysely';
import { type Sort, sorts } from '../../shared/widgets.ts';
import type { Queries } from './database.ts';
import { type Ends, readEnds, type Span } from './days.ts';
import type { Schema } from './schema.ts';

/** Whose accounts are ranked, and by which days: those with trades are. */
export interface Field {
  partnerId: string;
  currency: string;
  /** Only the accounts of this firm. */
  firm: string | undefined;
  span: Span;
}

export interface Ranking extends Field {
  sort: Sort;
  /** How many of the first are told. */
  limit: number;
  /** An account that is told whatever its rank. */
  own: string | undefined;
}

/** An account's sums, and where they put it among those with trades. */
export interface Ranked {
  rank: number;
  /** How many have a rank. */
  total: number;
  account_id: string;
  nickname: string;
  trades: number;
  wins: number;
  pnl: number;
}

/**
 * What accounts are ranked by. The rates of two accounts of up to sixty-seven million trades are
 * the same double only when they are equal, and lie in the order of their doubles otherwise.
 */
const measures = {
  pnl: sql`pnl`,
  win_rate: sql`cast(wins as double precision) / trades`,
  trades: sql`trades`,
} satisfies Record<Sort, unknown>;

/** The first accounts by rank, and the own one: those of a currency, by their current attempts. */
export function readRanks(database: Queries, ranking: Ranking): Promise<Ranked[]> {
  const { partnerId, currency, firm, sort, limit, own } = ranking;
  const keys = [sort, ...sorts.filter((other) => other !== sort)];
  const order = sql`${sql.join(keys.map((key) => sql`${measures[key]} desc`))}, accounts.id`;
  let ranks = database
    .selectFrom(sumsOf(database, ranking).as('sums'))
    .innerJoin('accounts', (join) =>
      join
        .onRef('accounts.id', '=', 'sums.account_id')
        .onRef('accounts.attempt', '=', 'sums.attempt'),
    )
    .where('accounts.partner_id', '=', partnerId)
    .where('accounts.currency', '=', currency)
    .select((eb) => [
      sql<number>`row_number() over (order by ${order})`.as('rank'),
      eb.fn.countAll<number>().over().as('total'),
      'account_id',
      'nickname',
      'trades',
      'wins',
      'pnl',
    ]);
  if (firm !== undefined) ranks = ranks.where('accounts.firm', '=', firm);
  return database
    .selectFrom(ranks.as('ranks'))
    .selectAll()
    .where((eb) =>
      own === undefined
        ? eb('rank', '<=', limit)
        : eb.or([eb('rank', '<=', limit), eb('account_id', '=', own)]),
    )
    .orderBy('rank')
    .execute();
}

interface Sums {
  account_id: string;
  attempt: number;
  trades: number;
  wins: number;
  pnl: number;
}

/** What each attempt with trades made: of the whole history it is kept as one row. */
function sumsOf(
  database: Queries,
  { partnerId, span: { from, to } }: Ranking,
): SelectQueryBuilder<Schema, 'attempts' | 'account_days', Sums> {
  if (from === null || to === null) {
    return database
      .selectFrom('attempts')
      .where('partner_id', '=', partnerId)
      .where('trade_count', '>', 0)
      .select(['account_id', 'attempt', 'trade_count as trades', 'wins', 'total_pnl as pnl']);
  }
  return database
    .selectFrom('account_days')
    .where('partner_id', '=', partnerId)
    .where('day', '>=', from)
    .where('day', '<=', to)
    .groupBy(['account_id', 'attempt'])
    .select((eb) => [
      'account_id',
      'attempt',
      eb.fn.sum<number>('trades').as('trades'),
      eb.fn.sum<number>('wins').as('wins'),
      sql<number>`sum(gross_profit + gross_loss)`.as('pnl'),
    ]);
}

/** The first and the last day with trades of the accounts that are ranked. */
export async function readRankedEnds(
  database: Queries,
  { partnerId, currency, firm, span }: Field,
): Promise<Ends> {
  if (firm === undefined) {
    return readEnds(database, { kind: 'partner', partnerId, currency }, span);
  }
  const bounds = [
    ...(span.from === null ? [] : [sql`and day >= ${span.from}`]),
    ...(span.to === null ? [] : [sql`and day <= ${span.to}`]),
  ];
  // Of each account the ends of its days: as few reads as there are accounts.
  const days = sql`account_days as days
    where days.partner_id = accounts.partner_id and days.account_id = accounts.id
      and days.attempt = accounts.attempt ${sql.join(bounds, sql` `)}`;
  const { rows } = await sql<Ends>`
    select min(first) as first, max(last) as last from (
      select (select min(day) from ${days}) as first, (select max(day) from ${days}) as last
      from accounts
      where partner_id = ${partnerId} and currency = ${currency} and firm = ${firm}
    )`.execute(database);
  return rows[0]!;
}
