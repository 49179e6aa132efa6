import { existsSync } from 'node:fs';
import SQLite from 'better-sqlite3';
import { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import {
  DatabaseFile,
  DatabaseLost,
  identityAt,
  keepDatabaseToOwner,
  type Loss,
  makeFile,
} from './database-file.ts';
import { Connection, ImmediateSqliteDialect } from './dialect.ts';
import { migrations } from './migrations/index.ts';
import { makeMissingPieces } from './sums.ts';
import { noteTouchedTrades } from './touched-trades.ts';

/** A file that is open, as another thread is told of it. */
export interface OpenFile {
  path: string;
  /** By which it is told from another file at the path, and from one written over it. */
  identity: string;
  stamp: number;
}

/** The file is not a database that this program can use. The message says what to do. */
export class UnusableDatabase extends Error {}

/** A database file with the connections to it. */
export interface Opened {
  file: DatabaseFile;
  writer: SQLite.Database;
  reader: SQLite.Database;
  /** Never in a transaction, inside which a connection keeps seeing the version at its start. */
  watcher: SQLite.Database;
  askVersion(): number;
  /** The random number in the file's header that identifies it (database-file.ts). */
  stamp: number;
}

/**
 * Opens a file, creates it if there is none, and brings its schema up to date. Throws SqliteError
 * when it can't be opened or is no database; UnusableDatabase when it is another program's, a newer
 * version's, or has rows that refer to missing ones.
 */
export async function openFile(path: string): Promise<Opened> {
  makeFile(path);
  if (existsSync(`${path}-wal`)) checkReadOnly(path);
  const writer = new SQLite(path, { timeout: 0 });
  let file: DatabaseFile | undefined;
  try {
    const applied = refuseForeign(path, writer);
    refuseNewer(path, applied);
    keepDatabaseToOwner(path);
    writer.pragma('journal_mode = wal');
    keepCommits(writer);
    // Without anything to do, this takes no lock: a key can be revoked while others write for long.
    if (Object.keys(migrations).some((name) => !applied.includes(name)))
      await migrate(path, writer);
    prepareToWrite(writer);
    file = new DatabaseFile(path);
    const reader = new SQLite(path, { timeout: 100 });
    reader.pragma('query_only = on');
    const watcher = new SQLite(path, { readonly: true });
    const askVersion = watcher.prepare<[], number>('pragma data_version').pluck();
    askVersion.get();
    const stamp = writer.pragma('user_version', { simple: true }) as number;
    file.settle(stamp);
    return { file, writer, reader, watcher, stamp, askVersion: () => askVersion.get()! };
  } catch (error) {
    writer.close();
    file?.close();
    throw error;
  }
}

/** better-sqlite3 defaults to NORMAL with WAL, which can lose acknowledged commits in a power cut. */
function keepCommits(writer: SQLite.Database): void {
  writer.pragma('synchronous = full');
}

function prepareToWrite(writer: SQLite.Database): void {
  writer.pragma('foreign_keys = on');
  // Temporary tables are gone through in order: a larger cache would take memory for nothing.
  writer.pragma('temp.cache_size = -2000');
  noteTouchedTrades(writer);
}

/**
 * A connection of another thread of the process that has opened the file. It does not watch whether
 * the file is lost: the thread that has opened it does, and has this one closed before it opens
 * another. (It could not watch by itself: a process that closes any descriptor of a file loses all
 * its locks on it, so only SQLite may open the file here.) Throws SqliteError, or DatabaseLost when
 * another file stands in its place by now.
 */
export function openBeside(
  { path, identity, stamp }: OpenFile,
  does: 'read' | 'write',
): SQLite.Database {
  const options = does === 'read' ? { readonly: true, timeout: 100 } : { timeout: 0 };
  const handle = new SQLite(path, { ...options, fileMustExist: true });
  try {
    // Before the first statement nothing is read: not even the log, which may belong to the lost file.
    const isSame = identityAt(path) === identity;
    if (!isSame || handle.pragma('user_version', { simple: true }) !== stamp)
      throw new DatabaseLost(`${path} is another file now.`);
    if (does === 'write') {
      keepCommits(handle);
      prepareToWrite(handle);
    }
    return handle;
  } catch (error) {
    handle.close();
    throw error;
  }
}

/**
 * Raises the count in the file's header, by which an older copy differs from the file itself.
 * Returns whether that was possible: the file may be locked or read-only.
 */
export function countUp({ writer }: Opened): boolean {
  if (writer.inTransaction) return false;
  try {
    const count = writer.pragma('application_id', { simple: true }) as number;
    writer.pragma(`application_id = ${count + 1}`);
    // Copies the count from the log into the file itself.
    writer.pragma('wal_checkpoint(passive)');
    return true;
  } catch {
    return false;
  }
}

/**
 * Checks a file through a read-only connection: one that can write would, when it is closed,
 * checkpoint the log, which may be another program's.
 */
function checkReadOnly(path: string): void {
  const handle = new SQLite(path, { readonly: true, fileMustExist: true, timeout: 0 });
  try {
    refuseNewer(path, refuseForeign(path, handle));
  } finally {
    handle.close();
  }
}

/**
 * Throws UnusableDatabase for another program's database; to be called before anything is written.
 * Returns the names of the migrations that were applied.
 */
export function refuseForeign(path: string, handle: SQLite.Database): string[] {
  // Not only tables: a view counts too. The names of SQLite's own objects begin with `sqlite_`.
  const there = handle
    .prepare<[], string>("select name from sqlite_schema where substr(name, 1, 7) <> 'sqlite_'")
    .pluck()
    .all();
  const applied = there.includes('kysely_migration')
    ? handle.prepare<[], string>('select name from kysely_migration').pluck().all()
    : [];
  const isEmpty =
    there.length === 0 &&
    ['user_version', 'application_id'].every((mark) => handle.pragma(mark, { simple: true }) === 0);
  const isBeingMade =
    applied.length === 0 &&
    there.length > 0 &&
    there.every((name) => name.startsWith('kysely_migration'));
  if (isEmpty || isBeingMade || applied.includes(firstMigration)) return applied;
  throw new UnusableDatabase(
    `${path} is another program’s database and was left as it is. Name PropTally’s own with --db.`,
  );
}

const [firstMigration = ''] = Object.keys(migrations);

function refuseNewer(path: string, applied: readonly string[]): void {
  const unknown = applied.filter((name) => !(name in migrations));
  if (unknown.length === 0) return;
  throw new UnusableDatabase(
    `${path} was brought up to date by a newer PropTally (${unknown.join(', ')}). Run that version, or restore a backup from before.`,
  );
}

/** Migrates in one transaction: if that is interrupted, the schema is still the old one. */
async function migrate(path: string, writer: SQLite.Database): Promise<void> {
  const database = new Kysely({
    dialect: new ImmediateSqliteDialect(new Connection(writer, {})),
  });
  const provider = { getMigrations: async () => migrations };
  // A migration may drop a table that others refer to. In a transaction SQLite would ignore this.
  writer.pragma('foreign_keys = off');
  await database.transaction().execute(async (transaction) => {
    const { error } = await new Migrator({ db: transaction, provider }).migrateToLatest();
    if (error) throw error;
    refuseBroken(path, writer);
    makeMissingPieces(writer);
  });
  // Copies the stamp, which a migration may have set, from the log into the file itself.
  writer.pragma('wal_checkpoint(passive)');
}

/** Throws UnusableDatabase if there are rows that refer to missing ones. */
function refuseBroken(path: string, writer: SQLite.Database): void {
  const broken = writer.pragma('foreign_key_check') as { table: string }[];
  if (broken.length === 0) return;
  const tables = new Set(broken.map(({ table }) => table));
  throw new UnusableDatabase(
    `${path} can’t be brought up to date: in ${[...tables].join(', ')} there are rows whose owner is missing. It was left as it is.`,
  );
}

/**
 * Closes all connections. After a loss, nothing of theirs may get into the file that has taken the
 * lost one's place: SQLite would copy its log there, or take the log for the other file's. Returns
 * false while a connection of a lost file is still in a transaction.
 */
export function release({ file, writer, reader, watcher }: Opened, loss: Loss | null): boolean {
  if (loss && (writer.inTransaction || reader.inTransaction)) return false;
  try {
    if (loss?.kind === 'overwritten') file.emptyLog();
    else if (loss)
      writer.pragma(`wal_checkpoint(${loss.kind === 'replaced' ? 'truncate' : 'passive'})`);
  } catch {
    // What could not be copied is still in the log.
  }
  for (const connection of [watcher, reader, writer]) connection.close();
  if (loss?.kind === 'replaced' || loss?.kind === 'overwritten') file.removeCompanions();
  file.close();
  return true;
}
