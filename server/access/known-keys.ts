import type { Database } from '../store/database.ts';
import { digestOf } from '../store/ids.ts';
import {
  findWorkingIssuer,
  findWorkingKey,
  type Key,
  readAccessChanges,
  type TokenIssuer,
} from '../store/keys.ts';
import { findPartner, type Partner } from '../store/partners.ts';

/** A partner, and one of its keys or none. */
interface PartnerAnd<OfKey extends Key | null> {
  key: OfKey;
  partner: Partner;
}

interface Remembered<OfKey extends Key | null> {
  key: OfKey;
  partnerId: string;
}

/** What to look for in which cache, and how it is read from the database. */
interface Asked<OfKey extends Key | null> {
  memory: Map<string, Remembered<OfKey>>;
  name: string;
  now: number;
  read: () => Promise<PartnerAnd<OfKey> | undefined>;
}

/** No promise where everything is in memory, as awaiting one takes longer than looking it up. */
export type Found<Result> = Result | undefined | Promise<Result | undefined>;

/** The most entries of each cache. A full one is cleared. */
const most = 10_000;

/**
 * A cache of valid keys and their partners. When any process has written to the database, one short
 * read tells whether access has changed. If so, all keys are forgotten, so that a revocation, an
 * expiry date or a new tier counts from the next request. If not, only partners are read again, one
 * as it is asked for, since a write may have raised its revision. What is invalid is never cached,
 * and so takes the same time to be refused, whatever is wrong with it.
 */
export class KnownKeys {
  readonly #database: Database;
  /** By the key as it was presented. */
  readonly #keys = new Map<string, Remembered<Key>>();
  /** By the partner and key that a token names, which are not secret. */
  readonly #issuers = new Map<string, Remembered<Key | null>>();
  /** By id, as they are at `#version`. */
  readonly #partners = new Map<string, Partner | Promise<Partner | undefined>>();
  /** The database's version when it was last looked at. */
  #version = -1;
  /** The database's edition and its count of changes to access, for which the keys are valid. */
  #state = '';
  #looking: { version: number; end: Promise<void> } | null = null;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * The cache is indexed by the key itself: computing its digest for each request would cost more
   * than the rest.
   */
  find(key: string, now: number): Found<PartnerAnd<Key>> {
    const read = () => findWorkingKey(this.#database.read, digestOf(key), now);
    return this.#find({ memory: this.#keys, name: key, now, read });
  }

  findIssuer(issuer: TokenIssuer, now: number): Found<PartnerAnd<Key | null>> {
    const name = `${issuer.partnerId} ${issuer.keyId} ${issuer.generation}`;
    const read = () => findWorkingIssuer(this.#database.read, issuer, now);
    return this.#find({ memory: this.#issuers, name, now, read });
  }

  #find<OfKey extends Key | null>(asked: Asked<OfKey>): Found<PartnerAnd<OfKey>> {
    const version = this.#database.version();
    if (version === this.#version) return this.#recall(asked);
    return this.#lookAt(version).then(() => this.#recall(asked));
  }

  #recall<OfKey extends Key | null>(asked: Asked<OfKey>): Found<PartnerAnd<OfKey>> {
    const known = asked.memory.get(asked.name);
    // An expiry is the only way in which a key becomes invalid without a write.
    if (!known || (known.key?.expires_at ?? Infinity) <= asked.now) return this.#remember(asked);
    const { key, partnerId } = known;
    const partner = this.#partners.get(partnerId) ?? this.#readPartner(partnerId);
    if (!(partner instanceof Promise)) return { key, partner };
    return partner.then((found) => found && { key, partner: found });
  }

  async #remember<OfKey extends Key | null>({
    memory,
    name,
    read,
  }: Asked<OfKey>): Promise<PartnerAnd<OfKey> | undefined> {
    const state = this.#state;
    const found = await read();
    // If access has changed meanwhile, it may have been read before that.
    if (found && state === this.#state) {
      if (memory.size >= most) memory.clear();
      memory.set(name, { key: found.key, partnerId: found.partner.id });
    }
    return found;
  }

  #readPartner(id: string): Promise<Partner | undefined> {
    const reading = findPartner(this.#database.read, id);
    this.#partners.set(id, reading);
    const settle = (partner?: Partner) => {
      if (this.#partners.get(id) !== reading) return;
      if (partner) this.#partners.set(id, partner);
      else this.#partners.delete(id);
    };
    reading.then(settle, () => settle());
    return reading;
  }

  /** Forgets what may have changed since the last version. Requests that need it share one read. */
  #lookAt(version: number): Promise<void> {
    if (this.#looking?.version !== version) {
      const end = this.#forgetChanged(version).finally(() => {
        if (this.#looking?.end === end) this.#looking = null;
      });
      this.#looking = { version, end };
    }
    return this.#looking.end;
  }

  async #forgetChanged(version: number): Promise<void> {
    const { read, edition } = this.#database;
    const state = `${edition()} ${await readAccessChanges(read)}`;
    if (state !== this.#state) {
      this.#keys.clear();
      this.#issuers.clear();
    }
    this.#partners.clear();
    this.#state = state;
    this.#version = version;
  }
}
