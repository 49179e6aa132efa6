import { type RawBuilder, sql, type Transaction } from 'kysely';
import {
  columnKinds,
  fieldsWhere,
  type Trade,
  type TradeField,
  tradeColumns,
  tradeFields,
} from '../../shared/trades.ts';
import type { Account } from '../store/accounts.ts';
import type { Database } from '../store/database.ts';
import type { Schema } from '../store/schema.ts';

/** The valid rows of a file, in a temporary table: writing to it needs no lock on the database. */
export interface Incoming {
  readonly count: number;
  /** The table's name. */
  readonly name: string;
  add(line: number, trade: Trade): void;
  /** Writes the rows added since the last call to the table; to be called now and then. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

let opened = 0;

/**
 * Creates the temporary table. Changes of it belong to the transaction that its connection is in,
 * and are rolled back with that: so each step here waits until no other caller's transaction is
 * open.
 */
export async function openIncoming(database: Database): Promise<Incoming> {
  const { handle } = database;
  const exclusively = (work: () => void) => database.inTurn(async () => work());
  const name = `incoming_${++opened}`;
  await exclusively(() =>
    handle.exec(`
      create temporary table ${name} (
        line integer not null,
        ${tradeFields.map(definitionOf).join(', ')}
      ) strict`),
  );
  const insert = handle.prepare(
    `insert into temp.${name} values (?, ${tradeFields.map(() => '?').join(', ')})`,
  );
  const insertAll = handle.transaction((rows: unknown[][]) => {
    for (const row of rows) insert.run(row);
  });
  let waiting: unknown[][] = [];
  let count = 0;
  return {
    get count() {
      return count;
    },
    name,
    add(line, trade) {
      count++;
      const row: unknown[] = [line];
      for (const field of tradeFields) row.push(trade[field]);
      waiting.push(row);
    },
    async flush() {
      if (waiting.length === 0) return;
      const rows = waiting;
      waiting = [];
      await exclusively(() => insertAll(rows));
    },
    close: () => exclusively(() => handle.exec(`drop table temp.${name}`)),
  };
}

function definitionOf(field: TradeField): string {
  const { kind, default: standard } = tradeColumns[field];
  return `${field} ${columnKinds[kind]} ${standard === null ? '' : 'not null'}`;
}

/** Rows whose id belongs to another trade, in the database or earlier in the file. */
export interface Conflicts {
  count: number;
  /** The first ones, in the order of the file. */
  first: { line: number; id: string }[];
}

export interface Copied {
  added: number;
  /** Trades that were open in the database and are closed now. */
  closed: number;
  conflicts: Conflicts;
}

const columns = sql.join(tradeFields.map((field) => sql.ref(field)));

/** The columns that closing a trade changes. */
const endFields = fieldsWhere(({ settled }) => settled === 'at exit');
/** The columns in which two rows of one trade agree: at entry, and at exit if both are closed. */
const sameAtEntry = fieldsWhere(({ isCompared, settled }) => isCompared && settled === 'at entry');
const sameAtExit = fieldsWhere(({ isCompared, settled }) => isCompared && settled === 'at exit');

/**
 * Copies the rows into the account's current attempt, as if one by one in the order of the file: a
 * row with a new id adds a trade, a closed row closes the open trade that it describes, and all
 * other stored trades stay as they are. Of the conflicts, the first `mostConflicts` are returned.
 */
export async function copyIncoming(
  transaction: Transaction<Schema>,
  account: Account,
  { name, count }: Incoming,
  mostConflicts: number,
): Promise<Copied> {
  const table = sql.table(`temp.${name}`);
  // Most files have new trades only, and then no row has to be compared with another.
  await sql`savepoint only_new`.execute(transaction);
  const all = await addTrades(transaction, account, sql`${table} as incoming where true`);
  if (all < count) await sql`rollback to only_new`.execute(transaction);
  await sql`release only_new`.execute(transaction);
  if (all === count) return { added: count, closed: 0, conflicts: { count: 0, first: [] } };

  const index = sql.table(`temp.${name}_by_id`);
  await sql`create index if not exists ${index} on ${sql.ref(name)} (id)`.execute(transaction);
  const closed = await closeTrades(transaction, account, table);
  const firstOfId = sql`${table} as incoming where not exists (
    select 1 from ${table} as earlier
    where earlier.id = incoming.id and earlier.rowid < incoming.rowid
  )`;
  const added = await addTrades(transaction, account, firstOfId);
  // Closes the trades that an open row of the file has just added and a later row closes.
  await closeTrades(transaction, account, table);
  const conflicts = await findConflicts(transaction, account, table, mostConflicts);
  return { added, closed, conflicts };
}

/** Adds the rows whose id is new; of several rows with the same id, any one. */
async function addTrades(
  transaction: Transaction<Schema>,
  account: Account,
  rows: RawBuilder<unknown>,
): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into trades (partner_id, account_id, attempt, ${columns})
    select ${account.partner_id}, ${account.id}, ${account.attempt}, ${columns}
    from ${rows}
    order by exit_time, entry_time
    on conflict (partner_id, account_id, id) do nothing
  `.execute(transaction);
  return Number(numAffectedRows);
}

/** Closes each open trade with the first closed row that describes it. */
async function closeTrades(
  transaction: Transaction<Schema>,
  account: Account,
  table: RawBuilder<unknown>,
): Promise<number> {
  const { numAffectedRows } = await sql`
    update trades
    set ${sql.join(endFields.map((name) => sql`${sql.ref(name)} = ${sql.ref(`incoming.${name}`)}`))}
    from ${table} as incoming
    where ${isOf(account)} and trades.attempt = ${account.attempt} and trades.exit_time is null
      and incoming.exit_time is not null and ${isOneTrade('trades', 'incoming')}
      and not exists (
        select 1 from ${table} as earlier
        where earlier.rowid < incoming.rowid and earlier.exit_time is not null
          and ${isOneTrade('earlier', 'incoming')}
      )
  `.execute(transaction);
  return Number(numAffectedRows);
}

/** Finds the rows that contradict the trade that is now stored under their id. */
async function findConflicts(
  transaction: Transaction<Schema>,
  account: Account,
  table: RawBuilder<unknown>,
  most: number,
): Promise<Conflicts> {
  const conflicts = sql`
    from ${table} as incoming
    join trades on ${isOf(account)} and trades.id = incoming.id
    where not (${isOneTrade('trades', 'incoming')})
      or incoming.exit_time is not null
        and not (${agree(sameAtExit, 'trades', 'incoming')})`;
  const counted = await sql<{ count: number }>`
    select count(*) as count ${conflicts}`.execute(transaction);
  const { count } = counted.rows[0]!;
  if (count === 0) return { count, first: [] };
  const { rows } = await sql<{ line: number; id: string }>`
    select incoming.line, incoming.id ${conflicts} order by incoming.rowid limit ${most}
  `.execute(transaction);
  return { count, first: rows };
}

function isOf({ partner_id, id }: Account): RawBuilder<unknown> {
  return sql`trades.partner_id = ${partner_id} and trades.account_id = ${id}`;
}

/** An SQL condition: whether rows of two tables describe the same trade, open or closed. */
function isOneTrade(one: string, other: string): RawBuilder<unknown> {
  return agree(sameAtEntry, one, other);
}

function agree(names: TradeField[], one: string, other: string): RawBuilder<unknown> {
  const same = (name: string) =>
    sql`${sql.ref(`${one}.${name}`)} is ${sql.ref(`${other}.${name}`)}`;
  return sql.join(names.map(same), sql` and `);
}
