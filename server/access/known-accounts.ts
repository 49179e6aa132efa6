import { LRUCache } from 'lru-cache';
import { type AccountState, findAccountState } from '../store/accounts.ts';
import type { Database } from '../store/database.ts';
import type { Partner } from '../store/partners.ts';

interface Remembered {
  /** The partner's revision at which it was read, and the database's edition. */
  revision: number;
  edition: string;
  account: AccountState;
}

const most = 50_000;

/**
 * A cache of accounts' revisions. Every change of an account raises its partner's revision, too: at
 * a higher one, an account is read again when it is asked for.
 */
export class KnownAccounts {
  readonly #database: Database;
  readonly #accounts = new LRUCache<string, Remembered>({ max: most });

  constructor(database: Database) {
    this.#database = database;
  }

  /** An account of a partner, as it is at the partner's revision or later; null: there is none. */
  find(partner: Partner, id: string): AccountState | Promise<AccountState | null> {
    const known = this.#accounts.get(`${partner.id} ${id}`);
    const isCurrent =
      known?.revision === partner.revision && known.edition === this.#database.edition();
    return isCurrent ? known.account : this.#read(partner, id);
  }

  async #read({ id: partnerId, revision }: Partner, id: string): Promise<AccountState | null> {
    const edition = this.#database.edition();
    const account = await findAccountState(this.#database.read, partnerId, id);
    if (!account) return null;
    this.#accounts.set(`${partnerId} ${id}`, { revision, edition, account });
    return account;
  }
}
