import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import type { AccountAnswer } from '../../shared/answers/accounts.ts';
import type { EmbedTokenAnswer } from '../../shared/answers/partner.ts';
import type { WidgetAnswer } from '../../shared/answers/widgets.ts';
import { day } from '../../shared/time.ts';
import { widgetNames } from '../../shared/widgets.ts';
import { api } from '../support/api.ts';
import { makePartner, type TestTrade, tradesOf } from '../support/partner.ts';
import { startTestServer, testNow } from '../support/server.ts';

const terms = [
  { starting_balance: 1_000, max_drawdown: 50 },
  { starting_balance: 2_000, max_drawdown: 80 },
];

/** The trades of each attempt; the second one starts between them. */
const trades: TestTrade[][] = [
  tradesOf([30, -45, 12, 3], testNow - 10 * day),
  tradesOf([-20, 70, -45], testNow),
].map((each, attempt) => each.map((trade, index) => ({ ...trade, id: `t${attempt}-${index}` })));

/** A firm with an account that was reset, and for each of its attempts an account with the same trades. */
async function startFirm(t: TestContext) {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database, 'enterprise');
  const asked = api(server, partner.key);
  const open = async (fields: object) => {
    const { body } = await asked.post<AccountAnswer>('accounts', { nickname: 'One', ...fields });
    return body.id;
  };
  const account = await open(terms[0]!);
  await asked.post(`accounts/${account}/reset`, { at: testNow - 5 * day, ...terms[1] });
  const alike = [await open(terms[0]!), await open(terms[1]!)];
  for (const [index, each] of trades.entries()) {
    await partner.addTrades(account, each);
    await partner.addTrades(alike[index]!, each);
  }
  /** An answer without what tells accounts with the same trades apart. */
  const ask = async (path: string) => {
    const { status, text } = await asked.get(path);
    assert.equal(status, 200, path);
    return text.replaceAll(/acc_\w+/g, 'acc').replaceAll(/"revision":\d+/g, '');
  };
  return { server, partner, asked, account, alike, ask };
}

/** Every question about one account, as a function of its parameters. */
const questions: ((query: string, key: string) => string)[] = [
  (query) => `stats?period=all&${query}`,
  (query) => `stats/bulk?period=all&${query}`,
  (query) => `trades?period=all&status=all&${query}`,
  ...widgetNames
    .filter((name) => name !== 'leaderboard')
    .flatMap((name) => [
      (query: string) => `widgets/${name}?period=all&${query}`,
      (query: string, key: string) => `/embed/partner/${name}?period=all&key=${key}&${query}`,
    ]),
];

test('every question about an account answers of an earlier attempt as if the account had nothing else', async (t) => {
  const { partner, account, alike, ask } = await startFirm(t);
  for (const addressOf of questions) {
    const answers = alike.map((id) => ask(addressOf(`account_id=${id}`, partner.key)));
    const [first, second] = await Promise.all(answers);
    const of = (query: string) => ask(addressOf(`account_id=${account}${query}`, partner.key));
    assert.notEqual(first, second);
    assert.equal(await of('&attempt=1'), first);
    assert.equal(await of('&attempt=2'), second);
    assert.equal(await of(''), second);
  }
});

test('an earlier attempt is answered of anew when its trades change', async (t) => {
  const { partner, account, ask } = await startFirm(t);
  const path = `stats?period=all&attempt=1&account_id=${account}`;
  const before = await ask(path);
  await partner.addTrades(account, [{ ...tradesOf([5], testNow - 9 * day)[0]!, id: 'late' }]);
  assert.match(before, /"tradeCount":4/);
  assert.match(await ask(path), /"tradeCount":5/);
});

test('an unknown attempt gets the same 404 as an unknown account', async (t) => {
  const { server, partner, account } = await startFirm(t);
  const publishable = await partner.newKey(['embed:read']);
  const { token } = (await api(server, partner.key).post<EmbedTokenAnswer>('embed-tokens')).body;
  const answerOf = async (path: string, who: string) => {
    const { status, text } = await api(server, who).get(path);
    return { status, text };
  };
  for (const who of [partner.key, publishable, token]) {
    for (const path of [
      ...(who === partner.key ? ['stats?', 'trades?'] : []),
      ...['widgets/stats-card?', 'widgets/risk-metrics?', '/embed/partner/stats-card?'],
    ]) {
      const credential = path.startsWith('/') ? `key=${who}&` : '';
      const whole = `${path}${who === token ? credential.replace('key', 'token') : credential}`;
      const unknown = await answerOf(`${whole}account_id=acc_00000000000000000000`, who);
      assert.equal(unknown.status, 404, path);
      for (const attempt of [3, 1_000_000]) {
        const query = `account_id=${account}&attempt=${attempt}`;
        assert.deepEqual(await answerOf(`${whole}${query}`, who), unknown);
      }
    }
  }
});

