import type SQLite from 'better-sqlite3';
import type { Transaction } from 'kysely';
import type { AuditActor } from '../../shared/answers/audit.ts';
import { type Moment, raiseEvents } from '../events/outbox.ts';
import { settleTrades } from '../events/settle-trades.ts';
import { makeAccount } from '../records/accounts.ts';
import { makeToldAttempts, type ToldAttempt } from '../records/told-attempts.ts';
import { type Account, findAccount, type NewAccount } from '../store/accounts.ts';
import { type Database, transact } from '../store/database.ts';
import { InexactSums } from '../store/exact-sums.ts';
import type { Random } from '../store/ids.ts';
import { NotPossible } from '../store/not-possible.ts';
import { findPartner } from '../store/partners.ts';
import type { Schema } from '../store/schema.ts';
import { UnreadableStatement } from './format.ts';
import { type FormatName, findFormat, formats, type KnownFormat } from './formats.ts';
import { type Copied, type Incoming, IncomingCopy, openIncoming } from './incoming.ts';
import { type Odd, OddTimes } from './odd-times.ts';
import { openStatement } from './statement-text.ts';
import { wallClock } from './wall-clock.ts';

export interface ImportOptions {
  partnerId: string;
  /** The id of an account, or a new account to be created. */
  account: string | AccountToMake;
  /** `auto` detects the format from the start of the file. */
  format: FormatName | 'auto';
  /** The IANA zone of the file's wall-clock times; null: UTC is assumed, and the report says so. */
  zone: string | null;
  /** Whether to import the valid rows even if others are refused. */
  skipsBad: boolean;
  /** Whether to read and check everything, but store nothing. */
  isDryRun: boolean;
  /** Whether trades that were deleted come back. */
  restores: boolean;
  /**
   * Which events tell of its trades: `auto`: one for each, of up to 1,000; `each`: of up to 10,000;
   * `none`. One tells of the import itself in any case.
   */
  events: (typeof eventChoices)[number];
  /** For the event of the import. */
  fileName: string;
  actor: AuditActor;
}

export const eventChoices = ['auto', 'each', 'none'] as const;

/** The most trades of an import of which each has an event of its own. */
const mostEvents = { auto: 1_000, each: 10_000, none: -1 } as const;

/** A new account. `currency` null: the file's currency, or else the partner's. */
export type AccountToMake = Omit<NewAccount, 'currency'> & { currency: string | null };

/**
 * The result of an import. `read` is the sum of `added`, `closed`, `already_there`, `corrected`,
 * `deleted`, `refused` and `held_back`.
 */
export interface ImportReport {
  format: FormatName;
  /**
   * The account of the trades. Null when a new account was not created. The id is null when a dry
   * run would create the account.
   */
  account: { id: string | null; nickname: string } | null;
  /** The account's currency, ISO 4217. */
  currency: string;
  /** Whether the file's valid rows are in the database now. */
  kept: boolean;
  dry_run: boolean;
  /** Rows that should be trades, valid or refused. */
  read: number;
  added: number;
  /** Trades that were open in the database and are closed in the file. */
  closed: number;
  /** Rows that add nothing to the database or to an earlier row of the file. */
  already_there: number;
  /** Rows of trades that were corrected since they came from the same row; they stay as they are. */
  corrected: number;
  /** Rows of trades that were deleted since. */
  deleted: number;
  refused: number;
  /** Valid rows that were not imported because others were refused. */
  held_back: number;
  /** The first thousand refused rows. */
  refusals: { line: number; reason: string }[];
  /** The number of rows that are no trades, by what they are (balances, open positions). */
  passed_over: Record<string, number>;
  /** Set when times without a zone were taken as UTC. */
  assumed_zone: 'UTC' | null;
  /** Trades that end, or open ones that begin, after today in every zone: a year may be mistyped. */
  in_future: Odd;
  /** Trades that began more than thirty years ago. */
  long_ago: Odd;
}

