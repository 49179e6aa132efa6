import { type Sort, sorts } from '../../shared/widgets.ts';
import type { Standing } from './standings.ts';

/**
 * What accounts are ranked by. Comparing win rates as doubles is exact for accounts of up to
 * sixty-seven million trades: different rates are different doubles, in the same order.
 */
const measures = {
  pnl: ({ pnl }) => pnl,
  win_rate: ({ wins, trades }) => wins / trades,
  trades: ({ trades }) => trades,
} satisfies Record<Sort, (standing: Standing) => number>;

type Order = (one: Standing, other: Standing) => number;

/** The largest first; where all measures are equal, by the accounts' ids, which are ASCII. */
function orderBy(sort: Sort): Order {
  const keys = [sort, ...sorts.filter((other) => other !== sort)].map((name) => measures[name]);
  return (one, other) => {
    for (const measure of keys) {
      const difference = measure(other) - measure(one);
      if (difference !== 0) return difference;
    }
    return one.account_id < other.account_id ? -1 : 1;
  };
}

const orders = {
  pnl: orderBy('pnl'),
  win_rate: orderBy('win_rate'),
  trades: orderBy('trades'),
} satisfies Record<Sort, Order>;

/** The accounts in one currency that have trades, in the order of their ranks. */
export class RankedList {
  readonly #currency: string;
  readonly #order: Order;
  readonly #standings: Standing[];

  constructor(sort: Sort, currency: string, standings: Iterable<Standing>) {
    this.#currency = currency;
    this.#order = orders[sort];
    this.#standings = [...standings].filter((standing) => this.#isRanked(standing));
    this.#standings.sort(this.#order);
  }

  get standings(): readonly Standing[] {
    return this.#standings;
  }

  add(standing: Standing): void {
    if (this.#isRanked(standing)) this.#standings.splice(this.#placeOf(standing), 0, standing);
  }

  remove(standing: Standing): void {
    if (this.#isRanked(standing)) this.#standings.splice(this.#placeOf(standing), 1);
  }

  #isRanked({ currency, trades }: Standing): boolean {
    return currency === this.#currency && trades > 0;
  }

  /** How many are ranked before it. */
  #placeOf(standing: Standing): number {
    let from = 0;
    let to = this.#standings.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.#order(this.#standings[middle]!, standing) < 0) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
