import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import type { EventsAnswer } from '../../shared/answers/events.ts';
import type { StatsAnswer } from '../../shared/answers/stats.ts';
import type { TradeDetails, TradesWritten } from '../../shared/answers/trades.ts';
import { day, hour, minute } from '../../shared/time.ts';
import { type Api, api } from '../support/api.ts';
import { makePartner, type TestPartner } from '../support/partner.ts';
import { startTestServer, type TestServer, testNow } from '../support/server.ts';

const opened = testNow - 2 * hour;

/** An open trade, as a firm sends it. */
const open = {
  external_id: 'T-1',
  symbol: 'ES',
  direction: 'long',
  quantity: 2,
  entry_price: 5_250.5,
  entry_time: opened,
};
const exit = { exit_price: 5_254.25, exit_time: opened + hour, pnl: 187.5, commission: -4.6 };

interface Firm extends Api {
  server: TestServer;
  partner: TestPartner;
  account: string;
  /** The address of a trade of the account. */
  at(id: string): string;
  /** The total P&L of the account's current attempt. */
  total(): Promise<number>;
  events(): Promise<EventsAnswer['events']>;
}

async function startFirm(t: TestContext): Promise<Firm> {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const account = await partner.newAccount();
  const own = api(server, partner.key);
  return {
    ...{ ...own, server, partner, account },
    at: (id) => `trades/${encodeURIComponent(id)}?account_id=${account}`,
    total: async () => {
      const { body } = await own.get<StatsAnswer>(`stats?period=all&account_id=${account}`);
      return body.stats.totalPnl;
    },
    events: async () => (await own.get<EventsAnswer>('events?limit=1000')).body.events,
  };
}

test('a trade is added once, however often it is sent; only the given fields are compared', async (t) => {
  const { post, get, account, at, events } = await startFirm(t);
  const sent = { ...open, account_id: account };
  const first = await post<TradeDetails>('trades', sent);
  assert.equal(first.status, 201);
  assert.deepEqual(
    [first.body.id, first.body.account_id, first.body.attempt, first.body.pnl],
    ['T-1', account, 1, null],
  );
  const again = await post<TradeDetails>('trades', sent);
  assert.deepEqual([again.status, again.body], [200, first.body]);
  const { symbol, entry_time } = open;
  const few = { account_id: account, external_id: 'T-1', symbol, entry_time };
  assert.equal((await post('trades', few)).status, 200);
  assert.deepEqual((await get<TradeDetails>(at('T-1'))).body, first.body);
  assert.deepEqual(
    (await events()).map(({ event, data }) => [event, data]),
    [
      [
        'trade.created',
        {
          ...{ trade_id: 'T-1', account_id: account, symbol: 'ES', direction: 'long' },
          ...{ quantity: 2, entry_price: 5_250.5, pnl: null },
        },
      ],
    ],
  );
});

test('without an external id each request adds a trade, with an id of its own', async (t) => {
  const { post, account } = await startFirm(t);
  const { external_id: _, ...sent } = { ...open, account_id: account };
  const ids = [await post<TradeDetails>('trades', sent), await post<TradeDetails>('trades', sent)];
  assert.deepEqual(
    ids.map(({ status }) => status),
    [201, 201],
  );
  assert.notEqual(ids[0]!.body.id, ids[1]!.body.id);
});

test('an exit closes an open trade; what comes without one never opens it again, only null does', async (t) => {
  const { post, patch, put, account, at, total, events } = await startFirm(t);
  await post('trades', { ...open, account_id: account });
  const closed = await post<TradeDetails>('trades', { ...open, ...exit, account_id: account });
  assert.deepEqual(
    [closed.status, closed.body.pnl, closed.body.duration_minutes],
    [200, 187.5, 60],
  );
  assert.equal(await total(), 187.5);
  assert.equal((await post('trades', { ...open, account_id: account })).status, 200);
  const { external_id: _, ...whole } = open;
  assert.equal((await put<TradeDetails>(at('T-1'), whole)).body.exit_time, exit.exit_time);
  assert.equal(await total(), 187.5);
  const reopened = await patch<TradeDetails>(at('T-1'), { exit_time: null });
  assert.deepEqual(
    [reopened.body.exit_time, reopened.body.exit_price, reopened.body.pnl],
    [null, null, null],
  );
  assert.equal(await total(), 0);
  assert.deepEqual((await events())[1]!.data, {
    ...{ trade_id: 'T-1', account_id: account },
    changes: ['exit_price', 'exit_time', 'pnl', 'commission'],
  });
});

