import type SQLite from 'better-sqlite3';
import { type Tally, totalPnl } from '../analytics/run.ts';
import type { AccountsTable } from './schema.ts';
import { insertion, prepared } from './statements.ts';
import type { Attempt } from './touched-trades.ts';

/** Doubles hold integers exactly up to this: 900,719,925,474.0991 in money, 285,420 years in ms. */
const most = Number.MAX_SAFE_INTEGER;

/** A sum would no longer be exact. Its message is for a person. */
export class InexactSums extends Error {}

/** The upper bounds of all sums over a set of trades. */
interface Extent {
  /** The sum of all amounts without their signs. */
  money: bigint;
  duration: bigint;
}

interface Row {
  money: number;
  duration: number;
}

interface AttemptRow extends Row {
  nickname: string;
  currency: string;
  starting_balance: number | null;
}

/**
 * Throws InexactSums when trades that come to so much can't be added to a partner's accounts in a
 * currency.
 */
export function refuseInexact(
  handle: SQLite.Database,
  { partner_id, currency }: Pick<AccountsTable, 'partner_id' | 'currency'>,
  added: Row,
): void {
  const known = prepared<Row>(
    handle,
    'select money, duration from partner_extents where partner_id = ? and currency = ?',
  ).get(partner_id, currency);
  const { money, duration } = known ?? { money: 0, duration: 0 };
  check(BigInt(money) + BigInt(Math.ceil(added.money)), BigInt(duration) + BigInt(added.duration), {
    whose: `the partner’s accounts in ${currency}`,
    currency,
  });
}

/**
 * The totals of an attempt, and the extents of all sums over it and over its partner's accounts in
 * its currency. They follow the changes of its days.
 */
export class Totals {
  readonly #handle: SQLite.Database;
  readonly #owner: Attempt;
  readonly #row: AttemptRow;
  #trades = 0;
  #wins = 0;
  // While days change one by one, a sum may be too large for a double for a moment.
  #pnl = 0n;
  #extent: Extent = { money: 0n, duration: 0n };

  constructor(handle: SQLite.Database, owner: Attempt) {
    const { partner_id, account_id, attempt } = owner;
    this.#handle = handle;
    this.#owner = owner;
    this.#row = prepared<AttemptRow>(
      handle,
      `select nickname, currency, starting_balance, money, duration
       from attempts join accounts
         on accounts.partner_id = attempts.partner_id and accounts.id = attempts.account_id
       where attempts.partner_id = ? and attempts.account_id = ? and attempts.attempt = ?`,
    ).get(partner_id, account_id, attempt)!;
  }

  get currency(): string {
    return this.#row.currency;
  }

  /** To be called with the tally of each changed day, before it is stored. Throws InexactSums. */
  change(before: Tally, now: Tally): void {
    this.#checkOwn(BigInt(moneyOf(now)), BigInt(now.duration));
    this.#trades += now.trades - before.trades;
    this.#wins += now.wins - before.wins;
    this.#pnl += BigInt(totalPnl(now)) - BigInt(totalPnl(before));
    this.#extent.money += BigInt(moneyOf(now)) - BigInt(moneyOf(before));
    this.#extent.duration += BigInt(now.duration) - BigInt(before.duration);
  }

  /** Stores the changed totals. Throws InexactSums. */
  store(): void {
    this.#storeOwn();
    this.#storeAll();
  }

  #storeOwn(): void {
    const { partner_id, account_id, attempt } = this.#owner;
    const { money, duration } = this.#grown(this.#row);
    this.#checkOwn(money, duration);
    prepared(
      this.#handle,
      `update attempts set trade_count = trade_count + ?, wins = wins + ?,
         total_pnl = total_pnl + ?, money = ?, duration = ?
       where partner_id = ? and account_id = ? and attempt = ?`,
    ).run(
      ...[this.#trades, this.#wins, this.#pnl, money, duration],
      ...[partner_id, account_id, attempt],
    );
  }

  #storeAll(): void {
    const key = [this.#owner.partner_id, this.currency];
    const isKey = 'partner_id = ? and currency = ?';
    const row = prepared<Row>(
      this.#handle,
      `delete from partner_extents where ${isKey} returning money, duration`,
    ).get(...key);
    const { money, duration } = this.#grown(row ?? { money: 0, duration: 0 });
    const { currency } = this;
    check(money, duration, { whose: `the partner’s accounts in ${currency}`, currency });
    if (money === 0n && duration === 0n) return;
    prepared(
      this.#handle,
      insertion('partner_extents', ['partner_id', 'currency', 'money', 'duration']),
    ).run(...key, money, duration);
  }

  #grown({ money, duration }: Row): Extent {
    return {
      money: BigInt(money) + this.#extent.money,
      duration: BigInt(duration) + this.#extent.duration,
    };
  }

  #checkOwn(money: bigint, duration: bigint): void {
    const { nickname, starting_balance } = this.#row;
    const whose = `the account ${nickname}`;
    check(money + BigInt(starting_balance ?? 0), duration, { whose, currency: this.currency });
  }
}

function check(
  money: bigint,
  duration: bigint,
  { whose, currency }: { whose: string; currency: string },
): void {
  if (money > most) {
    throw new InexactSums(
      `The amounts of ${whose} would come to more than 900,719,925,474.0991 ${currency}, signs aside: sums are exact up to there and no further.`,
    );
  }
  if (duration > most) {
    throw new InexactSums(
      `The trades of ${whose} would have lasted more than 285,420 years together: sums are exact up to there and no further.`,
    );
  }
}

function moneyOf({ grossProfit, grossLoss, commission }: Tally): number {
  return grossProfit - grossLoss - commission;
}
