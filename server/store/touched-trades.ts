import type SQLite from 'better-sqlite3';
import { day as dayLength } from '../../shared/time.ts';
import { tradeFields } from '../../shared/trades.ts';
import type { TradeCountsTable } from './schema.ts';
import { prepared } from './statements.ts';

/** An attempt of an account: the owner of trades. */
export interface Attempt {
  partner_id: string;
  account_id: string;
  attempt: number;
}

/** The place of a closed trade in the order of an account's trades. */
export interface TradeKey {
  exit_time: number;
  entry_time: number;
  id: string;
}

/** The place before that of every trade that is closed at a moment or later. */
export function placeAt(moment: number): TradeKey {
  return { exit_time: moment, entry_time: 0, id: '' };
}

/** Later than every exit: it stands for the exit of an open trade. */
const never = Number.MAX_SAFE_INTEGER;

/**
 * Lets a connection note which trades its transaction adds, changes and deletes, by their places
 * before and after. Triggers note them, so no statement can forget it; only what an import says of a
 * trade changes nothing.
 */
export function noteTouchedTrades(handle: SQLite.Database): void {
  const note = (row: 'old' | 'new') => `
    insert into touched_trades values (${row}.partner_id, ${row}.account_id, ${row}.attempt,
      coalesce(${row}.exit_time, ${never}), ${row}.entry_time, ${row}.id,
      ${row === 'old' ? -1 : 1})
    on conflict do update set change = change + excluded.change;`;
  // Without it, `insert or replace` would delete a trade without firing the trigger.
  handle.pragma('recursive_triggers = on');
  handle.exec(`
    create temporary table touched_trades (
      partner_id text not null,
      account_id text not null,
      attempt integer not null,
      exit_time integer not null,
      entry_time integer not null,
      id text not null,
      -- How many trades are there now, less those that were before: 1, 0 or -1.
      change integer not null,
      primary key (partner_id, account_id, attempt, exit_time, entry_time, id)
    ) strict, without rowid;
    create temporary trigger trade_added after insert on trades begin ${note('new')} end;
    create temporary trigger trade_changed
      after update of partner_id, account_id, attempt, ${tradeFields.join(', ')} on trades begin
      ${note('old')} ${note('new')} end;
    create temporary trigger trade_deleted after delete on trades begin ${note('old')} end;`);
}

export function forgetTouchedTrades(handle: SQLite.Database): void {
  prepared(handle, 'delete from touched_trades').run();
}

/** The trades to go through: those that were touched, or all. */
export type Source = 'touched_trades' | 'trades';

/** The attempts with touched trades, in order. */
export function touchedAttempts(handle: SQLite.Database): Attempt[] {
  const next = prepared<Attempt>(
    handle,
    `select partner_id, account_id, attempt from touched_trades
     where (partner_id, account_id, attempt) > (?, ?, ?)
     order by partner_id, account_id, attempt limit 1`,
  );
  const attempts: Attempt[] = [];
  for (;;) {
    const last = attempts.at(-1);
    const found = next.get(last?.partner_id ?? '', last?.account_id ?? '', last?.attempt ?? 0);
    if (!found) return attempts;
    attempts.push(found);
  }
}

/** The first exit of an attempt's trades at or after a moment; undefined: there is none. */
export function nextExit(
  handle: SQLite.Database,
  source: Source,
  { partner_id, account_id, attempt }: Attempt,
  from: number,
): number | undefined {
  const row = prepared<{ exit_time: number }>(
    handle,
    `select exit_time from ${source}
     where partner_id = ? and account_id = ? and attempt = ?
       and exit_time >= ? and exit_time < ${never}
     order by exit_time limit 1`,
  ).get(partner_id, account_id, attempt, from);
  return row?.exit_time;
}

export type DayCounts = Pick<TradeCountsTable, 'day' | 'entered' | 'exited'>;

/** Counts by UTC day of closed trades: of all, or how many the touched ones are more or fewer than before. */
export function countByUtcDay(
  handle: SQLite.Database,
  source: Source,
  { partner_id, account_id, attempt }: Attempt,
): DayCounts[] {
  const change = source === 'trades' ? '1' : 'change';
  // No time lies before 1970, so days are rounded down (records/trade-rules.ts).
  const counts = (time: string, entered: string, exited: string) =>
    `select ${time} / ${dayLength} as day, ${entered} as entered, ${exited} as exited from ${source}
     where partner_id = @partner_id and account_id = @account_id and attempt = @attempt
       and exit_time < ${never}`;
  return prepared<DayCounts>(
    handle,
    `select day, sum(entered) as entered, sum(exited) as exited
     from (${counts('entry_time', change, '0')} union all ${counts('exit_time', '0', change)})
     group by day`,
  ).all({ partner_id, account_id, attempt });
}

/** The first touched closed trade of an attempt from a place on, and before another one. */
export function nextTouched(
  handle: SQLite.Database,
  { partner_id, account_id, attempt }: Attempt,
  from: TradeKey,
  to: TradeKey = placeAt(never),
): TradeKey | undefined {
  return prepared<TradeKey>(
    handle,
    `select exit_time, entry_time, id from touched_trades
     where partner_id = ? and account_id = ? and attempt = ?
       and (exit_time, entry_time, id) >= (?, ?, ?) and (exit_time, entry_time, id) < (?, ?, ?)
     order by exit_time, entry_time, id limit 1`,
  ).get(
    ...[partner_id, account_id, attempt],
    ...[from.exit_time, from.entry_time, from.id],
    ...[to.exit_time, to.entry_time, to.id],
  );
}
