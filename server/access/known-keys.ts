import type { Database } from '../store/database.ts';
import { digestOf } from '../store/ids.ts';
import {
  findKey,
  findKeyById,
  isWellFormedKey,
  type Key,
  type KeyWithPartner,
} from '../store/keys.ts';
import { findPartner, type Partner } from '../store/partners.ts';

/** How many are remembered between two writes. */
const most = 10_000;

/**
 * Keys and their partners, remembered until anything at all is written to the database, by whichever
 * process: a revocation, an expiry date, a new tier counts from the next request.
 */
export class KnownKeys {
  readonly #database: Database;
  readonly #known = new Map<string, Promise<object | undefined>>();
  #version = -1;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Looked up by what was presented: to digest it each time costs more than the rest. */
  find(key: string): Promise<KeyWithPartner | undefined> {
    return this.#remember(key, async () =>
      isWellFormedKey(key) ? findKey(this.#database.read, digestOf(key)) : undefined,
    );
  }

  /** So that one that does not work is looked up like one that never was, and takes as long. */
  forget(key: string): void {
    this.#known.delete(key);
  }

  /** What a token came from: a key that still is there, or its partner alone. */
  findOrigin(
    partnerId: string,
    keyId: string | null,
  ): Promise<{ key: Key | null; partner: Partner } | undefined> {
    return this.#remember(`${partnerId} ${keyId}`, async () => {
      const partner = await findPartner(this.#database.read, partnerId);
      if (!partner || keyId === null) return partner && { key: null, partner };
      const key = await findKeyById(this.#database.read, partnerId, keyId);
      return key && { key, partner };
    });
  }

  #remember<Found extends object>(
    name: string,
    look: () => Promise<Found | undefined>,
  ): Promise<Found | undefined> {
    const version = this.#database.version();
    if (version !== this.#version || this.#known.size >= most) {
      this.#known.clear();
      this.#version = version;
    }
    const known = this.#known.get(name) as Promise<Found | undefined> | undefined;
    if (known) return known;
    const looking = look();
    this.#known.set(name, looking);
    // Made-up keys don't crowd out real ones, and what could not be read is read again.
    const forget = () => this.#known.delete(name);
    looking.then((found) => found ?? forget(), forget);
    return looking;
  }
}
