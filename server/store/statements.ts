import type SQLite from 'better-sqlite3';

const known = new WeakMap<SQLite.Database, Map<string, SQLite.Statement<unknown[], unknown>>>();

/** A statement of a connection, prepared once. For constant texts, as none is forgotten. */
export function prepared<Row = unknown>(
  handle: SQLite.Database,
  text: string,
): SQLite.Statement<unknown[], Row> {
  let statements = known.get(handle);
  if (!statements) {
    statements = new Map();
    known.set(handle, statements);
  }
  let statement = statements.get(text);
  if (!statement) {
    statement = handle.prepare<unknown[], unknown>(text);
    statements.set(text, statement);
  }
  return statement as SQLite.Statement<unknown[], Row>;
}

/** An SQL condition with three parameters: a row of a table whose key is that of trades. */
export const isTrade = 'partner_id = ? and account_id = ? and id = ?';

/** `insert into … values (…)` with a parameter for each column. */
export function insertion(table: string, columns: readonly string[]): string {
  return `insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`;
}
