import SQLite from 'better-sqlite3';
import type { RefusalCode } from '../../shared/refusals.ts';
import { Refusal } from '../refusal.ts';
import { DatabaseLost } from '../store/database-file.ts';

/** An error as one thread tells it to another: a message takes no object of a class. */
export type Failure =
  | {
      kind: 'refusal';
      status: number;
      code: RefusalCode;
      message: string;
      details: Refusal['details'];
      cursor: Refusal['cursor'];
      headers: Record<string, string>;
    }
  | { kind: 'sqlite'; code: string; message: string }
  | { kind: 'lost'; message: string }
  | { kind: 'other'; message: string; stack: string | undefined };

export function failureOf(error: unknown): Failure {
  if (error instanceof Refusal) {
    const { status, code, message, details, cursor, headers } = error;
    return { kind: 'refusal', status, code, message, details, cursor, headers };
  }
  if (error instanceof SQLite.SqliteError) {
    return { kind: 'sqlite', code: error.code, message: error.message };
  }
  if (error instanceof DatabaseLost) return { kind: 'lost', message: error.message };
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { kind: 'other', message, stack };
}

/** The error that a failure tells of. */
export function errorOf(failure: Failure): Error {
  const { message } = failure;
  if (failure.kind === 'refusal')
    return new Refusal(failure.status, failure.code, message, failure);
  if (failure.kind === 'sqlite') return new SQLite.SqliteError(message, failure.code);
  return failure.kind === 'lost' ? new DatabaseLost(message) : new Error(message);
}
