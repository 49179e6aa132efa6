import type { LogEvent } from 'kysely';
import { isBusy, isStorageFailure } from './dialect.ts';

/** Whether the last write to a database that this process made has failed. */
export class Outcomes {
  #writeFailed = false;
  /** Whether the open transaction has written something; null: no transaction is open. */
  #hasWritten: boolean | null = null;

  get writeFailed(): boolean {
    return this.#writeFailed;
  }

  /** To be called for every statement of the writing connection. */
  readonly ofWrite = (event: LogEvent): void => {
    if (event.level === 'query') this.#ran(event.query);
    else this.failed(event.error);
  };

  /** To be called when another thread has written something. */
  succeeded(): void {
    this.#writeFailed = false;
  }

  /** To be called when another thread could not write, with its error. */
  failed(error: unknown): void {
    if (isBroken(error)) this.#writeFailed = true;
  }

  /** To be called when another process has held the lock for longer than a write waits. */
  lockTimedOut(): void {
    this.#writeFailed = true;
  }

  #ran({ sql, query: { kind } }: LogEvent['query']): void {
    if (sql === 'begin immediate') this.#hasWritten = false;
    else if (sql === 'rollback') this.#hasWritten = null;
    else if (sql === 'commit') {
      if (this.#hasWritten) this.#writeFailed = false;
      this.#hasWritten = null;
    } else if (this.#hasWritten === null) {
      // An update or a deletion may have matched no row: then it does not show that writing works.
      if (kind === 'InsertQueryNode') this.#writeFailed = false;
    } else if (kind === 'InsertQueryNode' || kind === 'UpdateQueryNode') this.#hasWritten = true;
  }
}

/** A lock that another process holds is no failure: the caller waits for it. */
function isBroken(error: unknown): boolean {
  return isStorageFailure(error) && !isBusy(error);
}
