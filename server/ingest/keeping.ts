import { raiseMilestones } from '../events/milestones.ts';
import { type NewEvent, raiseEvents } from '../events/outbox.ts';
import type { PartnerWriting } from '../records/partner-writing.ts';
import { beginUndoing, undoSome } from '../records/undoing.ts';
import { type Account, findAccount } from '../store/accounts.ts';
import type { Queries } from '../store/database.ts';
import { isStorageFailure } from '../store/dialect.ts';
import { InexactSums, refuseInexact } from '../store/exact-sums.ts';
import type { Random } from '../store/ids.ts';
import {
  changeRunning,
  findSameFile,
  type ImportRecord,
  insertImport,
  isAccountBusy,
} from '../store/imports.ts';
import { raiseRevision } from '../store/partners.ts';
import { joinSettled, type SettledAttempt, settleSums } from '../store/sums.ts';
import type { WriterConnection } from '../store/writer-connection.ts';
import { addCopied, Checking, NothingKept } from './checking.ts';
import { openAccount } from './import-account.ts';
import { type Copied, IncomingCopy, nothingCopied } from './incoming-copy.ts';
import {
  addRefusals,
  type ImportOptions,
  ImportRefused,
  type ImportReport,
  mostEvents,
  mostRefusalsListed,
} from './report.ts';
import type { Statement } from './statement.ts';

/** How far an import has come. */
export interface ImportProgress {
  /** Its report once it has ended; null: there are more steps. */
  report: ImportReport | null;
  /** The id of its record; null: it has none yet, or keeps nothing. */
  id: string | null;
  /** How many of its trades have been kept so far, 0 to 1. */
  part: number;
  /** Whether the next step writes, and so needs the turn to write. */
  writes: boolean;
  /** Whether the next step should wait: something else is done to the account. */
  isWaiting: boolean;
}

/** How long a step that keeps part of the rows should take, ms. */
const stepTime = 40;

/** The record says that somebody else has taken the import back. */
class TakenAway extends Error {}

/** While rows were kept, others had become impossible. */
class Conflict extends Error {
  readonly copied: Copied;

  constructor(copied: Copied) {
    super();
    this.copied = copied;
  }
}

/**
 * Keeps what was read from a file, in steps. Up to 5,000 trades are kept in one transaction. More are
 * checked first, and then kept in short ones, each with the sums and events that follow; the import's
 * record says how far it is, so that it is taken back if its process ends. Meanwhile nothing else is
 * imported into the account.
 */
export class Keeping {
  readonly #connection: WriterConnection;
  readonly #statement: Statement;
  readonly #options: ImportOptions;
  readonly #random: Random;
  readonly #authorize: Authorize;
  readonly #owner: string;
  readonly #isLarge: boolean;
  #next: 'wait' | 'check' | 'keep' | 'refuse' | 'undo' | null = 'wait';
  #isWaiting = false;
  #checking: Checking;
  #record: ImportRecord | null = null;
  #report: ImportReport;
  /** What is thrown when the record says that nothing is kept. */
  #error: Error | null = null;
  /** What became of the rows that have been kept, and up to which place that is. */
  #copied: Copied = nothingCopied;
  #place = 0;
  #together: number;
  #settled: readonly SettledAttempt[] = [];

  /** `authorize` throws when who asked for the import may not do it any more. */
  constructor(
    connection: WriterConnection,
    statement: Statement,
    options: ImportOptions,
    random: Random,
    authorize: Authorize,
  ) {
    this.#connection = connection;
    this.#statement = statement;
    this.#options = options;
    this.#random = random;
    this.#authorize = authorize;
    this.#owner = random(16).toString('hex');
    this.#isLarge = statement.incoming.isLarge;
    this.#together = statement.incoming.sizes.first;
    this.#checking = new Checking(connection, statement, options, random);
    this.#report = this.#beginReport();
  }

  get progress(): ImportProgress {
    return {
      report: this.#next === null ? this.#report : null,
      id: this.#record?.id ?? null,
      part: this.#place / Math.max(1, this.#statement.incoming.count),
      writes: this.#next === 'check' ? this.#checking.writes : this.#next !== 'wait',
      isWaiting: this.#isWaiting,
    };
  }

