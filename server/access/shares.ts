import { shareOfAccount } from '../../shared/access.ts';
import { type Day, startOfDay, tradingDay } from '../../shared/day.ts';
import { tokensQuota } from './caller.ts';
import type { Admission, Quota } from './quota.ts';

/** How many accounts' counts are remembered; the oldest is forgotten, and begins anew. */
const most = 100_000;

/**
 * What tokens that name an account spend of their partner's tokens' quota: a token stands with one
 * visitor, who must not use up what all others have. Counted in memory, by the account and the day.
 */
export class Shares {
  readonly #quota: Quota;
  readonly #used = new Map<string, number>();
  #day: Day | null = null;

  constructor(quota: Quota) {
    this.#quota = quota;
  }

  /** What it tells is of the share alone. `limit`: of the quota. */
  async admit(partnerId: string, account: string, limit: number, now: number): Promise<Admission> {
    const day = tradingDay(now);
    this.#begin(day);
    const name = `${partnerId} ${account}`;
    const share = Math.floor(limit * shareOfAccount);
    const used = this.#used.get(name) ?? 0;
    if (used >= share) {
      return { admitted: false, limit: share, remaining: 0, resetsAt: startOfDay(day + 1) };
    }
    // Before anything is waited for, so that no number of requests at once spends more.
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
