import { type Selectable, sql } from 'kysely';
import type { Units } from '../../shared/money.ts';
import type { Queries } from './database.ts';
import { newId, type Random } from './ids.ts';
import { fromNearerEnd } from './list-part.ts';
import { raiseRevision } from './partners.ts';
import type { AccountsTable, AttemptsTable } from './schema.ts';

/** An account with its current attempt. */
export type Account = Selectable<AccountsTable> &
  Pick<Selectable<AttemptsTable>, 'starting_balance' | 'trade_count' | 'total_pnl'>;

export interface NewAccount {
  nickname: string;
  firm: string | null;
  /** ISO 4217 */
  currency: string;
  startingBalance: Units | null;
}

/** Creates an account with its first attempt; to be called in a transaction. */
export async function createAccount(
  database: Queries,
  partnerId: string,
  { nickname, firm, currency, startingBalance }: NewAccount,
  now: number,
  random: Random,
): Promise<Account> {
  const id = newId('acc', random);
  await database
    .insertInto('accounts')
    .values({
      ...{ partner_id: partnerId, id, nickname, firm, currency, attempt: 1, created_at: now },
      revision: await raiseRevision(database, partnerId),
    })
    .execute();
  await database
    .insertInto('attempts')
    .values({
      partner_id: partnerId,
      account_id: id,
      attempt: 1,
      starting_balance: startingBalance,
      started_at: now,
      trade_count: 0,
      wins: 0,
      total_pnl: 0,
      money: 0,
      duration: 0,
    })
    .execute();
  return (await findAccount(database, partnerId, id))!;
}

/** A partner's accounts, each joined with its current attempt. */
export function joinAttempts(database: Queries, partnerId: string) {
  return database
    .selectFrom('accounts')
    .innerJoin('attempts', (join) =>
      join
        .onRef('attempts.partner_id', '=', 'accounts.partner_id')
        .onRef('attempts.account_id', '=', 'accounts.id')
        .onRef('attempts.attempt', '=', 'accounts.attempt'),
    )
    .where('accounts.partner_id', '=', partnerId);
}

function accountsWithAttempt(database: Queries, partnerId: string) {
  return joinAttempts(database, partnerId)
    .selectAll('accounts')
    .select(['attempts.starting_balance', 'attempts.trade_count', 'attempts.total_pnl']);
}

export function findAccount(
  database: Queries,
  partnerId: string,
  id: string,
): Promise<Account | undefined> {
  return accountsWithAttempt(database, partnerId).where('accounts.id', '=', id).executeTakeFirst();
}

/** What answers about an account depend on: its current attempt, and its revision. */
export type AccountState = Pick<Account, 'id' | 'attempt' | 'revision'>;

export function findAccountState(
  database: Queries,
  partnerId: string,
  id: string,
): Promise<AccountState | undefined> {
  return database
    .selectFrom('accounts')
    .select(['id', 'attempt', 'revision'])
    .where('partner_id', '=', partnerId)
    .where('id', '=', id)
    .executeTakeFirst();
}

export interface AccountsPage {
  firm: string | null;
  limit: number;
  offset: number;
}

/** A page of a partner's accounts, the oldest first, and how many there are in all. */
export async function listAccounts(
  database: Queries,
  partnerId: string,
  { firm, limit, offset }: AccountsPage,
): Promise<{ accounts: Account[]; total: number }> {
  let matching = database.selectFrom('accounts').where('partner_id', '=', partnerId);
  if (firm !== null) matching = matching.where('firm', '=', firm);
  const total =
    firm === null
      ? await countAllAccounts(database, partnerId)
      : await countOfFirm(database, partnerId, firm);
  const found = Math.min(limit, total - offset);
  if (found <= 0) return { accounts: [], total };
  const part = fromNearerEnd({ order: 'asc', offset, limit: found }, total);
  const page = matching
    .select('id')
    .orderBy('created_at', part.order)
    .orderBy('id', part.order)
    .limit(part.limit)
    .offset(part.offset);
  const accounts = await accountsWithAttempt(database, partnerId)
    .where('accounts.id', 'in', page)
    // SQLite uses no index for `+created_at`: in its order it would read all accounts.
    .orderBy(sql`+accounts.created_at`)
    .orderBy('accounts.id')
    .execute();
  return { accounts, total };
}

/** How many accounts a partner has in a currency, and how many in others. */
export async function countAccounts(
  database: Queries,
  partnerId: string,
  currency: string,
): Promise<{ counted: number; left_out: number }> {
  const rows = await database
    .selectFrom('account_counts')
    .select(['currency', 'accounts'])
    .where('partner_id', '=', partnerId)
    .execute();
  const all = rows.reduce((sum, { accounts }) => sum + accounts, 0);
  const counted = rows.find((row) => row.currency === currency)?.accounts ?? 0;
  return { counted, left_out: all - counted };
}

/** How many accounts a partner has in all. */
export async function countAllAccounts(database: Queries, partnerId: string): Promise<number> {
  const { all } = await database
    .selectFrom('account_counts')
    .select((eb) => eb.fn.coalesce(eb.fn.sum<number>('accounts'), eb.lit(0)).as('all'))
    .where('partner_id', '=', partnerId)
    .executeTakeFirstOrThrow();
  return all;
}

async function countOfFirm(database: Queries, partnerId: string, firm: string): Promise<number> {
  const { count } = await database
    .selectFrom('accounts')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('partner_id', '=', partnerId)
    .where('firm', '=', firm)
    .executeTakeFirstOrThrow();
  return count;
}
