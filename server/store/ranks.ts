import { type SelectQueryBuilder, sql } from 'kysely';
import { type Sort, sorts } from '../../shared/widgets.ts';
import type { Queries } from './database.ts';
import { type Ends, readEnds, type Span } from './days.ts';
import type { Schema } from './schema.ts';

/** Which accounts are ranked, and by the trades of which days; those without trades have no rank. */
export interface RankedGroup {
  partnerId: string;
  /** The version of the partner's sums that is in force. */
  version: number;
  currency: string;
  /** Only the accounts of this firm. */
  firm: string | undefined;
  span: Span;
}

export interface Ranking extends RankedGroup {
  sort: Sort;
  /** How many accounts are returned, from the first rank on. */
  limit: number;
  /** The id of an account that is returned whatever its rank. */
  own: string | undefined;
}

/** An account's sums, and its rank among the accounts with trades. */
export interface Ranked {
  rank: number;
  /** How many accounts have a rank. */
  total: number;
  account_id: string;
  nickname: string;
  trades: number;
  wins: number;
  pnl: number;
}

/**
 * What accounts are ranked by. Comparing win rates as doubles is exact for accounts of up to
 * sixty-seven million trades: different rates are different doubles, in the same order.
 */
const measures = {
  pnl: sql`pnl`,
  win_rate: sql`cast(wins as double precision) / trades`,
  trades: sql`trades`,
} satisfies Record<Sort, unknown>;

/** The first accounts by rank and `own`, of all in a currency, by their current attempts. */
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

/** The sums of each attempt with trades. For the whole history they are stored in one row each. */
function sumsOf(
  database: Queries,
  { partnerId, version, span: { from, to } }: Ranking,
): SelectQueryBuilder<Schema, 'attempts' | 'account_days', Sums> {
  if (from === null && to === null) {
    return database
      .selectFrom('attempts')
      .where('partner_id', '=', partnerId)
      .where('trade_count', '>', 0)
      .select(['account_id', 'attempt', 'trade_count as trades', 'wins', 'total_pnl as pnl']);
  }
  return database
    .selectFrom('account_days')
    .where('partner_id', '=', partnerId)
    .where('version', '=', version)
    .$if(from !== null, (days) => days.where('day', '>=', from))
    .$if(to !== null, (days) => days.where('day', '<=', to))
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
  { partnerId, version, currency, firm, span }: RankedGroup,
): Promise<Ends> {
  if (firm === undefined) {
    return readEnds(database, { kind: 'partner', partnerId, version, currency }, span);
  }
  const bounds = [
    ...(span.from === null ? [] : [sql`and day >= ${span.from}`]),
    ...(span.to === null ? [] : [sql`and day <= ${span.to}`]),
  ];
  // Looks up the two ends of each account's days by index, instead of reading all its days.
  const days = sql`account_days as days
    where days.partner_id = accounts.partner_id and days.version = ${version}
      and days.account_id = accounts.id
      and days.attempt = accounts.attempt ${sql.join(bounds, sql` `)}`;
  const { rows } = await sql<Ends>`
    select min(first) as first, max(last) as last from (
      select (select min(day) from ${days}) as first, (select max(day) from ${days}) as last
      from accounts
      where partner_id = ${partnerId} and currency = ${currency} and firm = ${firm}
    )`.execute(database);
  return rows[0]!;
}
