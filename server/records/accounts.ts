import { toDecimal, type Units } from '../../shared/money.ts';
import { settleTrades } from '../events/settle-trades.ts';
import {
  type Account,
  createAccount,
  findAccount,
  insertAttempt,
  type NewAccount,
} from '../store/accounts.ts';
import { InexactSums } from '../store/exact-sums.ts';
import { NotPossible } from '../store/not-possible.ts';
import { raiseRevision } from '../store/partners.ts';
import { prepared } from '../store/statements.ts';
import { findUser } from '../store/users.ts';
import { type Difference, refuseDifferences } from './differences.ts';
import { type PartnerWriting, raise, record } from './partner-writing.ts';
import { takenExternalId } from './users.ts';

/** The fields of an account that a partner sets; an absent one stays as it is. */
export interface AccountFields {
  nickname?: string | undefined;
  /** The id of a user, or `ext:` and its external id. */
  user_id?: string | null | undefined;
  external_id?: string | null | undefined;
  firm_id?: string | null | undefined;
  firm?: string | null | undefined;
  /** ISO 4217 */
  currency?: string | undefined;
  starting_balance?: Units | null | undefined;
  max_drawdown?: Units | null | undefined;
}

/** Where each field stands in the tables: in that of accounts, or of the current attempt. */
const columns = {
  nickname: 'nickname',
  user_id: 'user_id',
  external_id: 'external_id',
  firm_id: 'firm',
  firm: 'firm_name',
  currency: 'currency',
  starting_balance: 'starting_balance',
  max_drawdown: 'max_drawdown',
} as const satisfies Record<keyof AccountFields, keyof Account>;

type Field = keyof typeof columns;

const fieldNames = Object.keys(columns) as Field[];
const ofAttempt: readonly Field[] = ['starting_balance', 'max_drawdown'];
const isMoney = (field: Field) => ofAttempt.includes(field);

/**
 * Finds the account with the given external id, or makes one. Throws NotPossible: `conflict` when the
 * one that is there has another value in a field that was given, `not_found` for an unknown user.
 */
export async function findOrMakeAccount(
  writing: PartnerWriting,
  given: AccountFields & { nickname: string; currency: string },
  isCurrencyGiven: boolean,
): Promise<{ account: Account; isNew: boolean }> {
  const { transaction, partnerId } = writing;
  const fields = await withUserId(writing, given);
  const { external_id } = fields;
  const known = external_id
    ? await findAccount(transaction, partnerId, `ext:${external_id}`)
    : undefined;
  if (known) {
    const { currency, ...others } = fields;
    const compared = isCurrencyGiven ? { ...others, currency } : others;
    refuseDifferences(`The account ${known.id}`, differencesOf(known, compared).map(present));
    return { account: known, isNew: false };
  }
  const account = await makeAccount(writing, {
    nickname: given.nickname,
    firm: fields.firm_id ?? null,
    firmName: fields.firm ?? null,
    userId: fields.user_id ?? null,
    externalId: external_id ?? null,
    currency: given.currency,
    startingBalance: fields.starting_balance ?? null,
    maxDrawdown: fields.max_drawdown ?? null,
  });
  return { account, isNew: true };
}

/** Makes an account, with its event. */
export async function makeAccount(writing: PartnerWriting, wanted: NewAccount): Promise<Account> {
  const { transaction, partnerId, now, random } = writing;
  const account = await createAccount(transaction, partnerId, wanted, now, random);
  const { id, nickname, firm, firm_name } = account;
  const data = { account_id: id, nickname, firm: firm_name ?? firm };
  raise(writing, { type: 'account.created', accountId: id, data });
  await record(writing, 'account.created', id);
  return account;
}

/**
 * Changes the given fields of an account and its current attempt. Throws NotPossible: `conflict` for
 * another account's external id, and for a currency while there are trades; `not_found` for an
 * unknown user; InexactSums.
 */
