import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Account } from '../store/accounts.ts';
import type { Database } from '../store/database.ts';
import type { Schema } from '../store/schema.ts';
import type { StatementTrade } from './format.ts';

/** The good rows of a file, in a temporary table of its own that no lock is held for. */
export interface Incoming {
  readonly count: number;
  /** As SQL names it. */
  readonly table: RawBuilder<unknown>;
  add(line: number, trade: StatementTrade): void;
  /** Writes down what was added; to be called now and then. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

let opened = 0;

/**
 * Temporary tables take part in whatever transaction their connection is in, and go back with it:
 * so each step here waits until nobody else's is open.
 */
export async function openIncoming({ handle, write }: Database): Promise<Incoming> {
  const alone = (work: () => void) => write.connection().execute(async () => work());
  const name = `temp.incoming_${++opened}`;
  await alone(() =>
    handle.exec(`
      create temporary table ${name.slice('temp.'.length)} (
        line integer not null,
        id text not null,
        symbol text not null,
        contract text,
        direction text not null,
        quantity real not null,
        entry_price real not null,
        exit_price real,
        entry_time integer not null,
        exit_time integer,
        pnl integer,
        commission integer not null,
        setup_type text
      ) strict`),
  );
  const insert = handle.prepare(
    `insert into ${name} values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
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
    table: sql.raw(name),
    add(line, trade) {
      count++;
      waiting.push([
        line,
        trade.id,
        trade.symbol,
        trade.contract,
        trade.direction,
        trade.quantity,
        trade.entryPrice,
        trade.exitPrice,
        trade.entryTime,
        trade.exitTime,
        trade.pnl,
        trade.commission,
        trade.setupType,
      ]);
    },
    async flush() {
      if (waiting.length === 0) return;
      const rows = waiting;
      waiting = [];
      await alone(() => insertAll(rows));
    },
    close: () => alone(() => handle.exec(`drop table ${name}`)),
  };
}

export interface Copied {
  added: number;
  /** Trades that were open and are closed now. */
  closed: number;
  /** Rows whose id stands for another trade, here or earlier in the file. */
  conflicts: { line: number; id: string }[];
}

/** Copies the rows into the account's current attempt; what is there already stays as it is. */
export async function copyIncoming(
  transaction: Transaction<Schema>,
  account: Account,
  { table, count }: Incoming,
): Promise<Copied> {
  const closed = await sql`
    update trades
    set exit_price = incoming.exit_price, exit_time = incoming.exit_time, pnl = incoming.pnl,
      commission = incoming.commission
    from ${table} as incoming
    where trades.partner_id = ${account.partner_id} and trades.account_id = ${account.id}
      and trades.attempt = ${account.attempt} and trades.exit_time is null
      and trades.id = incoming.id and incoming.exit_time is not null
      and trades.entry_time = incoming.entry_time and trades.symbol = incoming.symbol
  `.execute(transaction);
  const added = await sql`
    insert into trades (
      partner_id, account_id, id, attempt, symbol, contract, direction, quantity,
      entry_price, exit_price, entry_time, exit_time, pnl, commission, setup_type
    )
    select ${account.partner_id}, ${account.id}, id, ${account.attempt}, symbol, contract, direction,
      quantity, entry_price, exit_price, entry_time, exit_time, pnl, commission, setup_type
    from ${table}
    where true
    order by exit_time, entry_time
    on conflict (partner_id, account_id, id) do nothing
  `.execute(transaction);
  const copied = {
    added: Number(added.numAffectedRows),
    closed: Number(closed.numAffectedRows),
    conflicts: [],
  };
  // Every row is a new trade: none can stand for another one.
  if (copied.added === count) return copied;
  return { ...copied, conflicts: await findConflicts(transaction, account, table) };
}

async function findConflicts(
  transaction: Transaction<Schema>,
  account: Account,
  table: RawBuilder<unknown>,
) {
  const { rows } = await sql<{ line: number; id: string }>`
    select incoming.line, incoming.id
    from ${table} as incoming
    join trades on trades.partner_id = ${account.partner_id}
      and trades.account_id = ${account.id} and trades.id = incoming.id
    where trades.entry_time <> incoming.entry_time or trades.symbol <> incoming.symbol
      or trades.direction <> incoming.direction or trades.quantity <> incoming.quantity
      or (incoming.exit_time is not null
        and (trades.exit_time <> incoming.exit_time or trades.pnl <> incoming.pnl))
    order by incoming.line
  `.execute(transaction);
  return rows;
}
