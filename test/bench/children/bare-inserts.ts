import SQLite from 'better-sqlite3';
import { fromDecimal } from '../../../shared/money.ts';
import { madeRows } from '../trades.ts';
import { answerParent } from './answer-parent.ts';

export interface InsertedRows {
  db: string;
  partnerId: string;
  accountId: string;
  rows: number;
}

answerParent({
  /** Returns the seconds from the start of the transaction until it is on the disk. */
  insert({ db, partnerId, accountId, rows }: InsertedRows): number {
    const values = Array.from(madeRows(rows), (trade) => [
      partnerId,
      accountId,
      trade.id,
      1,
      trade.symbol,
      null,
      trade.direction,
      trade.quantity,
      trade.entry_price,
      trade.exit_price,
      trade.entry_time,
      trade.exit_time,
      fromDecimal(trade.pnl),
      fromDecimal(trade.commission),
      null,
    ]);
    // Not opened as the server does, whose connection notes each trade that changes.
    const handle = new SQLite(db);
    handle.pragma('synchronous = full');
    const insert = handle.prepare(
      `insert into trades (partner_id, account_id, id, attempt, symbol, contract, direction,
         quantity, entry_price, exit_price, entry_time, exit_time, pnl, commission, setup_type)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    const insertAll = handle.transaction(() => {
      for (const row of values) insert.run(row);
    });
    const start = performance.now();
    insertAll();
    const seconds = (performance.now() - start) / 1000;
    handle.close();
    return seconds;
  },
});