export async function changeAccount(
  writing: PartnerWriting,
  account: Account,
  given: AccountFields,
): Promise<Account> {
  const { transaction, partnerId } = writing;
  const fields = await withUserId(writing, given);
  const differences = differencesOf(account, fields);
  if (differences.length === 0) return account;
  const { external_id, currency, starting_balance } = fields;
  if (external_id && external_id !== account.external_id) {
    const other = await findAccount(transaction, partnerId, `ext:${external_id}`);
    if (other) throw takenExternalId('account', other.id);
  }
  if (currency !== undefined && currency !== account.currency) refuseTrades(writing, account);
  if (starting_balance) refuseInexact(writing, account, starting_balance);
  const set = (isOfAttempt: boolean) =>
    Object.fromEntries(
      differences
        .filter(({ field }) => ofAttempt.includes(field) === isOfAttempt)
        .map(({ field, given }) => [columns[field], given]),
    );
  const attemptChanges = set(true);
  if (Object.keys(attemptChanges).length > 0) {
    await transaction
      .updateTable('attempts')
      .set(attemptChanges)
      .where('partner_id', '=', partnerId)
      .where('account_id', '=', account.id)
      .where('attempt', '=', account.attempt)
      .execute();
  }
  const changes = differences.map(({ field }) => field);
  return storeChanges(writing, account, set(false), 'account.changed', changes);
}

/** Closes an account: from now on no trade can be opened in it. */
export async function closeAccount(writing: PartnerWriting, account: Account): Promise<Account> {
  if (account.status === 'closed') return account;
  const changes = { status: 'closed', closed_at: writing.now } as const;
  return storeChanges(writing, account, changes, 'account.closed', ['status']);
}

export async function reopenAccount(writing: PartnerWriting, account: Account): Promise<Account> {
  if (account.status === 'active') return account;
  const changes = { status: 'active', closed_at: null } as const;
  return storeChanges(writing, account, changes, 'account.reopened', ['status']);
}

export interface Reset {
  /** When the next attempt starts, epoch ms. */
  at: number;
  /** Of the next attempt; absent: as in the current one. */
  starting_balance?: Units | null | undefined;
  max_drawdown?: Units | null | undefined;
}

/** The most trades that a reset moves to the next attempt: they are moved in one transaction. */
const mostMoved = 10_000;

/**
 * Starts the next attempt of an account. Trades that were opened since it starts move with it.
 * Throws NotPossible: `account_closed`; `invalid_body` for a start that lies in the future or not
 * after that of the current attempt, or with too many trades after it.
 */
export async function resetAccount(
  writing: PartnerWriting,
  account: Account,
  reset: Reset,
): Promise<Account> {
  const { transaction, handle, partnerId, now } = writing;
  const { id, attempt } = account;
  const { at, starting_balance, max_drawdown } = reset;
  if (account.status === 'closed') {
    const sentence = `The account ${id} is closed. Reopen it before a reset.`;
    throw new NotPossible('account_closed', sentence);
  }
  if (at > now) throw new NotPossible('invalid_body', 'It must not lie in the future.', 'at');
  // The first attempt reaches back without end.
  if (attempt > 1 && at <= account.started_at) {
    const started = new Date(account.started_at).toISOString();
    const sentence = `It must lie after ${started}, when the current attempt started.`;
    throw new NotPossible('invalid_body', sentence, 'at');
  }
  const owner = [partnerId, id, attempt];
  const { count } = prepared<{ count: number }>(
    handle,
    `select count(*) as count from (
       select 1 from trades
       where partner_id = ? and account_id = ? and attempt = ? and entry_time >= ?
       limit ${mostMoved + 1})`,
  ).get(...owner, at)!;
  if (count > mostMoved) {
    const sentence = `More than ${mostMoved} trades were opened since: choose a later start.`;
    throw new NotPossible('invalid_body', sentence, 'at');
  }
  await insertAttempt(transaction, {
    ...{ partner_id: partnerId, account_id: id, attempt: attempt + 1, started_at: at },
    starting_balance: starting_balance === undefined ? account.starting_balance : starting_balance,
    max_drawdown: max_drawdown === undefined ? account.max_drawdown : max_drawdown,
  });
  prepared(
    handle,
    `update trades set attempt = attempt + 1
     where partner_id = ? and account_id = ? and attempt = ? and entry_time >= ?`,
  ).run(...owner, at);
  const changes = ofAttempt.filter(
    (field) =>
      reset[field as keyof Reset] !== undefined &&
      reset[field as keyof Reset] !== account[columns[field]],
  );
  await storeChanges(writing, account, { attempt: attempt + 1 }, 'account.reset', [
    'attempt',
    ...changes,
  ]);
  settleTrades(handle, writing);
  return (await findAccount(transaction, partnerId, id))!;
}

