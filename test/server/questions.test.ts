import assert from 'node:assert/strict';
import test from 'node:test';
import type { AskedQuestion } from '../../server/answering.ts';
import type { Readers } from '../../server/threads/readers.ts';
import type { WidgetAnswer } from '../../shared/answers/widgets.ts';
import { day } from '../../shared/time.ts';
import { makePartner, tradesOf } from '../support/partner.ts';
import { startTestServer } from '../support/server.ts';
import { readersHere } from '../support/threads.ts';

/** Readers that note what they are asked. */
function notingReaders() {
  const asked: AskedQuestion[] = [];
  const readers: Readers = {
    ...readersHere,
    ask: (database, question, ...more) => {
      asked.push(question);
      return readersHere.ask(database, question, ...more);
    },
  };
  return { asked, readers };
}

async function startFirm(t: test.TestContext) {
  const { asked, readers } = notingReaders();
  const server = await startTestServer(t, { readers });
  const partner = await makePartner(server.database, 'enterprise');
  const account = await partner.newAccount({ nickname: 'one' });
  const other = await partner.newAccount({ nickname: 'other' });
  await partner.addTrades(account, tradesOf([100, -50]));
  const headers = { 'X-API-Key': partner.key };
  const ask = (path: string) => server.get(`/api/partner/${path}`, headers);
  /** How many of these are worked out, not found. */
  const workedOut = async (...paths: string[]) => {
    const before = asked.length;
    for (const path of paths) assert.equal((await ask(path)).status, 200, path);
    return asked.length - before;
  };
  const brand = async (primary_color: string) => {
    const response = await fetch(`${server.address}/api/partner/branding`, {
      method: 'PUT',
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: JSON.stringify({ primary_color }),
    });
    assert.equal(response.status, 200);
  };
  return { server, partner, key: partner.key, account, other, ask, workedOut, brand, asked };
}

test('an answer about one account stays known whatever other accounts do, and no longer than it is right', async (t) => {
  const { server, partner, account, other, ask, workedOut, brand } = await startFirm(t);
  const ofOne = [
    `stats?account_id=${account}`,
    `trades?account_id=${account}`,
    `widgets/equity-curve?account_id=${account}`,
  ];
  const ofAll = [
    'stats',
    'widgets/equity-curve',
    'accounts',
    `widgets/leaderboard?account_id=${account}`,
  ];
  const tags = async (paths: string[]) =>
    Promise.all(paths.map(async (path) => (await ask(path)).headers.get('etag')));
  assert.equal(await workedOut(...ofOne, ...ofAll), ofOne.length + ofAll.length);
  const known = { one: await tags(ofOne), all: await tags(ofAll) };

  await partner.addTrades(other, tradesOf([7]));
  assert.equal(await workedOut(...ofOne), 0);
  assert.equal(await workedOut(...ofAll), ofAll.length);
  assert.deepEqual(await tags(ofOne), known.one);
  for (const [index, tag] of (await tags(ofAll)).entries()) assert.notEqual(tag, known.all[index]);

  const changes: Record<string, () => Promise<unknown> | unknown> = {
    'its own trades': () => partner.addTrades(account, [{ ...tradesOf([7])[0]!, id: 'another' }]),
    'the brand': () => brand('#123456'),
    'the day': () => (server.clock.now += day),
  };
  for (const [what, change] of Object.entries(changes)) {
    const before = await tags(ofOne);
    await change();
    assert.equal(await workedOut(...ofOne), ofOne.length, what);
    for (const [index, tag] of (await tags(ofOne)).entries())
      assert.notEqual(tag, before[index], what);
  }
});

