import type SQLite from 'better-sqlite3';
import { namedBy } from '../store/accounts.ts';
import type { AccountsTable } from '../store/schema.ts';
import { prepared } from '../store/statements.ts';

/** What the writing of trades needs to know of an account. */
export type TradeAccount = Pick<AccountsTable, 'id' | 'status' | 'closed_at'> & {
  /** When each attempt starts, in order; the first one reaches back without end. */
  starts: readonly number[];
};

/** The accounts of a partner that trades are written to, each looked up once. */
export class TradeAccounts {
  readonly #handle: SQLite.Database;
  readonly #partnerId: string;
  readonly #known = new Map<string, TradeAccount | undefined>();

  constructor(handle: SQLite.Database, partnerId: string) {
    this.#handle = handle;
    this.#partnerId = partnerId;
  }

  /** By its id or as `ext:` and its external id; undefined: there is none. */
  find(reference: string): TradeAccount | undefined {
    if (!this.#known.has(reference)) this.#known.set(reference, this.#read(reference));
    return this.#known.get(reference);
  }

  #read(reference: string): TradeAccount | undefined {
    const [column, value] = namedBy(reference);
    const account = prepared<Omit<TradeAccount, 'starts'>>(
      this.#handle,
      `select id, status, closed_at from accounts
       where partner_id = ? and ${column} = ? and status <> 'erased'`,
    ).get(this.#partnerId, value);
    return account && { ...account, starts: readStarts(this.#handle, this.#partnerId, account.id) };
  }
}

function readStarts(handle: SQLite.Database, partnerId: string, accountId: string) {
  return prepared<{ started_at: number }>(
    handle,
    'select started_at from attempts where partner_id = ? and account_id = ? order by attempt',
  )
    .all(partnerId, accountId)
    .map(({ started_at }) => started_at);
}

/** The attempt in which a trade that was opened at a moment belongs. */
export function attemptAt({ starts }: TradeAccount, entry: number): number {
  return Math.max(1, starts.findLastIndex((start) => start <= entry) + 1);
}

/** Whether a trade may be opened in the account at a moment. */
export function isOpenAt({ closed_at }: TradeAccount, entry: number): boolean {
  return closed_at === null || entry < closed_at;
}
