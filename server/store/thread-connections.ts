import SQLite from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import type { Database, OpenFile, Queries } from './database.ts';
import { DatabaseLost } from './database-file.ts';
import { Connection, ImmediateSqliteDialect } from './dialect.ts';
import { Outcomes } from './outcomes.ts';
import type { Schema } from './schema.ts';
import { settleSums } from './sums.ts';
import { noteTouchedTrades } from './touched-trades.ts';

/*
 * Connections to a file that another thread of this process has opened. They don't watch whether it
 * is lost: that thread does, and has them closed before it opens another file. (Locks on files
 * belong to a process. So a second thread must not open and close the file itself, only by SQLite.)
 */

/** A connection that only reads. */
export interface ReadingConnection {
  read: Queries;
  close(): void;
}

/** Throws SqliteError, or DatabaseLost when another file stands in its place by now. */
export function openReader(file: OpenFile): ReadingConnection {
  const handle = open(file, { readonly: true, timeout: 100 });
  const database = new Connection(handle, {});
  return {
    read: new Kysely<Schema>({ dialect: new SqliteDialect({ database }) }),
    close: () => handle.close(),
  };
}

/** A connection that writes. It settles sums as the process's first one does. */
export interface WritingConnection extends Pick<Database, 'write' | 'handle' | 'outcomes'> {
  close(): void;
}

/** Throws as {@link openReader} does. */
export function openWriter(file: OpenFile): WritingConnection {
  const handle = open(file, { timeout: 0 });
  handle.pragma('synchronous = full');
  handle.pragma('foreign_keys = on');
  noteTouchedTrades(handle);
  const connection = new Connection(handle, { commit: () => settleSums(handle) });
  const outcomes = new Outcomes();
  const dialect = new ImmediateSqliteDialect(connection);
  return {
    write: new Kysely<Schema>({ dialect, log: outcomes.ofWrite }),
    handle,
    outcomes,
    close: () => handle.close(),
  };
}

function open({ path, stamp }: OpenFile, options: SQLite.Options): SQLite.Database {
  const handle = new SQLite(path, { fileMustExist: true, ...options });
  if (handle.pragma('user_version', { simple: true }) === stamp) return handle;
  handle.close();
  throw new DatabaseLost(`${path} is another file now.`);
}
