import { type Contenders, type RankedStatus, type Sort, sorts } from '../../shared/widgets.ts';
import type { Contender, RankedAccount, Standing } from './standings.ts';

/** Which accounts are ranked, with which of their attempts, and how. */
export interface Selection {
  currency: string;
  /** Only the accounts of this firm. */
  firm: string | undefined;
  /** Whether closed accounts are ranked. */
  status: RankedStatus;
  /** Undefined: the current one of each account. */
  attempt: number | undefined;
  /** Whether a user's accounts are put together. An account without a user stands for itself. */
  by: Contenders;
  sort: Sort;
}

/** Whether an account is among those to be ranked, whatever its currency. */
export function isChosen(account: RankedAccount, { firm, status, attempt }: Selection): boolean {
  return (
    (firm === undefined || account.firm === firm) &&
    (status === 'all' || !account.isClosed) &&
    // An account has all attempts up to its current one.
    (attempt === undefined || attempt <= account.attempt)
  );
}

/** Whether an attempt of an account counts. */
export function isCounted({ account, attempt, trades }: Standing, selection: Selection): boolean {
  return (
    trades > 0 &&
    attempt === (selection.attempt ?? account.attempt) &&
    account.currency === selection.currency &&
    isChosen(account, selection)
  );
}

/**
 * What contenders are ranked by. Comparing win rates as doubles is exact for up to sixty-seven
 * million trades: different rates are different doubles, in the same order.
 */
const measures = {
  pnl: ({ pnl }) => pnl,
  win_rate: ({ wins, trades }) => wins / trades,
  trades: ({ trades }) => trades,
} satisfies Record<Sort, (contender: Contender) => number>;

type Order = (one: Contender, other: Contender) => number;

/** The largest first; where all measures are equal, by their ids, which are ASCII. */
function orderBy(sort: Sort): Order {
  const keys = [sort, ...sorts.filter((other) => other !== sort)].map((name) => measures[name]);
  return (one, other) => {
    for (const measure of keys) {
      const difference = measure(other) - measure(one);
      if (difference !== 0) return difference;
    }
    return one.id < other.id ? -1 : 1;
  };
}

const orders = {
  pnl: orderBy('pnl'),
  win_rate: orderBy('win_rate'),
  trades: orderBy('trades'),
} satisfies Record<Sort, Order>;

/** What a place in a list takes, and a user, as measured. */
const bytesOf = { place: 8, user: 120 };

/** Those who have trades, in the order of their ranks. */
export class RankedList {
  readonly #selection: Selection;
  readonly #order: Order;
  readonly #contenders: Contender[];
  /** Users, and accounts without one, by their ids; undefined: each account stands for itself. */
  readonly #users: Map<string, Contender> | undefined;

  constructor(selection: Selection, standings: Iterable<Standing>) {
    this.#selection = selection;
    this.#order = orders[selection.sort];
    const counted = [...standings].filter((standing) => isCounted(standing, selection));
    if (selection.by === 'user') {
      this.#users = new Map();
      for (const standing of counted) joinUser(this.#users, standing, 1);
    }
    this.#contenders = this.#users ? [...this.#users.values()] : counted;
    this.#contenders.sort(this.#order);
  }

  /** How much memory it takes. */
  get bytes(): number {
    return bytesOf.place * this.#contenders.length + bytesOf.user * (this.#users?.size ?? 0);
  }

  get contenders(): readonly Contender[] {
    return this.#contenders;
  }

  add(standing: Standing): void {
    this.#change(standing, 1);
  }

  remove(standing: Standing): void {
    this.#change(standing, -1);
  }

  /** The place of an account with these standings, or of its user, counted from 0; −1: it has none. */
  placeOf(account: RankedAccount, standings: readonly Standing[]): number {
    const contender = this.#users
      ? this.#users.get(userOf(account))
      : standings.find((standing) => isCounted(standing, this.#selection));
    return contender ? this.#countBefore(contender) : -1;
  }

  #change(standing: Standing, sign: 1 | -1): void {
    if (!isCounted(standing, this.#selection)) return;
    if (this.#users) {
      const { before, now } = joinUser(this.#users, standing, sign);
      if (before) this.#takeOut(before);
      if (now) this.#insert(now);
    } else if (sign > 0) this.#insert(standing);
    else this.#takeOut(standing);
  }

  #insert(contender: Contender): void {
    this.#contenders.splice(this.#countBefore(contender), 0, contender);
  }

  #takeOut(contender: Contender): void {
    this.#contenders.splice(this.#countBefore(contender), 1);
  }

  /** How many are ranked before it. */
  #countBefore(contender: Contender): number {
    let from = 0;
    let to = this.#contenders.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.#order(this.#contenders[middle]!, contender) < 0) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

function userOf({ user_id, account_id }: RankedAccount): string {
  return user_id ?? account_id;
}

/** Adds an account to its user, or takes it away; returns the user as it was and as it is now. */
function joinUser(
  users: Map<string, Contender>,
  { account, trades, wins, pnl }: Standing,
  sign: 1 | -1,
) {
  const id = userOf(account);
  const before = users.get(id);
  const now: Contender = {
    id,
    account: account.user_id === null ? account : null,
    trades: (before?.trades ?? 0) + sign * trades,
    wins: (before?.wins ?? 0) + sign * wins,
    pnl: (before?.pnl ?? 0) + sign * pnl,
  };
  if (now.trades > 0) users.set(id, now);
  else users.delete(id);
  return { before, now: now.trades > 0 ? now : undefined };
}
