import { setTimeout as sleep } from 'node:timers/promises';
import type SQLite from 'better-sqlite3';
import { Kysely, SqliteDialect, type Transaction } from 'kysely';
import { hour } from '../../shared/time.ts';
import { countUp, type Opened, openFile, release } from './connections.ts';
import { DatabaseLost, type Loss, standing } from './database-file.ts';
import { Connection, ImmediateSqliteDialect, isBusy } from './dialect.ts';
import { Outcomes } from './outcomes.ts';
import type { Schema } from './schema.ts';

/** Functions of the store take this, or a transaction, first. */
export type Queries = Kysely<Schema> | Transaction<Schema>;

/** An open database file: one connection that writes, one that reads, and one that only looks. */
export interface Database {
  readonly read: Queries;
  /** Everything of more than one statement goes through {@link transact}. */
  readonly write: Kysely<Schema>;
  /** The writing connection itself, for statements run a million times. */
  readonly handle: SQLite.Database;
  /** A number that changes whenever anybody, in any process, has committed something. */
  version(): number;
  readonly outcomes: Outcomes;
  /** Tells this file from others with the same history, such as a backup of it. */
  edition(): string;
  /**
   * Looks whether the file still is where it was, and opens what has taken its place if that is
   * PropTally's; to be called every few seconds. What is new, as a sentence for the log.
   */
  watch(): Promise<string | null>;
  close(): Promise<void>;
}

/** How long a write waits for another process to finish its own, ms. */
const patience = 5_000;
/** Between tries, ms: the longer it takes, the longer, for any number may wait at once. */
const pauses = { first: 20, longest: 250 };
/** Between counts in the file's header, ms: an older copy than that is told from the file. */
const countEvery = hour;

/** Opens a database file and watches it from then on. Throws as {@link openFile} does. */
export async function openDatabase(path: string): Promise<Database> {
  let opened: Opened | null = await waitForLock(() => openFile(path));
  let loss: Loss | null = null;
  let told: string | null = null;
  let tried: string | null = null;
  let seen: string | null = null;
  let openings = 0;
  /** When the file's header was last counted up, by performance.now(). */
  let counted: number | null = null;
  const refuse = () => {
    if (loss) throw new DatabaseLost(`${loss.sentence}.`);
  };
  const verify = () => {
    loss ??= opened?.file.look() ?? null;
    refuse();
  };
  const writing = new Connection(opened.writer, {
    before: refuse,
    after: verify,
    failed: verify,
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

  /** Opens what stands there now; false when it must stay as it is for the moment. */
  const exchange = async (): Promise<boolean> => {
    if (opened && !release(opened, loss)) return false;
    opened = null;
    tried = standing(path);
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
      return told && `${path} is back.`;
    }
    const there = standing(path);
    const isStill = there !== null && there === seen;
    seen = there;
    const isWorthTrying = opened ? isExchangeable(loss, isStill) : isStill && there !== tried;
    try {
      if (isWorthTrying && (await exchange())) return `${path} was opened anew.`;
    } catch (error) {
      const { message } = error as Error;
      loss = {
        kind: loss.kind,
        sentence: `${path} can’t be opened anew: ${message.replace(/\.$/, '')}`,
      };
    }
    return `${loss.sentence}. Nothing is read or written until a database of PropTally’s stands there again.`;
  };

  return {
    read: new Kysely<Schema>({
      dialect: new SqliteDialect({ database: reading }),
      log: outcomes.ofRead,
    }),
    write: new Kysely<Schema>({
      dialect: new ImmediateSqliteDialect(writing),
      log: outcomes.ofWrite,
    }),
    outcomes,
    get handle() {
      return writing.handle;
    },
    // Once a turn of the event loop: what that turn answers had arrived before it began.
    version() {
      refuse();
      if (known === null) {
        known = askVersion() + openings * 2 ** 32;
        setImmediate(() => {
          known = null;
        });
      }
      return known;
    },
    edition: () => `${opened?.stamp} ${openings}`,
    async watch() {
      const news = await watch();
      // Once each.
      if (news === told) return null;
      told = loss && news;
      return news;
    },
    close: async () => {
      if (opened) release(opened, loss);
      opened = null;
    },
  };
}

/** Whether what stands in the file's place may be opened instead, once nobody is writing it. */
function isExchangeable({ kind }: Loss, isStill: boolean): boolean {
  return kind === 'log gone' || (isStill && (kind === 'replaced' || kind === 'overwritten'));
}

/**
 * Runs `work` in one transaction: all of it is kept, on the disk, or none of it. While another
 * process writes it waits, without holding up the thread or this process's other writers, for so
 * many ms from now.
 */
export function transact<Result>(
  database: Database,
  work: (transaction: Transaction<Schema>) => Promise<Result>,
  wait = patience,
): Promise<Result> {
  const write = () => database.write.transaction().execute(work);
  return waitForLock(write, wait).catch((error) => {
    // A shorter wait was not meant to be long enough.
    if (isBusy(error) && wait >= patience) database.outcomes.waitedInVain();
    throw error;
  });
}

/** Tries again while the lock can't be had: what fails then has done nothing. */
export async function waitForLock<Result>(
  attempt: () => Promise<Result>,
  wait = patience,
): Promise<Result> {
  const deadline = performance.now() + wait;
  for (let pause = pauses.first; ; pause = Math.min(1.2 * pause, pauses.longest)) {
    try {
      return await attempt();
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error;
      await sleep(pause);
    }
  }
}

/** Runs `work` on the database as it is at one moment, whatever is written meanwhile. */
export function atOneMoment<Result>(
  database: Database,
  work: (moment: Database) => Promise<Result>,
): Promise<Result> {
  const read = database.read as Kysely<Schema>;
  return read.transaction().execute((transaction) => work({ ...database, read: transaction }));
}
