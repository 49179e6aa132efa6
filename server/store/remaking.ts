import { setTimeout as sleep } from 'node:timers/promises';
import type SQLite from 'better-sqlite3';
import type { DaySettings } from '../../shared/trading-day.ts';
import { AccountDay, currencyOf } from './account-days.ts';
import { type Database, transact } from './database.ts';
import { insertion, prepared } from './statements.ts';
import { piecesOf, remakePartnerDay } from './sums.ts';
import { type Attempt, nextExit, placeAt } from './touched-trades.ts';
import { type Remaking, readVersions, type Versions } from './versions.ts';

/**
 * A partner's sums are made anew beside those in force, under the next version: for other days, or
 * because they are wrong. A row of `remakings` says how far that has come, so it goes on after a
 * crash. Each step is a transaction, after which other writers have their turn. A write meanwhile
 * changes the version in force, and of the coming one what is made already (sums.ts). The last step
 * puts the coming version in force: until then, answers are by the old one.
 */

/** The shortest pause after a step, ms; a pause is as long as the step was. */
const shortestPause = 10;

const notBegun = Number.MIN_SAFE_INTEGER;

/** Begins to make a partner's sums anew; to be called in a transaction. */
export function beginRemaking(
  handle: SQLite.Database,
  partnerId: string,
  { zone, start }: DaySettings,
): void {
  endRemaking(handle, partnerId);
  const { version } = prepared<{ version: number }>(
    handle,
    `update partners set last_sums_version = last_sums_version + 1 where id = ?
     returning last_sums_version as version`,
  ).get(partnerId)!;
  prepared(
    handle,
    insertion('remakings', [
      ...['partner_id', 'version', 'day_zone', 'day_start'],
      ...['partner_done', 'account_id', 'attempt', 'account_done'],
    ]),
  ).run(partnerId, version, zone, start, notBegun, '', 0, notBegun);
}

/** Gives up what is being made of a partner; to be called in a transaction. */
export function endRemaking(handle: SQLite.Database, partnerId: string): void {
  const ended = prepared<{ version: number }>(
    handle,
    'delete from remakings where partner_id = ? returning version',
  ).get(partnerId);
  if (ended) discard(handle, partnerId, ended.version);
}

function discard(handle: SQLite.Database, partnerId: string, version: number): void {
  prepared(handle, insertion('old_sums', ['partner_id', 'version'])).run(partnerId, version);
}

/**
 * Takes the steps of all partners in turns, and removes the sums that are no longer needed, until
 * nothing is left or `isOver` returns true. Several processes may do so at once: their steps
 * alternate. A step waits for other writers as {@link transact} does, and takes about
 * `longestStep` ms.
 */
export async function remakeSums(
  database: Database,
  isOver: () => boolean,
  { wait, longestStep = 6 }: { wait?: number; longestStep?: number } = {},
): Promise<void> {
  for (;;) {
    const waiting = await database.read
      .selectFrom('remakings')
      .select('partner_id')
      .union(database.read.selectFrom('old_sums').select('partner_id'))
      .execute();
    if (waiting.length === 0) return;
    for (const { partner_id } of waiting) {
      if (isOver()) return;
      const begun = performance.now();
      const step = async () => takeStep(database.handle, partner_id, begun + longestStep);
      await transact(database, step, wait);
      await sleep(Math.max(shortestPause, performance.now() - begun));
    }
  }
}

function takeStep(handle: SQLite.Database, partnerId: string, deadline: number): void {
  const versions = readVersions(handle, partnerId);
  if (!versions.remaking) {
    while (removeOldSums(handle, partnerId) && performance.now() < deadline);
    return;
  }
  const { remaking } = versions;
  while (advance(handle, versions, remaking)) {
    if (performance.now() < deadline) continue;
    store(handle, partnerId, remaking);
    return;
  }
  putInForce(handle, versions, remaking);
}

/** Makes the next day of the partner, or of an account, or a piece of it; false: all are made. */
function advance(handle: SQLite.Database, versions: Versions, remaking: Remaking): boolean {
  return (
    advancePartner(handle, versions, remaking) ||
    advanceAttempt(handle, versions.partnerId, remaking)
  );
}

function advancePartner(handle: SQLite.Database, versions: Versions, remaking: Remaking): boolean {
  const { version } = remaking;
  const pieces = piecesOf(handle, versions);
  const piece = pieces.next(remaking.partnerDone);
  if (piece === undefined) return false;
  const day = version.days.dayOf(piece);
  const next = version.days.startOf(day + 1);
  pieces.cutAt(next);
  remakePartnerDay(handle, pieces, versions, version, day);
  remaking.partnerDone = next;
  return true;
}