  /**
   * Does the next step; to be called in the turn to write if it writes, until there is a report.
   * Throws ImportRefused, NotPossible, what `authorize` throws, and failures of the database, after
   * which the step can be tried again.
   */
  async step(now: number): Promise<void> {
    try {
      if (this.#next === 'wait') await this.#wait();
      else if (this.#next === 'check') await this.#check(now);
      else if (this.#next === 'keep') await this.#keep(now);
      else if (this.#next === 'refuse') await this.#refuse(now);
      else if (this.#next === 'undo') await this.#undo(now);
    } catch (error) {
      await this.#end(error, now);
    }
  }

  /** Records an import of which it is not known yet whether it will keep anything. */
  async announce(now: number): Promise<void> {
    if (this.#record || this.#options.isDryRun || this.#next === null) return;
    this.#record = await this.#write(async (transaction) => {
      await this.#authorize(transaction, now);
      const accountId = (await this.#knownAccount(transaction))?.id ?? null;
      const record = await this.#insert(transaction, accountId, now);
      await this.#tell(transaction, record, { ...told(this.#report) });
      return record;
    });
  }

  /** Says that the process is alive, or (`isLast`) that it goes on no more. */
  async beat(isLast: boolean): Promise<void> {
    const record = this.#record;
    if (!record || this.#next === null) return;
    const changes = isLast ? { owner: null } : { beats: record.beats + 1 };
    await this.#write((transaction) => changeRunning(transaction, record, changes));
    this.#record = { ...record, ...changes };
  }

  #beginReport(): ImportReport {
    return {
      ...this.#statement.report,
      ...{ id: null, account: null, currency: '', kept: false, dry_run: this.#options.isDryRun },
      ...{ added: 0, closed: 0, already_there: 0, corrected: 0, deleted: 0, held_back: 0 },
      ...{ same_file_in: null, problem: null },
    };
  }

  #write<Result>(work: (transaction: Queries) => Promise<Result>): Promise<Result> {
    return this.#connection.write.transaction().execute(work);
  }

  #writing(transaction: Queries, now: number): PartnerWriting {
    const { partnerId, actor } = this.#options;
    const { handle } = this.#connection;
    return { transaction, handle, partnerId, actor, now, random: this.#random };
  }

  /** The account that it goes into, if it is there already. */
  async #knownAccount(database: Queries): Promise<Account | undefined> {
    const { partnerId, account } = this.#options;
    if (typeof account === 'string') return findAccount(database, partnerId, account);
    if (!account.external_id) return undefined;
    return findAccount(database, partnerId, `ext:${account.external_id}`);
  }

  #insert(transaction: Queries, accountId: string | null, now: number): Promise<ImportRecord> {
    const { partnerId, fileName, actor, format, zone, skipsBad, restores, events } = this.#options;
    const { incoming, sha256 } = this.#statement;
    const wanted = {
      ...{ account_id: accountId, file_name: fileName, sha256, owner: this.#owner },
      options: JSON.stringify({
        format,
        timezone: zone,
        skip_bad: skipsBad,
        restore: restores,
        events,
      }),
      trades: incoming.count,
    };
    return insertImport(transaction, partnerId, wanted, actor, now, this.#random);
  }

  /** Waits until nothing else is imported into the account, or taken back from it. */
  async #wait(): Promise<void> {
    const { write: read } = this.#connection;
    const account = await this.#knownAccount(read);
    // A dry run keeps nothing, and so waits for nobody.
    this.#isWaiting =
      account !== undefined &&
      !this.#options.isDryRun &&
      (await isAccountBusy(read, account, this.#record));
    if (this.#isWaiting) return;
    this.#checking = new Checking(this.#connection, this.#statement, this.#options, this.#random);
    this.#next = this.#isLarge ? 'check' : 'keep';
  }

  async #check(now: number): Promise<void> {
    await this.#checking.step(now);
    if (!this.#checking.isDone) return;
    const { copied, extent } = this.#checking;
    const { handle, write: read } = this.#connection;
    const account = await this.#knownAccount(read);
    if (account) refuseInexact(handle, account, extent);
    this.#refuseManyEvents(copied);
    const isHeldBack = this.#report.refused + copied.refused.count > 0 && !this.#options.skipsBad;
    if (!isHeldBack && !this.#options.isDryRun) {
      this.#next = 'keep';
      return;
    }
    const report = this.#count(copied);
    if (account) {
      this.#describeAccount(report, account, false);
      await this.#findSameFile(read, report, account);
    }
    this.#endUnkept(isHeldBack ? heldBack(report) : report);
  }

  /** Keeps all rows, or the next ones of a large file. */
  async #keep(now: number): Promise<void> {
    const begun = performance.now();
    const { incoming } = this.#statement;
    const rows = this.#isLarge
      ? incoming.part(this.#place, this.#together)
      : { ...incoming.all, end: incoming.count };
    const isFirst = this.#place === 0;
    const isLast = rows.end === incoming.count;
    const { restores, skipsBad, isDryRun } = this.#options;
    let unkept: ImportReport | null = null;
    const work = this.#write(async (transaction) => {
      if (isFirst) await this.#authorize(transaction, now);
      const writing = this.#writing(transaction, now);
      const { account, isNew } = await this.#openAccount(writing);
      if (isFirst && !isDryRun && (await isAccountBusy(transaction, account, this.#record)))
        return null;
      const record = this.#record ?? (await this.#insert(transaction, account.id, now));
      const { handle } = this.#connection;
      const copy = new IncomingCopy(transaction, handle, account, rows, record.number);
      const part = await copy.copy({ restores, mostRefused: mostRefusalsListed });
      const copied = { ...this.#copied };
      addCopied(copied, part);
      const report = this.#count(copied, rows.end);
      this.#describeAccount(report, account, isNew && isDryRun);
      if (isFirst && report.refused > 0 && !skipsBad) {
        if (isNew) report.account = null;
        unkept = heldBack(report);
        throw new NothingKept();
      }
      if (part.refused.count > 0 && !skipsBad) throw new Conflict(copied);
      // Also in a dry run, as they may be too many, or the sums inexact.
      this.#refuseManyEvents(copied);
      if (this.#tellsEach(copied)) this.#raise(await copy.events(part), now);
      const settled = joinSettled(this.#settled, settleSums(handle));
      if (isLast) raiseMilestones(handle, settled, { now, random: this.#random });
      if (isLast) await this.#findSameFile(transaction, report, account);
      if (isDryRun) {
        unkept = report;
        throw new NothingKept();
      }
      report.id = record.id;
      report.kept = isLast;
      if (isLast) this.#raise([completed(account, record, report)], now);
      const changes: Partial<ImportRecord> = {
        ...{ account_id: account.id, beats: record.beats + 1, passed: rows.end },
        ...{ added: copied.added, closed: copied.closed, ...told(report) },
        tells_each: this.#tellsEach(copied) ? 1 : 0,
        ...(isLast && { state: 'done', finished_at: now }),
      };
      if (!(await this.#tell(transaction, record, changes))) throw new TakenAway();
      return { record: { ...record, ...changes }, copied, report, settled };
    });
    const kept = await work.catch((error) => {
      if (error instanceof NothingKept) return undefined;
      throw error;
    });
    if (kept === undefined) return this.#endUnkept(unkept!);
    if (kept === null) {
      // Since it was waited for, something else has begun: its rows are to be checked, too.
      this.#next = 'wait';
      return;
    }
    this.#record = kept.record;
    this.#copied = kept.copied;
    this.#settled = kept.settled;
    this.#place = rows.end;
    this.#adapt(rows.count, performance.now() - begun);
    if (!isLast) return;
    this.#report = kept.report;
    this.#next = null;
  }

  /** Adapts how many rows a step keeps to how long the last one took. */
  #adapt(count: number, took: number): void {
    const fitting = Math.min(2 * count, Math.round((count * stepTime) / Math.max(1, took)));
    const { least, most } = this.#statement.incoming.sizes;
    this.#together = Math.max(least, Math.min(most, fitting));
  }

  #openAccount(writing: PartnerWriting): Promise<{ account: Account; isNew: boolean }> {
    const { account } = this.#options;
    return openAccount(writing, this.#record?.account_id ?? account, this.#statement);
  }

  /** The report of what became of rows that have been passed. */
  #count(copied: Copied, passed = this.#statement.incoming.count): ImportReport {
    const { added, closed, corrected, deleted, refused } = copied;
    const report = { ...this.#beginReport(), added, closed, corrected, deleted };
    report.already_there = passed - added - closed - corrected - deleted - refused.count;
    addRefusals(report, refused.count, refused.first);
    return report;
  }

  #describeAccount(report: ImportReport, account: Account, isMissing: boolean): void {
    report.currency = account.currency;
    report.account = { id: isMissing ? null : account.id, nickname: account.nickname };
  }

  async #findSameFile(database: Queries, report: ImportReport, { id }: Account): Promise<void> {
    const { partnerId } = this.#options;
    const number = this.#record?.number ?? null;
    const { sha256 } = this.#statement;
    report.same_file_in = await findSameFile(database, partnerId, sha256, id, number);
  }

  /** Throws ImportRefused when each trade is to have an event, and those are too many. */
  #refuseManyEvents({ added, closed }: Copied): void {
    if (this.#options.events !== 'each' || added + closed <= mostEvents.each) return;
    throw new ImportRefused(
      `Of an import of more than ${mostEvents.each} trades, not each can have an event.`,
    );
  }

  /** Whether each trade has an event. A large file is checked before, and tells of all or none. */
  #tellsEach(copied: Copied): boolean {
    const { added, closed } = this.#isLarge ? this.#checking.copied : copied;
    return added + closed <= mostEvents[this.#options.events];
  }

  #raise(events: readonly NewEvent[], now: number): void {
    const { handle } = this.#connection;
    raiseEvents(handle, this.#options.partnerId, events, { now, random: this.#random });
  }

  /** Changes the record, of which answers tell; returns whether it is still this process's. */
  async #tell(
    transaction: Queries,
    record: ImportRecord,
    changes: Partial<ImportRecord>,
  ): Promise<boolean> {
    await raiseRevision(transaction, record.partner_id);
    return changeRunning(transaction, record, changes);
  }

  /** Ends an import of which nothing is kept. `error`: what is thrown then, if it is no report. */
  #endUnkept(report: ImportReport, error: Error | null = null): void {
    this.#report = report;
    this.#error = error;
    this.#next = this.#record ? 'refuse' : null;
    if (error && !this.#record) throw error;
  }

  /** Says in its record that nothing is kept. */
  async #refuse(now: number): Promise<void> {
    const changes = { state: 'refused', finished_at: now, ...told(this.#report) } as const;
    await this.#write((transaction) => this.#tell(transaction, this.#record!, changes));
    this.#next = null;
    if (this.#error) throw this.#error;
  }

  /** Ends the import because of an error, unless the step can be tried again. */
  async #end(error: unknown, now: number): Promise<void> {
    if (isStorageFailure(error) || this.#next === null) throw error;
    if (error instanceof TakenAway) {
      this.#next = null;
      throw new ImportRefused('The import was taken back while its trades were being kept.');
    }
    const message = error instanceof Error ? error.message : String(error);
    if (this.#place > 0) {
      await this.#giveUp(error instanceof Conflict ? error.copied.refused : null, message, now);
      return;
    }
    const isExplained = error instanceof Error && !(error instanceof InexactSums);
    const thrown = isExplained ? error : new ImportRefused(message);
    this.#endUnkept({ ...this.#report, problem: message }, thrown);
  }

  /** Begins to take back what has been kept. */
  async #giveUp(refused: Copied['refused'] | null, problem: string, now: number): Promise<void> {
    const { account } = this.#report;
    const report = this.#count(this.#checking.copied);
    if (refused) addRefusals(report, refused.count, refused.first);
    else report.problem = problem;
    const kept = this.#record!;
    this.#report = { ...heldBack(report), account };
    await this.#write(async (transaction) => {
      const writing = this.#writing(transaction, now);
      if (!(await this.#tell(transaction, kept, told(this.#report)))) return;
      await beginUndoing(writing, kept, 'conflict', false, this.#options.actor);
    });
    this.#next = 'undo';
  }

  async #undo(now: number): Promise<void> {
    const begun = performance.now();
    const isOver = () => performance.now() - begun > stepTime;
    const isLeft = await this.#write((transaction) =>
      undoSome(this.#writing(transaction, now), isOver, this.#record!),
    );
    if (isLeft) return;
    this.#next = null;
    if (this.#report.problem) throw new ImportRefused(this.#report.problem);
  }
}

/** Throws when a caller may not import any more. */
export type Authorize = (transaction: Queries, now: number) => Promise<void>;

/**
 * What a record keeps of a report. Where the same file is, too, is found out when it is asked: it
 * would be what a record of one account says of another, which may be erased.
 */
function told({ refusals, ...report }: ImportReport): Pick<ImportRecord, 'report' | 'refusals'> {
  const kept = { ...report, same_file_in: null };
  return { report: JSON.stringify(kept), refusals: JSON.stringify(refusals) };
}

/** A report of an import of which nothing is kept because of refused rows. */
function heldBack(report: ImportReport): ImportReport {
  const { read, already_there, corrected, deleted, refused } = report;
  const held_back = read - already_there - corrected - deleted - refused;
  return { ...report, added: 0, closed: 0, held_back };
}

/** The event that tells of an import. */
function completed(
  account: Account,
  { id, file_name }: ImportRecord,
  report: ImportReport,
): NewEvent {
  const { format, added, closed, already_there, corrected, deleted, refused } = report;
  const counts = { added, closed, already_there, corrected, deleted, refused };
  const data = { account_id: account.id, import_id: id, file: file_name, format, ...counts };
  return { type: 'import.completed', accountId: account.id, data };
}