const mostRefusalsListed = 1_000;

/** The file can be read, but not imported into the account. The message is for a person. */
export class ImportRefused extends Error {}

/**
 * Imports a statement into an account. Rows are checked and written to a temporary table first, so
 * that the write lock is held only while the valid ones are copied. Nothing is imported when a row
 * is refused, unless `skipsBad` is set. Throws UnreadableStatement when the file can't be read as a
 * statement, RangeError for an unknown zone, ImportRefused.
 */
export async function importStatement(
  database: Database,
  input: AsyncIterable<Uint8Array>,
  options: ImportOptions,
  now: number,
  random: Random,
): Promise<ImportReport> {
  const clock = wallClock(options.zone ?? 'UTC');
  const { head, text } = await openStatement(input);
  const format = chooseFormat(options.format, head);
  const incoming = await openIncoming(database);
  try {
    const oddTimes = new OddTimes(now);
    let currency: string | null = null;
    const attempts: ToldAttempt[] = [];
    const report: ImportReport = {
      format: format.name,
      account: null,
      currency: '',
      kept: false,
      dry_run: options.isDryRun,
      read: 0,
      added: 0,
      closed: 0,
      already_there: 0,
      corrected: 0,
      deleted: 0,
      refused: 0,
      held_back: 0,
      refusals: [],
      passed_over: {},
      assumed_zone: null,
      ...oddTimes.found,
    };
    for await (const readings of format.read(text, clock)) {
      for (const reading of readings) {
        if (reading.kind === 'trade') {
          incoming.add(reading.line, reading.trade);
          oddTimes.look(reading.line, reading.trade);
        } else if (reading.kind === 'refused') refuse(report, reading.line, reading.reason);
        else if (reading.kind === 'currency') currency = oneCurrency(currency, reading);
        else if (reading.kind === 'attempt') attempts.push(reading);
        else report.passed_over[reading.what] = (report.passed_over[reading.what] ?? 0) + 1;
      }
      await incoming.flush();
    }
    report.read = incoming.count + report.refused;
    if (options.zone === null && clock.wasUsed) report.assumed_zone = 'UTC';
    const statement = { incoming, currency, attempts };
    await keep(database, statement, options, report, now, random);
    return report;
  } finally {
    await incoming.close();
  }
}

function chooseFormat(wanted: ImportOptions['format'], head: string): KnownFormat {
  const format = wanted === 'auto' ? findFormat(head) : formats.find(({ name }) => name === wanted);
  if (format) return format;
  throw new UnreadableStatement(
    `This is no statement PropTally knows. It reads ${formats.map(({ title }) => title).join(', ')}; name one with --format if this is one of them.`,
  );
}

function oneCurrency(known: string | null, { currency, line }: { currency: string; line: number }) {
  if (known === null || known === currency) return currency;
  throw new UnreadableStatement(
    `The file is in ${known} and, from here on, in ${currency}. Import what is in each into an account of its own.`,
    line,
  );
}

function refuse(report: ImportReport, line: number, reason: string): void {
  report.refused++;
  if (report.refusals.length < mostRefusalsListed) report.refusals.push({ line, reason });
}

/** What was read from a file. */
interface Statement {
  incoming: Incoming;
  /** Null when the file names none. */
  currency: string | null;
  attempts: readonly ToldAttempt[];
}

/** Thrown to roll a transaction back on purpose. */
class NothingKept extends Error {}

