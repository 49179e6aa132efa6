import { setTimeout as sleep } from 'node:timers/promises';
import type SQLite from 'better-sqlite3';
import { Command, Option } from 'commander';
import { settleTrades } from '../events/settle-trades.ts';
import { continueErasing } from '../records/erasing.ts';
import type { PartnerWriting } from '../records/partner-writing.ts';
import { type Account, findAccount, findAccountIds } from '../store/accounts.ts';
import { operator } from '../store/audit.ts';
import { type Database, type Queries, transact } from '../store/database.ts';
import { findPartner, type Partner } from '../store/partners.ts';
import { prepared } from '../store/statements.ts';
import { findUser, type User } from '../store/users.ts';
import {
  asLongAsItTakes,
  type CommonOptions,
  databaseOption,
  jsonOption,
  outside,
  wholeNumber,
  withDatabase,
} from './options.ts';
import { Failure, print, unknownPartner } from './output.ts';

/** What the commands for users, accounts and trades have in common. */

export interface OfPartner extends CommonOptions {
  partner: string;
}

export function ofPartner(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .requiredOption('--partner <partner>', 'the partner’s id, ptr_…')
    .addOption(databaseOption())
    .addOption(jsonOption());
}

export const attemptOption = (what = 'an earlier attempt instead of the current one') =>
  new Option('--attempt <number>', what).argParser(wholeNumber(1, 1_000_000));

/** The user with an id, or an external id after `ext:`. Throws a Failure when there is none. */
export async function knownUser(
  database: Queries,
  partnerId: string,
  reference: string,
): Promise<User> {
  const user = await findUser(database, partnerId, reference);
  if (user) return user;
  throw new Failure(`${partnerId} has no user ${reference}. proptally user list shows them.`);
}

/** The account, likewise; with one of its attempts, by default the current one. */
export async function knownAccount(
  database: Queries,
  partnerId: string,
  reference: string,
  attempt?: number,
): Promise<Account> {
  const account = await findAccount(database, partnerId, reference);
  if (!account) throw unknownAccount(partnerId, reference);
  if (attempt === undefined) return account;
  const earlier = await findAccount(database, partnerId, reference, attempt);
  if (earlier) return earlier;
  throw new Failure(`The account ${account.id} has no attempt ${attempt}.`);
}

/** The ids of several accounts, each once. Throws a Failure for the first that does not exist. */
export async function knownAccountIds(
  database: Queries,
  partnerId: string,
  references: readonly string[],
): Promise<string[]> {
  const ids = await findAccountIds(database, partnerId, references);
  const unknown = ids.indexOf(undefined);
  if (unknown >= 0) throw unknownAccount(partnerId, references[unknown]!);
  return [...new Set(ids as string[])];
}

export function unknownAccount(partnerId: string, reference: string): Failure {
  return new Failure(
    `${partnerId} has no account ${reference}. proptally account list shows them.`,
  );
}

type Work<Result> = (writing: PartnerWriting, partner: Partner) => Promise<Result>;

/**
 * Runs `work`, which writes something of the partner of --partner, and all that follows from it in
 * one transaction. Throws what `work` throws, InexactSums, and a Failure for an unknown partner.
 */
export function writeRecords<Result>(options: OfPartner, work: Work<Result>): Promise<Result> {
  return withDatabase(options, (database) => write(database, options.partner, work));
}

function write<Result>(
  database: Database,
  partnerId: string,
  work: Work<Result>,
  wait?: number,
): Promise<Result> {
  const { handle } = database;
  const inTransaction = async (transaction: Queries) => {
    const partner = await findPartner(transaction, partnerId);
    if (!partner) throw unknownPartner(partnerId);
    const moment = { now: outside.clock(), random: outside.random };
    const result = await work(
      { transaction, handle, partnerId, actor: operator, ...moment },
      partner,
    );
    settleTrades(handle, moment);
    return result;
  };
  return transact(database, inTransaction, wait);
}

/** What a command erases. */
interface Erasure {
  /** The id of the user or account that the command names. */
  id: string;
  /** All accounts that go with it. */
  accounts: readonly Account[];
  /** Begins to erase all this. */
  begin: () => Promise<unknown>;
}

/** Erases what `find` returns, says how much that is, and ends when nothing is left of it. */
export async function eraseRecords(
  options: OfPartner,
  find: (writing: PartnerWriting) => Promise<Erasure>,
): Promise<void> {
  const { json, partner } = options;
  await withDatabase(options, async (database) => {
    const work = async (writing: PartnerWriting) => {
      const { id, accounts, begin } = await find(writing);
      const trades = accounts.reduce((sum, account) => sum + countTrades(writing, account), 0);
      await begin();
      return { id, accounts, trades };
    };
    const { id, accounts, trades } = await write(database, partner, work, asLongAsItTakes);
    // The rest may take minutes, in which the operator wants to know what for.
    const counts = `${counted(accounts.length, 'account')} and ${counted(trades, 'trade')}`;
    if (!json) print(false, {}, `Erasing ${id}: ${counts}.`);
    await finishErasing(database, accounts);
    print(
      json,
      { id, erased: true, accounts: accounts.length, trades },
      `Nothing is left of ${id}.`,
    );
  });
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** How many trades an account has in all attempts, open ones included. */
function countTrades({ handle }: PartnerWriting, { partner_id, id }: Account): number {
  const { count } = prepared<{ count: number }>(
    handle,
    `select sum(trade_count + (
       select count(*) from trades
       where partner_id = attempts.partner_id and account_id = attempts.account_id
         and attempt = attempts.attempt and exit_time is null
     )) as count from attempts where partner_id = ? and account_id = ?`,
  ).get(partner_id, id)!;
  return count;
}

/** How long a step of long work takes, and the shortest pause after it, ms: others write meanwhile. */
export const longestStep = 6;
export const shortestPause = 10;

/** Goes on with erasing until nothing is left of these accounts. Other processes may do so, too. */
async function finishErasing(database: Database, accounts: readonly Account[]): Promise<void> {
  const ids = new Set(accounts.map(({ id }) => id));
  for (;;) {
    const erasures = await database.read.selectFrom('erasures').select('account_id').execute();
    if (!erasures.some(({ account_id }) => ids.has(account_id))) return;
    const begun = performance.now();
    await transact(database, async () => eraseSome(database.handle), asLongAsItTakes);
    await sleep(Math.max(shortestPause, performance.now() - begun));
  }
}

function eraseSome(handle: SQLite.Database): void {
  const begun = performance.now();
  const moment = { now: outside.clock(), random: outside.random };
  continueErasing(handle, moment, () => performance.now() - begun > longestStep);
}
