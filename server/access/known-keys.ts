import type { Database } from '../store/database.ts';
import { digestOf } from '../store/ids.ts';
import {
  findWorkingIssuer,
  findWorkingKey,
  type Key,
  type KeyWithPartner,
  type TokenIssuer,
} from '../store/keys.ts';
import type { Partner } from '../store/partners.ts';

/** A partner, and one of its keys or none. */
interface PartnerAndKey {
  key: Key | null;
  partner: Partner;
}

interface Remembered<Found extends PartnerAndKey> {
  found: Promise<Found | undefined>;
  /**
   * When the key expires, epoch ms: the only way in which it can become invalid without a write.
   */
  until: number;
}

/** The most entries of each cache. When one is full, both are cleared. */
const most = 10_000;

/**
 * A cache of valid keys and their partners. Any write to the database, by any process, clears it,
 * so that a revocation, an expiry date or a new tier counts from the next request. What is invalid
 * is never cached, and so takes the same time to be refused, whatever is wrong with it.
 */
export class KnownKeys {
  readonly #database: Database;
  /** By the key as it was presented. */
  readonly #keys = new Map<string, Remembered<KeyWithPartner>>();
  /** By the partner and key that a token names, which are not secret. */
  readonly #issuers = new Map<string, Remembered<PartnerAndKey>>();
  #version = -1;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * The cache is indexed by the key itself: computing its digest for each request would cost more
   * than the rest.
   */
  find(key: string, now: number): Promise<KeyWithPartner | undefined> {
    return this.#remember(this.#keys, key, now, () =>
      findWorkingKey(this.#database.read, digestOf(key), now),
    );
  }

  findIssuer(issuer: TokenIssuer, now: number): Promise<PartnerAndKey | undefined> {
    const { partnerId, keyId, generation } = issuer;
    return this.#remember(this.#issuers, `${partnerId} ${keyId} ${generation}`, now, () =>
      findWorkingIssuer(this.#database.read, issuer, now),
    );
  }

  #remember<Found extends PartnerAndKey>(
    memory: Map<string, Remembered<Found>>,
    name: string,
    now: number,
    look: () => Promise<Found | undefined>,
  ): Promise<Found | undefined> {
    const version = this.#database.version();
    if (version !== this.#version || memory.size >= most) {
      this.#keys.clear();
      this.#issuers.clear();
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
      // Invalid keys must not fill the cache, and a failed read must be tried again.
      else forget();
    }, forget);
    return looking.found;
  }
}
