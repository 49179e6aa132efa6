import { type RawBuilder, sql } from 'kysely';
import type { Day } from '../../shared/day.ts';
import type { Units } from '../../shared/money.ts';
import { firstDayOfMonth, monthNumber } from './account-months.ts';
import { shownAccounts } from './accounts.ts';
import type { Queries } from './database.ts';

/** Whose accounts are ranked: a partner's, by the version of its sums that is in force. */
export interface Owner {
  partnerId: string;
  version: number;
}

/** The first and the last day of a range, both included. */
export interface DayRange {
  from: Day;
  to: Day;
}

/** An account, as far as a ranking tells of it or is limited by it. */
export interface RankedAccount {
  account_id: string;
  nickname: string;
  firm: string | null;
  user_id: string | null;
  currency: string;
  isClosed: boolean;
  /** The current one. */
  attempt: number;
}

interface Sums {
  trades: number;
  wins: number;
  pnl: Units;
}

/** Sums of an attempt. */
export interface AttemptSums extends Sums {
  account_id: string;
  attempt: number;
  /** The first day with trades, if the sums are of the whole history. */
  first?: Day;
}

/** What can have a rank: an attempt of an account, or a user with all its accounts. */
export interface Contender extends Sums {
  /** That of the account or the user. */
  id: string;
  /** Null: it is a user. */
  account: RankedAccount | null;
}

/** An attempt of an account, with its sums. */
export interface Standing extends Contender {
  account: RankedAccount;
  attempt: number;
  first: Day | null;
}

/** Before every revision: all accounts have changed after it. */
export const beforeAll = -1;

/** The accounts that have changed after a revision. */
export async function readAccounts(
  database: Queries,
  { partnerId }: Owner,
  since: number,
): Promise<RankedAccount[]> {
  const rows = await shownAccounts(database, partnerId)
    .where('revision', '>', since)
    .select(['id', 'nickname', 'firm', 'user_id', 'currency', 'status', 'attempt'])
    .execute();
  // Field by field, as objects that are made so take less memory than rows.
  return rows.map(({ id, nickname, firm, user_id, currency, status, attempt }) => ({
    account_id: id,
    nickname,
    firm,
    user_id,
    currency,
    isClosed: status === 'closed',
    attempt,
  }));
}

/** The sums of the whole history of the accounts that have changed after a revision. */
export function readTotals(
  database: Queries,
  { partnerId, version }: Owner,
  since: number,
): Promise<AttemptSums[]> {
  return attemptsOfChanged(database, partnerId, since)
    .where('trade_count', '>', 0)
    .select((eb) => [
      ...(['attempts.account_id', 'attempts.attempt'] as const),
      ...(['trade_count as trades', 'wins', 'total_pnl as pnl'] as const),
      eb
        .selectFrom('account_days as days')
        .whereRef('days.partner_id', '=', 'attempts.partner_id')
        .where('days.version', '=', version)
        .whereRef('days.account_id', '=', 'attempts.account_id')
        .whereRef('days.attempt', '=', 'attempts.attempt')
        .select((days) => days.fn.min('day').as('first'))
        .$asScalar()
        .$notNull()
        .as('first'),
    ])
    .execute();
}

/** The sums over a range of days of the accounts that have changed after a revision. */
export function readChanged(
  database: Queries,
  { partnerId, version }: Owner,
  since: number,
  { from, to }: DayRange,
): Promise<AttemptSums[]> {
  return attemptsOfChanged(database, partnerId, since)
    .crossJoin('account_days as days')
    .whereRef('days.partner_id', '=', 'attempts.partner_id')
    .where('days.version', '=', version)
    .whereRef('days.account_id', '=', 'attempts.account_id')
    .whereRef('days.attempt', '=', 'attempts.attempt')
    .where('days.day', '>=', from)
    .where('days.day', '<=', to)
    .groupBy(['days.account_id', 'days.attempt'])
    .select((eb) => [
      ...(['days.account_id', 'days.attempt'] as const),
      eb.fn.sum<number>('days.trades').as('trades'),
      eb.fn.sum<number>('days.wins').as('wins'),
      sql<number>`sum(gross_profit + gross_loss)`.as('pnl'),
    ])
    .execute();
}

/**
 * The attempts of the accounts that have changed after a revision. SQLite keeps the order of a cross
 * join, and so finds what belongs to the accounts by them.
 */
function attemptsOfChanged(database: Queries, partnerId: string, since: number) {
  return shownAccounts(database, partnerId)
    .crossJoin('attempts')
    .where('accounts.revision', '>', since)
    .whereRef('attempts.partner_id', '=', 'accounts.partner_id')
    .whereRef('attempts.account_id', '=', 'accounts.id');
}

/** The sums over a range of days of all attempts, from whole months less the days outside. */
export function readSums(
  database: Queries,
  owner: Owner,
  { from, to }: DayRange,
): Promise<AttemptSums[]> {
  const [first, last] = [monthNumber(from), monthNumber(to)];
  return addUp(database, [
    monthsIn(owner, first, last),
    ...daysIn(owner, -1, firstDayOfMonth(first), from - 1),
    ...daysIn(owner, -1, to + 1, firstDayOfMonth(last + 1) - 1),
  ]);
}

/** What the sums of attempts gain and lose when a range of days moves on. */
export function readMoved(
  database: Queries,
  owner: Owner,
  before: DayRange,
  now: DayRange,
): Promise<AttemptSums[]> {
  return addUp(database, [
    ...daysIn(owner, -1, before.from, now.from - 1),
    ...daysIn(owner, 1, before.to + 1, now.to),
  ]);
}

async function addUp(
  database: Queries,
  parts: readonly RawBuilder<AttemptSums>[],
): Promise<AttemptSums[]> {
  if (parts.length === 0) return [];
  const { rows } = await sql<AttemptSums>`
    select account_id, attempt, sum(trades) as trades, sum(wins) as wins, sum(pnl) as pnl
    from (${sql.join(parts, sql` union all `)}) as parts
    group by account_id, attempt`.execute(database);
  return rows;
}

function monthsIn({ partnerId, version }: Owner, first: number, last: number) {
  return sql<AttemptSums>`
    select account_id, attempt, trades, wins, pnl from account_months
    where partner_id = ${partnerId} and version = ${version} and month between ${first} and ${last}`;
}

/** The days of a range, which may be empty. `sign` −1: their sums are subtracted. */
function daysIn({ partnerId, version }: Owner, sign: 1 | -1, from: Day, to: Day) {
  if (from > to) return [];
  return [
    sql<AttemptSums>`
      select account_id, attempt, ${sign} * trades as trades, ${sign} * wins as wins,
        ${sign} * (gross_profit + gross_loss) as pnl
      from account_days
      where partner_id = ${partnerId} and version = ${version} and day between ${from} and ${to}`,
  ];
}

/** An attempt's day with trades. */
export interface AttemptDay {
  account_id: string;
  attempt: number;
  day: Day;
}

/** The days of attempts that are later than `today`, up to `to`, the latest first. */
export function readLaterDays(
  database: Queries,
  { partnerId, version }: Owner,
  today: Day,
  to: Day | null,
): Promise<AttemptDay[]> {
  return database
    .selectFrom('account_days')
    .where('partner_id', '=', partnerId)
    .where('version', '=', version)
    .where('day', '>', today)
    .$if(to !== null, (days) => days.where('day', '<=', to))
    .orderBy('day', 'desc')
    .select(['account_id', 'attempt', 'day'])
    .execute();
}
