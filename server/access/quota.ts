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
  leasing: Promise<Leasing> | null;
}

/** The leases that are written together, and the new sums. */
interface Batch {
  wanted: Wanted[];
  sums: Promise<(number | null)[]>;
}

/** How a lease ended: the quota may be used up, or the database can't be written. */
type Leasing = 'leased' | 'exhausted' | 'unwritable';

function nameOf({ partner_id, key_id }: KeyDay): string {
  return `${partner_id} ${key_id}`;
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

/** How many requests to lease where so many are free. */
function sizeOfBlock(free: number): number {
  return free === 0 ? 0 : Math.min(largestBlock, Math.max(1, Math.floor(free / 16)));
}

/**
 * How often a lease is tried that can't be written: while nothing is committed, neither here nor by
 * another process; and that once another one has failed. Counted, as a process that gets no processor
 * time sees no commits.
 */
const mostTries = { withoutCommit: 75, afterFailure: 3 };
/** How long a lease waits at most, in ms. */
const longestWait = 4_000;
/**
 * The share of what is free that a process admits at once where nothing can be written. For more it
 * waits first, for `longestWait`, as other processes may be admitting their shares.
 */
const share = 1 / 16;
/** How long between two tries of a lease, and of writing down what was admitted without one, in ms. */
const pause = { lease: 3, settling: 50 };

/** From how many blocks at once is given back what is left: that takes a few ms. */
const mostAtOnce = 100;

/**
 * Daily quotas. Requests are counted in memory, against blocks that are leased in the database
 * before they are spent. So any number of processes together admit exactly the limit, and after a
 * crash never more. Blocks get smaller towards the limit. While the database can't be written by
 * anybody, requests are admitted without a lease, up to the limit that this process knows of, and
 * leased as soon as it can be written again.
 */
export class Quota {
  readonly #database: Database;
  readonly #blocks = new Map<string, Block>();
  #batch: Batch | null = null;
  /** When the first of the leases began that failed since the last one that did not, by performance.now(). */
  #failingSince: number | null = null;
  /** The blocks that owe requests, with their limits. */
  readonly #owing = new Map<Block, number>();
  #isSettling = false;
  #isClosed = false;

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
      if ((await this.#leaseOnce(block, limit)) !== 'unwritable') continue;
      const used = usedOf(block);
      if (used >= limit) return admission(block, limit, null);
      if (this.#mayOwe(block, limit)) {
        block.owed++;
        this.#owing.set(block, limit);
        this.#settle().catch(() => {
          // What is not a storage failure is thrown to the next request, too.
          this.#isSettling = false;
        });
        return admission(block, limit, limit - used - 1);
      }
      await sleep(pause.lease);
    }
  }

  #mayOwe(block: Block, limit: number): boolean {
    const free = limit - block.leased;
    if (block.owed + 1 <= free * share || !this.#isKnown(block)) return true;
    return this.#failingSince !== null && performance.now() - this.#failingSince >= longestWait;
  }

  /** Leases what is owed as soon as that can be written, also if nothing more is asked. */
  async #settle(): Promise<void> {
    if (this.#isSettling) return;
    this.#isSettling = true;
    const settle = async ([block, limit]: [Block, number]) => {
      const isOver = !this.#isKnown(block) || (await this.#leaseOnce(block, limit)) === 'exhausted';
      if (isOver || block.owed === 0) this.#owing.delete(block);
      return !this.#owing.has(block);
    };
    while (this.#owing.size > 0 && !this.#isClosed) {
      await sleep(pause.settling, null, { ref: false });
      // The others are tried only once that can succeed.
      const [first, ...others] = this.#owing;
      if (first && (await settle(first))) await Promise.all(others.map(settle));
    }
    this.#isSettling = false;
  }

  #blockOf(partnerId: string, keyId: string, now: number): Block {
    const day = utcDay(now);
    const key = { partner_id: partnerId, key_id: keyId, day };
    const known = this.#blocks.get(nameOf(key));
    if (known?.key.day === day) return known;
    const block: Block = {
      key,
      leased: 0,
      left: 0,
      owed: 0,
      exhaustedAt: null,
      isIdle: false,
      leasing: null,
    };
    this.#blocks.set(nameOf(key), block);
    return block;
  }

  /** Whether a block is of the file that is open, and of a day that is not over. */
  #isKnown(block: Block): boolean {
    return this.#blocks.get(nameOf(block.key)) === block;
  }

  /** Leases for a block once for all that wait for it. */
  #leaseOnce(block: Block, limit: number): Promise<Leasing> {
    block.leasing ??= this.#lease(block, limit).finally(() => {
      block.leasing = null;
    });
    return block.leasing;
  }

  async #lease(block: Block, limit: number): Promise<Leasing> {
    const begun = performance.now();
    try {
      for (;;) {
        const version = this.#database.version();
        const leased = await readLeased(this.#database, block.key);
        block.leased = leased;
        if (leased >= limit) {
          block.exhaustedAt = version;
          return 'exhausted';
        }
        const owed = Math.min(block.owed, limit - leased);
        const count = sizeOfBlock(limit - leased - owed);
        const sum = await this.#leaseTogether({ ...block.key, count: count + owed, most: limit });
        if (sum === null && this.#isKnown(block)) continue;
        if (sum === null) return 'unwritable';
        this.#failingSince = null;
        block.leased = sum;
        block.left += count;
        block.owed -= owed;
        return 'leased';
      }
    } catch (error) {
      if (!isStorageFailure(error)) throw error;
      this.#failingSince ??= begun;
      return 'unwritable';
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

  /**
   * Tries again while another process holds the lock. What is admitted without a lease could exceed
   * the limit once others lease what is left, so it waits as long as others commit.
   */
  async #withRetries<Result>(write: () => Promise<Result>): Promise<Result> {
    const most = mostTries[this.#failingSince === null ? 'withoutCommit' : 'afterFailure'];
    const begun = performance.now();
    let version = this.#database.version();
    for (let tries = 1; ; tries++) {
      try {
        return await write();
      } catch (error) {
        const isOver = tries >= most || performance.now() - begun >= longestWait;
        if (isOver || !isStorageFailure(error)) throw error;
        await sleep(pause.lease);
        const current = this.#database.version();
        if (current !== version) tries = 0;
        version = current;
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
    this.#owing.clear();
  }

  /** Gives back to the database all that is left. To be called at the end of the process. */
  async close(): Promise<void> {
    this.#isClosed = true;
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
