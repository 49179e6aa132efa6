import { LRUCache } from 'lru-cache';
import type { Database } from '../store/database.ts';
import { digestKey, findKey, isWellFormedKey, type KeyWithPartner } from '../store/keys.ts';

/**
 * Keys and their partners, remembered until anything at all is written to the database, by whichever
 * process: a revocation, an expiry date, a new tier counts from the next request.
 */
export class KnownKeys {
  readonly #database: Database;
  readonly #known = new LRUCache<string, KeyWithPartner>({ max: 10_000 });
  #version = -1;

  constructor(database: Database) {
    this.#database = database;
  }

  async find(key: string): Promise<KeyWithPartner | undefined> {
    if (!isWellFormedKey(key)) return undefined;
    const version = this.#database.version();
    if (version !== this.#version) {
      this.#known.clear();
      this.#version = version;
    }
    const digest = digestKey(key);
    const known = this.#known.get(digest);
    if (known) return known;
    const found = await findKey(this.#database.read, digest);
    if (found && this.#version === version) this.#known.set(digest, found);
    return found;
  }
}
