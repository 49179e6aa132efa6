import type SQLite from 'better-sqlite3';
import { insertion, prepared } from './statements.ts';
import { type Attempt, countByUtcDay, type Source } from './touched-trades.ts';

/**
 * How many closed trades of an attempt were entered, and how many were exited, on each UTC day. By
 * these a page of trades is found without reading those before it (list-trades.ts). A day without
 * any has no row.
 */

/** Counts all closed trades of a partner anew. */
export function countAllTrades(handle: SQLite.Database, partnerId: string): void {
  prepared(handle, 'delete from trade_counts where partner_id = ?').run(partnerId);
  const attempts = prepared<Attempt>(
    handle,
    'select partner_id, account_id, attempt from attempts where partner_id = ?',
  ).all(partnerId);
  for (const attempt of attempts) countTrades(handle, attempt, 'trades');
}

/** Adds to the counts of an attempt the trades that there are, or what the touched ones change. */
export function countTrades(handle: SQLite.Database, attempt: Attempt, source: Source): void {
  const { partner_id, account_id, attempt: number } = attempt;
  const owner = [partner_id, account_id, number];
  const add = prepared(
    handle,
    `${insertion('trade_counts', ['partner_id', 'account_id', 'attempt', ...counts])}
     on conflict do update
     set entered = entered + excluded.entered, exited = exited + excluded.exited`,
  );
  const removeEmpty = prepared(
    handle,
    `delete from trade_counts where partner_id = ? and account_id = ? and attempt = ? and day = ?
       and entered = 0 and exited = 0`,
  );
  for (const { day, entered, exited } of countByUtcDay(handle, source, attempt)) {
    add.run(...owner, day, entered, exited);
    removeEmpty.run(...owner, day);
  }
}

const counts = ['day', 'entered', 'exited'] as const;
