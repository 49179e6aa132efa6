import { existsSync } from 'node:fs';
import SQLite from 'better-sqlite3';
import { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { DatabaseFile, keepDatabaseToOwner, type Loss, makeFile } from './database-file.ts';
import { Connection, ImmediateSqliteDialect } from './dialect.ts';
import { migrations } from './migrations/index.ts';

/** The file is no database of this program's. Its message says what to do. */
export class UnusableDatabase extends Error {}

/** A database file with the connections to it. */
export interface Opened {
  file: DatabaseFile;
  writer: SQLite.Database;
  reader: SQLite.Database;
  /** Inside a transaction a connection sees the version at its start, so none is opened on this one. */
  watcher: SQLite.Database;
  askVersion(): number;
  /** The file's own number (database-file.ts). */
  stamp: number;
}

/**
 * Opens a file, makes it when it is not there, and brings its schema up to date. Throws SqliteError
 * when it can't be opened or is no database, UnusableDatabase when it is not ours.
 */
export async function openFile(path: string): Promise<Opened> {
  makeFile(path);
  if (existsSync(`${path}-wal`)) lookFirst(path);
  const writer = new SQLite(path, { timeout: 0 });
  let file: DatabaseFile | undefined;
  try {
    refuseNewer(path, refuseForeign(path, writer));
    keepDatabaseToOwner(path);
    writer.pragma('journal_mode = wal');
    // better-sqlite3 leaves WAL at NORMAL, which forgets acknowledged commits in a power cut.
    writer.pragma('synchronous = full');
    await migrate(path, writer);
    writer.pragma('foreign_keys = on');
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

/**
 * Counts up a number in the file's header, so that a copy made before is told from the file itself.
 * Whether it could be: the file may be written, or be for reading alone.
 */
export function countUp({ writer }: Opened): boolean {
  if (writer.inTransaction) return false;
  try {
    const count = writer.pragma('application_id', { simple: true }) as number;
    writer.pragma(`application_id = ${count + 1}`);
    // So that it stands in the file itself.
    writer.pragma('wal_checkpoint(passive)');
    return true;
  } catch {
    return false;
  }
}

/** By a connection that can't write: the last one that can would write another program's log to its file. */
function lookFirst(path: string): void {
  const handle = new SQLite(path, { readonly: true, fileMustExist: true, timeout: 0 });
  try {
    refuseNewer(path, refuseForeign(path, handle));
  } finally {
    handle.close();
  }
}

/** Before anything is written to it; the migrations of ours. */
export function refuseForeign(path: string, handle: SQLite.Database): string[] {
  // A view alone is something too; what SQLite makes itself begins with `sqlite_`.
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

/** In one transaction: whatever stops it, the schema is the old one or the new one. */
async function migrate(path: string, writer: SQLite.Database): Promise<void> {
  const database = new Kysely({
    dialect: new ImmediateSqliteDialect(new Connection(writer, {})),
  });
  const provider = { getMigrations: async () => migrations };
  // To look whether there is anything to do takes no lock: a key is revoked beside any long write.
  const known = await new Migrator({ db: database, provider }).getMigrations();
  if (known.every(({ executedAt }) => executedAt)) return;
  // A table that is made anew is dropped first. Within a transaction SQLite ignores this.
  writer.pragma('foreign_keys = off');
  await database.transaction().execute(async (transaction) => {
    const { error } = await new Migrator({ db: transaction, provider }).migrateToLatest();
    if (error) throw error;
    refuseBroken(path, writer);
  });
  // So that the file itself says which it is.
  writer.pragma('wal_checkpoint(passive)');
}

/** Rows that belong to something that is not there. */
function refuseBroken(path: string, writer: SQLite.Database): void {
  const broken = writer.pragma('foreign_key_check') as { table: string }[];
  if (broken.length === 0) return;
  const tables = new Set(broken.map(({ table }) => table));
  throw new UnusableDatabase(
    `${path} can’t be brought up to date: in ${[...tables].join(', ')} there are rows whose owner is missing. It was left as it is.`,
  );
}

/**
 * Closes all connections, so that nothing of theirs gets into what may have taken the file's place:
 * SQLite would copy its log there, or take it for the other file's. False while one is in use.
 */
export function release({ file, writer, reader, watcher }: Opened, loss: Loss | null): boolean {
  if (loss && (writer.inTransaction || reader.inTransaction)) return false;
  try {
    if (loss?.kind === 'overwritten') file.emptyLog();
    else if (loss)
      writer.pragma(`wal_checkpoint(${loss.kind === 'replaced' ? 'truncate' : 'passive'})`);
  } catch {
    // What could not be copied is in the log still.
  }
  for (const connection of [watcher, reader, writer]) connection.close();
  if (loss?.kind === 'replaced' || loss?.kind === 'overwritten') file.clearAway();
  file.close();
  return true;
}
