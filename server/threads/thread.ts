import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type ResourceLimits, type Transferable, Worker } from 'node:worker_threads';
import { Refusal } from '../refusal.ts';
import { errorOf, type Failure } from './failures.ts';

/** A job as a thread is told it, and its reply: each has the number of the job. */
export interface Numbered<Content> {
  number: number;
  content: Content;
}

interface Running<Reply> {
  resolve(reply: Reply): void;
  reject(error: Error): void;
}

/**
 * A thread that does jobs and replies to each (replying.ts). It is started when it is needed, and
 * again if it has failed.
 */
export class Thread<Job, Reply extends { failure?: Failure }> {
  readonly #file: string;
  readonly #workerData: unknown;
  readonly #memory: ResourceLimits;
  /** What it is told with the next message: all jobs of one turn together, as each message costs. */
  #told: Numbered<Job>[] = [];
  #moved: Transferable[] = [];
  /** As it was when the server was started: an upgrade may replace it meanwhile. */
  readonly #program: string | null;
  #worker: Worker | null = null;
  /** Settled once it has replied to its first job, or has ended. */
  #loaded: Promise<void> = Promise.resolve();
  /** The jobs that it has not replied to, by their numbers. */
  #running = new Map<number, Running<Reply>>();
  #lastNumber = 0;

  /** `name`: that of its file beside this one, in the sources as in the built program. */
  constructor(
    name: 'reader' | 'writer' | 'importer' | 'sender',
    workerData: unknown,
    memory: ResourceLimits = {},
  ) {
    this.#file = path.join(import.meta.dirname, name + path.extname(import.meta.filename));
    this.#workerData = workerData;
    this.#memory = memory;
    this.#program = this.#readProgram();
  }

  get isBusy(): boolean {
    return this.#running.size > 0;
  }

  get isStarted(): boolean {
    return this.#worker !== null;
  }

  /**
   * Rejects with the failure of the job, or if the thread fails or can't be started. What is in
   * `moved` is the thread's alone from then on.
   */
  async run(job: Job, moved: readonly Transferable[] = []): Promise<Reply> {
    this.#worker ??= this.#start();
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    const number = ++this.#lastNumber;
    this.#running.set(number, { resolve, reject });
    if (this.#told.length === 0) queueMicrotask(() => this.#tell());
    this.#told.push({ number, content: job });
    this.#moved.push(...moved);
    const reply = await promise;
    if (reply.failure) throw errorOf(reply.failure);
    return reply;
  }

  #tell(): void {
    const [told, moved] = [this.#told, this.#moved];
    this.#told = [];
    this.#moved = [];
    this.#worker?.postMessage(told, moved);
  }

  /** The thread's program; in the built one it names all parts, by names that change with them. */
  #readProgram(): string | null {
    return existsSync(this.#file) ? readFileSync(this.#file, 'utf8') : null;
  }

  #start(): Worker {
    if (this.#readProgram() !== this.#program)
      throw new Refusal(
        503,
        'storage_unavailable',
        'The server’s program was replaced, so the server must be started again before this can be answered.',
        { headers: { 'Retry-After': '5' } },
      );
    const worker = new Worker(this.#file, {
      workerData: this.#workerData,
      resourceLimits: this.#memory,
    });
    worker.on('message', (replies: Numbered<Reply>[]) => {
      for (const { number, content } of replies) {
        this.#running.get(number)!.resolve(content);
        this.#running.delete(number);
      }
    });
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#loaded = promise;
    worker.once('message', () => resolve());
    worker.once('exit', () => resolve());
    let cause = 'It ended.';
    worker.on('error', (error) => {
      cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
    });
    worker.on('exit', () => {
      const running = this.#running;
      this.#running = new Map();
      this.#worker = null;
      for (const { reject } of running.values()) reject(new Error(`A thread has failed. ${cause}`));
    });
    // Requests keep the process alive, not the threads that answer them.
    worker.unref();
    return worker;
  }

  /** Ends it, once it has loaded all it needs: SQLite’s binding ends the process if that is cut short. */
  async end(): Promise<void> {
    this.#worker?.ref();
    await this.#loaded;
    await this.#worker?.terminate();
  }
}
