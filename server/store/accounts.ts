import { type Selectable, type SelectQueryBuilder, sql } from 'kysely';
import type { ShownStatus } from '../../shared/accounts.ts';
import type { Units } from '../../shared/money.ts';
import type { Queries } from './database.ts';
import { newId, type Random } from './ids.ts';
import { type AgePlace, fromNearerEnd } from './list-part.ts';
import { raiseRevision } from './partners.ts';
import type { AccountsTable, AttemptsTable, Schema } from './schema.ts';

/** An account with one of its attempts: the current one, unless another was asked for. */
export type Account = Selectable<AccountsTable> &
  Pick<
    Selectable<AttemptsTable>,
    'starting_balance' | 'max_drawdown' | 'started_at' | 'trade_count' | 'total_pnl'
  >;

export interface NewAccount {
  nickname: string;
  /** By which the partner knows the firm, and the firm's name for people. */
  firm: string | null;
  firmName?: string | null;
  /** The id of the user that it belongs to. */
  userId?: string | null;
  /** The partner's own id of it. */
  externalId?: string | null;
  /** ISO 4217 */
  currency: string;
  startingBalance: Units | null;
  maxDrawdown?: Units | null;
}

/** Inserts an account with its first attempt; to be called in a transaction. */
export async function createAccount(
  database: Queries,
  partnerId: string,
  account: NewAccount,
  now: number,
  random: Random,
): Promise<Account> {
  const id = newId('acc', random);
  await database
    .insertInto('accounts')
    .values({
      partner_id: partnerId,
      id,
      nickname: account.nickname,
      firm: account.firm,
      firm_name: account.firmName ?? null,
      user_id: account.userId ?? null,
      external_id: account.externalId ?? null,
      currency: account.currency,
      status: 'active',
      closed_at: null,
      attempt: 1,
      revision: await raiseRevision(database, partnerId),
      created_at: now,
    })
    .execute();
  await insertAttempt(database, {
    ...{ partner_id: partnerId, account_id: id, attempt: 1, started_at: now },
    starting_balance: account.startingBalance,
    max_drawdown: account.maxDrawdown ?? null,
  });
  return (await findAccount(database, partnerId, id))!;
}

export async function insertAttempt(
  database: Queries,
  attempt: Omit<
    Selectable<AttemptsTable>,
    'trade_count' | 'wins' | 'total_pnl' | 'money' | 'duration'
  >,
): Promise<void> {
  await database
    .insertInto('attempts')
    .values({ ...attempt, trade_count: 0, wins: 0, total_pnl: 0, money: 0, duration: 0 })
    .execute();
}

/** A partner's accounts, each joined with its current attempt. */
function joinAttempts(database: Queries, partnerId: string) {
  return shownAccounts(database, partnerId).innerJoin('attempts', (join) =>
    join
      .onRef('attempts.partner_id', '=', 'accounts.partner_id')
      .onRef('attempts.account_id', '=', 'accounts.id')
      .onRef('attempts.attempt', '=', 'accounts.attempt'),
  );
}

/** A partner's accounts, without those that are being erased. */
export function shownAccounts(database: Queries, partnerId: string) {
  return database
    .selectFrom('accounts')
    .where('accounts.partner_id', '=', partnerId)
    .where('accounts.status', '<>', 'erased');
}

function accountsWithAttempt(database: Queries, partnerId: string) {
  return joinAttempts(database, partnerId).selectAll('accounts').select(ofAttempt);
}

const ofAttempt = [
  'attempts.starting_balance',
  'attempts.max_drawdown',
  'attempts.started_at',
  'attempts.trade_count',
  'attempts.total_pnl',
] as const;

/** How an external id is written where an id may stand. */
const externalPrefix = 'ext:';

export function isExternal(reference: string): boolean {
  return reference.startsWith(externalPrefix);
}

/** The column by which a reference names a user or an account, and its value. */
export function namedBy(reference: string) {
  return isExternal(reference)
    ? (['external_id', reference.slice(externalPrefix.length)] as const)
    : (['id', reference] as const);
}

/**
 * An account, by its id or as `ext:` and its external id. `attempt`: which of its attempts; absent:
 * the current one. Undefined: there is no such account, or attempt.
 */
