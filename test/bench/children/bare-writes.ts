import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import SQLite from 'better-sqlite3';
import Koa from 'koa';
import { fromDecimal } from '../../../shared/money.ts';
import type { MadeTrade } from '../trades.ts';
import { answerParent } from './answer-parent.ts';

const [file = '', partnerId = '', accountId = ''] = process.argv.slice(2);
// Not opened as the server does, whose connection notes each trade that changes.
const handle = new SQLite(file);
handle.pragma('synchronous = full');
const insert = handle.prepare(
  `insert into trades (partner_id, account_id, id, attempt, symbol, direction, quantity,
     entry_price, exit_price, entry_time, exit_time, pnl, commission)
   values (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
);
const insertAll = handle.transaction((trades: readonly Sent[]) => {
  for (const trade of trades) {
    insert.run(
      ...[partnerId, accountId, trade.external_id, trade.symbol, trade.direction],
      ...[trade.quantity, trade.entry_price, trade.exit_price, trade.entry_time, trade.exit_time],
      ...[fromDecimal(trade.pnl), fromDecimal(trade.commission)],
    );
  }
});

export type Sent = Omit<MadeTrade, 'id'> & { external_id: string; account_id: string };

/** Inserts the trades of a body, and does nothing else. */
const koa = new Koa();
koa.use(async (context) => {
  const body = (await json(context.req)) as Sent | { trades: Sent[] };
  insertAll('trades' in body ? body.trades : [body]);
  context.body = { success: true };
});
const server = koa.listen(0, '127.0.0.1');
await once(server, 'listening');

answerParent({
  address: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
});
