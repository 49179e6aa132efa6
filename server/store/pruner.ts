import { day, hour } from '../../shared/time.ts';
import { type Database, transact } from './database.ts';
import { keepFact, readFact } from './facts.ts';
import { prune } from './retention.ts';

/**
 * Deletes every hour what has been kept for long enough; where that is much, it goes on with each
 * run. As this is irreversible, it needs a clock that can be trusted: one that differs by more than a
 * day from the last time that any process stored may be wrong, and is trusted again only after it has
 * run steadily for a day.
 */
export class Pruner {
  readonly #database: Database;
  readonly #logError: (problem: string) => void;
  #last: number | null = null;
  /** How long the clock has run steadily since it jumped, ms; null: it is trusted. */
  #steadyFor: number | null = null;
  #prunedAt: number | null = null;

  constructor(database: Database, logError: (problem: string) => void) {
    this.#database = database;
    this.#logError = logError;
  }

  /** Whether the clock is trusted. */
  get isTrusting(): boolean {
    return this.#steadyFor === null;
  }

  /** Whether the clock is trusted when it tells a time. */
  trusts(now: number): boolean {
    return this.isTrusting && Math.abs(now - (this.#last ?? now)) <= day;
  }

  /** To be called every few seconds. */
  async run(now: number): Promise<void> {
    await this.#watch(now);
    // In either direction, since the clock may have been set back.
    if (this.#prunedAt !== null && Math.abs(now - this.#prunedAt) < hour) return;
    if (this.#steadyFor !== null) return;
    await transact(this.#database, (transaction) => keepFact(transaction, 'clock', now));
    const isMore = await prune(this.#database, now);
    this.#prunedAt = isMore ? null : now;
  }

  async #watch(now: number): Promise<void> {
    const last = this.#last ?? (await readFact(this.#database.read, 'clock'));
    this.#last = now;
    const step = now - (last ?? now);
    if (Math.abs(step) > (this.#steadyFor === null ? day : 2 * day)) {
      this.#steadyFor = 0;
      this.#logError(jumpMessage(now - step, now));
    } else if (this.#steadyFor !== null) {
      // Of a smaller jump in the meantime, at most an hour counts as running.
      this.#steadyFor += Math.min(Math.max(0, step), hour);
      if (this.#steadyFor >= day) this.#steadyFor = null;
    }
  }
}

function jumpMessage(last: number, now: number): string {
  const [from, to] = [last, now].map((time) => new Date(time).toISOString());
  return `The clock went from ${from} to ${to}: nothing old is removed until it has run evenly for a day.`;
}
