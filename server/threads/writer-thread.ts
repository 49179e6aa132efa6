import type { BlockList } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Operation, ResultOf } from '../operation.ts';
import type { OpenFile } from '../store/connections.ts';
import { backoff, type Database, lockTimeout } from '../store/database.ts';
import { isBusy } from '../store/dialect.ts';
import { errorOf, type Failure } from './failures.ts';
import { Thread } from './thread.ts';

/** What performs operations that write, elsewhere than on the thread that serves requests. */
export interface Writer {
  /**
   * Performs an operation in a transaction, once the process and the database have a turn for it.
   * Rejects with what the operation throws, or with the failure of a write.
   */
  run<Asked extends Operation>(
    database: Database,
    operation: Asked,
    asked: AskedWrite,
  ): Promise<ResultOf<Asked>>;
}

export interface AskedWrite {
  /** Who asks, of all that take turns. */
  turn: string;
  clock: () => number;
  /** Whether it comes before all others, and waits for other processes as long as they take. */
  isUrgent?: boolean;
}

export interface WriterSettings {
  /** The server's secret. */
  secret: string;
  /** The addresses that webhooks may have though they are not public. */
  webhookAllow: BlockList;
}

/** What the thread is told to do. It replies to one after another. */
export type Job =
  | { kind: 'prepare'; id: number; operation: Operation }
  /** In one transaction; it replies with the outcomes of as many as there was time for. */
  | { kind: 'perform'; operations: readonly Told[]; file: OpenFile; now: number }
  | { kind: 'forget'; ids: readonly number[] }
  | { kind: 'release'; path: string };

/** An operation by its id; with all that it is, if it was not prepared before. */
export interface Told {
  id: number;
  operation?: Operation;
}

export interface Outcome {
  result?: unknown;
  failure?: Failure;
}

export interface Reply {
  outcomes?: Outcome[];
  failure?: Failure;
}

/** An operation that waits for its turn. */
interface Waiting {
  id: number;
  operation: Operation;
  /** Whether the thread holds it, ready to be performed. */
  isPrepared: boolean;
  asked: AskedWrite;
  /** Since when it is waiting, by performance.now(). */
  since: number;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** After how many operations, and how many bytes of bodies, no more are performed together. */
const mostTogether = 32;
const mostBytes = 1024 * 1024;
/** Bodies of more bytes are read before their turn. */
const shortest = 16 * 1024;

/**
 * The thread that writes. Bodies are read and checked on it before the lock is taken; operations
 * that wait at the same time share a transaction, and so one wait for the disk. Callers take turns:
 * one who sends much holds up no other, also while bodies are read. What is read takes much more
 * memory than the bytes, so it is read of those alone whose turn it is.
 */
export class WriterThread implements Writer {
  readonly #thread: Thread<Job, Reply>;
  readonly #queues = new WeakMap<Database, Queue>();
  #lastId = 0;

  constructor(settings: WriterSettings) {
    this.#thread = new Thread('writer', settings);
  }

  async run<Asked extends Operation>(
    database: Database,
    operation: Asked,
    asked: AskedWrite,
  ): Promise<ResultOf<Asked>> {
    const id = ++this.#lastId;
    const since = performance.now();
    return new Promise<unknown>((resolve, reject) => {
      const waiting = { id, operation, isPrepared: false, asked, since, resolve, reject };
      this.#queueOf(database).add(waiting);
    }) as Promise<ResultOf<Asked>>;
  }

  #queueOf(database: Database): Queue {
    let queue = this.#queues.get(database);
    if (!queue) {
      queue = new Queue(database, this.#thread);
      this.#queues.set(database, queue);
    }
    return queue;
  }

  close(): Promise<void> {
    return this.#thread.end();
  }
}

/**
 * The operations that wait for their turn to write to one database. Urgent ones have a lane of their
 * own: while they wait for another process without end, the others are still refused in time.
 */
class Queue {
  readonly #database: Database;
  readonly #thread: Thread<Job, Reply>;
  readonly #lanes: Readonly<Record<'urgent' | 'usual', Lane>>;
  /** The path of the file that the thread has open. */
  #opened: string | null = null;

  constructor(database: Database, thread: Thread<Job, Reply>) {
    this.#database = database;
    this.#thread = thread;
    const prepare = async ({ id, operation }: Waiting) => {
      await thread.run({ kind: 'prepare', id, operation });
    };
    const perform = (group: readonly Waiting[]) => this.#performInTurn(group);
    const forget = async (ids: readonly number[]) => {
      await thread.run({ kind: 'forget', ids }).catch(() => {});
    };
    this.#lanes = {
      urgent: new Lane(database, prepare, perform, forget, Infinity),
      usual: new Lane(database, prepare, perform, forget, lockTimeout),
    };
    database.releases.add(() => this.#release());
  }

  add(waiting: Waiting): void {
    this.#lanes[waiting.asked.isUrgent ? 'urgent' : 'usual'].add(waiting);
  }

