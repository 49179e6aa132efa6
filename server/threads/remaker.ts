import { once } from 'node:events';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Database } from '../store/database.ts';
import { partnersToRemake } from '../store/remaking.ts';
import { errorOf, type Failure } from './failures.ts';

/** The sources and the built program each have the thread's file beside this one. */
const threadFile = path.join(
  import.meta.dirname,
  `remaking-thread${path.extname(import.meta.filename)}`,
);

/** Makes sums anew in a thread, which runs as long as there are any to be made. */
export class Remaker {
  readonly #database: Database;
  readonly #failed: (error: unknown) => void;
  #worker: Worker | null = null;

  constructor(database: Database, failed: (error: unknown) => void) {
    this.#database = database;
    this.#failed = failed;
    database.releases.add(() => this.stop());
  }

  /** Starts the thread, if it is not running and there is something to do. */
  async run(): Promise<void> {
    if (this.#worker || (await partnersToRemake(this.#database.read)).length === 0) return;
    const worker = new Worker(threadFile, { workerData: this.#database.file() });
    this.#worker = worker;
    worker.on('message', (failure: Failure) => this.#failed(errorOf(failure)));
    worker.on('error', this.#failed);
    worker.on('exit', () => {
      this.#worker = null;
    });
  }

  /** Ends the thread after its present step. */
  async stop(): Promise<void> {
    if (!this.#worker) return;
    const ended = once(this.#worker, 'exit');
    this.#worker.postMessage('stop');
    await ended;
  }
}
