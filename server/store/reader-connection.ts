import SQLite from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import type { OpenFile, Queries } from './database.ts';
import { DatabaseLost, identityAt } from './database-file.ts';
import { Connection } from './dialect.ts';
import type { Schema } from './schema.ts';

/** A connection that only reads, for another thread of the process that has opened the file. */
export interface ReaderConnection {
  read: Queries;
  close(): void;
}

/**
 * The connection does not watch whether the file is lost: the thread that has opened it does, and
 * has this one closed before it opens another. (It could not watch by itself: a process that closes
 * any descriptor of a file loses all its locks on it, so only SQLite may open the file here.) Throws
 * SqliteError, or DatabaseLost when another file stands in its place by now.
 */
export function openReader({ path, identity, stamp }: OpenFile): ReaderConnection {
  const handle = new SQLite(path, { readonly: true, fileMustExist: true, timeout: 100 });
  try {
    // Before the first statement nothing is read: not even the log, which may belong to the lost file.
    const isSame = identityAt(path) === identity;
    if (!isSame || handle.pragma('user_version', { simple: true }) !== stamp)
      throw new DatabaseLost(`${path} is another file now.`);
  } catch (error) {
    handle.close();
    throw error;
  }
  const database = new Connection(handle, {});
  return {
    read: new Kysely<Schema>({ dialect: new SqliteDialect({ database }) }),
    close: () => handle.close(),
  };
}
