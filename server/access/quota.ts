import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { startOfUtcDay, utcDay } from '../../shared/day.ts';
import type { Database } from '../store/database.ts';
import { isStorageFailure } from '../store/dialect.ts';
import { giveBack, type KeyDay, lease, readLeased, type Wanted } from '../store/quota.ts';

export interface Admission {
  admitted: boolean;
  limit: number;
  remaining: number;
  /** The next midnight UTC, epoch ms. */
  resetsAt: number;
}

/** The state of a quota on one day, as this process knows it. */
interface Block {
  key: KeyDay;
  /** The requests that all processes had leased when this one last looked. */
  leased: number;
  /** Those of them that this process leased and has not spent. */
  left: number;
  /** Requests admitted while nothing could be leased. The next lease includes them. */
  owed: number;
  /**
   * The database's version at which nothing was left to lease; null: it is not known to be used up.
   */
  exhaustedAt: number | null;
  isIdle: boolean;
  leasing: Promise<'leased' | 'exhausted' | 'unwritable'> | null;
}

/** The leases that are written together, and the new sums. */
interface Batch {
  wanted: Wanted[];
  sums: Promise<(number | null)[]>;
}

/** The requests of a day that are known to be used, by this process or another one. */
function usedOf({ leased, left, owed }: Block): number {
  return leased - left + owed;
}

/** `remaining`: null when the request is not admitted. */
function admission({ key }: Block, limit: number, remaining: number | null): Admission {
  const resetsAt = startOfUtcDay(key.day + 1);
  return { admitted: remaining !== null, limit, remaining: remaining ?? 0, resetsAt };
}

/**
 * The most requests of a block. Small blocks would wait for the disk more often; large ones lose
 * more in a crash: at most a block for each key.
 */
const largestBlock = 1_024;

/**
 * How long a lease waits for the writes of others, in ms: `usual`, then hardly at all until one
 * succeeds. Who has admitted its share without a lease waits until nothing could be written for
 * `beyondShare`: on a busy machine processes may hold each other up for a second.
 */
const longestWait = { usual: 300, afterFailure: 10, beyondShare: 4_000 };
/**
 * The share of what is free that a process admits without a lease before it waits longer: so up to
 * 16 processes together admit no more than the limit.
 */
const share = 1 / 16;
/** How long between two tries, in ms. */
const pause = 3;

/** From how many blocks at once is given back what is left: that takes a few ms. */
const mostAtOnce = 100;

/**
 * Daily quotas. Requests are counted in memory, against blocks that are leased in the database
 * before they are spent. So any number of processes together admit exactly the limit, and after a
 * crash never more. Blocks get smaller towards the limit. While the database can't be written,
 * requests are admitted without a lease, up to the limit that this process knows of; but for the
 * first sixteenth of what is free, only after a wait.
 */
export class Quota {
  readonly #database: Database;
  readonly #blocks = new Map<string, Block>();
  #batch: Batch | null = null;
  /** When the first of the last writes began, all of which failed, by performance.now(). */
  #failingSince: number | null = null;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Counts a request. Returns the result at once while something is left of the block, else a
   * promise, which waits for a lease.
   */
  admit(
    partnerId: string,
    keyId: string,
    limit: number,
    now: number,
  ): Admission | Promise<Admission> {
    const block = this.#blockOf(partnerId, keyId, now);
    block.isIdle = false;
    return this.#spend(block, limit) ?? this.#leaseAndSpend(block, limit);
  }

