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
  sql,
} from 'kysely';
import { LRUCache } from 'lru-cache';
import { DatabaseLost } from './database-file.ts';

const mostStatements = 200;

/** A statement that does nothing. */
const nothing: SqliteStatement = {
  reader: false,
  all: () => [],
  run: () => ({ changes: 0, lastInsertRowid: 0 }),
  iterate: () => [].values(),
};

/** Functions that a connection calls around each statement; each may throw. */
export interface Hooks {
  before?(): void;
  /** Called after a statement if no transaction is open, so what was written is committed. */
  after?(): void;
  failed?(): void;
  /** Called before a transaction is committed; what it throws rolls that back. */
  commit?(): void;
}

/**
 * A connection that prepares each statement once and caches it. Kysely would prepare one for every
 * query, and a prepared statement takes memory outside the heap that only a garbage collection
 * frees. Its handle may be exchanged for another one while no transaction is open.
 */
export class Connection implements SqliteDatabase {
  #handle: SQLite.Database;
  readonly #hooks: Hooks;
  readonly #statements = new LRUCache<string, SqliteStatement>({ max: mostStatements });

  constructor(handle: SQLite.Database, hooks: Hooks) {
    this.#handle = handle;
    this.#hooks = hooks;
  }

  get handle(): SQLite.Database {
    return this.#handle;
  }

  exchange(handle: SQLite.Database): void {
    this.#statements.clear();
    this.#handle = handle;
  }

  prepare(text: string): SqliteStatement {
    // A failed transaction is rolled back even when the file is lost, so no hook may prevent it. A full
    // disk makes SQLite roll back by itself; a second rollback would hide the cause.
    if (text === 'rollback')
      return this.#handle.inTransaction ? (this.#handle.prepare(text) as SqliteStatement) : nothing;
    this.#hooks.before?.();
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
      this.#hooks.failed?.();
      throw error;
    }
    if (!this.#handle.inTransaction) this.#hooks.after?.();
    return result;
  }

  beforeCommit(): void {
    this.#hooks.commit?.();
  }

  close(): void {
    this.#handle.close();
  }
}

/**
 * SQLite for several processes. A transaction takes the write lock when it begins: one that reads
 * first and takes the lock later would fail whenever another process wrote in between.
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

  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    this.#connection.beforeCommit();
    await super.commitTransaction(connection);
  }
}

/** SQLite changes its schema inside transactions, so a migration is applied whole or not at all. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** Another thread of this process has its turn to write. */
export class Busy extends SQLite.SqliteError {
  constructor() {
    super('another thread is writing', 'SQLITE_BUSY');
  }
}

/** Whether an error means that another process holds the lock. */
export function isBusy(error: unknown): boolean {
  return error instanceof SQLite.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

/** Whether an error means that the database is locked, full, gone, damaged or read-only. */
export function isStorageFailure(error: unknown): boolean {
  if (error instanceof DatabaseLost) return true;
  return (
    error instanceof SQLite.SqliteError &&
    /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOTADB|CORRUPT)/.test(error.code)
  );
}

/**
 * A SELECT of rows that are given as values. Unlike one of VALUES, its text does not depend on how
 * many there are, so it is prepared only once. `where true` is for an upsert that follows it.
 */
export function selectRows<Row extends object>(
  rows: readonly Row[],
  columns: readonly (keyof Row & string)[],
) {
  const values = columns.map((name) => sql`value ->> ${sql.lit(name)} as ${sql.ref(name)}`);
  return sql<Row>`select ${sql.join(values)} from json_each(${JSON.stringify(rows)}) where true`;
}
