import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Answered, AskedQuestion } from '../answering.ts';
import type { FrameManifest } from '../embed/files.ts';
import { Refusal, tooManyRequests } from '../refusal.ts';
import type { Database, OpenFile } from '../store/database.ts';
import { isStorageFailure } from '../store/dialect.ts';
import { errorOf, type Failure } from './failures.ts';

/** What works out answers elsewhere than on the thread that serves requests. */
export interface Readers {
  /**
   * Rejects with what the route's function throws, or with the failure of a read. `turn`: who asks,
   * of all that take turns. `isAwaited`, called later, when the turn comes: whether anybody still
   * waits for the answer, else the question is dropped; null: that is known soon, so others come
   * first.
   */
  ask(
    database: Database,
    asked: AskedQuestion,
    turn: string,
    isAwaited: () => boolean | null,
  ): Promise<Answered>;
}

/** What a thread is told to do. It replies to one after another. */
export type Job =
  | { kind: 'answer'; asked: AskedQuestion; file: OpenFile }
  | { kind: 'open'; file: OpenFile }
  | { kind: 'release'; path: string };

export interface Reply {
  answered?: Answered;
  failure?: Failure;
}

/** A question that no thread has begun. */
interface Waiting {
  database: Database;
  asked: AskedQuestion;
  isAwaited(): boolean | null;
  resolve(answered: Promise<Answered>): void;
  reject(refusal: Refusal): void;
}

/** The sources and the built program each have the thread's file beside this one. */
const threadFile = path.join(import.meta.dirname, `reader${path.extname(import.meta.filename)}`);

/** The thread's program; in the built one it names all parts, by names that change with them. */
function readProgram(): string | null {
  return existsSync(threadFile) ? readFileSync(threadFile, 'utf8') : null;
}

const threadCount = 2;

/** How many waiting questions are looked at in one go: dropping a thousand would hold up requests. */
const mostLooks = 20;

/**
 * Threads that answer questions, so that however long one takes, the thread that serves requests
 * goes on. Each has connections of its own to the databases it is asked about. Callers take turns:
 * one who asks much holds up no other.
 */
export class ReaderThreads implements Readers {
  readonly #threads: Thread[];
  /** Whose turn it is comes first. */
  readonly #waiting = new Map<string, Waiting[]>();
  /** The databases that the threads may have open. */
  readonly #opened = new WeakSet<Database>();

  constructor({ edition, frames, words }: FrameManifest) {
    // A message copies all that an object has, and that of all built files has more.
    const files = { edition, frames, words };
    this.#threads = Array.from({ length: threadCount }, () => new Thread(files));
  }

  /** Starts the threads before they are needed, so that the first questions don't wait for them. */
  start(database: Database): void {
    const file = this.#open(database);
    const startNext = () => this.#startNext();
    // If it fails, the first question will, too.
    for (const thread of this.#threads)
      thread.run({ kind: 'open', file }).then(startNext, startNext);
  }

  ask(
    database: Database,
    asked: AskedQuestion,
    turn: string,
    isAwaited: () => boolean | null,
  ): Promise<Answered> {
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(turn) ?? [];
      waiting.push({ database, asked, isAwaited, resolve, reject });
      this.#waiting.set(turn, waiting);
      queueMicrotask(() => this.#startNext());
    });
  }

  #startNext(): void {
    for (const thread of this.#threads) {
      const next = thread.isBusy ? undefined : this.#takeNext();
      if (next) next.resolve(this.#answer(thread, next));
    }
  }

  /** Takes the first question that somebody waits for, and drops those before it. */
  #takeNext(): Waiting | undefined {
    for (let looks = 0; looks < mostLooks; looks++) {
      const [turn] = this.#waiting;
      if (!turn) return undefined;
      const [whose, waiting] = turn;
      const next = waiting.shift()!;
      const isAwaited = next.isAwaited();
      if (isAwaited === null) waiting.push(next);
      // Nobody reads this, but the request is counted as one that was refused.
      if (isAwaited === false) next.reject(tooManyRequests(1));
      // A dropped question doesn't cost its caller the turn.
      if (isAwaited || waiting.length === 0) this.#waiting.delete(whose);
      if (isAwaited && waiting.length > 0) this.#waiting.set(whose, waiting);
      if (isAwaited) return next;
    }
    setImmediate(() => this.#startNext());
    return undefined;
  }

  async #answer(thread: Thread, { database, asked }: Waiting): Promise<Answered> {
    try {
      // Asked only now: once a file is known to be lost, no question may open it again.
      const file = this.#open(database);
      const { answered } = await thread.run({ kind: 'answer', asked, file });
      return received(answered!);
    } catch (error) {
      if (isStorageFailure(error)) database.verify();
      throw error;
    } finally {
      queueMicrotask(() => this.#startNext());
    }
  }

  #open(database: Database): OpenFile {
    const file = database.file();
    if (!this.#opened.has(database)) {
      this.#opened.add(database);
      database.releases.add(() => this.#release(file.path));
    }
    return file;
  }

  async #release(path: string): Promise<void> {
    // A thread that has failed has nothing open any more.
    await Promise.allSettled(this.#threads.map((thread) => thread.release(path)));
    this.#startNext();
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.end()));
  }
}

interface Running {
  resolve(reply: Reply): void;
  reject(error: Error): void;
}

/** One thread, which is started when it is needed, and again if it has failed. */
class Thread {
  readonly #files: FrameManifest;
  /** As it was when the server was started: an upgrade may replace it meanwhile. */
  readonly #program = readProgram();
  #worker: Worker | null = null;
  /** The jobs that it has not replied to, in order. */
  #running: Running[] = [];

  constructor(files: FrameManifest) {
    this.#files = files;
  }

  get isBusy(): boolean {
    return this.#running.length > 0;
  }

  /** Rejects with the failure of the job, or if the thread fails or can't be started. */
  async run(job: Job): Promise<Reply> {
    this.#worker ??= this.#start();
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    this.#running.push({ resolve, reject });
    this.#worker.postMessage(job);
    const reply = await promise;
    if (reply.failure) throw errorOf(reply.failure);
    return reply;
  }

  async release(path: string): Promise<void> {
    if (this.#worker) await this.run({ kind: 'release', path });
  }

  #start(): Worker {
    if (readProgram() !== this.#program)
      throw new Refusal(
        503,
        'storage_unavailable',
        'The server’s program was replaced, so the server must be started again before this can be answered.',
        { headers: { 'Retry-After': '5' } },
      );
    const worker = new Worker(threadFile, { workerData: this.#files });
    worker.on('message', (reply: Reply) => this.#running.shift()!.resolve(reply));
    let cause = 'It ended.';
    worker.on('error', (error) => {
      cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
    });
    worker.on('exit', () => {
      const running = this.#running;
      this.#running = [];
      this.#worker = null;
      for (const { reject } of running)
        reject(new Error(`A thread that answers questions has failed. ${cause}`));
    });
    // Requests keep the process alive, not the threads that answer them.
    worker.unref();
    return worker;
  }

  async end(): Promise<void> {
    await this.#worker?.terminate();
  }
}

/** An answer whose body is a Buffer again, which a message makes a plain array of bytes. */
function received({ answer, identity }: Answered): Answered {
  const { buffer, byteOffset, byteLength } = answer.body;
  return { answer: { ...answer, body: Buffer.from(buffer, byteOffset, byteLength) }, identity };
}
