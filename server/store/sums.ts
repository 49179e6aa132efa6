import type SQLite from 'better-sqlite3';
import type { Day } from '../../shared/day.ts';
import type { Tally } from '../analytics/run.ts';
import { AccountDay, currencyOf } from './account-days.ts';
import { mostTrades } from './account-pieces.ts';
import { runColumns, runNames } from './columns.ts';
import { Totals } from './exact-sums.ts';
import { Pieces } from './pieces.ts';
import { insertion, prepared } from './statements.ts';
import {
  type Attempt,
  forgetTouchedTrades,
  nextExit,
  type Source,
  touchedAttempts,
} from './touched-trades.ts';
import { countAllTrades, countTrades } from './trade-counts.ts';
import { type Remaking, readVersions, type Version, type Versions } from './versions.ts';

/** An attempt whose sums were brought up to date. */
export interface SettledAttempt extends Attempt {
  /** The days that were made anew, by the version in force, in order. */
  days: readonly Day[];
  /** That version. */
  version: Version;
}

/**
 * Brings all sums up to date with the trades that the open transaction has changed, and raises the
 * revisions of their accounts. Called before each transaction is committed (database.ts), and before
 * that by who needs the new sums in it. It takes as long as the touched days of the accounts, and
 * one piece for each trade, do. Throws InexactSums when a sum would exceed what a double holds
 * exactly.
 */
export function settleSums(handle: SQLite.Database): SettledAttempt[] {
  const touched = touchedAttempts(handle);
  if (touched.length === 0) return [];
  const settled: SettledAttempt[] = [];
  for (const [partnerId, attempts] of Map.groupBy(touched, ({ partner_id }) => partner_id)) {
    settled.push(...settlePartner(handle, readVersions(handle, partnerId), attempts));
    raiseRevisions(handle, partnerId, attempts);
  }
  forgetTouchedTrades(handle);
  return settled;
}

/** What was settled in several transactions, as if in one. */
export function joinSettled(
  all: readonly SettledAttempt[],
  more: readonly SettledAttempt[],
): SettledAttempt[] {
  const joined = [...all];
  for (const settled of more) {
    const isSame = ({ account_id, attempt, version }: SettledAttempt) =>
      account_id === settled.account_id &&
      attempt === settled.attempt &&
      version.number === settled.version.number;
    const index = joined.findIndex(isSame);
    if (index === -1) joined.push(settled);
    else {
      const days = new Set([...joined[index]!.days, ...settled.days]);
      joined[index] = { ...settled, days: [...days].sort((a, b) => a - b) };
    }
  }
  return joined;
}

function settlePartner(
  handle: SQLite.Database,
  versions: Versions,
  attempts: readonly Attempt[],
): SettledAttempt[] {
  const { inForce, remaking } = versions;
  const settled: SettledAttempt[] = [];
  const comingDays = new Set<Day>();
  for (const attempt of attempts) {
    countTrades(handle, attempt, 'touched_trades');
    const days = remakeDays(handle, inForce, attempt, 'touched_trades');
    settled.push({ ...attempt, days, version: inForce });
    if (remaking) {
      remakeMadeDays(handle, remaking, attempt);
      for (const day of daysOf(handle, remaking.version, attempt, 'touched_trades')) {
        if (remaking.version.days.startOf(day) < remaking.partnerDone) comingDays.add(day);
      }
    }
  }
  const pieces = piecesOf(handle, versions);
  pieces.remakeTouched(attempts);
  for (const day of new Set(settled.flatMap(({ days }) => days))) {
    remakePartnerDay(handle, pieces, versions, inForce, day);
  }
  for (const day of comingDays) {
    remakePartnerDay(handle, pieces, versions, remaking!.version, day);
  }
  return settled;
}

/** The pieces of a partner, cut where a day begins in one of its versions. */
export function piecesOf(
  handle: SQLite.Database,
  { partnerId, inForce, remaking }: Versions,
): Pieces {
  const kinds = [inForce, ...(remaking ? [remaking.version] : [])].map(({ days }) => days);
  return new Pieces(handle, partnerId, (moment) =>
    Math.min(...kinds.map((days) => days.startOf(days.dayOf(moment) + 1))),
  );
}

/** The days on which trades of an attempt were closed, in order. */
function* daysOf(
  handle: SQLite.Database,
  { days }: Version,
  attempt: Attempt,
  source: Source,
): Generator<Day> {
  for (let from = Number.MIN_SAFE_INTEGER; ; ) {
    const exit = nextExit(handle, source, attempt, from);
    if (exit === undefined) return;
    const day = days.dayOf(exit);
    yield day;
    from = days.startOf(day + 1);
  }
}