test('a changed trade is a 409 that shows both values, or is changed with upsert', async (t) => {
  const { post, account, total } = await startFirm(t);
  const sent = { ...open, ...exit, account_id: account };
  await post('trades', sent);
  const { status, body } = await post('trades', { ...sent, pnl: 187.25, quantity: 3 });
  assert.deepEqual([status, body.code], [409, 'conflict']);
  assert.deepEqual(
    body.details!.map(({ path, stored, given }) => [path, stored, given]),
    [
      ['quantity', 2, 3],
      ['pnl', 187.5, 187.25],
    ],
  );
  assert.equal(await total(), 187.5);
  const changed = await post<TradeDetails>('trades?upsert=true', { ...sent, pnl: 187.25 });
  assert.deepEqual([changed.status, changed.body.pnl], [200, 187.25]);
  assert.equal(await total(), 187.25);
});

test('PUT replaces a trade, PATCH changes the given fields, and both are a 404 for an unknown id', async (t) => {
  const { post, put, patch, account, at } = await startFirm(t);
  const { external_id: _, ...whole } = { ...open, ...exit };
  for (const send of [put, patch]) {
    assert.equal((await send(at('T-1'), whole)).status, 404);
  }
  await post('trades', { ...open, ...exit, account_id: account, setup_type: 'breakout' });
  const noted = await patch<TradeDetails>(at('T-1'), { notes: 'Late entry.\nToo large.' });
  assert.deepEqual(
    [noted.body.notes, noted.body.setup_type],
    ['Late entry.\nToo large.', 'breakout'],
  );
  const replaced = await put<TradeDetails>(at('T-1'), { ...whole, quantity: 1 });
  assert.deepEqual(
    [replaced.body.quantity, replaced.body.notes, replaced.body.setup_type],
    [1, null, null],
  );
  const missing = await put(at('T-1'), { symbol: 'ES' });
  assert.deepEqual(
    [missing.status, missing.body.details!.map(({ path }) => path)],
    [400, ['direction', 'quantity', 'entry_price', 'entry_time']],
  );
});

test('a batch is kept whole or not at all, or with partial each trade by itself', async (t) => {
  const { post, account, total, events } = await startFirm(t);
  const rows = [
    { ...open, ...exit, account_id: account },
    { ...open, ...exit, account_id: account, external_id: 'T-2', quantity: -1 },
    { ...open, ...exit, account_id: 'acc_made_up', external_id: 'T-3' },
    { ...open, ...exit, account_id: account, external_id: 'T-4' },
    { ...open, ...exit, account_id: account, pnl: 1 },
  ];
  const refused = await post('trades', { trades: rows });
  assert.deepEqual(
    [refused.status, refused.body.code, refused.body.details!.map(({ path }) => path)],
    [400, 'invalid_body', ['trades.1.quantity']],
  );
  const good = rows.filter(({ quantity }) => quantity > 0);
  const unknown = await post('trades', { trades: good });
  assert.deepEqual([unknown.status, unknown.body.code], [404, 'not_found']);
  assert.deepEqual(
    unknown.body.details!.map(({ path, code }) => [path, code]),
    [
      ['trades.1.account_id', 'not_found'],
      ['trades.3.pnl', 'conflict'],
    ],
  );
  assert.equal(await total(), 0);
  assert.deepEqual(await events(), []);
  const kept = await post<TradesWritten>('trades?partial=true', { trades: rows });
  assert.deepEqual(
    [kept.status, kept.body.trades.map(({ verdict, code }) => code ?? verdict)],
    [201, ['created', 'invalid_body', 'not_found', 'created', 'conflict']],
  );
  assert.deepEqual([kept.body.counts.created, kept.body.counts.refused], [2, 3]);
  assert.equal(await total(), 375);
  assert.equal((await events()).length, 2);
});

