import type { LogEvent } from 'kysely';
import { isBusy, isStorageFailure } from './dialect.ts';

/** What became of the last read of a database, and of the last write that this process made. */
export class Outcomes {
  #readFailed = false;
  #writeFailed = false;
  /** Whether the open transaction has something to keep; null: none is open. */
  #hasWritten: boolean | null = null;

  get readFailed(): boolean {
    return this.#readFailed;
  }

  get writeFailed(): boolean {
    return this.#writeFailed;
  }

  /** To be told of every statement of the reading connection. */
  readonly ofRead = (event: LogEvent): void => {
    if (event.level === 'query') this.#readFailed = false;
    else if (isBroken(event.error)) this.#readFailed = true;
  };

  /** To be told of every statement of the writing connection. */
  readonly ofWrite = (event: LogEvent): void => {
    if (event.level === 'query') this.#succeeded(event.query);
    else if (isBroken(event.error)) this.#writeFailed = true;
  };

  /** That another process went on writing for longer than a write waits. */
  waitedInVain(): void {
    this.#writeFailed = true;
  }

  #succeeded({ sql, query: { kind } }: LogEvent['query']): void {
    if (sql === 'begin immediate') this.#hasWritten = false;
    else if (sql === 'rollback') this.#hasWritten = null;
    else if (sql === 'commit') {
      if (this.#hasWritten) this.#writeFailed = false;
      this.#hasWritten = null;
    } else if (this.#hasWritten === null) {
      // An update or a deletion alone may have found nothing to write.
      if (kind === 'InsertQueryNode') this.#writeFailed = false;
    } else if (kind === 'InsertQueryNode' || kind === 'UpdateQueryNode') this.#hasWritten = true;
  }
}

/** Another process that is writing is no failure: it is waited for. */
function isBroken(error: unknown): boolean {
  return isStorageFailure(error) && !isBusy(error);
}
