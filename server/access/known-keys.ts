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

type Memory<Found> = Map<string, Promise<Found | undefined>>;

/** Of a token: the key that made it, where one did. */
export interface TokenOrigin {
  key: Key | null;
  partner: Partner;
}

/** How many are remembered between two writes. */
const most = 10_000;

/**
 * Keys and their partners, remembered until anything at all is written to the database, by whichever
 * process: a revocation, an expiry date, a new tier counts from the next request.
 */
export class KnownKeys {
  readonly #database: Database;
  /** By the key that was presented. */
  readonly #keys: Memory<KeyWithPartner> = new Map();
  /** By the ids of partner and key, which everybody may know. */
  readonly #origins: Memory<TokenOrigin> = new Map();
  #version = -1;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Looked up by what was presented: to digest it each time costs more than the rest. */
  find(key: string): Promise<KeyWithPartner | undefined> {
    return this.#remember(this.#keys, key, async () =>
      isWellFormedKey(key) ? findKey(this.#database.read, digestOf(key)) : undefined,
    );
  }

  /** So that one that does not work is looked up like one that never was, and takes as long. */
  forget(key: string): void {
    this.#keys.delete(key);
  }

  /** What a token came from: a key that still is there, or its partner alone. */
  findOrigin(partnerId: string, keyId: string | null): Promise<TokenOrigin | undefined> {
    return this.#remember(this.#origins, `${partnerId} ${keyId}`, async () => {
      const partner = await findPartner(this.#database.read, partnerId);
      if (!partner || keyId === null) return partner && { key: null, partner };
      const key = await findKeyById(this.#database.read, partnerId, keyId);
      return key && { key, partner };
    });
  }

  #remember<Found>(
    memory: Memory<Found>,
    name: string,
    look: () => Promise<Found | undefined>,
  ): Promise<Found | undefined> {
    const version = this.#database.version();
    if (version !== this.#version || memory.size >= most) {
      this.#keys.clear();
      this.#origins.clear();
      this.#version = version;
    }
    const known = memory.get(name);
    if (known) return known;
    const looking = look();
    memory.set(name, looking);
    // Made-up keys don't crowd out real ones, and what could not be read is read again.
    const forget = () => memory.delete(name);
    looking.then((found) => found ?? forget(), forget);
    return looking;
  }
}
