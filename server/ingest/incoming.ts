import { sql, type Transaction } from 'kysely';
import type { Account } from '../store/accounts.ts';
import type { Database } from '../store/database.ts';
import type { Schema } from '../store/schema.ts';
import type { StatementTrade } from './format.ts';

/** The good rows of a file, in a temporary table that nobody else sees and no lock is held for. */
export interface Incoming {
  readonly count: number;
  add(line: number, trade: StatementTrade): void;
  close(): void;
}

/** How many rows are put in as one, so that they cost no file access each. */
const rowsAtOnce = 200;

export function openIncoming({ handle }: Database): Incoming {
  handle.exec(`
    drop table if exists temp.incoming;
    create temporary table incoming (
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
    ) strict`);
  const insert = handle.prepare(
    'insert into temp.incoming values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const insertAll = handle.transaction((rows: unknown[][]) => {
    for (const row of rows) insert.run(row);
  });
  let waiting: unknown[][] = [];
  let count = 0;
  const flush = () => {
    insertAll(waiting);
    waiting = [];
  };
  return {
    get count() {
      if (waiting.length > 0) flush();
      return count;
    },
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
      if (waiting.length === rowsAtOnce) flush();
    },
    close: () => handle.exec('drop table temp.incoming'),
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
  count: number,
): Promise<Copied> {
  const closed = await sql`
    update trades
    set exit_price = incoming.exit_price, exit_time = incoming.exit_time, pnl = incoming.pnl,
      commission = incoming.commission
    from temp.incoming as incoming
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
    from temp.incoming
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
  return { ...copied, conflicts: await findConflicts(transaction, account) };
}

async function findConflicts(transaction: Transaction<Schema>, account: Account) {
  const { rows } = await sql<{ line: number; id: string }>`
    select incoming.line, incoming.id
    from temp.incoming as incoming
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
