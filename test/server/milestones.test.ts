import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import type { EventsAnswer } from '../../shared/answers/events.ts';
import { day, hour, minute } from '../../shared/time.ts';
import { api } from '../support/api.ts';
import { makePartner, type TestAccount } from '../support/partner.ts';
import { startTestServer, testNow } from '../support/server.ts';

interface Reached {
  account_id: string;
  milestone: string;
  label: string;
  value: number;
}

async function startFirm(t: TestContext, account: TestAccount = {}) {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const id = await partner.newAccount(account);
  const { post, delete: remove, get } = api(server, partner.key);
  let sent = 0;
  const tradeOf = (pnl: number, exit: number) => ({
    ...{ account_id: id, external_id: `t${sent++}`, symbol: 'ES', direction: 'long', quantity: 1 },
    ...{ entry_price: 1, exit_price: 1, entry_time: exit - minute, exit_time: exit, pnl },
  });
  /** Sends trades with these results, a minute apart, the last one closed at `last`. */
  const send = (results: readonly number[], last = testNow) =>
    post('trades', {
      trades: results.map((pnl, index) =>
        tradeOf(pnl, last - (results.length - 1 - index) * minute),
      ),
    });
  const reached = async () => {
    const { body } = await get<EventsAnswer>('events?types=milestone.reached&limit=1000');
    return body.events.map(({ data }) => data as unknown as Reached);
  };
  const names = async () => (await reached()).map(({ milestone }) => milestone);
  return { server, partner, id, post, remove, send, reached, names };
}

test('a milestone is reached by the sums after the whole write, and told once', async (t) => {
  const { id, send, reached } = await startFirm(t);
  await send([900, 900, -900]);
  assert.deepEqual(await reached(), []);
  await send([99.99]);
  assert.deepEqual(await reached(), []);
  await send([0.01]);
  const first = { account_id: id, milestone: 'total_pnl_1000', label: '$1,000 Total Profit' };
  assert.deepEqual(await reached(), [{ ...first, value: 1_000 }]);
  await send([-500]);
  await send([500, 9_247.5]);
  assert.deepEqual((await reached()).slice(1), [
    { account_id: id, milestone: 'total_pnl_5000', label: '$5,000 Total Profit', value: 10_247.5 },
    {
      account_id: id,
      milestone: 'total_pnl_10000',
      label: '$10,000 Total Profit',
      value: 10_247.5,
    },
  ]);
});

test('trades are counted, and the longest row of wins, also over days', async (t) => {
  const { send, reached } = await startFirm(t);
  await send([1, 1, 1], testNow - 23 * hour);
  await send([1, -1, 1, 1, 1, 1, 1, 1]);
  assert.deepEqual(
    (await reached()).map(({ milestone, label, value }) => [milestone, label, value]),
    [
      ['trade_count_10', '10 Trades', 11],
      ['win_streak_5', '5 Wins in a Row', 6],
    ],
  );
  await send([1, 1, 1, 1].map((pnl) => pnl));
  assert.deepEqual(
    (await reached()).slice(2).map(({ milestone, value }) => [milestone, value]),
    [['win_streak_10', 10]],
  );
});

test('a loss that is deleted or corrected joins the wins beside it', async (t) => {
  const { id, send, remove, names } = await startFirm(t);
  await send([1, 1, 1, -1, 1, 1]);
  assert.deepEqual(await names(), []);
  await remove(`trades/t3?account_id=${id}`);
  assert.deepEqual(await names(), ['win_streak_5']);
});

test('labels are in the account’s currency', async (t) => {
  const { send, reached } = await startFirm(t, { currency: 'EUR' });
  await send([1_000]);
  assert.deepEqual(
    (await reached()).map(({ label }) => label),
    ['€1,000 Total Profit'],
  );
});

test('what history of more than a day ago reaches is marked without an event, by file too', async (t) => {
  const { partner, id, send, names } = await startFirm(t);
  const old = Array.from({ length: 60 }, (_, number) => ({
    ...{ id: `old${number}`, pnl: 100, entry_time: testNow - 3 * day },
    exit_time: testNow - 2 * day + number * minute,
  }));
  await partner.addTrades(id, old);
  assert.deepEqual(await names(), []);
  await send(Array.from({ length: 40 }, () => 100));
  assert.deepEqual(await names(), ['trade_count_100', 'total_pnl_10000']);
});

test('a mark stays when trades are deleted; the next attempt reaches the same again', async (t) => {
  const { id, post, send, remove, names, server } = await startFirm(t);
  await send([1_000]);
  await remove(`trades/t0?account_id=${id}`);
  await send([1_000]);
  assert.deepEqual(await names(), ['total_pnl_1000']);
  server.clock.now += hour;
  await post(`accounts/${id}/reset`);
  await send([1_000]);
  assert.deepEqual(await names(), ['total_pnl_1000']);
  server.clock.now += hour;
  await send([1_000], server.clock.now);
  assert.deepEqual(await names(), ['total_pnl_1000', 'total_pnl_1000']);
});