/** Stores the rows and fills the report. A dry run does the same and rolls it back. */
async function keep(
  database: Database,
  { incoming, currency, attempts }: Statement,
  options: ImportOptions,
  report: ImportReport,
  now: number,
  random: Random,
): Promise<void> {
  try {
    await transact(database, async (transaction) => {
      const { partnerId, actor } = options;
      const { handle } = database;
      const writing = { transaction, handle, partnerId, actor, now, random };
      const opened = await openAccount(transaction, handle, options, currency, now, random);
      const account = await makeToldAttempts(writing, opened, attempts);
      const copy = new IncomingCopy(transaction, database.handle, account, incoming);
      const copied = await copy.copy({
        restores: options.restores,
        mostRefused: mostRefusalsListed,
      });
      fill(report, copied, incoming.count);
      const isNew = typeof options.account !== 'string';
      const isHeldBack = report.refused > 0 && !options.skipsBad;
      const id = isNew && options.isDryRun ? null : account.id;
      report.currency = account.currency;
      report.account = isNew && isHeldBack ? null : { id, nickname: account.nickname };
      if (isHeldBack) {
        report.held_back = copied.added + copied.closed;
        report.added = report.closed = 0;
        throw new NothingKept();
      }
      // Also in a dry run, as they may be too many, or the sums inexact.
      await raiseEventsOf(database.handle, options, copy, copied, report, { now, random });
      settleTrades(database.handle, { now, random });
      if (options.isDryRun) throw new NothingKept();
      report.kept = true;
    });
  } catch (error) {
    if (error instanceof NothingKept) return;
    if (error instanceof InexactSums || error instanceof NotPossible)
      throw new ImportRefused(error.message);
    throw error;
  }
}

/** Raises the events of an import. Throws ImportRefused when each trade is to have one and can't. */
async function raiseEventsOf(
  handle: SQLite.Database,
  { partnerId, events: choice, fileName }: ImportOptions,
  copy: IncomingCopy,
  copied: Copied,
  report: ImportReport,
  moment: Moment,
): Promise<void> {
  const events = await copy.events(copied, mostEvents[choice]);
  if (events === null && choice === 'each') {
    throw new ImportRefused(
      `Of an import of more than ${mostEvents.each} trades, not each can have an event.`,
    );
  }
  const { format, added, closed, already_there, corrected, deleted, refused } = report;
  const account_id = report.account!.id ?? '';
  const counts = { added, closed, already_there, corrected, deleted, refused };
  const data = { account_id, file: fileName, format, ...counts };
  const completed = { type: 'import.completed', accountId: account_id, data } as const;
  raiseEvents(handle, partnerId, [...(events ?? []), completed], moment);
}

async function openAccount(
  transaction: Transaction<Schema>,
  handle: SQLite.Database,
  { partnerId, account, actor }: ImportOptions,
  currency: string | null,
  now: number,
  random: Random,
): Promise<Account> {
  if (typeof account !== 'string') {
    const named = account.currency ?? currency ?? (await currencyOf(transaction, partnerId));
    if (currency !== null && named !== currency) {
      throw new ImportRefused(`The file is in ${currency}, not in ${named}.`);
    }
    const writing = { transaction, handle, partnerId, actor, now, random };
    return makeAccount(writing, { ...account, currency: named });
  }
  const found = await findAccount(transaction, partnerId, account);
  if (!found) throw new ImportRefused(`The partner has no account ${account}.`);
  if (currency !== null && found.currency !== currency) {
    throw new ImportRefused(
      `The file is in ${currency}, the account ${found.nickname} in ${found.currency}. Nothing is converted: import it into an account in ${currency}.`,
    );
  }
  return found;
}

async function currencyOf(transaction: Transaction<Schema>, partnerId: string): Promise<string> {
  const partner = await findPartner(transaction, partnerId);
  if (!partner) throw new ImportRefused(`There is no partner ${partnerId}.`);
  return partner.currency;
}

function fill(report: ImportReport, copied: Copied, count: number): void {
  const { added, closed, corrected, deleted, refused } = copied;
  report.added = added;
  report.closed = closed;
  report.corrected = corrected;
  report.deleted = deleted;
  report.already_there = count - added - closed - corrected - deleted - refused.count;
  report.refused += refused.count;
  report.refusals = [...report.refusals, ...refused.first]
    .sort((a, b) => a.line - b.line)
    .slice(0, mostRefusalsListed);
}
