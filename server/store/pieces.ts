import type SQLite from 'better-sqlite3';
import { type CountedTrade, joinRuns, type Run, RunBuilder } from '../analytics/run.ts';
import { currencyOf } from './account-days.ts';
import { type RunRow, runColumns, runNames, runOf } from './columns.ts';
import { insertion, prepared } from './statements.ts';
import { type Attempt, nextTouched, type TradeKey } from './touched-trades.ts';

/**
 * A partner's closed trades over all its accounts, in order, are kept in pieces: runs of
 * consecutive trades, one row for each currency in them. Pieces of the first level are made of
 * trades, those of the second of pieces of the first, and days are made of those of the second. So a
 * trade changes one piece of each level, however many others there are. A piece begins at the place
 * of its first trade, and reaches to the beginning of the next one; none contains the beginning of
 * a day.
 */
const levels = [1, 2] as const;
type Level = (typeof levels)[number];

/** The place of a closed trade in the order over all accounts of its partner. */
interface Place extends TradeKey {
  account_id: string;
}

/** From a place, included, to another one, excluded. */
interface Range {
  from: Place;
  to: Place;
}

/** What a piece is made of, at a place: a trade, or the rows of a piece of the level below. */
type Member = { place: Place } & ({ trade: CountedTrade } | { rows: PieceRow[] });

type PieceRow = Place & RunRow & { currency: string };
type TradeRow = Place & CountedTrade;

/** Returns the moment after a given one at which a piece has to end, since a day begins. */
type NextCut = (moment: number) => number;

/** A piece with more members than this is cut into pieces of half as many. */
const mostMembers = 64;

/** How many rows are read at once. With thousands, the heap would grow and stay large. */
const batch = 200;

const start: Place = { exit_time: Number.MIN_SAFE_INTEGER, entry_time: 0, account_id: '', id: '' };
const end: Place = { ...start, exit_time: Number.MAX_SAFE_INTEGER };

const place = ['exit_time', 'entry_time', 'account_id', 'id'] as const;
const places = place.join(', ');
const backwards = place.map((name) => `${name} desc`).join(', ');
const runs = runNames.join(', ');

function parametersOf({ exit_time, entry_time, account_id, id }: Place) {
  return [exit_time, entry_time, account_id, id];
}

function isSamePlace(one: Place, other: Place): boolean {
  return place.every((name) => one[name] === other[name]);
}

/** The pieces of a partner's trades. */
export class Pieces {
  readonly #handle: SQLite.Database;
  readonly #partnerId: string;
  readonly #nextCut: NextCut;
  readonly #currencies = new Map<string, string>();

  constructor(handle: SQLite.Database, partnerId: string, nextCut: NextCut) {
    this.#handle = handle;
    this.#partnerId = partnerId;
    this.#nextCut = nextCut;
  }

