import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import SQLite from 'better-sqlite3';
import Koa from 'koa';
import { fromDecimal } from '../../../shared/money.ts';
import { minute } from '../../../shared/time.ts';
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

const observe = handle.prepare(
  `insert into observed_quarters (partner_id, account_id, start, first_at, last_at,
     equity_first, equity_last, equity_high, equity_low,
     balance_first, balance_last, balance_high, balance_low)
   values (@partner, @account, @start, @time, @time, @equity, @equity, @equity, @equity,
     @balance, @balance, @balance, @balance)
   on conflict do update set last_at = @time,
     equity_last = @equity, equity_high = max(equity_high, @equity),
     equity_low = min(equity_low, @equity), balance_last = @balance,
     balance_high = max(balance_high, @balance), balance_low = min(balance_low, @balance)`,
);
const observeAll = handle.transaction((observations: readonly SentObservation[]) => {
  for (const { account_id: account, time, equity, balance } of observations) {
    observe.run({
      ...{ partner: partnerId, account, time, start: time - (time % (15 * minute)) },
      ...{ equity: fromDecimal(equity), balance: fromDecimal(balance) },
    });
  }
});

export interface SentObservation {
  account_id: string;
  time: number;
  balance: number;
  equity: number;
}

export type Sent = Omit<MadeTrade, 'id'> & { external_id: string; account_id: string };

/** Inserts the trades of a body, or upserts its observations, and does nothing else. */
const koa = new Koa();
koa.use(async (context) => {
  const body = (await json(context.req)) as
    | Sent
    | { trades: Sent[] }
    | { observations: SentObservation[] };
  if ('observations' in body) observeAll(body.observations);
  else insertAll('trades' in body ? body.trades : [body]);
  context.body = { success: true };
});
const server = koa.listen(0, '127.0.0.1');
await once(server, 'listening');

answerParent({
  address: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
});
