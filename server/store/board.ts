import { LRUCache } from 'lru-cache';
import type { Day } from '../../shared/day.ts';
import { isChosen, isCounted, RankedList, type Selection } from './ranked-list.ts';
import type { AttemptDay, AttemptSums, DayRange, RankedAccount, Standing } from './standings.ts';

/** Where a board stands: the revision of the partner's data, and the days that it sums up. */
export interface Position {
  revision: number;
  /** Null: the whole history. */
  days: DayRange | null;
}

/** An account with its attempts that have trades. */
interface Entry {
  account: RankedAccount;
  standings: readonly Standing[];
}

/** How many lists of a board are kept: the latest ones. */
const mostLists = 32;
/** What a board takes, and each account and attempt on it, as measured. */
const bytesOf = { board: 2_000, account: 380, attempt: 90 };

/** All accounts of a partner with their sums over some days, kept in memory and in order. */
export class Board {
  position: Position;
  readonly #entries = new Map<string, Entry>();
  #attempts = 0;
  /** By their selections. Each is made when it is first asked for. */
  readonly #lists = new LRUCache<string, RankedList>({ max: mostLists });

  constructor(position: Position) {
    this.position = position;
  }

  /** The number of accounts. */
  get size(): number {
    return this.#entries.size;
  }

  /** How much memory it takes, with its lists. */
  get bytes(): number {
    let bytes = bytesOf.board;
    bytes += bytesOf.account * this.size + bytesOf.attempt * this.#attempts;
    for (const list of this.#lists.values()) bytes += list.bytes;
    return bytes;
  }

  has(accountId: string): boolean {
    return this.#entries.has(accountId);
  }

  /** Takes in accounts that are new or have changed, with the sums of all their attempts. */
  take(accounts: readonly RankedAccount[], sums: readonly AttemptSums[]): void {
    const taken = new Map(
      accounts.map((account): [string, Entry] => [account.account_id, { account, standings: [] }]),
    );
    for (const each of sums) addTo(taken.get(each.account_id), each);
    for (const [id, entry] of taken) {
      const before = this.#entries.get(id)?.standings ?? [];
      for (const list of this.#lists.values()) {
        for (const standing of before) list.remove(standing);
        for (const standing of entry.standings) list.add(standing);
      }
      this.#attempts += entry.standings.length - before.length;
      this.#entries.set(id, entry);
    }
  }

  /** Adds the sums of days that have come and, negative, those of days that have left. */
  shift(sums: readonly AttemptSums[]): void {
    if (sums.length === 0) return;
    for (const each of sums) this.#attempts += addTo(this.#entries.get(each.account_id), each);
    // Most accounts have other sums now, so their lists are sorted again.
    this.#lists.clear();
  }

  ranked(selection: Selection): RankedList {
    const { currency, firm, status, attempt, by, sort } = selection;
    const name = JSON.stringify([currency, firm, status, attempt, by, sort]);
    const list = this.#lists.get(name) ?? new RankedList(selection, this.#standings());
    // An empty list is not kept: anybody may ask for any currency.
    if (list.contenders.length > 0) this.#lists.set(name, list);
    return list;
  }

  /** The place of an account, or of its user, in a list, counted from 0; −1: it has none. */
  placeOf(accountId: string, list: RankedList): number {
    const entry = this.#entries.get(accountId);
    return entry ? list.placeOf(entry.account, entry.standings) : -1;
  }

  /** How many of the chosen accounts are in the currency, and how many in others. */
  count(selection: Selection): { counted: number; left_out: number } {
    const counts = { counted: 0, left_out: 0 };
    for (const { account } of this.#entries.values()) {
      if (!isChosen(account, selection)) continue;
      counts[account.currency === selection.currency ? 'counted' : 'left_out']++;
    }
    return counts;
  }

  /** The first day with trades that count, if the board is of all days. */
  firstDay(selection: Selection): Day | null {
    if (this.position.days) return null;
    let earliest = Infinity;
    for (const { standings } of this.#entries.values()) {
      for (const standing of standings) {
        if (standing.first === null || standing.first >= earliest) continue;
        if (isCounted(standing, selection)) earliest = standing.first;
      }
    }
    return earliest === Infinity ? null : earliest;
  }

  /** The first of these days that has trades that count. */
  findDay(days: readonly AttemptDay[], selection: Selection): Day | null {
    const found = days.find(({ account_id, attempt }) =>
      this.#entries
        .get(account_id)
        ?.standings.some(
          (standing) => standing.attempt === attempt && isCounted(standing, selection),
        ),
    );
    return found?.day ?? null;
  }

  *#standings(): Generator<Standing> {
    for (const { standings } of this.#entries.values()) yield* standings;
  }
}

/** Adds sums to those of an account's attempt. Returns how many attempts are new in its entry. */
function addTo(entry: Entry | undefined, sums: AttemptSums): 0 | 1 {
  if (!entry) return 0;
  const { attempt, trades, wins, pnl, first = null } = sums;
  const { account, standings } = entry;
  const standing = standings.find((each) => each.attempt === attempt);
  if (!standing) {
    const id = account.account_id;
    // Neither push() nor a spread, which both leave room for many more.
    entry.standings = standings.concat({ id, account, attempt, trades, wins, pnl, first });
    return 1;
  }
  standing.trades += trades;
  standing.wins += wins;
  standing.pnl += pnl;
  return 0;
}