test('a batch has up to 1,000 trades of any accounts, and can change and delete them', async (t) => {
  const { post, patch, send, partner, account, total, get } = await startFirm(t);
  const other = await partner.newAccount();
  const trades = Array.from({ length: 1_000 }, (_, number) => ({
    ...{ ...open, ...exit, pnl: 1, external_id: `T-${number}` },
    account_id: number % 2 ? account : other,
  }));
  const one = { ...trades[0]!, external_id: 'one more' };
  assert.equal((await post('trades', { trades: [...trades, one] })).status, 400);
  assert.equal((await post<TradesWritten>('trades', { trades })).body.counts.created, 1_000);
  assert.equal(await total(), 500);
  const named = trades.map(({ account_id, external_id: id }) => ({ account_id, id }));
  const changes = named.slice(0, 500).map((each) => ({ ...each, pnl: 3 }));
  assert.equal(
    (await patch<TradesWritten>('trades', { trades: changes })).body.counts.updated,
    500,
  );
  assert.equal(await total(), 1_000);
  const half = { trades: named.slice(0, 500) };
  assert.equal((await send<TradesWritten>('DELETE', 'trades', half)).body.counts.deleted, 500);
  const rest = { trades: named.slice(500) };
  assert.equal((await post<TradesWritten>('trades/delete', rest)).body.counts.deleted, 500);
  assert.equal(await total(), 0);
  const all = await get<StatsAnswer>('stats?period=all');
  assert.equal(all.body.stats.tradeCount, 0);
});

test('a deleted trade does not come back, neither sent nor with its file, unless restore is said', async (t) => {
  const { post, delete: remove, account, at, partner, total } = await startFirm(t);
  const row = { id: 'T-1', entry_time: opened, exit_time: opened + hour, pnl: 5 };
  await partner.addTrades(account, [row]);
  assert.equal((await remove(at('T-1'))).status, 200);
  assert.equal((await remove(at('T-1'))).status, 404);
  const sent = { ...open, ...exit, account_id: account };
  const again = await post('trades', sent);
  assert.deepEqual([again.status, again.body.code], [409, 'deleted']);
  const report = await partner.addTrades(account, [row]);
  assert.deepEqual([report.added, report.deleted, report.kept], [0, 1, true]);
  assert.equal(await total(), 0);
  assert.equal((await post('trades?restore=true', sent)).status, 201);
  assert.equal(await total(), 187.5);
});

test('what is sent and what is imported under one id is one trade', async (t) => {
  const { post, account, partner, total } = await startFirm(t);
  await post('trades', { ...open, ...exit, account_id: account });
  const row = { id: 'T-1', quantity: 2, entry_time: opened, exit_time: opened + hour, pnl: 187.5 };
  assert.equal((await partner.addTrades(account, [row])).already_there, 1);
  const next = { ...row, id: 'T-2' };
  assert.equal((await partner.addTrades(account, [next])).added, 1);
  const sent = { ...open, ...exit, external_id: 'T-2', account_id: account };
  const { entry_price: _e, exit_price: _x, commission: _c, ...same } = sent;
  assert.equal((await post('trades', same)).status, 200);
  assert.equal(await total(), 375);
});

test('a trade that was corrected stays so when the row that it came from is imported again', async (t) => {
  const { patch, account, at, partner, total } = await startFirm(t);
  const row = { id: 'T-1', entry_time: opened, exit_time: opened + hour, pnl: 5 };
  await partner.addTrades(account, [row]);
  await patch(at('T-1'), { pnl: 7, entry_time: opened + minute });
  await patch(at('T-1'), { pnl: 8 });
  const again = await partner.addTrades(account, [row]);
  assert.deepEqual([again.corrected, again.already_there, again.refused], [1, 0, 0]);
  assert.equal(await total(), 8);
  const other = await partner.addTrades(account, [{ ...row, pnl: 6 }]);
  assert.deepEqual([other.corrected, other.refused, other.kept], [0, 1, false]);
});

test('a trade that was corrected while it was open is closed by the file, and stays corrected', async (t) => {
  const { patch, account, at, partner, get } = await startFirm(t);
  const row = { id: 'T-1', entry_time: opened, exit_time: null, pnl: null };
  await partner.addTrades(account, [row]);
  await patch(at('T-1'), { quantity: 4 });
  assert.equal((await partner.addTrades(account, [row])).corrected, 1);
  const closing = { ...row, exit_time: opened + hour, pnl: 9 };
  assert.equal((await partner.addTrades(account, [closing])).closed, 1);
  const { body } = await get<TradeDetails>(at('T-1'));
  assert.deepEqual([body.quantity, body.pnl], [4, 9]);
  assert.equal((await partner.addTrades(account, [row, closing])).refused, 0);
});

