import type { Day } from '../../shared/day.ts';
import type { Sort } from '../../shared/widgets.ts';
import { RankedList } from './ranked-list.ts';
import type { AttemptDay, AttemptSums, DayRange, RankedAccount, Standing } from './standings.ts';

/** Where a board stands: the revision of the partner's data, and the days that it sums up. */
export interface Position {
  revision: number;
  /** Null: the whole history. */
  days: DayRange | null;
}

/** All accounts of a partner with their sums over some days, kept in memory and in order. */
export class Board {
  position: Position;
  readonly #standings = new Map<string, Standing>();
  /** By sort and currency. Each is made when it is first asked for. */
  readonly #lists = new Map<string, RankedList>();

  constructor(position: Position) {
    this.position = position;
  }

  /** The number of accounts. */
  get size(): number {
    return this.#standings.size;
  }

  get(accountId: string): Standing | undefined {
    return this.#standings.get(accountId);
  }

  /** Takes in accounts that are new or have changed, with their sums. */
  take(accounts: readonly RankedAccount[], sums: readonly AttemptSums[]): void {
    const taken = new Map(accounts.map((account) => [account.account_id, withoutTrades(account)]));
    for (const each of sums) addTo(taken.get(each.account_id), each);
    for (const standing of taken.values()) {
      const before = this.#standings.get(standing.account_id);
      for (const list of this.#lists.values()) {
        if (before) list.remove(before);
        list.add(standing);
      }
      this.#standings.set(standing.account_id, standing);
    }
  }

  /** Adds the sums of days that have come and, negative, those of days that have left. */
  shift(sums: readonly AttemptSums[]): void {
    if (sums.length === 0) return;
    for (const each of sums) addTo(this.#standings.get(each.account_id), each);
    // Most accounts have other sums now, so their lists are sorted again.
    this.#lists.clear();
  }

  /** The accounts in a currency that have trades, in the order of their ranks. */
  ranked(sort: Sort, currency: string, firm: string | undefined): readonly Standing[] {
    const name = `${sort} ${currency}`;
    const list = this.#lists.get(name) ?? new RankedList(sort, currency, this.#standings.values());
    // An empty list is not kept: anybody may ask for any currency.
    if (list.standings.length > 0) this.#lists.set(name, list);
    if (firm === undefined) return list.standings;
    return list.standings.filter((standing) => standing.firm === firm);
  }

  /** How many accounts, of all or of a firm, are in a currency, and how many in others. */
  count(currency: string, firm: string | undefined): { counted: number; left_out: number } {
    const counts = { counted: 0, left_out: 0 };
    for (const standing of this.#standings.values()) {
      if (firm !== undefined && standing.firm !== firm) continue;
      counts[standing.currency === currency ? 'counted' : 'left_out']++;
    }
    return counts;
  }

  /** The first day with trades of a firm's accounts in a currency, if the board is of all days. */
  firstDay(currency: string, firm: string): Day | null {
    let earliest: Day | null = null;
    for (const standing of this.#standings.values()) {
      const { first } = standing;
      if (first === null || standing.currency !== currency || standing.firm !== firm) continue;
      if (earliest === null || first < earliest) earliest = first;
    }
    return earliest;
  }

  /** The first of these days that is one of a firm's accounts in a currency. */
  findDay(days: readonly AttemptDay[], currency: string, firm: string): Day | null {
    const found = days.find(({ account_id, attempt }) => {
      const standing = this.#standings.get(account_id);
      return (
        standing?.attempt === attempt && standing.currency === currency && standing.firm === firm
      );
    });
    return found?.day ?? null;
  }
}

function withoutTrades({ account_id, nickname, firm, currency, attempt }: RankedAccount): Standing {
  return { account_id, nickname, firm, currency, attempt, trades: 0, wins: 0, pnl: 0, first: null };
}

/** Only an account's current attempt counts. */
function addTo(standing: Standing | undefined, sums: AttemptSums): void {
  if (standing?.attempt !== sums.attempt) return;
  standing.trades += sums.trades;
  standing.wins += sums.wins;
  standing.pnl += sums.pnl;
  standing.first ??= sums.first ?? null;
}
