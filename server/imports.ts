import type { Manager } from './access/caller.ts';
import { finishImport, ImportLeft } from './ingest/import.ts';
import type { Importing } from './ingest/importing.ts';
import type { ImportProgress } from './ingest/keeping.ts';
import type { ImportOptions, ImportReport } from './ingest/report.ts';
import { Refusal } from './refusal.ts';
import type { Database } from './store/database.ts';
import type { Importer } from './threads/importer-thread.ts';

/** How many imports may go on at once, of all partners and of one. */
const mostAtOnce = 16;
const mostOfPartner = 2;

/** How long a request waits for its import to end, ms. */
const longestWait = 10_000;

/** How an import has ended; or that it goes on, as the record with this id says. */
export type ImportOutcome = { report: ImportReport } | { runningAs: string };

/** The imports that requests have begun in this process. */
export class Imports {
  readonly #database: Database;
  readonly #importer: Importer;
  readonly #clock: () => number;
  readonly #logError: (problem: string) => void;
  readonly #running = new Set<RunningImport>();

  constructor(
    database: Database,
    importer: Importer,
    clock: () => number,
    logError: (problem: string) => void,
  ) {
    this.#database = database;
    this.#importer = importer;
    this.#clock = clock;
    this.#logError = logError;
  }

  /** Begins an import. Throws a 429 when too many go on. */
  async begin(options: ImportOptions, caller: Manager): Promise<RunningImport> {
    const all = [...this.#running];
    const own = all.filter(({ partnerId }) => partnerId === options.partnerId);
    if (all.length >= mostAtOnce || own.length >= mostOfPartner) throw tooManyImports();
    const running = new RunningImport(this.#database, options, this.#clock);
    this.#running.add(running);
    const end = () => this.#running.delete(running);
    try {
      const file = this.#database.file();
      await running.begin(await this.#importer.begin(file, options, caller, this.#clock()));
    } catch (error) {
      end();
      throw error;
    }
    // What was refused has its record; a client that waits was told the rest.
    const isTold = (error: unknown) => error instanceof Refusal || error instanceof ImportLeft;
    running.ended
      .catch((error) => {
        if (running.isAnswered && !isTold(error)) this.#logError(String(error));
      })
      .finally(end);
    return running;
  }

  /** Whether a record is that of an import that goes on in this process. */
  has(id: string): boolean {
    return [...this.#running].some((running) => running.id === id);
  }

  /** Leaves what goes on to another process. To be called when no request waits any more. */
  async close(): Promise<void> {
    await Promise.all([...this.#running].map((running) => running.leave()));
  }
}

function tooManyImports(): Refusal {
  const sentence = 'Other files are being imported. Send this one when they are done.';
  return new Refusal(429, 'imports_running', sentence, { headers: { 'Retry-After': '5' } });
}

/** One of them. */
export class RunningImport {
  readonly partnerId: string;
  readonly #database: Database;
  readonly #isDryRun: boolean;
  readonly #clock: () => number;
  #importing: Importing | null = null;
  #progress: ImportProgress | null = null;
  #isLeaving = false;
  /** Settled when it is over, and its connection closed. */
  readonly ended: Promise<void>;
  readonly #end: PromiseWithResolvers<void>;
  /** Whether its client was told that it goes on. */
  isAnswered = false;

  constructor(database: Database, { partnerId, isDryRun }: ImportOptions, clock: () => number) {
    this.#database = database;
    this.partnerId = partnerId;
    this.#isDryRun = isDryRun;
    this.#clock = clock;
    this.#end = Promise.withResolvers();
    this.ended = this.#end.promise;
    this.ended.catch(() => {});
  }

  get id(): string | null {
    return this.#progress?.id ?? null;
  }

  async begin(importing: Importing): Promise<void> {
    this.#importing = importing;
    this.#database.releases.add(this.#close);
  }

  readonly #close = async () => {
    await this.#importing?.close();
  };

  read(bytes: Uint8Array): Promise<void> {
    return this.#importing!.read(bytes);
  }

  /** To be called when the file has not arrived whole, or can't be read. */
  async giveUp(): Promise<void> {
    await this.#over();
    this.#end.resolve();
  }

  /** To be called when the file was read. Throws what the import throws within ten seconds. */
  async finish(): Promise<ImportOutcome> {
    const told = Promise.withResolvers<ImportOutcome>();
    const begun = performance.now();
    const progressed = (progress: ImportProgress) => {
      this.#progress = progress;
      if (this.#isLeaving) return 'leave';
      if (performance.now() - begun < longestWait || this.isAnswered || this.#isDryRun)
        return 'next';
      if (progress.id === null) return 'announce';
      this.isAnswered = true;
      told.resolve({ runningAs: progress.id });
      return 'next';
    };
    finishImport(this.#database, this.#importing!, { clock: this.#clock, progressed })
      .finally(() => this.#over())
      .then(
        (report) => {
          told.resolve({ report });
          this.#end.resolve();
        },
        (error) => {
          told.reject(error);
          this.#end.reject(error);
        },
      );
    return told.promise;
  }

  async #over(): Promise<void> {
    this.#database.releases.delete(this.#close);
    await this.#close();
  }

  /** Ends it after its next step; its record says that nobody goes on with it. */
  async leave(): Promise<void> {
    this.#isLeaving = true;
    await this.ended.catch(() => {});
  }
}
