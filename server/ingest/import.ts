import type { Transaction } from 'kysely';
import { type Day, tradingDay } from '../../shared/day.ts';
import { type Account, createAccount, findAccount, type NewAccount } from '../store/accounts.ts';
import { type Database, transact } from '../store/database.ts';
import type { Random } from '../store/ids.ts';
import { raiseRevision } from '../store/partners.ts';
import type { Schema } from '../store/schema.ts';
import { remakeDays } from '../store/summaries.ts';
import { type Format, UnreadableStatement } from './format.ts';
import { findFormat, formats } from './formats.ts';
import { type Copied, copyIncoming, type Incoming, openIncoming } from './incoming.ts';
import { openStatement } from './statement-text.ts';
import { wallClock } from './wall-clock.ts';

export interface ImportOptions {
  partnerId: string;
  /** The id of an account, or one to be made. */
  account: string | NewAccount;
  /** `auto` tells the format from how the file starts. */
  format: Format['name'] | 'auto';
  /** IANA zone of the file's wall-clock times; null: taken as UTC, and the report says so. */
  zone: string | null;
  /** Keeps the good rows although others are refused. */
  skipsBad: boolean;
  /** Reads and checks everything and keeps nothing. */
  isDryRun: boolean;
}

export interface ImportReport {
  format: Format['name'];
  /** Null when a new account was not made, because nothing was kept. */
  account: { id: string; nickname: string } | null;
  /** Whether the file's good rows are in the database now. */
  kept: boolean;
  dry_run: boolean;
  /** Rows that should be trades, good and refused. */
  read: number;
  added: number;
  /** Trades that were open here and are closed in the file. */
  closed: number;
  already_there: number;
  refused: number;
  /** The first thousand refused rows. */
  refusals: { line: number; reason: string }[];
  /** Rows that are no trades (balances, open positions), by what they are. */
  passed_over: Record<string, number>;
  /** Set when times without a zone were taken as UTC. */
  assumed_zone: 'UTC' | null;
}

const mostRefusalsTold = 1_000;

/** The account or the partner that an import names is not there. Its message is for a person. */
export class UnknownAccount extends Error {}

/**
 * Reads a statement into an account. Rows are read and checked into a temporary table; the writing
 * lock is held only to copy what is good. Nothing is kept when a row is refused, unless bad ones are
 * skipped. Throws UnreadableStatement when the file is no statement, RangeError for an unknown zone,
 * UnknownAccount.
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
    const days = new Set<Day>();
    const report: ImportReport = {
      format: format.name,
      account: null,
      kept: false,
      dry_run: options.isDryRun,
      read: 0,
      added: 0,
      closed: 0,
      already_there: 0,
      refused: 0,
      refusals: [],
      passed_over: {},
      assumed_zone: null,
    };
    for await (const readings of format.read(text, clock)) {
      for (const reading of readings) {
        if (reading.kind === 'trade') {
          incoming.add(reading.line, reading.trade);
          if (reading.trade.exitTime !== null) days.add(tradingDay(reading.trade.exitTime));
        } else if (reading.kind === 'refused') refuse(report, reading.line, reading.reason);
        else report.passed_over[reading.what] = (report.passed_over[reading.what] ?? 0) + 1;
      }
      await incoming.flush();
    }
    report.read = incoming.count + report.refused;
    if (options.zone === null && clock.asked) report.assumed_zone = 'UTC';
    await keep(database, incoming, [...days], options, report, now, random);
    return report;
  } finally {
    await incoming.close();
  }
}

function chooseFormat(wanted: ImportOptions['format'], head: string): Format {
  const format = wanted === 'auto' ? findFormat(head) : formats.find(({ name }) => name === wanted);
  if (format) return format;
  throw new UnreadableStatement(
    `This is no statement PropTally knows. It reads ${formats.map(({ title }) => title).join(', ')}; name one with --format if this is one of them.`,
  );
}

function refuse(report: ImportReport, line: number, reason: string): void {
  report.refused++;
  if (report.refusals.length < mostRefusalsTold) report.refusals.push({ line, reason });
}

/** Ends a transaction without keeping anything of it. */
class NothingKept extends Error {}

async function keep(
  database: Database,
  incoming: Incoming,
  days: Day[],
  options: ImportOptions,
  report: ImportReport,
  now: number,
  random: Random,
): Promise<void> {
  if (report.refused > 0 && !options.skipsBad && !options.isDryRun) return;
  try {
    await transact(database, async (transaction) => {
      const account = await openAccount(transaction, options, now, random);
      const copied = await copyIncoming(transaction, account, incoming);
      tell(report, copied, incoming.count);
      if (options.isDryRun || (report.refused > 0 && !options.skipsBad)) throw new NothingKept();
      if (copied.added + copied.closed > 0) {
        await remakeDays(database, transaction, account, days);
        await raiseRevision(transaction, account.partner_id);
      }
      report.account = { id: account.id, nickname: account.nickname };
      report.kept = true;
    });
  } catch (error) {
    if (!(error instanceof NothingKept)) throw error;
    if (!options.isDryRun) report.added = report.closed = 0;
  }
}

async function openAccount(
  transaction: Transaction<Schema>,
  { partnerId, account }: ImportOptions,
  now: number,
  random: Random,
): Promise<Account> {
  if (typeof account !== 'string') {
    return createAccount(transaction, partnerId, account, now, random);
  }
  const found = await findAccount(transaction, partnerId, account);
  if (!found) throw new UnknownAccount(`The partner has no account ${account}.`);
  return found;
}

function tell(report: ImportReport, { added, closed, conflicts }: Copied, count: number): void {
  report.added = added;
  report.closed = closed;
  report.already_there = count - added - closed - conflicts.length;
  for (const { line, id } of conflicts) {
    refuse(report, line, `the id ${id} stands for another trade already`);
  }
}
