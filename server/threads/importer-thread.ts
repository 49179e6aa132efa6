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

/**
 * In MiB. A step leaves much behind at once, for which the heap would else grow to 50 and more. What
 * lives on is some 20, even with 16 files of 60 MB at once, each made to take as much as it can.
 */
const memory = { maxYoungGenerationSizeMb: 6, maxOldGenerationSizeMb: 64 };

/** The thread that imports files. Several imports take turns on it, a piece or a step at a time. */
export class ImporterThread implements Importer {
  readonly #thread = new Thread<Job, Reply>('importer', null, memory);
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
    const run = (job: JobOf, moved: ArrayBuffer[] = []) =>
      this.#thread.run({ id, ...job } as Job, moved);
    const alone = this.#alone;
    await alone(() => run({ kind: 'begin', file, options, caller, now }));
    return {
      read: async (bytes) => {
        await alone(() => run({ kind: 'read', bytes }, wholeBuffer(bytes)));
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

/**
 * The buffer of a piece that is all there is in it: moved to the thread, it is no garbage here, which
 * is rarely collected.
 */
function wholeBuffer({ buffer, byteLength }: Uint8Array): ArrayBuffer[] {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
}
