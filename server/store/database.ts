import { setTimeout as sleep } from 'node:timers/promises';
import type SQLite from 'better-sqlite3';
import { Kysely, SqliteDialect, type Transaction } from 'kysely';
import { hour } from '../../shared/time.ts';
import { countUp, type Opened, type OpenFile, openFile, release } from './connections.ts';
import { DatabaseLost, type Loss, stateOf } from './database-file.ts';
import { Busy, Connection, ImmediateSqliteDialect, isBusy } from './dialect.ts';
import { Outcomes } from './outcomes.ts';
import type { Schema } from './schema.ts';
import { settleSums } from './sums.ts';

/** A database or a transaction: the first parameter of the store's functions. */
export type Queries = Kysely<Schema> | Transaction<Schema>;

/** What questions are answered from. */
export interface Snapshot {
  readonly read: Queries;
  /** Distinguishes this file from others with the same history, such as a backup of it. */
  edition(): string;
}

/** An open database file, with one connection that writes, one that reads, and one that watches. */
export interface Database extends Snapshot {
  /** For single statements; several that belong together go through {@link transact}. */
  readonly write: Kysely<Schema>;
  /** The writing connection itself, for statements that are run a million times. */
  readonly handle: SQLite.Database;
  /**
   * Runs `work` while nothing else of this process writes to the file: neither through `write` nor,
   * in its turn, another thread. Two writers would only hold each other up.
   */
  inTurn<Result>(work: () => Promise<Result>, isStep?: boolean): Promise<Result>;
  /** Whether such work is running that may take long: any but a step of long work (long-work.ts). */
  readonly isTurnTaken: boolean;
  /** A number that changes whenever any process has committed something. */
  version(): number;
  readonly outcomes: Outcomes;
  /** Throws DatabaseLost when the file is known to be lost, or closed. */
  file(): OpenFile;
  /** Looks whether the file is lost, as after a failed read. Throws DatabaseLost then. */
  verify(): void;
  /**
   * Functions that close the connections of other threads to the file. They are called before it is
   * exchanged for another one, and before it is closed.
   */
  readonly releases: Set<() => Promise<void>>;
  /**
   * Checks whether the file is still in its place, and opens its replacement if that is a database
   * of PropTally's; to be called every few seconds. Returns news as a sentence for the log, or null.
   */
  watch(): Promise<string | null>;
  close(): Promise<void>;
}

/** How long a write waits for a lock that another process holds, ms. */
export const lockTimeout = 5_000;
/** The pauses between tries, ms: they grow, since many writers may be waiting at once. */
export const backoff = { first: 20, longest: 50 };
/** How often the count in the file's header is raised, ms: a copy older than that is recognised. */
const countEvery = hour;

