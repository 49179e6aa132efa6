import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import type { BulkEntry, StatsAnswer } from '../../shared/answers/stats.ts';
import { day } from '../../shared/time.ts';
import { api } from '../support/api.ts';
import { makePartner, tradesOf } from '../support/partner.ts';
import { startTestServer, testNow } from '../support/server.ts';

async function startFirm(t: TestContext) {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const asked = api(server, partner.key);
  const accounts: string[] = [];
  for (const [index, currency] of ['USD', 'EUR', 'USD'].entries()) {
    const account = await partner.newAccount({ nickname: `Account ${index}`, currency });
    const results = [10 * (index + 1), -5];
    const lastExit = testNow - index * 20 * day;
    if (index < 2) await partner.addTrades(account, tradesOf(results, lastExit));
    accounts.push(account);
  }
  const read = async (list: string, query = '') => {
    const path = `stats/bulk?account_id=${encodeURIComponent(list)}${query}`;
    const { status, body, text } = await asked.get<{ accounts: BulkEntry[] }>(path);
    assert.equal(status, 200, text);
    return body.accounts;
  };
  return { server, partner, asked, accounts, read };
}

const unknown = (account_id: string) => ({ account_id, error: 'not_found' as const });

test('many accounts are read at once, each as by itself, in the order asked for', async (t) => {
  const { asked, accounts, read } = await startFirm(t);
  for (const query of ['', '&period=7d', '&period=all']) {
    const single = async (id: string) =>
      (await asked.get<StatsAnswer>(`stats?account_id=${id}${query}`)).body;
    const alone = await Promise.all(accounts.map(single));
    assert.deepEqual(await read(accounts.join(), query), alone);
    assert.deepEqual(await read(accounts.toReversed().join(), query), alone.toReversed());
    const [first = '', , third = ''] = accounts;
    const repeated = await read(`${third},${first},${third}`, query);
    assert.deepEqual(repeated, [alone[2], alone[0], alone[2]]);
  }
});

test('an unknown or foreign account has an error in its place, and the others are answered', async (t) => {
  const { server, asked, accounts, read } = await startFirm(t);
  const [account = ''] = accounts;
  const foreign = await (await makePartner(server.database)).newAccount();
  const alone = (await asked.get<StatsAnswer>(`stats?account_id=${account}`)).body;
  await asked.patch(`accounts/${account}`, { external_id: '7' });
  const list = ['nobody', account, foreign, 'ext:7', 'ext:8', 'Account 1', ' '];
  assert.deepEqual(await read(list.join()), [
    ...[unknown('nobody'), alone, unknown(foreign), alone, unknown('ext:8')],
    ...[unknown('Account 1'), unknown(' ')],
  ]);
  await asked.delete(`accounts/${account}`);
  assert.deepEqual(await read(`${account},ext:7`), [unknown(account), unknown('ext:7')]);
});

test('a list is answered of anew when one of its accounts changes', async (t) => {
  const { partner, accounts, read } = await startFirm(t);
  const counts = async () =>
    (await read(accounts.join())).map((entry) => 'stats' in entry && entry.stats.tradeCount);
  assert.deepEqual(await counts(), [2, 2, 0]);
  await partner.addTrades(accounts[2]!, tradesOf([1, 2, 3]));
  assert.deepEqual(await counts(), [2, 2, 3]);
});

test('a list has one to a hundred accounts', async (t) => {
  const { asked, accounts, read } = await startFirm(t);
  const [account = ''] = accounts;
  const hundred = Array.from({ length: 100 }, (_, index) => (index % 2 ? account : `a${index}`));
  assert.equal((await read(hundred.join())).length, 100);
  for (const bad of [
    '',
    ',',
    `${account},`,
    `,${account}`,
    [...hundred, account].join(),
    ','.repeat(5_000),
    'x'.repeat(133),
  ]) {
    const { status, body } = await asked.get(`stats/bulk?account_id=${bad}`);
    assert.equal(status, 400, bad.slice(0, 50));
    for (const { path } of body.details ?? []) assert.match(path, /^account_id/);
  }
  assert.equal((await asked.get('stats/bulk')).status, 400);
  const twice = `stats/bulk?account_id=${account}&account_id=${account}`;
  assert.equal((await asked.get(twice)).status, 400);
});

test('only keys with stats:read, of a growth partner or larger, may read many accounts', async (t) => {
  const { server, partner, accounts } = await startFirm(t);
  const answerOf = async (key: string) => {
    const { status, body } = await api(server, key).get(`stats/bulk?account_id=${accounts.join()}`);
    return status === 200 ? 200 : `${status} ${body.code}`;
  };
  assert.equal(await answerOf(await partner.newKey(['stats:read'])), 200);
  assert.equal(await answerOf(await partner.newKey(['stats:aggregate'])), '403 missing_scope');
  assert.equal(await answerOf(await partner.newKey(['embed:read'])), '403 missing_scope');
  await partner.set({ tier: 'starter' });
  assert.equal(await answerOf(partner.key), '403 tier_required');
});

test('a list counts as one request', async (t) => {
  const { asked, accounts } = await startFirm(t);
  const left = async (list: string) => {
    const { headers } = await asked.get(`stats/bulk?account_id=${list}`);
    return Number(headers.get('x-ratelimit-remaining'));
  };
  const before = await left(accounts[0]!);
  assert.equal(await left(Array.from({ length: 100 }, () => accounts[0]).join()), before - 1);
});
