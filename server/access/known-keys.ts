import type { Database } from '../store/database.ts';
import { digestOf } from '../store/ids.ts';
import {
  findWorkingKey,
  findWorkingOrigin,
  type Key,
  type KeyWithPartner,
  type TokenOrigin,
} from '../store/keys.ts';
import type { Partner } from '../store/partners.ts';

/** A key, where there is one, and its partner. */
interface Standing {
  key: Key | null;
  partner: Partner;
}

interface Remembered<Found extends Standing> {
  found: Promise<Found | undefined>;
  /** The key's end, epoch ms: the only thing that ends it without a write. */
  until: number;
}

/** How many are remembered between two writes. */
const most = 10_000;

/**
 * Keys that work and their partners, remembered until anything at all is written to the database, by
 * whichever process: a revocation, an expiry date, a new tier counts from the next request. What does
 * not work is never remembered, and so takes as long to be refused, whatever is wrong with it.
 */
export class KnownKeys {
  readonly #database: Database;
  /** By the key that was presented. */
  readonly #keys = new Map<string, Remembered<KeyWithPartner>>();
  /** By what a token says of its origin, which everybody may know. */
  readonly #origins = new Map<string, Remembered<Standing>>();
  #version = -1;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Looked up by what was presented: to digest it each time costs more than the rest. */
  find(key: string, now: number): Promise<KeyWithPartner | undefined> {
    return this.#remember(this.#keys, key, now, () =>
      findWorkingKey(this.#database.read, digestOf(key), now),
    );
  }

  findOrigin(origin: TokenOrigin, now: number): Promise<Standing | undefined> {
    const { partnerId, keyId, generation } = origin;
    return this.#remember(this.#origins, `${partnerId} ${keyId} ${generation}`, now, () =>
      findWorkingOrigin(this.#database.read, origin, now),
    );
  }

  #remember<Found extends Standing>(
    memory: Map<string, Remembered<Found>>,
    name: string,
    now: number,
    look: () => Promise<Found | undefined>,
  ): Promise<Found | undefined> {
    const version = this.#database.version();
    if (version !== this.#version || memory.size >= most) {
      this.#keys.clear();
      this.#origins.clear();
      this.#version = version;
    }
    const known = memory.get(name);
    if (known && known.until > now) return known.found;
    const looking: Remembered<Found> = { found: look(), until: Infinity };
    memory.set(name, looking);
    const forget = () => {
      if (memory.get(name) === looking) memory.delete(name);
    };
    looking.found.then((found) => {
      if (found) looking.until = found.key?.expires_at ?? Infinity;
      // Made-up keys don't crowd out real ones, and what could not be read is read again.
      else forget();
    }, forget);
    return looking.found;
  }
}
