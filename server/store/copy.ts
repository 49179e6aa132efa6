import SQLite from 'better-sqlite3';
import { Kysely } from 'kysely';
import { refuseForeign } from './connections.ts';
import { waitForLock } from './database.ts';
import { makeFile } from './database-file.ts';
import { Connection, ImmediateSqliteDialect } from './dialect.ts';
import { stampAnew } from './migrations/0005-server.ts';

/** Which of the two files failed, and why. */
export class CopyFailure extends Error {
  readonly side: 'source' | 'target';

  constructor(side: CopyFailure['side'], cause: unknown) {
    super((cause as Error).message, { cause });
    this.side = side;
  }
}

/**
 * Writes a copy to a new file, whoever uses the database meanwhile; nothing is changed in it, its
 * schema neither. Throws CopyFailure.
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

/** So that it is not taken for the database itself when it stands in its place. */
async function stampCopy(target: string): Promise<void> {
  const copy = new SQLite(target);
  try {
    const connection = new Connection(copy, {});
    await stampAnew(new Kysely({ dialect: new ImmediateSqliteDialect(connection) }));
  } finally {
    copy.close();
  }
}