test('an attempt that is none is a 400, and for a widget replaced by the nearest or the current one', async (t) => {
  const { asked, account, ask } = await startFirm(t);
  for (const path of ['stats', 'stats/bulk', 'trades']) {
    for (const bad of ['0', '-1', '1.5', 'x', '', '1000001', '1&attempt=2']) {
      const { status } = await asked.get(`${path}?account_id=${account}&attempt=${bad}`);
      assert.equal(status, 400, `${path} ${bad}`);
    }
  }
  const of = (attempt: string) => ask(`widgets/stats-card?account_id=${account}${attempt}`);
  for (const bad of ['0', '-7', '1.9'])
    assert.equal(await of(`&attempt=${bad}`), await of('&attempt=1'));
  for (const bad of ['x', '', 'NaN']) assert.equal(await of(`&attempt=${bad}`), await of(''), bad);
});

test('a token for an account opens its earlier attempts, too', async (t) => {
  const { server, asked, account } = await startFirm(t);
  const made = await asked.post<EmbedTokenAnswer>('embed-tokens', { account_id: account });
  const { get } = api(server, made.body.token);
  const { body } = await get<WidgetAnswer<'stats-card'>>('widgets/stats-card?period=all&attempt=1');
  assert.deepEqual([body.data.account?.id, body.data.stats.tradeCount], [account, 4]);
  const page = await get(`/embed/partner/stats-card?period=all&attempt=1&token=${made.body.token}`);
  assert.match(page.text, /"tradeCount":4/);
});

test('a leaderboard ranks that attempt of the accounts that have it', async (t) => {
  const { asked, account, alike } = await startFirm(t);
  const board = async (query: string) => {
    const path = `widgets/leaderboard?account_id=${account}&${query}`;
    const { leaders, own, accounts } = (await asked.get<WidgetAnswer<'leaderboard'>>(path)).body
      .data;
    const ranks = leaders.map(({ account_id, total_pnl }) => [account_id, total_pnl]);
    return { ranks: Object.fromEntries(ranks), own: own?.total_pnl, counted: accounts.counted };
  };
  const [one = '', other = ''] = alike;
  const others = { [one]: 0, [other]: 5 };
  assert.deepEqual(await board(''), { ranks: { [account]: 5, ...others }, own: 5, counted: 3 });
  const first = await board('attempt=1');
  assert.deepEqual(first, { ranks: { [account]: 0, ...others }, own: 0, counted: 3 });
  assert.deepEqual(await board('attempt=2'), { ranks: { [account]: 5 }, own: 5, counted: 1 });
  assert.deepEqual(await board('attempt=3'), { ranks: {}, own: undefined, counted: 0 });
  assert.deepEqual(Object.keys((await board('attempt=1&period=7d')).ranks), [other]);
});

test('a drawdown is compared with the limit of the account’s attempt, unless the address names another', async (t) => {
  const { asked, account } = await startFirm(t);
  const gauge = async (name: 'drawdown-gauge' | 'risk-metrics', query: string) => {
    const path = `widgets/${name}?${query}`;
    return (await asked.get<WidgetAnswer<typeof name>>(path)).body.data.drawdown.gauge;
  };
  for (const name of ['drawdown-gauge', 'risk-metrics'] as const) {
    const limit = async (query: string) => (await gauge(name, query))?.limit;
    assert.equal(await limit(`account_id=${account}`), 80);
    assert.equal(await limit(`account_id=${account}&attempt=1`), 50);
    assert.equal(await limit(`account_id=${account}&max_drawdown=7`), 7);
    assert.equal(await limit(`account_id=${account}&max_drawdown=x`), 80);
    assert.equal(await gauge(name, ''), null);
  }
  const first = await gauge('drawdown-gauge', `account_id=${account}&attempt=1`);
  assert.deepEqual([first?.everBreached, first?.remaining], [false, 20]);
  await asked.patch(`accounts/${account}`, { max_drawdown: 40 });
  const breached = await gauge('drawdown-gauge', `account_id=${account}`);
  assert.deepEqual([breached?.limit, breached?.breachedOn], [40, '2026-11-20']);
  await asked.patch(`accounts/${account}`, { max_drawdown: null });
  assert.equal(await gauge('drawdown-gauge', `account_id=${account}`), null);
});
