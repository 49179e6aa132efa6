import SQLite from 'better-sqlite3';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDialect,
  SqliteDriver,
  type SqliteStatement,
} from 'kysely';
import { LRUCache } from 'lru-cache';
import { DatabaseLost } from './database-file.ts';

const mostStatements = 200;

/** What a connection asks around a statement; each may throw. */
export interface Around {
  before?(): void;
  /** When no transaction is open: what was written has been kept. */
  after?(): void;
  failed?(): void;
}

/**
 * A connection that prepares each statement once: Kysely prepares one for every query, and what is
 * prepared takes memory outside the heap that only a collection gives back. It may be exchanged for
 * another while no transaction is open.
 */
export class Connection implements SqliteDatabase {
  #handle: SQLite.Database;
  readonly #around: Around;
  readonly #statements = new LRUCache<string, SqliteStatement>({ max: mostStatements });

  constructor(handle: SQLite.Database, around: Around) {
    this.#handle = handle;
    this.#around = around;
  }

  get handle(): SQLite.Database {
    return this.#handle;
  }

  exchange(handle: SQLite.Database): void {
    this.#statements.clear();
    this.#handle = handle;
  }

  prepare(text: string): SqliteStatement {
    // What failed is taken back, whatever became of the file.
    if (text === 'rollback') return this.#handle.prepare(text) as SqliteStatement;
    this.#around.before?.();
    let statement = this.#statements.get(text);
    if (!statement) {
      statement = this.#watched(this.#watch(() => this.#handle.prepare(text)));
      this.#statements.set(text, statement);
    }
    return statement;
  }

  #watched(statement: SQLite.Statement): SqliteStatement {
    return {
      reader: statement.reader,
      all: (values) => this.#watch(() => statement.all(values)),
      run: (values) => this.#watch(() => statement.run(values)),
      iterate: (values) => statement.iterate(values) as IterableIterator<unknown>,
    };
  }

  #watch<Result>(work: () => Result): Result {
    let result: Result;
    try {
      result = work();
    } catch (error) {
      this.#around.failed?.();
      throw error;
    }
    if (!this.#handle.inTransaction) this.#around.after?.();
    return result;
  }

  close(): void {
    this.#handle.close();
  }
}

/**
 * SQLite as a server needs it. A transaction takes the writing lock when it begins: one that reads
 * first and writes later would fail whenever another process wrote between.
 */
export class ImmediateSqliteDialect extends SqliteDialect {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    super({ database: connection });
    this.#connection = connection;
  }

  override createDriver(): Driver {
    return new ImmediateDriver(this.#connection);
  }

  override createAdapter(): SqliteAdapter {
    return new TransactionalAdapter();
  }
}

class ImmediateDriver extends SqliteDriver {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    super({ database: connection });
    this.#connection = connection;
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  /** A full disk makes SQLite roll back by itself; to do it again would hide why. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#connection.handle.inTransaction) await super.rollbackTransaction(connection);
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
  if (error instanceof DatabaseLost) return true;
  return (
    error instanceof SQLite.SqliteError &&
    /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOTADB|CORRUPT)/.test(error.code)
  );
}
