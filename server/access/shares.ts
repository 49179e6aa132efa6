import { shareOfNamed } from '../../shared/access.ts';
import { type Day, startOfUtcDay, utcDay } from '../../shared/day.ts';
import { tokensQuota } from './caller.ts';
import type { Admission, Quota } from './quota.ts';

/**
 * The most counts that are kept. Beyond that the oldest is evicted, and what it is of starts at zero
 * again.
 */
const most = 100_000;

/**
 * Limits the part of the tokens' quota that the tokens for an account, a set of accounts or a user
 * may use. Such a token is in the page of one visitor, who must not use up the quota of all others.
 * Counted in memory, by what the tokens name and by day.
 */
export class Shares {
  readonly #quota: Quota;
  readonly #used = new Map<string, number>();
  #day: Day | null = null;

  constructor(quota: Quota) {
    this.#quota = quota;
  }

  /**
   * Counts a request against the share and the quota. The result is about the share alone. `named`:
   * what the token names; `limit`: of the quota.
   */
  async admit(partnerId: string, named: string, limit: number, now: number): Promise<Admission> {
    const day = utcDay(now);
    this.#begin(day);
    const name = `${partnerId} ${named}`;
    const share = Math.floor(limit * shareOfNamed);
    const used = this.#used.get(name) ?? 0;
    if (used >= share) {
      return { admitted: false, limit: share, remaining: 0, resetsAt: startOfUtcDay(day + 1) };
    }
    // Counted before the quota is awaited, so that concurrent requests can't exceed the share.
    this.#set(name, used + 1);
    const admission = await this.#quota.admit(partnerId, tokensQuota, limit, now);
    if (admission.admitted) return { ...admission, limit: share, remaining: share - used - 1 };
    this.#set(name, (this.#used.get(name) ?? 1) - 1);
    return { ...admission, limit: share };
  }

  #begin(day: Day): void {
    if (day !== this.#day) this.#used.clear();
    this.#day = day;
  }

  #set(name: string, used: number): void {
    if (this.#used.size >= most && !this.#used.has(name))
      this.#used.delete(this.#used.keys().next().value!);
    this.#used.set(name, used);
  }
}