test('the revision of a widget’s answer is raised by what the answer depends on, and by nothing else', async (t) => {
  const { partner, account, other, ask, brand } = await startFirm(t);
  const revision = async (whose: string) => {
    const response = await ask(`widgets/stats-card?account_id=${whose}`);
    return ((await response.json()) as WidgetAnswer).revision;
  };
  const before = await revision(account);
  await partner.addTrades(other, tradesOf([7]));
  assert.equal(await revision(account), before);
  assert.ok((await revision(other)) > before);
  await brand('#123456');
  const branded = await revision(account);
  assert.ok(branded > before);
  await partner.addTrades(account, [{ ...tradesOf([7])[0]!, id: 'another' }]);
  assert.ok((await revision(account)) > branded);
});

test('what many ask at once is worked out once, and so is what differs only in what changes nothing', async (t) => {
  const { account, key, server, asked } = await startFirm(t);
  const same: Record<string, string[]> = {
    'parameters that the widget does not take': [
      'widgets/leaderboard?period=1y',
      'widgets/leaderboard?period=1y&max_drawdown=5&month=2026-01',
      'widgets/leaderboard?max_drawdown=6&period=1y&lang=de',
    ],
    'defaults that are given': [
      'widgets/equity-curve',
      'widgets/equity-curve?period=30d&sort=trades',
    ],
    'the partner’s own currency': ['stats?period=7d', 'stats?currency=USD&period=7d'],
    'an attempt of all accounts together': ['stats?period=1y', 'stats?period=1y&attempt=2'],
    'an attempt of all accounts in a widget': [
      'widgets/win-streak',
      'widgets/win-streak?attempt=2',
    ],
    'what a leaderboard does by default': [
      'widgets/leaderboard?sort=trades',
      'widgets/leaderboard?sort=trades&by=account&status=active',
      'widgets/leaderboard?sort=trades&by=everybody&status=closed&attempt=none',
    ],
    'a currency beside an account': [
      `widgets/risk-metrics?account_id=${account}`,
      `widgets/risk-metrics?account_id=${account}&currency=EUR`,
    ],
    'more rows than there can be': [
      'widgets/recent-trades?limit=25',
      'widgets/recent-trades?limit=90',
    ],
  };
  for (const [what, paths] of Object.entries(same)) {
    const before = asked.length;
    const ask = async (path: string) =>
      (await server.get(`/api/partner/${path}`, { 'X-API-Key': key })).text();
    const answers = await Promise.all([...paths, ...paths, ...paths].map(ask));
    assert.equal(asked.length - before, 1, what);
    assert.equal(new Set(answers).size, 1, what);
  }
  const before = asked.length;
  for (const language of ['en', 'de', 'fr']) {
    const address = `/embed/partner/stats-card?lang=es&key=${key}`;
    assert.equal((await server.get(address, { 'Accept-Language': language })).status, 200);
  }
  assert.equal(asked.length - before, 1, 'the visitor’s language beside one that is given');
});

test('a question that fails is asked anew by the next', async (t) => {
  let isBroken = true;
  const readers: Readers = {
    ...readersHere,
    ask: (...question) =>
      isBroken ? Promise.reject(new Error('broken')) : readersHere.ask(...question),
  };
  const server = await startTestServer(t, { readers });
  const { key } = await makePartner(server.database);
  const ask = () => server.get('/api/partner/stats', { 'X-API-Key': key });
  assert.equal((await ask()).status, 500);
  isBroken = false;
  assert.equal((await ask()).status, 200);
});

test('the text null names no account, and a widget named like a property of every object is none', async (t) => {
  const { ask } = await startFirm(t);
  const statuses = async (...paths: string[]) =>
    Promise.all(paths.map(async (path) => (await ask(path)).status));
  const leaderboard = 'widgets/leaderboard?account_id=null';
  assert.deepEqual(await statuses('widgets/leaderboard', leaderboard), [200, 404]);
  assert.deepEqual(await statuses(leaderboard, 'widgets/leaderboard?limit=7'), [404, 200]);
  assert.deepEqual(
    await statuses(`${leaderboard}&limit=8`, 'widgets/leaderboard?limit=8'),
    [404, 200],
  );
  for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty'])
    assert.deepEqual(await statuses(`widgets/${name}`), [404]);
});
