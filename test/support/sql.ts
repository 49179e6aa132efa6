import type { Mock, TestContext } from 'node:test';
import SQLite from 'better-sqlite3';
import type { Database } from '../../server/store/database.ts';

/** A statement that was run: its SQL and the values bound to it. */
export interface RunStatement {
  text: string;
  values: readonly unknown[];
}

type All = (this: SQLite.Statement, ...values: unknown[]) => unknown[];

/** Records every statement that reads rows from any database while `work` runs. */
export async function statementsOf(
  test: TestContext,
  work: () => Promise<unknown>,
): Promise<RunStatement[]> {
  const memory = new SQLite(':memory:');
  const statement = Object.getPrototypeOf(memory.prepare('select 1')) as { all: All };
  memory.close();
  const all: Mock<All> = test.mock.method(statement, 'all');
  await work();
  const calls = all.mock.calls.map((call) => ({
    text: (call.this as SQLite.Statement).source,
    values: call.arguments,
  }));
  all.mock.restore();
  return calls;
}

/** SQLite's query plan of a statement, one text for each step. */
export function planOf({ handle }: Database, { text, values }: RunStatement): string[] {
  return handle
    .prepare<unknown[], { detail: string }>(`explain query plan ${text}`)
    .all(...values)
    .map(({ detail }) => detail);
}

/** How many rows each of the statements with an OFFSET skips. */
export function skippedRows(statements: readonly RunStatement[]): number[] {
  return statements.flatMap(({ text, values }) => {
    const [before, after] = text.split(' offset ?');
    return after === undefined ? [] : [values.flat()[before!.split('?').length - 1] as number];
  });
}