function advanceAttempt(handle: SQLite.Database, partnerId: string, remaking: Remaking): boolean {
  const { version, accountDone } = remaking;
  const attempt: Attempt = { partner_id: partnerId, ...remaking.attempt };
  const from = accountDone.id === '' ? null : accountDone;
  const exit = from?.exit_time ?? nextExit(handle, 'trades', attempt, accountDone.exit_time);
  if (exit !== undefined) {
    const day = version.days.dayOf(exit);
    const owner = { ...attempt, currency: currencyOf(handle, attempt) };
    const next = new AccountDay(handle, version, owner, day).make(from);
    remaking.accountDone = next ?? placeAt(version.days.startOf(day + 1));
    return true;
  }
  storeTotals(handle, attempt, version.number);
  const { account_id, attempt: number } = remaking.attempt;
  const next = prepared<Remaking['attempt']>(
    handle,
    `select account_id, attempt from attempts
     where partner_id = ? and (account_id, attempt) > (?, ?)
     order by account_id, attempt limit 1`,
  ).get(partnerId, account_id, number);
  if (!next) return false;
  remaking.attempt = next;
  remaking.accountDone = placeAt(notBegun);
  return true;
}

/** Stores the totals of an attempt whose days are made. */
function storeTotals(handle: SQLite.Database, attempt: Attempt, version: number): void {
  prepared(
    handle,
    `update attempts
     set (trade_count, wins, total_pnl, money, duration) = (
       select coalesce(sum(trades), 0), coalesce(sum(wins), 0),
         coalesce(sum(gross_profit + gross_loss), 0),
         coalesce(sum(gross_profit - gross_loss - commission), 0), coalesce(sum(duration), 0)
       from account_days as days
       where days.partner_id = attempts.partner_id and days.version = ?
         and days.account_id = attempts.account_id and days.attempt = attempts.attempt)
     where partner_id = ? and account_id = ? and attempt = ?`,
  ).run(version, attempt.partner_id, attempt.account_id, attempt.attempt);
}

function store(handle: SQLite.Database, partnerId: string, remaking: Remaking): void {
  const { partnerDone, accountDone } = remaking;
  const { account_id, attempt } = remaking.attempt;
  prepared(
    handle,
    `update remakings set partner_done = ?, account_id = ?, attempt = ?,
       account_done = ?, account_done_entry = ?, account_done_id = ?
     where partner_id = ?`,
  ).run(
    ...[partnerDone, account_id, attempt],
    ...[accountDone.exit_time, accountDone.entry_time, accountDone.id],
    partnerId,
  );
}

function putInForce(
  handle: SQLite.Database,
  { partnerId, inForce }: Versions,
  { version }: Remaking,
): void {
  prepared(
    handle,
    `update partners
     set (sums_version, day_zone, day_start) = (
       select version, day_zone, day_start from remakings where partner_id = partners.id),
       revision = revision + 1, settings_revision = revision + 1
     where id = ?`,
  ).run(partnerId);
  prepared(handle, 'delete from remakings where partner_id = ?').run(partnerId);
  prepared(handle, 'delete from partner_extents where partner_id = ?').run(partnerId);
  prepared(
    handle,
    `insert into partner_extents (partner_id, currency, money, duration)
     select partner_id, currency, sum(gross_profit - gross_loss - commission), sum(duration)
     from partner_days where partner_id = ? and version = ?
     group by partner_id, currency
     having sum(gross_profit - gross_loss - commission) <> 0 or sum(duration) <> 0`,
  ).run(partnerId, version.number);
  discard(handle, partnerId, inForce.number);
}

/** The keys of the tables whose sums have a version. */
export const versionedTables = {
  account_days: 'partner_id, version, account_id, attempt, day',
  account_pieces: 'partner_id, version, account_id, attempt, day, exit_time, entry_time, id',
  account_symbol_days: 'partner_id, version, account_id, attempt, day, symbol',
  account_hour_days: 'partner_id, version, account_id, attempt, day, hour',
  account_months: 'partner_id, version, month, account_id, attempt',
  partner_days: 'partner_id, version, day, currency',
  partner_symbol_days: 'partner_id, version, currency, day, symbol',
  partner_hour_days: 'partner_id, version, currency, day, hour',
} as const;

/** How many rows are deleted by one statement. */
const batch = 50;

/** Removes some rows of a version that is no longer needed; false: there is none. */
function removeOldSums(handle: SQLite.Database, partnerId: string): boolean {
  const old = prepared<{ version: number }>(
    handle,
    'select version from old_sums where partner_id = ? limit 1',
  ).get(partnerId);
  if (!old) return false;
  for (const [table, key] of Object.entries(versionedTables)) {
    const { changes } = prepared(
      handle,
      `delete from ${table} where (${key}) in (
         select ${key} from ${table} where partner_id = ? and version = ? limit ${batch})`,
    ).run(partnerId, old.version);
    if (changes > 0) return true;
  }
  prepared(handle, 'delete from old_sums where partner_id = ? and version = ?').run(
    partnerId,
    old.version,
  );
  return true;
}
