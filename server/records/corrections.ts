import { hash } from 'node:crypto';
import type SQLite from 'better-sqlite3';
import { comparedFields, type Trade, type TradeField } from '../../shared/trades.ts';
import type { CorrectedTradesTable } from '../store/schema.ts';
import { insertion, isTrade, prepared } from '../store/statements.ts';

/**
 * A corrected trade keeps a fingerprint of the row that it came from, so that an import of the same
 * row finds it there already. It is kept from the first correction on: before that, the trade is
 * what its row was.
 */

/** The fields that no row is told by, and that a trader changes at will. */
const remarks: readonly TradeField[] = ['setup_type', 'notes'];

export type Fingerprint = Pick<CorrectedTradesTable, 'at_entry' | 'at_exit'>;

export function fingerprintOf(trade: Trade): Fingerprint {
  const digest = (fields: readonly TradeField[]) =>
    hash('sha256', JSON.stringify(fields.map((field) => trade[field]))).slice(0, 32);
  return {
    at_entry: digest(comparedFields.atEntry),
    at_exit: trade.exit_time === null ? null : digest(comparedFields.atExit),
  };
}

const key = ['partner_id', 'account_id', 'id'] as const;

/** To be called before fields of a trade are changed, with the trade as it is stored. */
export function keepFingerprint(
  handle: SQLite.Database,
  partnerId: string,
  accountId: string,
  stored: Trade,
  changed: readonly TradeField[],
): void {
  if (changed.every((field) => remarks.includes(field))) return;
  const { at_entry, at_exit } = fingerprintOf(stored);
  // That of the exit is added once there is one; what is kept already stays.
  prepared(
    handle,
    `${insertion('corrected_trades', [...key, 'at_entry', 'at_exit'])}
     on conflict do update set at_exit = coalesce(at_exit, excluded.at_exit)`,
  ).run(partnerId, accountId, stored.id, at_entry, at_exit);
}

export function forgetFingerprint(
  handle: SQLite.Database,
  partnerId: string,
  accountId: string,
  id: string,
): void {
  prepared(handle, `delete from corrected_trades where ${isTrade}`).run(partnerId, accountId, id);
}
