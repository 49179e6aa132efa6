import { LRUCache } from 'lru-cache';
import { type AccountState, findAccountState } from '../store/accounts.ts';
import type { Database } from '../store/database.ts';
import type { Partner } from '../store/partners.ts';

interface Remembered {
  /** The partner's revisions at which it was read, and the database's edition. */
  revision: number;
  observationRevision: number;
  edition: string;
  account: AccountState;
}

const most = 50_000;

/**
 * A cache of accounts' revisions. Every change of an account raises its partner's revision, too, and
 * every observation the partner's of observations: at a higher one, an account is read again when it
 * is asked for, because of observations only for a live answer.
 */
export class KnownAccounts {
  readonly #database: Database;
  readonly #accounts = new LRUCache<string, Remembered>({ max: most });

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
      known?.revision === partner.revision &&
      known.edition === this.#database.edition() &&
      (!isLive || known.observationRevision === partner.observation_revision);
    return isCurrent ? known.account : this.#read(partner, reference);
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
