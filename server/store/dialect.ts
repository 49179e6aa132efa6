import SQLite from 'better-sqlite3';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDialect,
  SqliteDriver,
} from 'kysely';
import { LRUCache } from 'lru-cache';

/**
 * SQLite as a server needs it. A transaction takes the writing lock when it begins: one that reads
 * first and writes later would fail whenever another process wrote between.
 */
export class ImmediateSqliteDialect extends SqliteDialect {
  readonly #handle: SQLite.Database;
  readonly #database: SqliteDatabase;

  constructor(handle: SQLite.Database) {
    const database = rememberStatements(handle);
    super({ database });
    this.#handle = handle;
    this.#database = database;
  }

  override createDriver(): Driver {
    return new ImmediateDriver(this.#handle, this.#database);
  }

  override createAdapter(): SqliteAdapter {
    return new TransactionalAdapter();
  }
}

const mostStatements = 200;

/**
 * A connection that prepares each statement once. Kysely prepares one for every query, and what is
 * prepared takes memory outside the heap that only a collection gives back.
 */
export function rememberStatements(handle: SQLite.Database): SqliteDatabase {
  const statements = new LRUCache<string, SQLite.Statement>({ max: mostStatements });
  return {
    prepare(text) {
      let statement = statements.get(text);
      if (!statement) {
        statement = handle.prepare(text);
        statements.set(text, statement);
      }
      return statement;
    },
    close: () => handle.close(),
  };
}

class ImmediateDriver extends SqliteDriver {
  readonly #handle: SQLite.Database;

  constructor(handle: SQLite.Database, database: SqliteDatabase) {
    super({ database });
    this.#handle = handle;
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  /** A full disk makes SQLite roll back by itself; to do it again would hide why. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#handle.inTransaction) await super.rollbackTransaction(connection);
  }
}

/** SQLite changes its schema inside transactions, so a migration is applied whole or not at all. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** Whether another process is writing. */
export function isBusy(error: unknown): boolean {
  return error instanceof SQLite.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

/** Whether the database could not be read or written now: locked, full, gone, not writable. */
export function isStorageFailure(error: unknown): boolean {
  return (
    error instanceof SQLite.SqliteError &&
    /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOTADB|CORRUPT)/.test(error.code)
  );
}
