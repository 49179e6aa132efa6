import type { Manager } from '../access/caller.ts';
import type { Importing, ImportStep } from '../ingest/importing.ts';
import type { ImportProgress } from '../ingest/keeping.ts';
import type { ImportOptions } from '../ingest/report.ts';
import type { OpenFile } from '../store/connections.ts';
import type { Alone } from '../store/long-work.ts';
import type { Failure } from './failures.ts';
import { Thread } from './thread.ts';

/** What imports files, elsewhere than on the thread that serves requests. */
export interface Importer {
  /** Begins an import that a caller asks for. */
  begin(file: OpenFile, options: ImportOptions, caller: Manager, now: number): Promise<Importing>;
}

/** What the thread is told to do, for the import with an id. It replies to one after another. */
export type Job = { id: number } & (
  | { kind: 'begin'; file: OpenFile; options: ImportOptions; caller: Manager; now: number }
  | { kind: 'read'; bytes: Uint8Array }
  | { kind: 'end' }
  | { kind: 'step'; step: ImportStep; now: number }
  | { kind: 'close' }
);

export interface Reply {
  progress?: ImportProgress;
  failure?: Failure;
}

/** The thread that imports files. Several imports take turns on it, a piece or a step at a time. */
export class ImporterThread implements Importer {
  readonly #thread = new Thread<Job, Reply>('importer', null);
  #lastId = 0;
  /** Ends when the thread has nothing to do for anybody. */
  #idle: Promise<unknown> = Promise.resolve();

  /** One after another: who has the turn to write must not wait for the file of somebody else. */
  readonly #alone: Alone = (work) => {
    const done = this.#idle.then(work);
    this.#idle = done.catch(() => {});
    return done;
  };

  async begin(
    file: OpenFile,
    options: ImportOptions,
    caller: Manager,
    now: number,
  ): Promise<Importing> {
    const id = ++this.#lastId;
    const run = (job: JobOf) => this.#thread.run({ id, ...job } as Job);
    const alone = this.#alone;
    await alone(() => run({ kind: 'begin', file, options, caller, now }));
    return {
      read: async (bytes) => {
        await alone(() => run({ kind: 'read', bytes }));
      },
      end: async () => (await alone(() => run({ kind: 'end' }))).progress!,
      step: async (step, now) => (await run({ kind: 'step', step, now })).progress!,
      alone,
      close: async () => {
        // A thread that has failed has nothing open any more.
        if (this.#thread.isStarted) await run({ kind: 'close' }).catch(() => {});
      },
    };
  }

  close(): Promise<void> {
    return this.#thread.end();
  }
}

type JobOf = Job extends infer One ? (One extends Job ? Omit<One, 'id'> : never) : never;
