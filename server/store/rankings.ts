import { LRUCache } from 'lru-cache';
import type { Day } from '../../shared/day.ts';
import type { Period } from '../../shared/period.ts';
import { countAllAccounts } from './accounts.ts';
import { Board, type Position } from './board.ts';
import type { Queries } from './database.ts';
import type { Ends, Span } from './days.ts';
import type { Partner } from './partners.ts';
import type { Selection } from './ranked-list.ts';
import {
  beforeAll,
  type Contender,
  type DayRange,
  type Owner,
  readAccounts,
  readChanged,
  readLaterDays,
  readMoved,
  readSums,
  readTotals,
} from './standings.ts';

/** Which accounts are ranked, by what, and how many of the ranks are returned. */
export interface Ranking extends Selection {
  /** The edition of the database file. */
  edition: string;
  partner: Pick<Partner, 'id' | 'revision' | 'sums_version'>;
  period: Period;
  /** The days of the period: both ends, or neither for the whole history. */
  span: Span;
  today: Day;
  /** How many are returned, from the first rank on. */
  limit: number;
  /** The id of an account that, or whose user, is returned whatever its rank. */
  own: string | undefined;
}

/** The sums of an account, or of a user, and its rank among those with trades. */
export type Ranked = Contender & { rank: number };

export interface Ranks {
  leaders: Ranked[];
  /** Null: it has no rank. */
  own: Ranked | null;
  /** How many have a rank. */
  total: number;
  accounts: { counted: number; left_out: number };
  /** Of what is ranked: the first day of the whole history, and the last one later than today. */
  ends: Ends;
}

/** The memory for boards, in bytes. */
const mostMemory = 60_000_000;
/** If more accounts have changed, a board is built anew: reading the days of each takes longer. */
const mostChanged = 500;
/** So it is if its days have moved on by more: reading all that come and leave takes longer. */
const mostMoved = 7;

/**
 * Ranks accounts by boards in memory, one for each period of a partner. A board is built when it is
 * first asked for. From then on it follows the accounts that change and the days that come and
 * leave, unless it is so far behind that building it anew is faster.
 */
export class Rankings {
  readonly #boards = new LRUCache<string, Board>({
    maxSize: mostMemory,
    sizeCalculation: ({ bytes }) => bytes,
  });
  #turn: Promise<unknown> = Promise.resolve();

  /**
   * Questions take turns, so that no two of them move a board at once. Each has a snapshot of its
   * own, a transaction that has begun: it waits for nothing but its turn.
   */
  read(snapshot: Queries, ranking: Ranking): Promise<Ranks> {
    const turn = this.#turn.then(() => this.#read(snapshot, ranking));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #read(snapshot: Queries, ranking: Ranking): Promise<Ranks> {
    const { limit, own } = ranking;
    const board = await this.#boardFor(snapshot, ranking);
    const ends = await readRankedEnds(snapshot, ranking, board);
    const list = board.ranked(ranking);
    const { contenders } = list;
    const ownPlace = own === undefined ? -1 : board.placeOf(own, list);
    return {
      leaders: contenders.slice(0, limit).map(rankOf),
      own: ownPlace < 0 ? null : rankOf(contenders[ownPlace]!, ownPlace),
      total: contenders.length,
      accounts: board.count(ranking),
      ends,
    };
  }

  async #boardFor(snapshot: Queries, ranking: Ranking): Promise<Board> {
    const owner = ownerOf(ranking);
    const position = { revision: ranking.partner.revision, days: daysOf(ranking.span) };
    const name = `${ranking.edition} ${owner.partnerId} ${owner.version} ${ranking.period}`;
    const kept = this.#boards.get(name);
    const isMoved = kept && (await follow(snapshot, owner, kept, position));
    const board = isMoved ? kept : await build(snapshot, owner, position);
    // Its size may have changed, which is asked only of what is not there yet.
    this.#boards.delete(name);
    this.#boards.set(name, board);
    return board;
  }
}

function ownerOf({ partner }: Ranking): Owner {
  return { partnerId: partner.id, version: partner.sums_version };
}

function daysOf({ from, to }: Span): DayRange | null {
  return from === null || to === null ? null : { from, to };
}

function rankOf(contender: Contender, place: number): Ranked {
  return { ...contender, rank: place + 1 };
}

async function build(snapshot: Queries, owner: Owner, position: Position): Promise<Board> {
  const { days } = position;
  const board = new Board(position);
  board.take(
    await readAccounts(snapshot, owner, beforeAll),
    days ? await readSums(snapshot, owner, days) : await readTotals(snapshot, owner, beforeAll),
  );
  return board;
}

/**
 * Moves a board on to a position. Returns false, and leaves it as it is, if that is not possible or
 * takes longer than building it anew. Everything is read before anything is changed.
 */
async function follow(
  snapshot: Queries,
  owner: Owner,
  board: Board,
  position: Position,
): Promise<boolean> {
  const { revision: since, days: before } = board.position;
  const { revision, days } = position;
  if (revision === since && areSame(before, days)) return true;
  if (revision < since || !areNear(before, days)) return false;
  const accounts = await readAccounts(snapshot, owner, since);
  if (accounts.length > mostChanged) return false;
  const added = accounts.filter(({ account_id }) => !board.has(account_id));
  const areAllThere =
    board.size + added.length === (await countAllAccounts(snapshot, owner.partnerId));
  if (!areAllThere) return false;
  const sums = days
    ? await readChanged(snapshot, owner, since, days)
    : await readTotals(snapshot, owner, since);
  const moved = before && days ? await readMoved(snapshot, owner, before, days) : [];
  board.shift(moved);
  board.take(accounts, sums);
  board.position = position;
  return true;
}

function areSame(before: DayRange | null, now: DayRange | null): boolean {
  return before?.from === now?.from && before?.to === now?.to;
}

/** Whether days are those of a board or have moved on by few. */
function areNear(before: DayRange | null, now: DayRange | null): boolean {
  if (!before || !now) return before === now;
  return before.from <= now.from && now.from <= before.from + mostMoved && before.to <= now.to;
}

async function readRankedEnds(snapshot: Queries, ranking: Ranking, board: Board): Promise<Ends> {
  const { span, today } = ranking;
  const later = await readLaterDays(snapshot, ownerOf(ranking), today, span.to);
  return { first: board.firstDay(ranking), last: board.findDay(later, ranking) };
}