  #performInTurn(group: readonly Waiting[]): Promise<Outcome[]> {
    return this.#database.inTurn(async () => {
      this.#database.verify();
      const file = this.#database.file();
      this.#opened = file.path;
      const operations = group.map(({ id, operation, isPrepared }) =>
        isPrepared ? { id } : { id, operation },
      );
      const now = group[0]!.asked.clock();
      const { outcomes } = await this.#thread.run({ kind: 'perform', operations, file, now });
      return outcomes!;
    });
  }

  async #release(): Promise<void> {
    const path = this.#opened;
    this.#opened = null;
    // A thread that has failed has nothing open any more.
    if (path !== null && this.#thread.isStarted)
      await this.#thread.run({ kind: 'release', path }).catch(() => {});
  }
}

/** Operations that are performed in groups, one group after another. */
class Lane {
  readonly #database: Database;
  readonly #prepareOne: (waiting: Waiting) => Promise<void>;
  readonly #performInTurn: (group: readonly Waiting[]) => Promise<Outcome[]>;
  readonly #forget: (ids: readonly number[]) => Promise<void>;
  /** How long an operation waits while another process holds the lock, ms. */
  readonly #longestWait: number;
  /** By who asks; whose turn it is comes first. */
  readonly #waiting = new Map<string, Waiting[]>();
  #isRunning = false;

  constructor(
    database: Database,
    prepare: (waiting: Waiting) => Promise<void>,
    performInTurn: (group: readonly Waiting[]) => Promise<Outcome[]>,
    forget: (ids: readonly number[]) => Promise<void>,
    longestWait: number,
  ) {
    this.#database = database;
    this.#prepareOne = prepare;
    this.#performInTurn = performInTurn;
    this.#forget = forget;
    this.#longestWait = longestWait;
  }

  add(waiting: Waiting): void {
    this.#listOf(waiting).push(waiting);
    if (!this.#isRunning) void this.#run();
  }

  #listOf({ asked: { turn } }: Waiting): Waiting[] {
    let list = this.#waiting.get(turn);
    if (!list) {
      list = [];
      this.#waiting.set(turn, list);
    }
    return list;
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    let pause = backoff.first;
    while (this.#waiting.size > 0) {
      const ready = await this.#prepare(this.#take());
      if (ready.length === 0 || (await this.#perform(ready))) pause = backoff.first;
      else {
        // Another process holds the lock: meanwhile the turn is left to others of this one.
        await sleep(pause);
        pause = Math.min(1.2 * pause, backoff.longest);
      }
    }
    this.#isRunning = false;
  }

  /**
   * Has the operations of a group prepared whose bodies are long; returns those that can be
   * performed. Short ones are prepared in their turn, which takes less than another message.
   */
  async #prepare(group: readonly Waiting[]): Promise<Waiting[]> {
    const refused = new Set<Waiting>();
    const prepare = async (waiting: Waiting) => {
      try {
        await this.#prepareOne(waiting);
        waiting.isPrepared = true;
      } catch (error) {
        refused.add(waiting);
        waiting.reject(error);
      }
    };
    const long = group.filter((each) => !each.isPrepared && bytesOf(each.operation) > shortest);
    await Promise.all(long.map(prepare));
    return group.filter((waiting) => !refused.has(waiting));
  }

  /** Takes one of each caller in turn. */
  #take(): Waiting[] {
    const group: Waiting[] = [];
    for (let bytes = 0; group.length < mostTogether && bytes < mostBytes; ) {
      const [next] = this.#waiting;
      if (!next) break;
      const [turn, list] = next;
      const first = list.shift()!;
      group.push(first);
      bytes += bytesOf(first.operation);
      this.#waiting.delete(turn);
      if (list.length > 0) this.#waiting.set(turn, list);
    }
    return group;
  }

  /** They go on first. */
  #putBack(group: readonly Waiting[]): void {
    for (const waiting of group.toReversed()) this.#listOf(waiting).unshift(waiting);
  }

  /** Returns false if another process held the lock; then those that may wait on are put back. */
  async #perform(group: readonly Waiting[]): Promise<boolean> {
    try {
      const outcomes = await this.#performInTurn(group);
      // What was written to a lost file is not acknowledged.
      this.#database.verify();
      this.#database.outcomes.succeeded();
      for (const [index, { result, failure }] of outcomes.entries()) {
        const { resolve, reject } = group[index]!;
        if (failure) reject(errorOf(failure));
        else resolve(result);
      }
      // For the others there was no time.
      this.#putBack(group.slice(outcomes.length));
      return true;
    } catch (error) {
      const isLocked = isBusy(error);
      const now = performance.now();
      const ended = group.filter(({ since }) => !isLocked || now - since > this.#longestWait);
      if (!isLocked) {
        this.#database.outcomes.failed(error);
        // If the thread has failed, it knows none of them any more.
        for (const waiting of [...this.#waiting.values()].flat()) waiting.isPrepared = false;
      } else if (ended.length > 0) this.#database.outcomes.lockTimedOut();
      this.#putBack(group.filter((waiting) => !ended.includes(waiting)));
      for (const { reject } of ended) reject(error);
      if (ended.length > 0) await this.#forget(ended.map(({ id }) => id));
      return !isLocked;
    }
  }
}

function bytesOf(operation: Operation): number {
  return operation.kind === 'change' ? (operation.asked.body?.length ?? 0) : 0;
}
