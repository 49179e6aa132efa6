import { setTimeout as sleep } from 'node:timers/promises';
import SQLite from 'better-sqlite3';
import { Kysely, SqliteDialect, type Transaction } from 'kysely';
import { Migrator } from 'kysely/migration';
import { ImmediateSqliteDialect, isBusy, rememberStatements } from './dialect.ts';
import { migrations } from './migrations/index.ts';
import { Outcomes } from './outcomes.ts';
import type { Schema } from './schema.ts';

/** Functions of the store take this, or a transaction, first. */
export type Queries = Kysely<Schema> | Transaction<Schema>;

/** An open database file: one connection that writes, one that reads, and one that only looks. */
export interface Database {
  readonly read: Queries;
  /** Everything of more than one statement goes through {@link transact}. */
  readonly write: Kysely<Schema>;
  /** The writing connection itself, for statements run a million times and for backups. */
  readonly handle: SQLite.Database;
  /** A number that changes whenever anybody, in any process, has committed something. */
  version(): number;
  readonly outcomes: Outcomes;
  close(): Promise<void>;
}

/** How long a write waits for another process to finish its own, ms. */
const patience = 5_000;
const pause = 20;

/**
 * Opens a database file, makes it when it is not there, and brings its schema up to date.
 * Throws SQLite.SqliteError when it can't be opened or is no database.
 */
export function openDatabase(path: string): Promise<Database> {
  return waitForLock(patience, () => open(path));
}

async function open(path: string): Promise<Database> {
  const writer = new SQLite(path, { timeout: 0 });
  try {
    writer.pragma('journal_mode = wal');
    // better-sqlite3 leaves WAL at NORMAL, which forgets acknowledged commits in a power cut.
    writer.pragma('synchronous = full');
    writer.pragma('foreign_keys = on');
    const outcomes = new Outcomes();
    const dialect = new ImmediateSqliteDialect(writer);
    const write = new Kysely<Schema>({ dialect, log: outcomes.ofWrite });
    await migrate(write);
    return connect(path, writer, write, outcomes);
  } catch (error) {
    writer.close();
    throw error;
  }
}

function connect(
  path: string,
  handle: SQLite.Database,
  write: Kysely<Schema>,
  outcomes: Outcomes,
): Database {
  const reader = new SQLite(path, { timeout: 100 });
  reader.pragma('query_only = on');
  const read = new Kysely<Schema>({
    dialect: new SqliteDialect({ database: rememberStatements(reader) }),
    log: outcomes.ofRead,
  });
  // Inside a transaction a connection sees the version at its start, so none is opened on this one.
  const watcher = new SQLite(path, { readonly: true });
  const askVersion = watcher.prepare<[], number>('pragma data_version').pluck();
  let known: number | null = null;
  return {
    read,
    write,
    handle,
    outcomes,
    // Once a turn of the event loop: what that turn answers had arrived before it began.
    version() {
      if (known === null) {
        known = askVersion.get()!;
        setImmediate(() => {
          known = null;
        });
      }
      return known;
    },
    close: async () => {
      watcher.close();
      await read.destroy();
      await write.destroy();
    },
  };
}

async function migrate(database: Kysely<Schema>): Promise<void> {
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: async () => migrations },
  });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
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
  return waitForLock(wait, write).catch((error) => {
    // A shorter wait was not meant to be long enough.
    if (isBusy(error) && wait >= patience) database.outcomes.waitedInVain();
    throw error;
  });
}

/** Tries again while the lock can't be had: what fails then has done nothing. */
async function waitForLock<Result>(wait: number, attempt: () => Promise<Result>): Promise<Result> {
  const deadline = performance.now() + wait;
  for (;;) {
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