/** Makes days of an attempt anew in the version in force, and stores its totals. */
function remakeDays(
  handle: SQLite.Database,
  version: Version,
  attempt: Attempt,
  source: Source,
): Day[] {
  const totals = new Totals(handle, attempt);
  const owner = { ...attempt, currency: totals.currency };
  const change = (before: Tally, now: Tally) => totals.change(before, now);
  const days = [...daysOf(handle, version, attempt, source)];
  for (const day of days) new AccountDay(handle, version, owner, day, change).remake();
  totals.store();
  return days;
}

/**
 * Makes those touched days of an attempt anew that the coming version has already, and of one that
 * is being made in pieces those that it has.
 */
function remakeMadeDays(handle: SQLite.Database, remaking: Remaking, attempt: Attempt): void {
  const { version, accountDone } = remaking;
  const place = comparePlaces(attempt, remaking.attempt);
  if (place > 0) return;
  const owner = { ...attempt, currency: currencyOf(handle, attempt) };
  for (const day of daysOf(handle, version, attempt, 'touched_trades')) {
    const isMade = place < 0 || version.days.startOf(day + 1) <= accountDone.exit_time;
    const accountDay = new AccountDay(handle, version, owner, day);
    if (isMade) accountDay.remake();
    else accountDay.remakeUntil(accountDone);
  }
}

type AttemptPlace = Remaking['attempt'];

/** Compares as the database orders ids, which are ASCII. */
function comparePlaces(one: AttemptPlace, other: AttemptPlace): number {
  if (one.account_id !== other.account_id) return one.account_id < other.account_id ? -1 : 1;
  return one.attempt - other.attempt;
}

/** Joins the pieces of a partner's day. */
export function remakePartnerDay(
  handle: SQLite.Database,
  pieces: Pieces,
  { partnerId }: Versions,
  { number, days }: Version,
  day: Day,
): void {
  const key = [partnerId, number, day];
  prepared(handle, 'delete from partner_days where partner_id = ? and version = ? and day = ?').run(
    ...key,
  );
  const insert = prepared(
    handle,
    insertion('partner_days', ['partner_id', 'version', 'day', 'currency', ...runNames]),
  );
  for (const [currency, run] of pieces.join(days.startOf(day), days.startOf(day + 1))) {
    const columns = runColumns(run);
    insert.run(...key, currency, ...runNames.map((name) => columns[name]));
  }
}

function raiseRevisions(
  handle: SQLite.Database,
  partnerId: string,
  attempts: readonly Attempt[],
): void {
  const { revision } = prepared<{ revision: number }>(
    handle,
    'update partners set revision = revision + 1 where id = ? returning revision',
  ).get(partnerId)!;
  const raise = prepared(
    handle,
    'update accounts set revision = ? where partner_id = ? and id = ?',
  );
  for (const { account_id } of attempts) raise.run(revision, partnerId, account_id);
}

/** Makes all sums of a partner in force anew, in one go. The tables must hold none of them. */
export function makeAllSums(handle: SQLite.Database, partnerId: string): void {
  const versions = readVersions(handle, partnerId);
  const { inForce } = versions;
  const attempts = prepared<Attempt>(
    handle,
    'select partner_id, account_id, attempt from attempts where partner_id = ?',
  ).all(partnerId);
  for (const attempt of attempts) remakeDays(handle, inForce, attempt, 'trades');
  remakeAllPieces(handle, versions);
  countAllTrades(handle, partnerId);
}

/** Makes all pieces of a partner, and its days in force, anew. */
export function remakeAllPieces(handle: SQLite.Database, versions: Versions): void {
  const { inForce } = versions;
  const pieces = piecesOf(handle, versions);
  pieces.remakeAll();
  for (let from = Number.MIN_SAFE_INTEGER; ; ) {
    const piece = pieces.next(from);
    if (piece === undefined) return;
    const day = inForce.days.dayOf(piece);
    remakePartnerDay(handle, pieces, versions, inForce, day);
    from = inForce.days.startOf(day + 1);
  }
}

/**
 * Makes what a migration has left out; to be called in its transaction: the pieces and days of
 * partners that have none, and the pieces of long days.
 */
export function makeMissingPieces(handle: SQLite.Database): void {
  const partners = prepared<{ id: string }>(
    handle,
    `select id from partners
     where not exists (select 1 from partner_pieces where partner_id = partners.id)`,
  );
  for (const { id } of partners.all()) remakeAllPieces(handle, readVersions(handle, id));
  for (const day of longDaysWithoutPieces(handle)) {
    const { inForce, remaking } = readVersions(handle, day.partner_id);
    const version = [inForce, remaking?.version].find((each) => each?.number === day.version);
    const owner = { ...day, currency: currencyOf(handle, day) };
    // Those of versions that are no longer needed are about to be removed.
    if (version) new AccountDay(handle, version, owner, day.day).remake();
  }
}

function longDaysWithoutPieces(handle: SQLite.Database) {
  return prepared<Attempt & { version: number; day: Day }>(
    handle,
    `select partner_id, version, account_id, attempt, day from account_days
     where trades > ${mostTrades} and way is not null`,
  ).all();
}
