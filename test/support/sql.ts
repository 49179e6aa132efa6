import type { Mock, TestContext } from 'node:test';
import SQLite from 'better-sqlite3';
import type { Database } from '../../server/store/database.ts';

/** A statement as it was run: its text and what was put into it. */
export interface RunStatement {
  text: string;
  values: readonly unknown[];
}

type All = (this: SQLite.Statement, ...values: unknown[]) => unknown[];

/** Notes every statement that is read from any database while `work` goes on. */
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

/** The steps in which SQLite answers a statement. */
export function planOf({ handle }: Database, { text, values }: RunStatement): string[] {
  return handle
    .prepare<unknown[], { detail: string }>(`explain query plan ${text}`)
    .all(...values)
    .map(({ detail }) => detail);
}
