import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Answered, AskedQuestion } from '../answering.ts';
import type { FrameManifest } from '../embed/files.ts';
import type { Database, OpenFile } from '../store/database.ts';
import { isStorageFailure } from '../store/dialect.ts';
import { errorOf, type Failure } from './failures.ts';

/** Answers questions, or closes the file if there is no question. */
export interface ReaderMessage {
  number: number;
  file: OpenFile;
  asked?: AskedQuestion;
}

export interface ReaderReply {
  number: number;
  answered?: Answered;
  failure?: Failure;
}

/** What answers questions elsewhere than on the thread that serves requests. */
export interface Readers {
  ask(database: Database, asked: AskedQuestion): Promise<Answered>;
}

/** The sources and the built program each have the thread's file beside this one. */
const threadFile = path.join(import.meta.dirname, `reader${path.extname(import.meta.filename)}`);

const threadCount = 2;

interface Job {
  file: OpenFile;
  asked?: AskedQuestion;
  resolve(answered: Answered | undefined): void;
  reject(error: Error): void;
}

/**
 * Threads that answer questions, so that however long one takes, the thread that serves requests
 * goes on. Each has read-only connections of its own to the databases it is asked about. Partners
 * take turns: one who asks much holds up no other.
 */
export class ReaderThreads implements Readers {
  readonly #threads: Thread[];
  /** The questions that no thread has begun, by partner; whose turn it is comes first. */
  readonly #waiting = new Map<string, Job[]>();
  /** The databases about which a thread was asked. */
  readonly #known = new WeakSet<Database>();

  constructor(files: FrameManifest) {
    const next = () => this.#startNext();
    this.#threads = Array.from({ length: threadCount }, () => new Thread(files, next));
  }

  /** Starts the threads before they are needed, so that the first questions don't wait for them. */
  start(): void {
    for (const thread of this.#threads) thread.start();
  }

  /** Rejects with what the route's function throws, or with the failure of a read. */
  async ask(database: Database, asked: AskedQuestion): Promise<Answered> {
    const file = database.file();
    if (!this.#known.has(database)) {
      this.#known.add(database);
      database.releases.add(() => this.#release(file));
    }
    try {
      return await new Promise<Answered>((resolve, reject) => {
        const job = { file, asked, resolve, reject } as Job;
        const { partnerId } = asked;
        const jobs = this.#waiting.get(partnerId);
        if (jobs) jobs.push(job);
        else this.#waiting.set(partnerId, [job]);
        this.#startNext();
      });
    } catch (error) {
      if (isStorageFailure(error)) database.verify();
      throw error;
    }
  }

  #startNext(): void {
    for (const thread of this.#threads) {
      if (thread.isBusy) continue;
      const [turn] = this.#waiting;
      if (!turn) return;
      const [partnerId, jobs] = turn;
      thread.run(jobs.shift()!);
      this.#waiting.delete(partnerId);
      if (jobs.length > 0) this.#waiting.set(partnerId, jobs);
    }
  }

  async #release(file: OpenFile): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.release(file)));
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.end()));
  }
}

/** One thread, which is started when it is needed first, and again if it has failed. */
class Thread {
  readonly #files: FrameManifest;
  readonly #whenIdle: () => void;
  #worker: Worker | null = null;
  readonly #jobs = new Map<number, Job>();
  #last = 0;

  constructor(files: FrameManifest, whenIdle: () => void) {
    this.#files = files;
    this.#whenIdle = whenIdle;
  }

  get isBusy(): boolean {
    return this.#jobs.size > 0;
  }

  run(job: Job): void {
    const number = ++this.#last;
    this.#jobs.set(number, job);
    const { file, asked } = job;
    this.start().postMessage({ number, file, ...(asked && { asked }) } satisfies ReaderMessage);
  }

  async release(file: OpenFile): Promise<void> {
    if (!this.#worker) return;
    // If the thread fails, it has no file open any more.
    await new Promise<unknown>((resolve) => this.run({ file, resolve, reject: resolve }));
  }

  start(): Worker {
    this.#worker ??= this.#make();
    return this.#worker;
  }

  #make(): Worker {
    const worker = new Worker(threadFile, { workerData: this.#files });
    worker.on('message', ({ number, answered, failure }: ReaderReply) => {
      const job = this.#jobs.get(number)!;
      this.#jobs.delete(number);
      if (failure) job.reject(errorOf(failure));
      else job.resolve(answered && received(answered));
      this.#whenIdle();
    });
    let cause = 'It ended.';
    worker.on('error', (error) => {
      cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
    });
    worker.on('exit', () => {
      this.#worker = null;
      const jobs = [...this.#jobs.values()];
      this.#jobs.clear();
      for (const job of jobs)
        job.reject(new Error(`A thread that answers questions has failed. ${cause}`));
      this.#whenIdle();
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
