import { Refusal } from '../refusal.ts';
import type { RepeatableRequest } from './stored-answers.ts';

/**
 * The requests with an Idempotency-Key that this process is working on. Between processes the
 * database's lock decides: the second one finds the stored answer of the first.
 */
export class RunningRequests {
  readonly #running = new Set<string>();

  /** Throws a 409 while the same request is running. */
  begin({ id }: RepeatableRequest): void {
    if (this.#running.has(id)) {
      throw new Refusal(409, 'request_running', 'The same request is still running.', {
        headers: { 'Retry-After': '1' },
      });
    }
    this.#running.add(id);
  }

  end({ id }: RepeatableRequest): void {
    this.#running.delete(id);
  }
}
