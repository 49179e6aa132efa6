import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import SQLite from 'better-sqlite3';
import { checkSums } from '../../server/store/check-sums.ts';
import type { AccountAnswer, AccountsAnswer } from '../../shared/answers/accounts.ts';
import type { EventsAnswer } from '../../shared/answers/events.ts';
import type { StatsAnswer } from '../../shared/answers/stats.ts';
import type { WidgetAnswer } from '../../shared/answers/widgets.ts';
import { hour, minute } from '../../shared/time.ts';
import { api } from '../support/api.ts';
import { makePartner, tradesOf } from '../support/partner.ts';
import { startTestServer, type TestServer, testNow } from '../support/server.ts';

const names = ['Ada Lovelace', 'ada@firm.example', 'outer-1', 'outer-2', 'Ada’s account', 'A note'];

async function startFirm(t: TestContext, trades: number) {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const own = api(server, partner.key);
  const other = await partner.newAccount({ nickname: 'Other' });
  await partner.addTrades(other, tradesOf([5]));
  const user = { external_id: 'outer-1', name: 'Ada Lovelace', email: 'ada@firm.example' };
  await own.post('users', user, { 'Idempotency-Key': 'user' });
  const account = await own.post<AccountAnswer>(
    'accounts',
    { nickname: 'Ada’s account', user_id: 'ext:outer-1', external_id: 'outer-2' },
    { 'Idempotency-Key': 'account' },
  );
  const { id } = account.body;
  const results = Array.from({ length: trades }, (_, number) => (number % 7) - 2);
  await partner.addTrades(
    id,
    tradesOf(results, testNow - 3 * minute).map((each, n) => ({ ...each, id: `ada-${n}` })),
  );
  await own.patch(`trades/ada-0?account_id=${id}`, { notes: 'A note', pnl: 3 });
  await own.delete(`trades/ada-1?account_id=${id}`);
  // A daily summary tells of it, too.
  server.clock.now += 4 * hour;
  await server.tick();
  await untilQuiet(server, "select 1 from events where type = 'daily_summary'", true);
  return { ...own, server, partner, other, id };
}

/** Waits until a query has rows, or has none. */
async function untilQuiet(server: TestServer, query: string, hasRows: boolean): Promise<void> {
  const statement = server.database.handle.prepare(query);
  for (let waited = 0; (statement.get() !== undefined) !== hasRows; waited += 20) {
    assert.ok(waited < 20_000, query);
    await sleep(20);
  }
}

/** What stands in any column of any table, but for the ids in the audit trail. */
function everythingIn({ database }: TestServer): string {
  const handle = new SQLite(database.path, { readonly: true });
  try {
    const tables = handle
      .prepare<[], string>("select name from sqlite_schema where type = 'table'")
      .pluck()
      .all();
    return tables
      .flatMap((table) => handle.prepare(`select * from ${table}`).all())
      .map((row) => JSON.stringify(row))
      .join('\n');
  } finally {
    handle.close();
  }
}

for (const trades of [40, 2_600]) {
  test(`an erased user with an account of ${trades} trades is out of every answer at once, and of every table soon`, async (t) => {
    const { get, post, delete: remove, server, other, id } = await startFirm(t, trades);
    const before = await get<EventsAnswer>('events?limit=1000');
    assert.ok(JSON.stringify(before.body).includes(id));
    assert.equal((await remove('users/ext:outer-1')).status, 200);

    for (const path of [
      ...['users/ext:outer-1', `accounts/${id}`, 'accounts/ext:outer-2', `stats?account_id=${id}`],
      ...[`trades?account_id=${id}`, `trades/ada-3?account_id=${id}`, `accounts/${id}/trades`],
      ...[`widgets/stats-card?account_id=${id}`, `widgets/leaderboard?account_id=${id}`],
    ]) {
      assert.equal((await get(path)).status, 404, path);
    }
    const { body: accounts } = await get<AccountsAnswer>('accounts');
    assert.deepEqual([accounts.total, accounts.accounts.map((each) => each.id)], [1, [other]]);
    const board = await get<WidgetAnswer<'leaderboard'>>('widgets/leaderboard?period=all');
    assert.equal(board.body.data.total, 1);
    const latest = await get<WidgetAnswer<'recent-trades'>>('widgets/recent-trades');
    assert.equal(latest.body.data.trades.length, 1);
    const { body: told } = await get<EventsAnswer>('events?limit=1000');
    const naming = told.events.filter((event) => JSON.stringify(event).includes(id));
    assert.deepEqual(
      naming.map(({ data }) => data),
      [{ account_id: id, changes: ['deleted'] }],
    );
    assert.equal(told.events.length, before.body.events.length + 1);
    for (const path of ['users', 'accounts', 'audit']) {
      const { text } = await get(path);
      for (const name of names) assert.ok(!text.includes(name), `${path} ${name}`);
    }
    // A request that was answered with it is neither answered so again nor done again.
    const user = { external_id: 'outer-1', name: 'Ada Lovelace', email: 'ada@firm.example' };
    assert.equal((await post('users', user, { 'Idempotency-Key': 'user' })).status, 404);

    await server.tick();
    await untilQuiet(server, 'select 1 from erasures', false);
    const everything = everythingIn(server);
    for (const name of [...names, 'ada-']) assert.ok(!everything.includes(name), name);
    const left = everything.split('\n').filter((row) => row.includes(id));
    assert.ok(
      left.every((row) => /"action"|"changes|"data":null/.test(row)),
      left.join('\n'),
    );
    const all = await get<StatsAnswer>('stats?period=all');
    assert.deepEqual([all.body.stats.tradeCount, all.body.stats.totalPnl], [1, 5]);
    const handle = new SQLite(server.database.path);
    assert.deepEqual(checkSums(handle), []);
    handle.close();
    assert.equal(
      (await get<EventsAnswer>('events?limit=1000')).body.events.length,
      told.events.length,
    );
  });
}

test('the external id of what was erased can be given again', async (t) => {
  const { post, delete: remove, id } = await startFirm(t, 3);
  await remove(`accounts/${id}`);
  const again = await post<AccountAnswer>('accounts', { nickname: 'New', external_id: 'outer-2' });
  assert.equal(again.status, 201);
  assert.notEqual(again.body.id, id);
  await remove('users/ext:outer-1');
  assert.equal((await post('users', { external_id: 'outer-1' })).status, 201);
});

test('nothing can be written to an account that is being erased', async (t) => {
  const { post, patch, delete: remove, partner, id } = await startFirm(t, 3);
  await remove(`accounts/${id}`);
  const trade = {
    ...{ symbol: 'ES', direction: 'long', quantity: 1, entry_price: 1, entry_time: testNow - hour },
    account_id: id,
  };
  assert.equal((await post('trades', trade)).status, 404);
  for (const path of ['close', 'reopen', 'reset']) {
    assert.equal((await post(`accounts/${id}/${path}`)).status, 404);
  }
  assert.equal((await patch(`accounts/${id}`, { nickname: 'x' })).status, 404);
  assert.equal((await remove(`accounts/${id}`)).status, 404);
  await assert.rejects(partner.addTrades(id, tradesOf([1])), /has no account/);
});
