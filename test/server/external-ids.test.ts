import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import type { AskedQuestion } from '../../server/answering.ts';
import type { Readers } from '../../server/threads/readers.ts';
import type { AccountAnswer } from '../../shared/answers/accounts.ts';
import type { EmbedTokenAnswer } from '../../shared/answers/partner.ts';
import type { StatsAnswer } from '../../shared/answers/stats.ts';
import { widgetNames } from '../../shared/widgets.ts';
import { api } from '../support/api.ts';
import { makePartner, tradesOf } from '../support/partner.ts';
import { startTestServer } from '../support/server.ts';
import { signIn } from '../support/signed-in.ts';
import { readersHere } from '../support/threads.ts';

/** A firm whose account it knows as 7, and all that its questions are worked out from. */
async function startFirm(t: TestContext) {
  const worked: AskedQuestion[] = [];
  const readers: Readers = {
    ...readersHere,
    ask: (database, question, ...more) => {
      worked.push(question);
      return readersHere.ask(database, question, ...more);
    },
  };
  const server = await startTestServer(t, { readers });
  const partner = await makePartner(server.database, 'enterprise');
  const asked = api(server, partner.key);
  const fields = { nickname: 'Seven', external_id: '7' };
  const account = (await asked.post<AccountAnswer>('accounts', fields)).body.id;
  await partner.addTrades(account, tradesOf([100, -40]));
  const tokenFor = async (account_id?: string) =>
    (await asked.post<EmbedTokenAnswer>('embed-tokens', { account_id })).body.token;
  return {
    ...{ server, partner, asked, account, worked },
    session: await signIn(server, partner),
    publishable: await partner.newKey(['embed:read']),
    token: await tokenFor(),
    narrow: await tokenFor(account),
  };
}

const ofWidgets = widgetNames.map((name) => (id: string) => `widgets/${name}?account_id=${id}`);
const ofFigures = ['stats', 'stats/bulk', 'trades'].map(
  (path) => (id: string) => `${path}?account_id=${id}`,
);
const ofRecords = [
  (id: string) => `accounts/${id}`,
  (id: string) => `accounts/${id}/trades`,
  (id: string) => `trades/t0?account_id=${id}`,
];

test('a secret key and a session may name an account by its external id in every question, and get what its id gets', async (t) => {
  const { server, partner, session, account, worked } = await startFirm(t);
  for (const who of [partner.key, session]) {
    for (const addressOf of [...ofFigures, ...ofRecords, ...ofWidgets]) {
      const { get } = api(server, who);
      const byId = await get(addressOf(account));
      const before = worked.length;
      const external = await get(addressOf('ext:7'));
      assert.equal(byId.status, 200, addressOf(''));
      assert.equal(external.text, byId.text);
      assert.equal(external.headers.get('etag'), byId.headers.get('etag'));
      assert.equal(worked.length, before, 'it was worked out twice');
    }
  }
  const frame = (id: string) =>
    api(server, null).get(`/embed/partner/stats-card?key=${partner.key}&account_id=${id}`);
  assert.equal((await frame('ext:7')).text, (await frame(account)).text);
});

/** All that an answer says, but for what is of the request alone. */
function told({ status, text, headers }: { status: number; text: string; headers: Headers }) {
  const named = [...headers].filter(([name]) => !/^(date|x-request-id|.*ratelimit.*)$/.test(name));
  return { status, text, headers: named };
}

test('for a publishable key and for tokens an external id is a made-up one, whoever has asked before', async (t) => {
  const { server, asked, publishable, token, narrow } = await startFirm(t);
  const madeUp = 'acc_00000000000000000000';
  for (const who of [publishable, token, narrow]) {
    const { get } = api(server, who);
    for (const addressOf of ofWidgets) {
      const address = addressOf('ext:7');
      const unknown = told(await get(addressOf(madeUp)));
      assert.ok(unknown.status === 404 || (who === narrow && unknown.status === 403));
      assert.deepEqual(told(await get(address)), unknown);
      // Both have the same address, as the key is in a header.
      assert.equal((await asked.get(address)).status, 200);
      assert.deepEqual(told(await get(address)), unknown);
      assert.deepEqual(told(await get(addressOf('ext:8'))), unknown);
      assert.equal((await asked.get(address)).status, 200);
    }
    const credential = `${who === publishable ? 'key' : 'token'}=${who}`;
    const frame = async (id: string) =>
      told(await get(`/embed/partner/stats-card?${credential}&account_id=${id}`));
    assert.deepEqual(await frame('ext:7'), await frame(madeUp));
    for (const addressOf of [...ofFigures, ...ofRecords]) {
      assert.deepEqual(told(await get(addressOf('ext:7'))), told(await get(addressOf(madeUp))));
    }
  }
});

test('what works out an answer is told ids alone', async (t) => {
  const { server, asked, publishable, worked } = await startFirm(t);
  for (const who of [asked, api(server, publishable)]) {
    for (const id of ['ext:7', 'ext:8']) {
      for (const addressOf of [...ofFigures, ...ofRecords, ...ofWidgets]) {
        await who.get(addressOf(id));
      }
    }
  }
  assert.ok(worked.length > 20);
  for (const { accountId, query, text } of worked) {
    assert.doesNotMatch(String(accountId), /ext:/);
    // In a list, what was asked for is there beside the ids, as it is said again.
    const told = JSON.stringify({ query, text }).replaceAll(/\\?"asked\\?":\\?"ext:8\\?"/g, '');
    assert.doesNotMatch(told, /ext:/);
  }
});

test('an external id is that of the account that has it now, and no account’s of another firm or one that is erased', async (t) => {
  const { server, asked, account } = await startFirm(t);
  const nickname = async (path: string) => {
    const { status, body } = await asked.get<StatsAnswer>(path);
    return status === 200 ? body.account?.nickname : status;
  };
  const seven = () => nickname('stats?account_id=ext:7');
  const eight = () => nickname('stats?account_id=ext:8');
  assert.deepEqual([await seven(), await eight()], ['Seven', 404]);
  await asked.patch(`accounts/${account}`, { external_id: '8' });
  assert.deepEqual([await seven(), await eight()], [404, 'Seven']);
  await asked.post('accounts', { nickname: 'Other', external_id: '7' });
  assert.deepEqual([await seven(), await eight()], ['Other', 'Seven']);
  await asked.delete(`accounts/${account}`);
  assert.deepEqual([await seven(), await eight()], ['Other', 404]);

  const stranger = api(server, (await makePartner(server.database)).key);
  const answerOf = async (id: string) => told(await stranger.get(`stats?account_id=${id}`));
  assert.deepEqual(await answerOf('ext:7'), await answerOf('ext:9'));
  assert.deepEqual(await answerOf('ext:7'), await answerOf('acc_00000000000000000000'));
});

test('an external id of the greatest length, of any script, and with signs of addresses can be named', async (t) => {
  const { asked } = await startFirm(t);
  for (const external_id of ['🙂'.repeat(64), 'a'.repeat(64), 'a&b=c%20?#', 'ext:7', 'acc_1']) {
    const made = await asked.post<AccountAnswer>('accounts', { nickname: 'Any', external_id });
    assert.equal(made.status, 201);
    const reference = encodeURIComponent(`ext:${external_id}`);
    for (const path of [`stats?account_id=${reference}`, `accounts/${reference}`]) {
      const { status, text } = await asked.get(path);
      assert.equal(status, 200, path);
      assert.ok(text.includes(made.body.id));
    }
  }
  assert.equal((await asked.get('stats?account_id=ext:')).status, 404);
});
