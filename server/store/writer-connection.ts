import type SQLite from 'better-sqlite3';
import { Kysely } from 'kysely';
import { type OpenFile, openBeside } from './connections.ts';
import { Connection, ImmediateSqliteDialect } from './dialect.ts';
import type { Schema } from './schema.ts';
import { settleSums } from './sums.ts';

/**
 * A connection that writes, for another thread of the process that has opened the file. It may be
 * used only while that thread leaves it the turn to write (database.ts).
 */
export interface WriterConnection {
  handle: SQLite.Database;
  write: Kysely<Schema>;
  close(): void;
}

/** Throws as {@link openBeside} does. */
export function openWriter(file: OpenFile): WriterConnection {
  const handle = openBeside(file, 'write');
  const connection = new Connection(handle, { commit: () => void settleSums(handle) });
  return {
    handle,
    write: new Kysely<Schema>({ dialect: new ImmediateSqliteDialect(connection) }),
    close: () => handle.close(),
  };
}