test('a trade belongs to the attempt in which it was opened, wherever it comes from', async (t) => {
  const { post, patch, account, at, partner, get } = await startFirm(t);
  const reset = await post(`accounts/${account}/reset`, { at: opened });
  assert.equal(reset.status, 200);
  const attemptOf = async (id: string) => (await get<TradeDetails>(at(id))).body.attempt;
  const earlier = { ...open, ...exit, account_id: account, entry_time: opened - 1 };
  await post('trades', earlier);
  assert.equal(await attemptOf('T-1'), 1);
  await post('trades', { ...earlier, external_id: 'T-2', entry_time: opened });
  assert.equal(await attemptOf('T-2'), 2);
  await partner.addTrades(account, [
    { id: 'T-3', entry_time: opened - day, exit_time: opened + hour, pnl: 1 },
    { id: 'T-4', entry_time: opened + 1, exit_time: opened + hour, pnl: 1 },
  ]);
  assert.deepEqual([await attemptOf('T-3'), await attemptOf('T-4')], [1, 2]);
  await patch(at('T-1'), { entry_time: opened + minute });
  assert.equal(await attemptOf('T-1'), 2);
});

test('a closed account takes corrections and closings, and no trade that was opened later', async (t) => {
  const { post, patch, account, at, partner, server } = await startFirm(t);
  await post('trades', { ...open, account_id: account });
  await post(`accounts/${account}/close`);
  server.clock.now += hour;
  const late = { ...open, external_id: 'T-2', account_id: account, entry_time: testNow };
  const refused = await post('trades', late);
  assert.deepEqual([refused.status, refused.body.code], [409, 'account_closed']);
  const moved = await patch(at('T-1'), { entry_time: testNow + minute });
  assert.deepEqual([moved.status, moved.body.code], [409, 'account_closed']);
  assert.equal((await patch(at('T-1'), { quantity: 3 })).status, 200);
  const closing = { external_id: 'T-1', ...exit, account_id: account };
  assert.equal((await post('trades', closing)).status, 200);
  assert.equal((await post('trades', { ...late, entry_time: testNow - 1 })).status, 201);
  const report = await partner.addTrades(account, [
    { id: 'T-3', entry_time: testNow, exit_time: testNow + 1, pnl: 1 },
  ]);
  assert.match(report.refusals[0]!.reason, /T-3 was opened after the account was closed/);
});

test('ids of trades stand percent-encoded in paths, and accounts can be named by external ids', async (t) => {
  const { post, get, patch, account, at } = await startFirm(t);
  await patch(`accounts/${account}`, { external_id: '#12345 ü'.replace(' ', '-') });
  const reference = 'ext:#12345-ü';
  const made = await post<TradeDetails>('trades', {
    ...open,
    ...{ external_id: 'deal:7.1', account_id: reference },
  });
  assert.deepEqual([made.status, made.body.account_id], [201, account]);
  const named = `trades/deal%3A7.1?account_id=${encodeURIComponent(reference)}`;
  assert.equal((await patch<TradeDetails>(named, { notes: 'x' })).body.notes, 'x');
  assert.equal((await get<TradeDetails>(at('deal:7.1'))).body.notes, 'x');
});

test('another partner’s account and trades are as a made-up one', async (t) => {
  const { post, send, server, account } = await startFirm(t);
  await post('trades', { ...open, account_id: account });
  const other = api(server, (await makePartner(server.database)).key);
  for (const [method, path, body] of [
    ['POST', 'trades', { ...open, account_id: 'ACCOUNT' }],
    ['PATCH', 'trades/T-1?account_id=ACCOUNT', { notes: 'x' }],
    ['PUT', 'trades/T-1?account_id=ACCOUNT', open],
    ['DELETE', 'trades/T-1?account_id=ACCOUNT', undefined],
    ['POST', 'accounts/ACCOUNT/close', undefined],
    ['DELETE', 'accounts/ACCOUNT', undefined],
    ['PATCH', 'accounts/ACCOUNT', { nickname: 'x' }],
  ] as const) {
    const { external_id: _, ...rest } = { external_id: '', ...body };
    const named = (id: string) => {
      const sent = path === 'trades' ? { ...rest, external_id: 'x', account_id: id } : rest;
      return other.send(method, path.replace('ACCOUNT', id), body && sent);
    };
    const foreign = await named(account);
    const made = await named('acc_00000000000000000000');
    assert.deepEqual([foreign.status, foreign.text], [404, made.text], path);
  }
  assert.equal((await send('GET', `trades/T-1?account_id=${account}`)).status, 200);
});