/** Opens a database file and then detects when it is lost. Throws as {@link openFile} does. */
export async function openDatabase(path: string): Promise<Database> {
  let opened: Opened | null = await waitForLock(() => openFile(path));
  let loss: Loss | null = null;
  let reported: string | null = null;
  let tried: string | null = null;
  let seen: string | null = null;
  let openings = 0;
  let isClosing = false;
  let isTurnTaken = false;
  const releases = new Set<() => Promise<void>>();
  const releaseAll = () => Promise.all([...releases].map((each) => each()));
  /** When the count in the file's header was last raised, by performance.now(); null: not yet. */
  let counted: number | null = null;
  const refuse = () => {
    if (loss) throw new DatabaseLost(`${loss.sentence}.`);
  };
  const closed = () => new DatabaseLost(`${path} is closed.`);
  const verify = () => {
    loss ??= opened?.file.look() ?? null;
    refuse();
  };
  const writing = new Connection(opened.writer, {
    before: refuse,
    after: verify,
    failed: verify,
    commit: () => void settleSums(writing.handle),
  });
  const reading = new Connection(opened.reader, { before: refuse, failed: verify });
  const outcomes = new Outcomes();
  let known: number | null = null;
  const askVersion = () => {
    try {
      return opened!.askVersion();
    } catch (error) {
      verify();
      throw error;
    }
  };

  /** Opens the file that is at the path now; false while the lost one's connections are in use. */
  const exchange = async (): Promise<boolean> => {
    await releaseAll();
    if (opened && !release(opened, loss)) return false;
    opened = null;
    tried = stateOf(path);
    const next = await waitForLock(() => openFile(path));
    writing.exchange(next.writer);
    reading.exchange(next.reader);
    [opened, loss, known, counted] = [next, null, null, null];
    openings++;
    return true;
  };
  const watch = async (): Promise<string | null> => {
    if (opened) loss = opened.file.look();
    if (!loss) {
      const now = performance.now();
      if (counted === null || now - counted > countEvery)
        counted = opened && countUp(opened) ? now : null;
      return reported && `${path} is back.`;
    }
    const there = stateOf(path);
    const isStill = there !== null && there === seen;
    seen = there;
    const isWorthTrying = opened ? isExchangeable(loss, isStill) : isStill && there !== tried;
    try {
      if (isWorthTrying && (await exchange())) return `${path} was opened anew.`;
    } catch (error) {
      // A file that is only locked is tried again.
      if (isBusy(error)) tried = null;
      const { message } = error as Error;
      loss = {
        kind: loss.kind,
        sentence: `${path} can’t be opened anew: ${message.replace(/\.$/, '')}`,
      };
    }
    return `${loss.sentence}. Nothing is read or written until a database of PropTally’s stands there again.`;
  };

  const write = new Kysely<Schema>({
    dialect: new ImmediateSqliteDialect(writing),
    log: outcomes.ofWrite,
  });
  return {
    read: new Kysely<Schema>({ dialect: new SqliteDialect({ database: reading }) }),
    write,
    inTurn: (work, isStep = false) =>
      write.connection().execute(async () => {
        isTurnTaken = !isStep;
        return work().finally(() => {
          isTurnTaken = false;
        });
      }),
    get isTurnTaken() {
      return isTurnTaken;
    },
    outcomes,
    get handle() {
      return writing.handle;
    },
    // Queried once per turn of the event loop: the requests answered in it arrived before it began.
    version() {
      refuse();
      if (!opened) throw closed();
      if (known === null) {
        known = askVersion() + openings * 2 ** 32;
        setImmediate(() => {
          known = null;
        });
      }
      return known;
    },
    edition: () => `${opened?.stamp} ${openings}`,
    file() {
      refuse();
      if (!opened || isClosing) throw closed();
      return { path, identity: opened.file.identity, stamp: opened.stamp };
    },
    verify,
    releases,
    async watch() {
      const news = await watch();
      // The same sentence is not returned twice in a row.
      if (news === reported) return null;
      reported = loss && news;
      return news;
    },
    close: async () => {
      isClosing = true;
      await releaseAll();
      if (opened) release(opened, loss);
      opened = null;
    },
  };
}

/** Whether the file at the path may be opened anew: another file only once nothing writes to it. */
function isExchangeable({ kind }: Loss, isStill: boolean): boolean {
  return kind === 'log gone' || (isStill && (kind === 'replaced' || kind === 'overwritten'));
}

/**
 * Runs `work` in one transaction: all of it is committed to the disk, with the sums of the trades
 * that it changed, or none of it. Throws InexactSums when a sum would not be exact. While another
 * process holds the lock it retries, for up to `wait` ms, without blocking the thread or this
 * process's other writers.
 */
export function transact<Result>(
  database: Database,
  work: (transaction: Transaction<Schema>) => Promise<Result>,
  wait = lockTimeout,
): Promise<Result> {
  const write = async () => {
    // Who has little time does not queue up behind another thread, just as for another process's lock.
    if (wait < lockTimeout && database.isTurnTaken) throw new Busy();
    return database.write.transaction().execute(work);
  };
  return waitForLock(write, wait).catch((error) => {
    // A caller that waits for less expects to fail.
    if (isBusy(error) && wait >= lockTimeout) database.outcomes.lockTimedOut();
    throw error;
  });
}

/** Retries while another process holds the lock: an attempt that fails then has changed nothing. */
export async function waitForLock<Result>(
  attempt: () => Promise<Result>,
  wait = lockTimeout,
): Promise<Result> {
  const deadline = performance.now() + wait;
  for (let pause = backoff.first; ; pause = Math.min(1.2 * pause, backoff.longest)) {
    try {
      return await attempt();
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error;
      await sleep(pause);
    }
  }
}

/** Runs `work` on a snapshot of the database, which later writes do not change. */
export function inSnapshot<Result>(
  { read }: Pick<Snapshot, 'read'>,
  work: (snapshot: Queries) => Promise<Result>,
): Promise<Result> {
  return (read as Kysely<Schema>).transaction().execute(work);
}
