import SQLite from 'better-sqlite3';
import { Kysely } from 'kysely';
import { refuseForeign } from './connections.ts';
import { waitForLock } from './database.ts';
import { makeFile } from './database-file.ts';
import { Connection, ImmediateSqliteDialect } from './dialect.ts';
import { stampAnew } from './migrations/0005-server.ts';

/**
 * Writes a copy to a new file, whoever uses the database meanwhile; nothing is changed, its schema
 * neither. Throws as {@link openDatabase} does, of either file.
 */
export async function copyDatabase(path: string, target: string): Promise<void> {
  const source = new SQLite(path, { readonly: true, fileMustExist: true });
  try {
    await waitForLock(async () => refuseForeign(path, source));
    makeFile(target);
    source.prepare('vacuum into ?').run(target);
  } finally {
    source.close();
  }
  const copy = new SQLite(target);
  try {
    const connection = new Connection(copy, {});
    await stampAnew(new Kysely({ dialect: new ImmediateSqliteDialect(connection) }));
  } finally {
    copy.close();
  }
}
