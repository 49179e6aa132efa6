import SQLite from 'better-sqlite3';
import { Kysely } from 'kysely';
import { refuseForeign } from './connections.ts';
import { waitForLock } from './database.ts';
import { makeFile } from './database-file.ts';
import { Connection, ImmediateSqliteDialect } from './dialect.ts';
import { stampAnew } from './migrations/0005-server.ts';

/** A copy failed; `side` says which of the two files is the reason. */
export class CopyFailure extends Error {
  readonly side: 'source' | 'target';

  constructor(side: CopyFailure['side'], cause: unknown) {
    super((cause as Error).message, { cause });
    this.side = side;
  }
}

/**
 * Writes a copy of a database to a new file; other processes may use the database meanwhile. The
 * database itself is not changed: its schema is not brought up to date. Throws CopyFailure.
 */
export async function copyDatabase(path: string, target: string): Promise<void> {
  let side: CopyFailure['side'] = 'source';
  try {
    const source = new SQLite(path, { readonly: true, fileMustExist: true });
    try {
      await waitForLock(async () => refuseForeign(path, source));
      side = 'target';
      makeFile(target);
      source.prepare('vacuum into ?').run(target);
    } finally {
      source.close();
    }
    await stampCopy(target);
  } catch (error) {
    const isOfSource =
      error instanceof SQLite.SqliteError && /^SQLITE_(CORRUPT|NOTADB|BUSY)/.test(error.code);
    throw new CopyFailure(isOfSource ? 'source' : side, error);
  }
}

/** Gives the copy a stamp of its own, so that a server notices when it replaces the database. */
async function stampCopy(target: string): Promise<void> {
  const copy = new SQLite(target);
  try {
    const connection = new Connection(copy, {});
    await stampAnew(new Kysely({ dialect: new ImmediateSqliteDialect(connection) }));
  } finally {
    copy.close();
  }
}
