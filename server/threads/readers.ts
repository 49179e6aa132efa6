import type { Answered, AskedQuestion } from '../answering.ts';
import type { FrameManifest } from '../embed/files.ts';
import type { HistoryPage, HistoryPlace } from '../export/history.ts';
import { type Refusal, tooManyRequests } from '../refusal.ts';
import type { HistoryWanted } from '../store/account-history.ts';
import type { OpenFile } from '../store/connections.ts';
import type { Database } from '../store/database.ts';
import { isStorageFailure } from '../store/dialect.ts';
import type { Failure } from './failures.ts';
import { Thread } from './thread.ts';

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
  /** Reads a page of an account's history, likewise. */
  readHistory(
    database: Database,
    asked: AskedPage,
    turn: string,
    isAwaited: () => boolean | null,
  ): Promise<HistoryPage>;
}

export interface AskedPage {
  wanted: HistoryWanted;
  place: HistoryPlace;
}

/** What a thread is told to do. It replies to one after another. */
export type Job =
  | { kind: 'answer'; asked: AskedQuestion; file: OpenFile }
  | { kind: 'history'; asked: AskedPage; file: OpenFile }
  | { kind: 'open'; file: OpenFile }
  | { kind: 'release'; path: string };

export interface Reply {
  answered?: Answered;
  page?: HistoryPage;
  failure?: Failure;
}

/** A job for one of the threads, on a file that is open then. */
type JobOn = (file: OpenFile) => Job;

/** A question, or a page, that no thread has begun. */
interface Waiting {
  database: Database;
  jobOn: JobOn;
  isAwaited(): boolean | null;
  resolve(reply: Promise<Reply>): void;
  reject(refusal: Refusal): void;
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
  readonly #threads: Thread<Job, Reply>[];
  /** Whose turn it is comes first. */
  readonly #waiting = new Map<string, Waiting[]>();
  /** The databases that the threads may have open. */
  readonly #opened = new WeakSet<Database>();

  constructor({ edition, frames, words }: FrameManifest) {
    // A message copies all that an object has, and that of all built files has more.
    const files = { edition, frames, words };
    this.#threads = Array.from({ length: threadCount }, () => new Thread('reader', files));
  }

  /** Starts the threads before they are needed, so that the first questions don't wait for them. */
  start(database: Database): void {
    const file = this.#open(database);
    const startNext = () => this.#startNext();
    // If it fails, the first question will, too.
    for (const thread of this.#threads)
      thread.run({ kind: 'open', file }).then(startNext, startNext);
  }

  async ask(
    database: Database,
    asked: AskedQuestion,
    turn: string,
    isAwaited: () => boolean | null,
  ): Promise<Answered> {
    const jobOn: JobOn = (file) => ({ kind: 'answer', asked, file });
    const { answered } = await this.#wait(database, jobOn, turn, isAwaited);
    return received(answered!);
  }

  async readHistory(
    database: Database,
    asked: AskedPage,
    turn: string,
    isAwaited: () => boolean | null,
  ): Promise<HistoryPage> {
    const jobOn: JobOn = (file) => ({ kind: 'history', asked, file });
    const { page } = await this.#wait(database, jobOn, turn, isAwaited);
    return page!;
  }

  #wait(
    database: Database,
    jobOn: JobOn,
    turn: string,
    isAwaited: () => boolean | null,
  ): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(turn) ?? [];
      waiting.push({ database, jobOn, isAwaited, resolve, reject });
      this.#waiting.set(turn, waiting);
      queueMicrotask(() => this.#startNext());
    });
  }

  #startNext(): void {
    for (const thread of this.#threads) {
      const next = thread.isBusy ? undefined : this.#takeNext();
      if (next) next.resolve(this.#perform(thread, next));
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

  async #perform(thread: Thread<Job, Reply>, { database, jobOn }: Waiting): Promise<Reply> {
    try {
      // Asked only now: once a file is known to be lost, no question may open it again.
      return await thread.run(jobOn(this.#open(database)));
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
    const started = this.#threads.filter(({ isStarted }) => isStarted);
    await Promise.allSettled(started.map((thread) => thread.run({ kind: 'release', path })));
    this.#startNext();
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.end()));
  }
}

/** An answer whose body is a Buffer again, which a message makes a plain array of bytes. */
function received({ answer, identity }: Answered): Answered {
  const { buffer, byteOffset, byteLength } = answer.body;
  return { answer: { ...answer, body: Buffer.from(buffer, byteOffset, byteLength) }, identity };
}
