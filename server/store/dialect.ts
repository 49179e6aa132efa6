import { setTimeout as sleep } from 'node:timers/promises';
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

/** How long a transaction waits for another process to finish writing. */
const patience = 5_000;

/**
 * SQLite as a server needs it. A transaction takes the writing lock when it begins: one that reads
 * first and writes later would fail whenever another process wrote between. It waits for the lock
 * without holding up the thread, which busy_timeout would.
 */
export class ImmediateSqliteDialect extends SqliteDialect {
  readonly #database: SqliteDatabase;

  constructor(handle: SQLite.Database) {
    const database = rememberStatements(handle);
    super({ database });
    this.#database = database;
  }

  override createDriver(): Driver {
    return new ImmediateDriver({ database: this.#database });
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
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    const deadline = performance.now() + patience;
    for (;;) {
      try {
        await connection.executeQuery(CompiledQuery.raw('begin immediate'));
        return;
      } catch (error) {
        if (!isBusy(error) || performance.now() > deadline) throw error;
        await sleep(20);
      }
    }
  }
}

/** SQLite changes its schema inside transactions, so a migration is applied whole or not at all. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof SQLite.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

/** Whether the database could not be read or written now: locked, full, gone, not writable. */
export function isStorageFailure(error: unknown): boolean {
  return (
    error instanceof SQLite.SqliteError &&
    /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOTADB|CORRUPT)/.test(error.code)
  );
}