  /** Makes those anew that contain touched trades of some attempts. */
  remakeTouched(attempts: readonly Attempt[]): void {
    const ranges = this.#touchedRanges(attempts);
    // What these are is read before anything is changed.
    const above = unite(ranges.map((range) => this.#rangeAround(2, range)));
    for (const range of ranges) this.#remake(1, range);
    for (const range of above) this.#remake(2, range);
  }

  remakeAll(): void {
    for (const level of levels) this.#remake(level, { from: start, to: end });
  }

  /** Cuts the piece of each level, if there is one, that contains the beginning of a day. */
  cutAt(moment: number): void {
    for (const level of levels) {
      const range = this.#rangeAt(level, { ...start, exit_time: moment });
      if (range.from !== start && range.from.exit_time < moment) this.#remake(level, range);
    }
  }

  /** The beginning of the first piece at or after a moment; undefined: there is none. */
  next(from: number): number | undefined {
    const row = prepared<{ exit_time: number }>(
      this.#handle,
      `select exit_time from partner_pieces
       where partner_id = ? and level = ${levels.at(-1)} and exit_time >= ?
       order by exit_time limit 1`,
    ).get(this.#partnerId, from);
    return row?.exit_time;
  }

  /** The joined pieces of each currency that begin from a moment on and before another one. */
  join(from: number, to: number): Map<string, Run> {
    const rows = prepared<PieceRow>(
      this.#handle,
      `select currency, ${runs} from partner_pieces
       where partner_id = ? and level = ${levels.at(-1)} and exit_time >= ? and exit_time < ?
       order by ${places}`,
    ).all(this.#partnerId, from, to);
    return joinRows(rows);
  }

  /** The number of pieces that are not as their members are, or go on after a day's end. */
  countWrong(): number {
    let wrong = 0;
    for (const level of levels) {
      for (let from: Place = start; from !== end; ) {
        const range = { from, to: this.#placeAfter(level, from) ?? end };
        const members = [...this.#membersIn(level, range)];
        const [first, last] = [members[0]?.place, members.at(-1)?.place];
        const isOfOneDay = !first || last!.exit_time < this.#nextCut(first.exit_time);
        const rows = this.#rowsAt(level, from);
        const isSame = JSON.stringify(rows) === JSON.stringify(this.#rowsOf(members));
        if (!isOfOneDay || !isSame) wrong++;
        from = range.to;
      }
    }
    return wrong;
  }

  /** The ranges of pieces of the first level that contain touched trades of some attempts. */
  #touchedRanges(attempts: readonly Attempt[]): Range[] {
    const ranges = attempts.flatMap((attempt) => unite(this.#touchedRangesOf(attempt)));
    return unite(ranges.sort((one, other) => comparePlaces(one.from, other.from)));
  }

  /** In order, and one by one, as a large import has tens of thousands. */
  *#touchedRangesOf(attempt: Attempt): Generator<Range> {
    for (let from = start; ; ) {
      const touched = nextTouched(this.#handle, attempt, keyFrom(from, attempt.account_id));
      if (!touched) return;
      const range = this.#rangeAt(1, { ...touched, account_id: attempt.account_id });
      yield range;
      from = range.to;
    }
  }

  /** The range of the piece that contains a place. */
  #rangeAt(level: Level, at: Place): Range {
    const from = prepared<Place>(
      this.#handle,
      `select ${places} from partner_pieces
       where partner_id = ? and level = ? and (${places}) <= (?, ?, ?, ?)
       order by ${backwards} limit 1`,
    ).get(this.#partnerId, level, ...parametersOf(at));
    return { from: from ?? start, to: this.#placeAfter(level, at) ?? end };
  }

  /** The range of the pieces that contain any of the places in a range. */
  #rangeAround(level: Level, { from, to }: Range): Range {
    const begins = prepared<Place>(
      this.#handle,
      `select ${places} from partner_pieces
       where partner_id = ? and level = ? and (${places}) >= (?, ?, ?, ?)
       order by ${places} limit 1`,
    ).get(this.#partnerId, level, ...parametersOf(to));
    return { from: this.#rangeAt(level, from).from, to: begins ?? end };
  }

  /** Where the first piece after a place begins. */
  #placeAfter(level: Level, at: Place): Place | undefined {
    return prepared<Place>(
      this.#handle,
      `select ${places} from partner_pieces
       where partner_id = ? and level = ? and (${places}) > (?, ?, ?, ?)
       order by ${places} limit 1`,
    ).get(this.#partnerId, level, ...parametersOf(at));
  }

  #rowsAt(level: Level, at: Place): (RunRow & { currency: string })[] {
    return prepared<RunRow & { currency: string }>(
      this.#handle,
      `select currency, ${runs} from partner_pieces
       where partner_id = ? and level = ? and (${places}) = (?, ?, ?, ?) order by currency`,
    ).all(this.#partnerId, level, ...parametersOf(at));
  }

  /** Makes the pieces in a range anew from their members. */
  #remake(level: Level, range: Range): void {
    prepared(
      this.#handle,
      `delete from partner_pieces
       where partner_id = ? and level = ? and (${places}) >= (?, ?, ?, ?) and (${places}) < (?, ?, ?, ?)`,
    ).run(this.#partnerId, level, ...parametersOf(range.from), ...parametersOf(range.to));
    let members: Member[] = [];
    let cut = Number.MIN_SAFE_INTEGER;
    for (const member of this.#membersIn(level, range)) {
      const { exit_time } = member.place;
      if (exit_time >= cut) {
        this.#write(level, members);
        members = [];
        cut = this.#nextCut(exit_time);
      }
      members.push(member);
      if (members.length > mostMembers) this.#write(level, members.splice(0, mostMembers / 2));
    }
    this.#write(level, members);
  }

  #membersIn(level: Level, range: Range): Generator<Member> {
    return level === 1 ? this.#tradesIn(range) : this.#piecesIn(range);
  }

  *#tradesIn({ from, to }: Range): Generator<Member> {
    let after: Place | null = null;
    for (;;) {
      const rows: TradeRow[] = prepared<TradeRow>(
        this.#handle,
        `select ${places}, pnl, commission from trades
         where partner_id = ? and exit_time is not null
           and (${places}) ${after ? '>' : '>='} (?, ?, ?, ?) and (${places}) < (?, ?, ?, ?)
         order by ${places} limit ${batch}`,
      ).all(this.#partnerId, ...parametersOf(after ?? from), ...parametersOf(to));
      for (const row of rows) yield { place: row, trade: row };
      if (rows.length < batch) return;
      after = rows.at(-1)!;
    }
  }

  /** The pieces of the first level. */
  *#piecesIn({ from, to }: Range): Generator<Member> {
    let after = { ...from, currency: '' };
    let rowsOfOne: PieceRow[] = [];
    for (;;) {
      const rows: PieceRow[] = prepared<PieceRow>(
        this.#handle,
        `select ${places}, currency, ${runs} from partner_pieces
         where partner_id = ? and level = 1
           and (${places}, currency) > (?, ?, ?, ?, ?) and (${places}) < (?, ?, ?, ?)
         order by ${places}, currency limit ${batch}`,
      ).all(this.#partnerId, ...parametersOf(after), after.currency, ...parametersOf(to));
      for (const row of rows) {
        const [first] = rowsOfOne;
        if (first && !isSamePlace(first, row)) {
          yield { place: first, rows: rowsOfOne };
          rowsOfOne = [];
        }
        rowsOfOne.push(row);
      }
      if (rows.length < batch) break;
      after = rows.at(-1)!;
    }
    const [last] = rowsOfOne;
    if (last) yield { place: last, rows: rowsOfOne };
  }

  #write(level: Level, members: readonly Member[]): void {
    const [first] = members;
    if (!first) return;
    const insert = prepared(
      this.#handle,
      insertion('partner_pieces', ['partner_id', 'level', ...place, 'currency', ...runNames]),
    );
    for (const row of this.#rowsOf(members)) {
      insert.run(
        ...[this.#partnerId, level, ...parametersOf(first.place), row.currency],
        ...runNames.map((name) => row[name]),
      );
    }
  }

  /** The rows of a piece of these members, by currency. */
  #rowsOf(members: readonly Member[]): (RunRow & { currency: string })[] {
    return [...this.#runsOf(members)]
      .map(([currency, run]) => ({ currency, ...runColumns(run) }))
      .sort((one, other) => (one.currency < other.currency ? -1 : 1));
  }

  #runsOf(members: readonly Member[]): Map<string, Run> {
    const builders = new Map<string, RunBuilder>();
    const rows: PieceRow[] = [];
    for (const member of members) {
      if ('rows' in member) {
        rows.push(...member.rows);
        continue;
      }
      const currency = this.#currencyOf(member.place.account_id);
      let builder = builders.get(currency);
      if (!builder) {
        builder = new RunBuilder();
        builders.set(currency, builder);
      }
      builder.add(member.trade);
    }
    if (rows.length > 0) return joinRows(rows);
    return new Map([...builders].map(([currency, builder]) => [currency, builder.finish()]));
  }

  #currencyOf(accountId: string): string {
    let currency = this.#currencies.get(accountId);
    if (currency === undefined) {
      const account = { partner_id: this.#partnerId, account_id: accountId };
      currency = currencyOf(this.#handle, account);
      this.#currencies.set(accountId, currency);
    }
    return currency;
  }
}

/** The first place of an account's trades, among themselves, at or after one in the order over all. */
function keyFrom({ exit_time, entry_time, account_id, id }: Place, account: string): TradeKey {
  const compared = compareTexts(account, account_id);
  if (compared < 0) return { exit_time, entry_time: entry_time + 1, id: '' };
  return { exit_time, entry_time, id: compared > 0 ? '' : id };
}

/** The ranges, which are in order; those that overlap, or follow directly, are one. */
function unite(ranges: Iterable<Range>): Range[] {
  const united: Range[] = [];
  for (const { from, to } of ranges) {
    const last = united.at(-1);
    if (last && comparePlaces(from, last.to) <= 0) {
      if (comparePlaces(last.to, to) < 0) last.to = to;
    } else united.push({ from, to });
  }
  return united;
}

/** Compares as the database does: texts by their bytes. */
function comparePlaces(one: Place, other: Place): number {
  return (
    one.exit_time - other.exit_time ||
    one.entry_time - other.entry_time ||
    compareTexts(one.account_id, other.account_id) ||
    compareTexts(one.id, other.id)
  );
}

function compareTexts(one: string, other: string): number {
  return one === other ? 0 : Buffer.compare(Buffer.from(one), Buffer.from(other));
}

/** The joined runs of rows, which are in order, by currency. */
function joinRows(rows: readonly PieceRow[]): Map<string, Run> {
  const joined = new Map<string, Run>();
  for (const row of rows) {
    const earlier = joined.get(row.currency);
    const run = runOf(row);
    joined.set(row.currency, earlier ? joinRuns(earlier, run) : run);
  }
  return joined;
}
