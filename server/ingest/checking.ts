import { findAccount } from '../store/accounts.ts';
import type { Queries } from '../store/database.ts';
import type { Random } from '../store/ids.ts';
import type { WriterConnection } from '../store/writer-connection.ts';
import { openAccount } from './import-account.ts';
import type { Rows } from './incoming.ts';
import { type Copied, IncomingCopy, nothingCopied } from './incoming-copy.ts';
import { type ImportOptions, mostRefusalsListed } from './report.ts';
import type { Statement } from './statement.ts';

/** Stands for the import's number, as nothing is kept. */
const noNumber = -1;

/** Thrown to roll a transaction back on purpose. */
export class NothingKept extends Error {}

/** Checks a file's rows against what is stored, in steps, before any of them is kept. */
export class Checking {
  readonly #connection: WriterConnection;
  readonly #statement: Statement;
  readonly #options: ImportOptions;
  readonly #random: Random;
  #place = 0;
  #writes = false;
  /** What would become of the rows that have been checked. */
  readonly copied: Copied = { ...nothingCopied, refused: { count: 0, first: [] } };
  /** The sums that those that would be kept come to, signs aside; of times in ms. */
  readonly extent = { money: 0, duration: 0 };

  constructor(
    connection: WriterConnection,
    statement: Statement,
    options: ImportOptions,
    random: Random,
  ) {
    this.#connection = connection;
    this.#statement = statement;
    this.#options = options;
    this.#random = random;
  }

  /** Whether the next step needs the turn to write: it copies rows, and rolls that back. */
  get writes(): boolean {
    return this.#writes;
  }

  get isDone(): boolean {
    return this.#place === this.#statement.incoming.count;
  }

  async step(now: number): Promise<void> {
    if (this.#writes) await this.#try(now);
    else await this.#look();
  }

  /** Passes the next rows if all of them only add trades; else they are to be tried. */
  async #look(): Promise<void> {
    const rows = this.#nextRows();
    if (await this.#areAllNew(rows)) this.#pass(rows, { ...nothingCopied, added: rows.count });
    else this.#writes = true;
  }

  #nextRows(): Rows & { end: number } {
    const { incoming } = this.#statement;
    return incoming.part(this.#place, incoming.sizes.checked);
  }

  async #areAllNew(rows: Rows): Promise<boolean> {
    const { partnerId, account: wanted } = this.#options;
    const { write: read, handle } = this.#connection;
    // Whether an account can be made is tried with the first rows; a new one has no trades.
    if (typeof wanted !== 'string') return this.#place > 0 && rows.areUnique && !wanted.external_id;
    const account = await findAccount(read, partnerId, wanted);
    if (!account) return false;
    return new IncomingCopy(read, handle, account, rows, noNumber).isAllNew();
  }

  async #try(now: number): Promise<void> {
    const { write, handle } = this.#connection;
    const { partnerId, actor, account: wanted, restores } = this.#options;
    const tried = write.transaction().execute(async (transaction: Queries) => {
      const writing = { transaction, handle, partnerId, actor, now, random: this.#random };
      const { account } = await openAccount(writing, wanted, this.#statement);
      const rows = this.#nextRows();
      const copy = new IncomingCopy(transaction, handle, account, rows, noNumber);
      this.#pass(rows, await copy.copy({ restores, mostRefused: mostRefusalsListed }));
      throw new NothingKept();
    });
    await tried.catch((error) => {
      if (!(error instanceof NothingKept)) throw error;
    });
  }

  #pass(rows: Rows & { end: number }, copied: Copied): void {
    const { money, duration } = this.#statement.incoming.extentOf(
      rows,
      copied.added === rows.count,
    );
    this.extent.money += money;
    this.extent.duration += duration;
    addCopied(this.copied, copied);
    this.#place = rows.end;
    this.#writes = false;
  }
}

/** Adds what became of more rows. */
export function addCopied(sum: Copied, copied: Copied): void {
  sum.added += copied.added;
  sum.closed += copied.closed;
  sum.corrected += copied.corrected;
  sum.deleted += copied.deleted;
  sum.refused = {
    count: sum.refused.count + copied.refused.count,
    first: [...sum.refused.first, ...copied.refused.first]
      .sort((a, b) => a.line - b.line)
      .slice(0, mostRefusalsListed),
  };
}
