import { day, hour } from '../../shared/time.ts';
import { type Database, transact } from './database.ts';
import { keepFact, readFact } from './facts.ts';
import { prune } from './retention.ts';

/**
 * Removes every hour what has been kept for long enough: for good, and so only by a clock that can
 * be believed. One that is further than a day from the last time seen, by whichever process, may be
 * wrong until somebody sets it; it is believed after it has gone on evenly for a day.
 */
export class Pruner {
  readonly #database: Database;
  readonly #complain: (problem: string) => void;
  #last: number | null = null;
  /** How long it has gone on since it leapt, ms; null while it is believed. */
  #even: number | null = null;
  #prunedAt: number | null = null;

  constructor(database: Database, complain: (problem: string) => void) {
    this.#database = database;
    this.#complain = complain;
  }

  /** To be called every few seconds. */
  async run(now: number): Promise<void> {
    await this.#watch(now);
    // Either way: a clock may have been put right.
    if (this.#prunedAt !== null && Math.abs(now - this.#prunedAt) < hour) return;
    if (this.#even !== null) return;
    await transact(this.#database, (transaction) => keepFact(transaction, 'clock', now));
    await prune(this.#database, now);
    this.#prunedAt = now;
  }

  async #watch(now: number): Promise<void> {
    const last = this.#last ?? (await readFact(this.#database.read, 'clock'));
    this.#last = now;
    const step = now - (last ?? now);
    if (Math.abs(step) > (this.#even === null ? day : 2 * day)) {
      this.#even = 0;
      this.#complain(leap(now - step, now));
    } else if (this.#even !== null) {
      // What it jumps by meanwhile is no running.
      this.#even += Math.min(Math.max(0, step), hour);
      if (this.#even >= day) this.#even = null;
    }
  }
}

function leap(last: number, now: number): string {
  const [from, to] = [last, now].map((time) => new Date(time).toISOString());
  return `The clock went from ${from} to ${to}: nothing old is removed until it has run evenly for a day.`;
}