export function findAccount(
  database: Queries,
  partnerId: string,
  reference: string,
  attempt?: number,
): Promise<Account | undefined> {
  const [column, value] = namedBy(reference);
  if (attempt === undefined) {
    return accountsWithAttempt(database, partnerId)
      .where(`accounts.${column}`, '=', value)
      .executeTakeFirst();
  }
  return shownAccounts(database, partnerId)
    .innerJoin('attempts', (join) =>
      join
        .onRef('attempts.partner_id', '=', 'accounts.partner_id')
        .onRef('attempts.account_id', '=', 'accounts.id'),
    )
    .where(`accounts.${column}`, '=', value)
    .where('attempts.attempt', '=', attempt)
    .selectAll('accounts')
    .select([...ofAttempt, 'attempts.attempt'])
    .executeTakeFirst();
}

/** What answers about an account depend on: its current attempt, and its revision; and whose it is. */
export type AccountState = Pick<Account, 'id' | 'attempt' | 'revision' | 'user_id'> & {
  /** That of its latest observation; null: it has none. Only live answers depend on it. */
  observation_revision: number | null;
};

/** By its id or as `ext:` and its external id. */
export function findAccountState(
  database: Queries,
  partnerId: string,
  reference: string,
): Promise<AccountState | undefined> {
  const [column, value] = namedBy(reference);
  return shownAccounts(database, partnerId)
    .leftJoin('latest_observations', (join) =>
      join
        .onRef('latest_observations.partner_id', '=', 'accounts.partner_id')
        .onRef('latest_observations.account_id', '=', 'accounts.id'),
    )
    .select([
      ...(['accounts.id', 'accounts.attempt', 'accounts.revision', 'accounts.user_id'] as const),
      'latest_observations.revision as observation_revision',
    ])
    .where(`accounts.${column}`, '=', value)
    .executeTakeFirst();
}

/**
 * The ids of accounts that are named by ids, or as `ext:` and external ids, in the same order.
 * Undefined: there is no such account.
 */
export async function findAccountIds(
  database: Queries,
  partnerId: string,
  references: readonly string[],
): Promise<(string | undefined)[]> {
  const named = references.map(namedBy);
  const ids = new Map<string, string>();
  for (const column of ['id', 'external_id'] as const) {
    const values = named.filter(([each]) => each === column).map(([, value]) => value);
    if (values.length === 0) continue;
    const found = await shownAccounts(database, partnerId)
      .select(['id', `${column} as value`])
      .where(column, 'in', values)
      .execute();
    for (const { id, value } of found) ids.set(`${column} ${value}`, id);
  }
  return named.map(([column, value]) => ids.get(`${column} ${value}`));
}

/** The id of the first account that is there: of these, in their order, or a user's oldest one. */
export async function findFirstAccount(
  database: Queries,
  partnerId: string,
  which: { ids: readonly string[] } | { userId: string },
): Promise<string | null> {
  const shown = shownAccounts(database, partnerId).select('id');
  if ('ids' in which) {
    const found = await shown.where('id', 'in', which.ids).execute();
    const there = new Set(found.map(({ id }) => id));
    return which.ids.find((id) => there.has(id)) ?? null;
  }
  const oldest = await shown
    .where('user_id', '=', which.userId)
    .orderBy('created_at')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  return oldest?.id ?? null;
}

/** Which accounts are listed; an absent or null field: any. */
export interface AccountsFilter {
  firm?: string | null;
  userId?: string | null;
  status?: ShownStatus | null;
  /** A part of the nickname or of the external id, in upper or lower case. */
  text?: string | null;
}

export interface AccountsPage extends AccountsFilter {
  limit: number;
  /** How many come before the page; or after which place it begins. */
  from: number | AgePlace;
}

/** A page of a partner's accounts, the oldest first, how many match in all, and whether more follow. */
export async function listAccounts(
  database: Queries,
  partnerId: string,
  { limit, from, ...filter }: AccountsPage,
): Promise<{ accounts: Account[]; total: number; hasMore: boolean }> {
  const isOfAll = Object.values(filter).every((value) => value == null);
  const matching = matchingAccounts(database, partnerId, filter);
  const total = await (isOfAll ? countAllAccounts(database, partnerId) : countRows(matching));
  const listed = (page: typeof matching) => readAccounts(database, partnerId, page.select('id'));
  if (typeof from !== 'number') {
    const accounts = await listed(
      matching
        .where(({ eb, refTuple, tuple }) =>
          eb(refTuple('created_at', 'id'), '>', tuple(from.created_at, from.id)),
        )
        .orderBy('created_at')
        .orderBy('id')
        .limit(limit + 1),
    );
    return { accounts: accounts.slice(0, limit), total, hasMore: accounts.length > limit };
  }
  const found = Math.min(limit, total - from);
  if (found <= 0) return { accounts: [], total, hasMore: false };
  const part = fromNearerEnd({ order: 'asc', offset: from, limit: found }, total);
  const accounts = await listed(
    matching
      .orderBy('created_at', part.order)
      .orderBy('id', part.order)
      .limit(part.limit)
      .offset(part.offset),
  );
  return { accounts, total, hasMore: from + found < total };
}

