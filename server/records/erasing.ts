import type SQLite from 'better-sqlite3';
import type { Moment } from '../events/outbox.ts';
import { settleTrades } from '../events/settle-trades.ts';
import { type SummaryAccount, type SummaryData, subtract } from '../events/summary-data.ts';
import { type Account, shownAccounts } from '../store/accounts.ts';
import { eraseAnswersTo } from '../store/deliveries.ts';
import { eraseMailToUser } from '../store/mail.ts';
import { eraseObservations } from '../store/observations.ts';
import { raiseRevision } from '../store/partners.ts';
import type { ErasuresTable } from '../store/schema.ts';
import { insertion, prepared } from '../store/statements.ts';
import { eraseAnswers } from '../store/stored-answers.ts';
import { endTraderSessions } from '../store/traders.ts';
import type { User } from '../store/users.ts';
import { type PartnerWriting, raise, record } from './partner-writing.ts';

/**
 * Erasing takes an account out of every answer with its first transaction: it is only an id from
 * then on, and the reading of accounts passes over it. Its trades, and whatever was derived from
 * them, are removed in steps, whose place is the rows that are still there.
 */

/** How many trades are removed in the first transaction. */
const mostAtOnce = 2_000;

/** Erases an account; of its trades at most so many at once. Returns how many those were. */
export async function eraseAccount(
  writing: PartnerWriting,
  { id }: Pick<Account, 'id'>,
  most = mostAtOnce,
): Promise<number> {
  const { transaction, handle, partnerId } = writing;
  const revision = await raiseRevision(transaction, partnerId);
  prepared(
    handle,
    `update accounts set status = 'erased', nickname = '', firm = null, firm_name = null,
       user_id = null, external_id = null, closed_at = null, revision = ?
     where partner_id = ? and id = ?`,
  ).run(revision, partnerId, id);
  prepared(handle, insertion('erasures', ['partner_id', 'account_id'])).run(partnerId, id);
  const removed = removeTrades(handle, partnerId, id, most);
  eraseAnswers(handle, partnerId, id);
  // About no account, as it stays when those about this one are emptied.
  const data = { account_id: id, changes: ['deleted'] };
  raise(writing, { type: 'account.updated', accountId: null, data });
  await record(writing, 'account.erased', id);
  return removed;
}

/** Erases a user with all of its accounts. */
export async function eraseUser(writing: PartnerWriting, user: User): Promise<void> {
  const { transaction, handle, partnerId } = writing;
  const accounts = await shownAccounts(transaction, partnerId)
    .where('user_id', '=', user.id)
    .select('id')
    .execute();
  let left = mostAtOnce;
  for (const account of accounts) left -= await eraseAccount(writing, account, left);
  prepared(handle, 'delete from users where partner_id = ? and id = ?').run(partnerId, user.id);
  await endTraderSessions(transaction, partnerId, user.id, writing.now);
  await eraseMailToUser(transaction, partnerId, user.id);
  eraseAnswers(handle, partnerId, user.id);
  await raiseRevision(transaction, partnerId);
  await record(writing, 'user.erased', user.id);
}

/** How many rows a step removes. */
const batch = 50;

/**
 * Goes on with erasing accounts, with the sums that this changes, until nothing is left or `isOver`
 * returns true; to be called in a transaction. Returns whether there is more.
 */
export function continueErasing(
  handle: SQLite.Database,
  moment: Moment,
  isOver: () => boolean,
): boolean {
  while (eraseNext(handle)) {
    settleTrades(handle, moment);
    if (isOver()) return true;
  }
  return false;
}

/** Removes some of what is left of an account that is being erased; false: there is no such account. */
function eraseNext(handle: SQLite.Database): boolean {
  const next = prepared<ErasuresTable>(handle, 'select * from erasures limit 1').get();
  if (!next) return false;
  const { partner_id, account_id } = next;
  const key = [partner_id, account_id];
  if (removeTrades(handle, partner_id, account_id, batch) > 0) return true;
  if (emptyEvents(handle, partner_id, account_id)) return true;
  if (eraseObservations(handle, partner_id, account_id, batch)) return true;
  for (const table of ['corrected_trades', 'deleted_trades']) {
    const { changes } = prepared(
      handle,
      `delete from ${table} where (partner_id, account_id, id) in (
         select partner_id, account_id, id from ${table}
         where partner_id = ? and account_id = ? limit ${batch})`,
    ).run(...key);
    if (changes > 0) return true;
  }
  const { changes } = prepared(
    handle,
    `delete from imports where (partner_id, id) in (
       select partner_id, id from imports where partner_id = ? and account_id = ? limit ${batch})`,
  ).run(...key);
  if (changes > 0) return true;
  const isOfAccount = 'where partner_id = ? and account_id = ?';
  for (const table of ['milestones', 'attempts', 'erasures']) {
    prepared(handle, `delete from ${table} ${isOfAccount}`).run(...key);
  }
  prepared(handle, 'delete from accounts where partner_id = ? and id = ?').run(...key);
  return true;
}

function removeTrades(
  handle: SQLite.Database,
  partnerId: string,
  accountId: string,
  most: number,
): number {
  return prepared(
    handle,
    `delete from trades where rowid in (
       select rowid from trades where partner_id = ? and account_id = ? limit ?)`,
  ).run(partnerId, accountId, most).changes;
}

/** Empties events about an account, and takes it out of daily summaries; their numbers stay. */
function emptyEvents(handle: SQLite.Database, partnerId: string, accountId: string): boolean {
  const emptied = prepared<{ number: number }>(
    handle,
    `update events set data = null where (partner_id, number) in (
       select partner_id, number from events
       where partner_id = ? and account_id = ? and data is not null limit ${batch})
     returning number`,
  ).all(partnerId, accountId);
  for (const { number } of emptied) eraseAnswersTo(handle, partnerId, number);
  if (emptied.length > 0) return true;
  for (const { date, account } of takeFromSummaries(handle, partnerId, accountId)) {
    lowerTotals(handle, partnerId, date, account);
  }
  return false;
}

const changeData = 'update events set data = ? where partner_id = ? and number = ?';

/** Takes an account out of the summaries that have it; returns their dates and its entries. */
function takeFromSummaries(handle: SQLite.Database, partnerId: string, accountId: string) {
  const found = prepared<{ number: number; data: string }>(
    handle,
    `select number, data from events
     where partner_id = ? and account_id is null and type = 'daily_summary'
       and instr(data, ?) > 0`,
  ).all(partnerId, `"${accountId}"`);
  return found.map(({ number, data }) => {
    const summary = JSON.parse(data) as SummaryData;
    const account = summary.accounts.find(({ account_id }) => account_id === accountId)!;
    const accounts = summary.accounts.filter((each) => each !== account);
    prepared(handle, changeData).run(JSON.stringify({ ...summary, accounts }), partnerId, number);
    eraseAnswersTo(handle, partnerId, number);
    return { date: summary.date, account };
  });
}

/** Takes an account out of the totals of a day, which each part of its summary has. */
function lowerTotals(
  handle: SQLite.Database,
  partnerId: string,
  date: string,
  account: SummaryAccount,
): void {
  const parts = prepared<{ number: number; data: string }>(
    handle,
    `select number, data from events
     where partner_id = ? and account_id is null and type = 'daily_summary'
       and data ->> 'date' = ?`,
  ).all(partnerId, date);
  for (const { number, data } of parts) {
    const summary = JSON.parse(data) as SummaryData;
    const totals = subtract(summary.totals, account);
    prepared(handle, changeData).run(JSON.stringify({ ...summary, totals }), partnerId, number);
  }
}
