import { LRUCache } from 'lru-cache';
import type { Database } from '../store/database.ts';
import { digestKey, findKey, isWellFormedKey, type KeyWithPartner } from '../store/keys.ts';

type Found = KeyWithPartner | undefined;

/**
 * Keys and their partners, remembered until anything at all is written to the database, by whichever
 * process: a revocation, an expiry date, a new tier counts from the next request.
 */
export class KnownKeys {
  readonly #database: Database;
  readonly #known = new LRUCache<string, Promise<Found>>({ max: 10_000 });
  #version = -1;

  constructor(database: Database) {
    this.#database = database;
  }

  async find(key: string): Promise<Found> {
    if (!isWellFormedKey(key)) return undefined;
    const version = this.#database.version();
    if (version !== this.#version) {
      this.#known.clear();
      this.#version = version;
    }
    const digest = digestKey(key);
    const known = this.#known.get(digest);
    if (known) return known;
    const looking = findKey(this.#database.read, digest);
    this.#known.set(digest, looking);
    try {
      const found = await looking;
      // Made-up keys don't crowd out real ones.
      if (!found) this.#known.delete(digest);
      return found;
    } catch (error) {
      this.#known.delete(digest);
      throw error;
    }
  }
}
