import type SQLite from 'better-sqlite3';
import type { Units } from '../../shared/money.ts';
import type { TradesTable } from './schema.ts';
import { isTrade, prepared } from './statements.ts';

/**
 * What a trade says of the imports that it came with (schema.ts): by this an import is taken back.
 */

/** What stands for the API where the numbers of imports stand. */
const apiNumber = 0;

/** How many of those that have the same trade it names; `*` stands for all beyond that. */
const mostNamed = 8;
const others = '*';

/** The columns of a trade that name what else has it, and what else has it closed. */
type ConfirmationColumn = 'confirmed_by' | 'closing_confirmed_by';

/** An SQL condition: whether a trade doesn't say yet that an import, or the API, has it, too. */
export function isUnconfirmed(column: ConfirmationColumn, number: number): string {
  const named = `trades.${column}`;
  return `(${named} is null
    or ' ' || ${named} || ' ' not like '% ${number} %' and ${named} not like '%${others}')`;
}

/** An SQL expression: the value of the column that says so. */
export function withConfirmation(column: ConfirmationColumn, number: number): string {
  const named = `trades.${column}`;
  return `case when ${named} is null then '${number}'
    when length(${named}) - length(replace(${named}, ' ', '')) >= ${mostNamed - 1}
      then ${named} || ' ${others}'
    else ${named} || ' ${number}' end`;
}

/** What else has a trade. */
export interface Confirmations {
  /** By their numbers; and perhaps more than are named. */
  imports: readonly number[];
  hasMore: boolean;
  isOfApi: boolean;
}

export function confirmationsOf(column: string | null): Confirmations {
  const named = column === null ? [] : column.split(' ');
  return {
    imports: named.map(Number).filter((number) => number > 0),
    hasMore: named.includes(others),
    isOfApi: named.includes(String(apiNumber)),
  };
}

/** An SQL expression: the import that a trade's exit came with; null: none, or the trade is open. */
export const exitCameWith =
  'case when trades.exit_time is not null then coalesce(trades.closed_by, trades.added_by) end';

// The open trades of the API, and what it has closed itself, are its own.
const confirm = (column: ConfirmationColumn, cameWith: string) =>
  `update trades set ${column} = ${withConfirmation(column, apiNumber)}
   where ${isTrade} and ${cameWith} is not null and ${isUnconfirmed(column, apiNumber)}`;
const confirmTrade = confirm('confirmed_by', 'added_by');
const confirmExit = confirm('closing_confirmed_by', exitCameWith);

const keepCommission = `update trades set open_commission = ?
  where ${isTrade} and ${exitCameWith} is not null and open_commission is null`;

/**
 * Notes that the API has a trade, too, as it is stored: with its exit, or else with this commission if
 * that is taken back.
 */
export function confirmByApi(
  handle: SQLite.Database,
  { partner_id, account_id, id }: TradesTable,
  has: { exit: boolean; commission: Units },
): void {
  const key = [partner_id, account_id, id];
  prepared(handle, confirmTrade).run(...key);
  if (has.exit) prepared(handle, confirmExit).run(...key);
  else prepared(handle, keepCommission).run(has.commission, ...key);
}

/** Forgets that an import closed a trade, which is open again. */
export function forgetClosing(
  handle: SQLite.Database,
  { partner_id, account_id, id }: Pick<TradesTable, 'partner_id' | 'account_id' | 'id'>,
): void {
  prepared(
    handle,
    `update trades set closed_by = null, open_commission = null, closing_confirmed_by = null,
       is_closing_edited = 0
     where ${isTrade}`,
  ).run(partner_id, account_id, id);
}