/** Stores changed fields of an account, with the event and the entry of the audit trail. */
export async function storeChanges(
  writing: PartnerWriting,
  { id }: Account,
  set: Partial<Account>,
  action: 'account.changed' | 'account.closed' | 'account.reopened' | 'account.reset',
  changes: readonly string[],
): Promise<Account> {
  const { transaction, partnerId } = writing;
  await transaction
    .updateTable('accounts')
    .set({ ...set, revision: await raiseRevision(transaction, partnerId) })
    .where('partner_id', '=', partnerId)
    .where('id', '=', id)
    .execute();
  raise(writing, {
    type: 'account.updated',
    accountId: id,
    data: { account_id: id, changes },
  });
  await record(writing, action, id, { changes });
  return (await findAccount(transaction, partnerId, id))!;
}

/** The fields with the id of the user that they name. Throws NotPossible `not_found`. */
async function withUserId<Fields extends AccountFields>(
  { transaction, partnerId }: PartnerWriting,
  fields: Fields,
): Promise<Fields> {
  if (!fields.user_id) return fields;
  const user = await findUser(transaction, partnerId, fields.user_id);
  if (user) return { ...fields, user_id: user.id };
  throw new NotPossible('not_found', `There is no user ${fields.user_id}.`, 'user_id');
}

/** Whether an account has trades, in whatever attempt. */
export function hasTrades({ handle, partnerId }: PartnerWriting, { id }: Account): boolean {
  const found = prepared(
    handle,
    'select 1 from trades where partner_id = ? and account_id = ? limit 1',
  ).get(partnerId, id);
  return found !== undefined;
}

function refuseTrades(writing: PartnerWriting, account: Account): void {
  if (!hasTrades(writing, account)) return;
  const sentence = `The account ${account.id} has trades, and nothing is converted.`;
  throw new NotPossible('conflict', sentence, 'currency');
}

function refuseInexact(
  { handle, partnerId }: PartnerWriting,
  { id, attempt, nickname }: Account,
  balance: Units,
): void {
  const { money } = prepared<{ money: number }>(
    handle,
    'select money from attempts where partner_id = ? and account_id = ? and attempt = ?',
  ).get(partnerId, id, attempt)!;
  if (money + balance <= Number.MAX_SAFE_INTEGER) return;
  throw new InexactSums(
    `With this balance, the sums of the account ${nickname} would not be exact.`,
  );
}

interface FieldDifference extends Difference {
  field: Field;
}

function differencesOf(account: Account, fields: AccountFields): FieldDifference[] {
  return fieldNames.flatMap((field) => {
    const given = fields[field];
    const stored = account[columns[field]];
    return given === undefined || given === stored ? [] : [{ field, stored, given }];
  });
}

/** A difference with money as decimal numbers. */
function present({ field, stored, given }: FieldDifference): Difference {
  const shown = (value: string | number | null) =>
    isMoney(field) && value !== null ? toDecimal(value as Units) : value;
  return { field, stored: shown(stored), given: shown(given) };
}