function matchingAccounts(
  database: Queries,
  partnerId: string,
  { firm, userId, status, text }: AccountsFilter,
) {
  let matching = shownAccounts(database, partnerId);
  if (firm != null) matching = matching.where('firm', '=', firm);
  if (userId != null) matching = matching.where('user_id', '=', userId);
  if (status != null) matching = matching.where('status', '=', status);
  if (text != null) {
    // LIKE would take `%` and `_` for wildcards; SQLite's lower() changes ASCII letters alone.
    matching = matching.where(({ or }) =>
      or([
        sql<boolean>`instr(lower(nickname), lower(${text})) > 0`,
        sql<boolean>`instr(lower(external_id), lower(${text})) > 0`,
      ]),
    );
  }
  return matching;
}

/** The accounts of these ids, with their current attempts, the oldest first. */
function readAccounts(
  database: Queries,
  partnerId: string,
  ids: SelectQueryBuilder<Schema, never, { id: string }>,
): Promise<Account[]> {
  return (
    accountsWithAttempt(database, partnerId)
      .where('accounts.id', 'in', ids)
      // SQLite uses no index for `+created_at`: in its order it would read all accounts.
      .orderBy(sql`+accounts.created_at`)
      .orderBy('accounts.id')
      .execute()
  );
}

/** The accounts of a user, at most as many as were asked for, and how many there are in all. */
export interface AccountsOfUser {
  accounts: Account[];
  count: number;
}

/** The oldest `most` accounts of each of these users, by the user's id. */
export async function accountsOfUsers(
  database: Queries,
  partnerId: string,
  userIds: readonly string[],
  most: number,
): Promise<Map<string, AccountsOfUser>> {
  const theirs = shownAccounts(database, partnerId).where('user_id', 'in', userIds);
  const counts = await theirs
    .select(({ fn }) => ['user_id', fn.countAll<number>().as('count')])
    .groupBy('user_id')
    .execute();
  const found = new Map(
    counts.map(({ user_id, count }) => [user_id!, { accounts: [] as Account[], count }]),
  );
  const ranked = theirs.select([
    'id',
    sql<number>`row_number() over (partition by user_id order by created_at, id)`.as('place'),
  ]);
  const oldest = database.selectFrom(ranked.as('ranked')).select('id').where('place', '<=', most);
  for (const account of await readAccounts(database, partnerId, oldest))
    found.get(account.user_id!)!.accounts.push(account);
  return found;
}

/** The most accounts among which a trader may choose. */
const mostOfTrader = 100;

/**
 * A user's accounts as its page lists them: first the active ones, the newest first; and with them
 * the one that is named, however many there are.
 */
export async function listAccountsOfTrader(
  database: Queries,
  partnerId: string,
  userId: string,
  named: string | undefined,
): Promise<{ id: string; nickname: string; isClosed: boolean }[]> {
  const theirs = () =>
    shownAccounts(database, partnerId)
      .select(['id', 'nickname', 'status'])
      .where('user_id', '=', userId);
  const ofStatus = (status: ShownStatus) =>
    theirs()
      .where('status', '=', status)
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(mostOfTrader)
      .execute();
  const listed = [...(await ofStatus('active')), ...(await ofStatus('closed'))];
  const accounts = listed.slice(0, mostOfTrader);
  if (named !== undefined && !accounts.some(({ id }) => id === named))
    accounts.push(...(await theirs().where('id', '=', named).execute()));
  return accounts.map(({ status, ...account }) => ({ ...account, isClosed: status === 'closed' }));
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

async function countRows(matching: ReturnType<typeof shownAccounts>): Promise<number> {
  const { count } = await matching
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}
