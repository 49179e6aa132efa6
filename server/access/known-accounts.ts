import { LRUCache } from 'lru-cache';
import { type AccountState, findAccountState, findFirstAccount } from '../store/accounts.ts';
import type { Database } from '../store/database.ts';
import type { Partner } from '../store/partners.ts';
import type { EmbedToken } from './embed-token.ts';

/** The partner's revisions at which something was read, and the database's edition. */
interface ReadAt {
  revision: number;
  edition: string;
}

interface Remembered extends ReadAt {
  observationRevision: number;
  account: AccountState;
}

interface RememberedFirst extends ReadAt {
  id: string | null;
}

const most = 50_000;
/** In characters of what tokens name: a list of accounts may have 2,500. */
const mostCharacters = 10_000_000;

/** What a token names. */
type Named = Pick<EmbedToken, 'accounts' | 'user'>;

/**
 * A cache of accounts' revisions, and of the first account that tokens open. Every change of an
 * account raises its partner's revision, too, and every observation the partner's of observations: at
 * a higher one, it is read again when it is asked for, because of observations only for a live answer.
 */
export class KnownAccounts {
  readonly #database: Database;
  readonly #accounts = new LRUCache<string, Remembered>({ max: most });
  readonly #firsts = new LRUCache<string, RememberedFirst>({
    max: most,
    maxSize: mostCharacters,
    sizeCalculation: (_, name) => name.length,
  });

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * An account of a partner, by its id or as `ext:` and its external id, as it is at the partner's
   * revision or later; null: there is none. `isLive`: whether the answer depends on observations.
   */
  find(
    partner: Partner,
    reference: string,
    isLive = false,
  ): AccountState | Promise<AccountState | null> {
    const known = this.#accounts.get(`${partner.id} ${reference}`);
    const isCurrent =
      this.#isCurrent(known, partner) &&
      (!isLive || known.observationRevision === partner.observation_revision);
    return isCurrent ? known.account : this.#read(partner, reference);
  }

  /**
   * The first of the accounts that a token names which is there: in the token's order, or the
   * user's oldest. Null: none is.
   */
  async first(partner: Partner, { accounts, user }: Named): Promise<string | null> {
    const name = `${partner.id} ${user ?? accounts!.join(' ')}`;
    const known = this.#firsts.get(name);
    if (this.#isCurrent(known, partner)) return known.id;
    const edition = this.#database.edition();
    const which = user === null ? { ids: accounts! } : { userId: user };
    const id = await findFirstAccount(this.#database.read, partner.id, which);
    this.#firsts.set(name, { revision: partner.revision, edition, id });
    return id;
  }

  #isCurrent<Read extends ReadAt>(known: Read | undefined, { revision }: Partner): known is Read {
    return known?.revision === revision && known.edition === this.#database.edition();
  }

  async #read(partner: Partner, reference: string) {
    const { id: partnerId, revision, observation_revision: observationRevision } = partner;
    const edition = this.#database.edition();
    const account = await findAccountState(this.#database.read, partnerId, reference);
    if (!account) return null;
    for (const name of new Set([reference, account.id])) {
      this.#accounts.set(`${partnerId} ${name}`, {
        revision,
        observationRevision,
        edition,
        account,
      });
    }
    return account;
  }
}
