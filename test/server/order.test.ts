import assert from 'node:assert/strict';
import test from 'node:test';
import type { TradesAnswer } from '../../shared/answers/trades.ts';
import type { WidgetAnswer } from '../../shared/answers/widgets.ts';
import { minute } from '../../shared/time.ts';
import { makePartner, type TestTrade } from '../support/partner.ts';
import { startTestServer, testNow } from '../support/server.ts';

test('trades with the same times are ordered by account, then id, in every answer', async (t) => {
  const server = await startTestServer(t);
  const { database } = server;
  const partner = await makePartner(database);
  const accounts = [await partner.newAccount(), await partner.newAccount()];
  const [first = '', second = ''] = accounts.sort();
  const together = { entry_time: testNow - minute, exit_time: testNow };
  // By id alone, the losses of the second account would be among the wins of the first.
  await partner.addTrades(second, [
    { ...together, id: 'a', pnl: -5 },
    { ...together, id: 'c', pnl: -5 },
  ]);
  await partner.addTrades(first, [
    { ...together, id: 'b', pnl: 7 },
    { ...together, id: 'd', pnl: 7 },
  ]);
  const ask = async <Name extends 'win-streak' | 'recent-trades' | 'drawdown-gauge'>(
    name: Name,
  ) => {
    const response = await server.get(`/api/partner/widgets/${name}`, { 'X-API-Key': partner.key });
    return ((await response.json()) as WidgetAnswer<Name>).data;
  };
  const { streak } = await ask('win-streak');
  assert.deepEqual(streak.recent, ['W', 'W', 'L', 'L']);
  assert.equal((await ask('drawdown-gauge')).drawdown.maxDrawdown, 10);
  const { trades } = await ask('recent-trades');
  assert.deepEqual(
    trades.map(({ id }) => id),
    ['c', 'a', 'd', 'b'],
  );
});

test('listed trades with an equal sort key are ordered by exit, entry and id', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const account = await partner.newAccount();
  const trade = (id: string, held: number, ago: number): TestTrade => ({
    id,
    entry_time: testNow - ago - held,
    exit_time: testNow - ago,
    pnl: 1,
  });
  await partner.addTrades(account, [
    trade('a', 9 * minute, 0),
    trade('b', 2 * minute, 0),
    trade('c', minute, 8 * minute),
    trade('d', minute, minute),
    trade('e', minute, minute),
  ]);
  const ids = async (question: string) => {
    const response = await server.get(`/api/partner/trades?account_id=${account}&${question}`, {
      'X-API-Key': partner.key,
    });
    return ((await response.json()) as TradesAnswer).trades.map(({ id }) => id).join('');
  };
  for (const sort of ['pnl', 'symbol', 'quantity', 'exit_time']) {
    assert.equal(await ids(`sort=${sort}&order=asc`), 'cdeab', sort);
    assert.equal(await ids(`sort=${sort}`), 'baedc', sort);
  }
  assert.equal(await ids('sort=entry_time&order=asc'), 'cadeb');
});