  #spend(block: Block, limit: number): Admission | null {
    const used = usedOf(block);
    if (block.left <= 0 || used >= limit) return null;
    block.left--;
    return admission(block, limit, limit - used - 1);
  }

  async #leaseAndSpend(block: Block, limit: number): Promise<Admission> {
    for (;;) {
      const admitted = this.#spend(block, limit);
      if (admitted) return admitted;
      if (block.exhaustedAt === this.#database.version() && usedOf(block) >= limit) {
        return admission(block, limit, null);
      }
      block.leasing ??= this.#lease(block, limit).finally(() => {
        block.leasing = null;
      });
      if ((await block.leasing) === 'unwritable') {
        const used = usedOf(block);
        if (used >= limit) return admission(block, limit, null);
        const free = limit - (used - block.owed);
        if (block.owed + 1 > free * share && this.#failingFor() < longestWait.beyondShare) continue;
        block.owed++;
        return admission(block, limit, limit - used - 1);
      }
    }
  }

  #blockOf(partnerId: string, keyId: string, now: number): Block {
    const day = utcDay(now);
    const name = `${partnerId} ${keyId}`;
    const known = this.#blocks.get(name);
    if (known?.key.day === day) return known;
    const block: Block = {
      key: { partner_id: partnerId, key_id: keyId, day },
      leased: 0,
      left: 0,
      owed: 0,
      exhaustedAt: null,
      isIdle: false,
      leasing: null,
    };
    this.#blocks.set(name, block);
    return block;
  }

  async #lease(block: Block, limit: number): Promise<'leased' | 'exhausted' | 'unwritable'> {
    try {
      for (;;) {
        const version = this.#database.version();
        const leased = await readLeased(this.#database, block.key);
        block.leased = leased;
        const free = limit - leased - block.owed;
        if (free <= 0) {
          block.exhaustedAt = version;
          return 'exhausted';
        }
        const { owed } = block;
        const count = Math.min(largestBlock, Math.max(1, Math.floor(free / 16)));
        const sum = await this.#leaseTogether({ ...block.key, count: count + owed, most: limit });
        if (sum === null) continue;
        block.leased = sum;
        block.left += count;
        block.owed -= owed;
        return 'leased';
      }
    } catch (error) {
      if (isStorageFailure(error)) return 'unwritable';
      throw error;
    }
  }

  /** Leases in one transaction with all others of this turn of the event loop. */
  async #leaseTogether(wanted: Wanted): Promise<number | null> {
    this.#batch ??= this.#openBatch();
    const { wanted: all, sums } = this.#batch;
    const index = all.push(wanted) - 1;
    return (await sums)[index]!;
  }

  #openBatch(): Batch {
    const wanted: Wanted[] = [];
    const sums = nextTurn().then(() => {
      this.#batch = null;
      return this.#withRetries(() => lease(this.#database, wanted));
    });
    return { wanted, sums };
  }

  /** For how long nothing could be written, in ms. */
  #failingFor(): number {
    return this.#failingSince === null ? 0 : performance.now() - this.#failingSince;
  }

  /** Tries again while another process holds the lock, which is short if it only leases. */
  async #withRetries<Result>(write: () => Promise<Result>): Promise<Result> {
    const { usual, afterFailure } = longestWait;
    const patience = this.#failingSince === null ? usual : afterFailure;
    const begun = performance.now();
    for (;;) {
      try {
        const result = await write();
        this.#failingSince = null;
        return result;
      } catch (error) {
        if (!isStorageFailure(error)) throw error;
        if (performance.now() - begun >= patience) {
          this.#failingSince ??= begun;
          throw error;
        }
        await sleep(pause);
      }
    }
  }

  /**
   * Gives back to the database what is left of blocks that were not used since the last call. To be
   * called every few seconds.
   */
  async giveBackIdle(now: number): Promise<void> {
    const day = utcDay(now);
    const idle: Block[] = [];
    for (const [name, block] of this.#blocks) {
      if (block.key.day !== day) this.#blocks.delete(name);
      else if (block.isIdle) idle.push(block);
      block.isIdle = true;
    }
    await this.#giveBack(idle);
  }

  /** To be called when another database file was opened. */
  forget(): void {
    for (const block of this.#blocks.values()) block.left = 0;
    this.#blocks.clear();
  }

  /** Gives back to the database all that is left. To be called at the end of the process. */
  async close(): Promise<void> {
    for (const block of this.#blocks.values()) block.isIdle = true;
    await this.#giveBack([...this.#blocks.values()]);
  }

  /** In steps, each a transaction, with requests between them. */
  async #giveBack(blocks: readonly Block[]): Promise<void> {
    for (let from = 0; from < blocks.length; from += mostAtOnce) {
      if (from > 0) await nextTurn();
      const step = blocks.slice(from, from + mostAtOnce);
      // Some may have been used since the step before.
      await this.#giveBackAtOnce(step.filter(({ isIdle, left }) => isIdle && left > 0));
    }
  }

  async #giveBackAtOnce(blocks: readonly Block[]): Promise<void> {
    if (blocks.length === 0) return;
    const unused = blocks.map(({ key, left }) => ({ ...key, count: left }));
    // Taken before it is written, so that no request spends it meanwhile.
    const take = (sign: 1 | -1) => {
      for (const [index, block] of blocks.entries()) {
        block.left -= sign * unused[index]!.count;
        block.leased -= sign * unused[index]!.count;
      }
    };
    take(1);
    try {
      await giveBack(this.#database, unused);
    } catch (error) {
      take(-1);
      if (!isStorageFailure(error)) throw error;
    }
  }
}
