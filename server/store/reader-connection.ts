import { Kysely, SqliteDialect } from 'kysely';
import { type OpenFile, openBeside } from './connections.ts';
import type { Queries } from './database.ts';
import { Connection } from './dialect.ts';
import type { Schema } from './schema.ts';

/** A connection that only reads, for another thread of the process that has opened the file. */
export interface ReaderConnection {
  read: Queries;
  close(): void;
}

/** Throws as {@link openBeside} does. */
export function openReader(file: OpenFile): ReaderConnection {
  const handle = openBeside(file, 'read');
  const database = new Connection(handle, {});
  return {
    read: new Kysely<Schema>({ dialect: new SqliteDialect({ database }) }),
    close: () => handle.close(),
  };
}
