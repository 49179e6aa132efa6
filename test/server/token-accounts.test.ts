import assert from 'node:assert/strict';
import { createHmac, hkdfSync } from 'node:crypto';
import test from 'node:test';
import type { EmbedTokenAnswer } from '../../shared/answers/partner.ts';
import type { WidgetAnswer } from '../../shared/answers/widgets.ts';
import { hour } from '../../shared/time.ts';
import { api } from '../support/api.ts';
import { serveBeside } from '../support/beside.ts';
import { makePartner, tradesOf } from '../support/partner.ts';
import { startTestServer, type TestServer, testNow } from '../support/server.ts';
import { statementsOf } from '../support/sql.ts';
import { testSecret } from '../support/threads.ts';
import { addUser } from '../support/users.ts';

/** A partner with three accounts, the last of which no token names. */
async function firmOf(server: TestServer, tier: 'starter' | 'growth' = 'growth') {
  const partner = await makePartner(server.database, tier);
  const accounts: string[] = [];
  for (const [index, nickname] of ['First', 'Second', 'Third'].entries()) {
    const account = await partner.newAccount({ nickname, externalId: `a${index + 1}` });
    await partner.addTrades(account, tradesOf([10 ** index]));
    accounts.push(account);
  }
  const [one, two, three] = accounts as [string, string, string];
  const firm = api(server, partner.key);
  const make = async (body: object) => {
    const made = await firm.post<EmbedTokenAnswer>('embed-tokens', body);
    assert.equal(made.status, 201, made.text);
    return made.body;
  };
  return { ...partner, one, two, three, firm, make };
}

/** Whose figures a token gets: the account's nickname; else the status and the code. */
async function shown(server: { address: string }, token: string, query = '') {
  const { status, body } = await api(server, token).get<WidgetAnswer<'stats-card'>>(
    `widgets/stats-card${query}`,
  );
  if (status !== 200) return `${status} ${(body as unknown as { code: string }).code}`;
  return body.data.account?.nickname ?? 'all';
}

test('a token for several accounts answers for the first unless asked for another of them, never for one outside or for all', async (t) => {
  const server = await startTestServer(t);
  const { one, two, three, make } = await firmOf(server);
  const made = await make({ account_ids: [two, 'ext:a1', one, two] });
  assert.deepEqual([made.account_id, made.account_ids, made.user_id], [null, [two, one], null]);
  const { token } = made;
  assert.equal(await shown(server, token), 'Second');
  assert.equal(await shown(server, token, '?account_id='), '403 outside_token');
  assert.equal(await shown(server, token, `?account_id=${one}`), 'First');
  assert.equal(await shown(server, token, `?account_id=${two}`), 'Second');
  for (const query of [
    `?account_id=${three}`,
    '?account_id=acc_00000000000000000000',
    '?account_id=ext:a1',
    `?account_id=${one}&account_id=${three}`,
    `?account_id=${three}&account_id=${one}`,
  ])
    assert.equal(await shown(server, token, query), '403 outside_token', query);
  const frame = await server.get(`/embed/partner/stats-card?token=${token}`);
  assert.match(await frame.text(), /Second/);
  const other = await server.get(`/embed/partner/stats-card?token=${token}&account_id=${three}`);
  assert.equal(other.status, 403);
  assert.doesNotMatch(await other.text(), /Third/);
});

test('the body of a new token names accounts in one way, up to a hundred, all of which are there', async (t) => {
  const server = await startTestServer(t);
  const { one, two, firm, id } = await firmOf(server);
  const user = await addUser(server.database, id, { externalId: 'u1' });
  const refused = async (body: object) => {
    const { status, body: answer } = await firm.post('embed-tokens', body);
    return [status, ...(answer.details ?? []).map(({ path }) => path)];
  };
  assert.deepEqual(await refused({ account_ids: [] }), [400, 'account_ids']);
  assert.deepEqual(await refused({ account_ids: one }), [400, 'account_ids']);
  assert.deepEqual(await refused({ account_ids: [one, 7] }), [400, 'account_ids.1']);
  assert.deepEqual(await refused({ account_ids: Array(101).fill(one) }), [400, 'account_ids']);
  assert.deepEqual(await refused({ account_id: one, user_id: user }), [400, 'user_id']);
  assert.deepEqual(await refused({ account_id: one, account_ids: [one], user_id: user }), [
    400,
    'account_ids',
    'user_id',
  ]);
  assert.deepEqual(await refused({ account_ids: [one, 'acc_0', two, 'ext:x'] }), [
    404,
    'account_ids.1',
    'account_ids.3',
  ]);
  assert.deepEqual(await refused({ user_id: 'ext:u2' }), [404]);
  const other = await firmOf(server);
  const theirs = await addUser(server.database, other.id);
  const [foreign, madeUp] = await Promise.all(
    [theirs, 'usr_00000000000000000000'].map((user_id) => firm.post('embed-tokens', { user_id })),
  );
  assert.deepEqual([foreign!.status, foreign!.text], [404, madeUp!.text]);
  assert.deepEqual(await refused({ account_ids: [one, other.one] }), [404, 'account_ids.1']);
});

test('a token for a hundred accounts works as a header, in a frame’s address and in an element’s', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const ids: string[] = [];
  while (ids.length < 100)
    ids.push(await partner.newAccount({ nickname: `Account ${ids.length}` }));
  const made = await api(server, partner.key).post<EmbedTokenAnswer>('embed-tokens', {
    account_ids: ids,
    widgets: ['stats-card', 'equity-curve', 'risk-metrics', 'monthly-calendar'],
  });
  const { token } = made.body;
  assert.ok(token.length < 5_000, `${token.length} characters`);
  assert.equal(await shown(server, token, `?account_id=${ids[99]}`), 'Account 99');
  for (const path of ['/api/partner/widgets/stats-card', '/embed/partner/stats-card'])
    assert.equal((await server.get(`${path}?account_id=${ids[50]}&token=${token}`)).status, 200);
});

test('a token for a user opens the accounts that are the user’s at each request', async (t) => {
  const server = await startTestServer(t);
  const { one, two, three, id, firm, make } = await firmOf(server);
  const user = await addUser(server.database, id, { externalId: 'u1' });
  const other = await addUser(server.database, id);
  const give = async (account: string, user_id: string | null) =>
    assert.equal((await firm.patch(`accounts/${account}`, { user_id })).status, 200);
  const made = await make({ user_id: 'ext:u1' });
  assert.deepEqual([made.account_id, made.account_ids, made.user_id], [null, null, user]);
  const { token } = made;
  assert.equal(await shown(server, token), '404 not_found');
  assert.equal(await shown(server, token, `?account_id=${one}`), '403 outside_token');
  await give(two, user);
  assert.equal(await shown(server, token), 'Second');
  await give(one, user);
  // Made in the same millisecond as the other, so their ids decide.
  const first = one < two ? 'First' : 'Second';
  assert.equal(await shown(server, token), first);
  assert.equal(await shown(server, token, `?account_id=${one}`), 'First');
  assert.equal(await shown(server, token, '?account_id=ext:a1'), '403 outside_token');
  assert.equal(await shown(server, token, `?account_id=${three}`), '403 outside_token');
  await give(one, other);
  assert.equal(await shown(server, token, `?account_id=${one}`), '403 outside_token');
  assert.equal(await shown(server, token), 'Second');
  // Another process writes, and this one knows at once.
  await using beside = await serveBeside(server);
  assert.equal(await shown(beside, token, `?account_id=${two}`), 'Second');
  await give(two, null);
  assert.equal(await shown(beside, token, `?account_id=${two}`), '403 outside_token');
  assert.equal(await shown(beside, token), '404 not_found');
});

test('a token for a user who was erased opens nothing, and says no more than for a user without accounts', async (t) => {
  const server = await startTestServer(t);
  const { one, id, firm, make } = await firmOf(server);
  const user = await addUser(server.database, id);
  const empty = await make({ user_id: await addUser(server.database, id) });
  await firm.patch(`accounts/${one}`, { user_id: user });
  const { token } = await make({ user_id: user });
  assert.equal(await shown(server, token), 'First');
  await firm.delete(`users/${user}`);
  const [erased, without] = await Promise.all(
    [token, empty.token].map((each) => api(server, each).get('widgets/stats-card')),
  );
  assert.deepEqual([erased!.status, erased!.text], [404, without!.text]);
  assert.equal(await shown(server, token, `?account_id=${one}`), '403 outside_token');
});

test('of a list, accounts that are gone are passed over, and one that is asked for is a 404', async (t) => {
  const server = await startTestServer(t);
  const { one, two, firm, make } = await firmOf(server);
  const { token } = await make({ account_ids: [one, two] });
  assert.equal(await shown(server, token), 'First');
  await firm.delete(`accounts/${one}`);
  assert.equal(await shown(server, token), 'Second');
  assert.equal(await shown(server, token, `?account_id=${one}`), '404 not_found');
  await firm.delete(`accounts/${two}`);
  assert.equal(await shown(server, token), '404 not_found');
});

test('a token that names accounts or a user opens the leaderboard only where it names that, and marks one of its accounts', async (t) => {
  const server = await startTestServer(t);
  const { one, two, id, firm, make } = await firmOf(server);
  const user = await addUser(server.database, id);
  await firm.patch(`accounts/${two}`, { user_id: user });
  for (const named of [{ account_ids: [two, one] }, { user_id: user }]) {
    const silent = await make(named);
    assert.equal(
      (await api(server, silent.token).get('widgets/leaderboard')).body.code,
      'outside_token',
    );
    const { token } = await make({ ...named, widgets: ['leaderboard', 'stats-card'] });
    const { body } = await api(server, token).get<WidgetAnswer<'leaderboard'>>(
      'widgets/leaderboard',
    );
    assert.equal(body.data.own?.account_id, two);
  }
});

test('what one token asked for without naming an account is not what another, or a key, gets at the same address', async (t) => {
  const server = await startTestServer(t);
  const { one, two, key, id, firm, make } = await firmOf(server);
  const user = await addUser(server.database, id);
  await firm.patch(`accounts/${two}`, { user_id: user });
  const free = (await make({})).token;
  const ofOne = (await make({ account_ids: [one, two] })).token;
  const ofUser = (await make({ user_id: user })).token;
  for (const order of [
    [free, ofOne, ofUser, key],
    [ofUser, key, ofOne, free],
    [ofOne, free, key, ofUser],
  ])
    for (const query of ['', '?period=7d', '?period=7d&x=1'])
      for (const credential of order) {
        const expected = { [ofOne]: 'First', [ofUser]: 'Second' }[credential] ?? 'all';
        assert.equal(await shown(server, credential, query), expected, query);
      }
  // An address that names an account is remembered for all callers; each is checked nevertheless.
  const asked = `?account_id=${one}`;
  assert.equal(await shown(server, ofOne, asked), 'First');
  assert.equal(await shown(server, ofUser, asked), '403 outside_token');
  assert.equal(await shown(server, key, asked), 'First');
  assert.equal(await shown(server, ofUser, asked), '403 outside_token');
});

test('tokens share a tenth of the quota by what they name: an account, a set of accounts or a user', async (t) => {
  const server = await startTestServer(t);
  const { one, two, three, id, firm, make } = await firmOf(server, 'starter');
  const user = await addUser(server.database, id);
  await firm.patch(`accounts/${one}`, { user_id: user });
  const left = async (body: object) => {
    const { token } = await make(body);
    const { headers } = await api(server, token).get('widgets/stats-card');
    const of = (name: string) => headers.get(`x-ratelimit-${name}`);
    return `${of('remaining')} of ${of('limit')}`;
  };
  assert.equal(await left({ account_ids: [one, two] }), '99 of 100');
  assert.equal(await left({ account_ids: [two, one], widgets: ['stats-card'] }), '98 of 100');
  assert.equal(await left({ account_ids: ['ext:a2', two, 'ext:a1'] }), '97 of 100');
  assert.equal(await left({ account_ids: [one, two, three] }), '99 of 100');
  assert.equal(await left({ account_id: one }), '99 of 100');
  assert.equal(await left({ account_ids: [one] }), '98 of 100');
  assert.equal(await left({ user_id: user }), '99 of 100');
  await firm.patch(`accounts/${two}`, { user_id: user });
  assert.equal(await left({ user_id: user }), '98 of 100');
  assert.equal(await left({}), '991 of 1000');
});

test('a token for a user or a list is answered without a statement while nothing changes', async (t) => {
  const server = await startTestServer(t);
  const { one, two, three, id, firm, make } = await firmOf(server);
  const user = await addUser(server.database, id);
  await firm.patch(`accounts/${one}`, { user_id: user });
  const tokens = [
    (await make({ user_id: user })).token,
    (await make({ account_ids: [three, two] })).token,
  ];
  const ask = async () => {
    for (const token of tokens)
      assert.equal((await api(server, token).get('widgets/stats-card')).status, 200);
  };
  await ask();
  await server.tick();
  await ask();
  const texts = (await statementsOf(t, ask)).map(({ text }) => text);
  assert.deepEqual(
    texts.filter((text) => /"(accounts|users)"/.test(text)),
    [],
  );
});

/** Signs the content of a token as every version does. */
function signed(content: object): string {
  const key = Buffer.from(hkdfSync('sha256', testSecret, '', 'proptally embed tokens', 32));
  const payload = Buffer.from(JSON.stringify(content)).toString('base64url');
  return `pte_${payload}.${createHmac('sha256', key).update(payload).digest('base64url')}`;
}

test('a token of an earlier version keeps its bounds, and to an earlier version a new one opens no more than it names', async (t) => {
  const server = await startTestServer(t);
  const { one, two, id, make } = await firmOf(server);
  const content = { partner: id, key: null, widgets: null, expires: testNow + hour, generation: 0 };
  const narrow = signed({ ...content, account: one });
  assert.equal(await shown(server, narrow), 'First');
  assert.equal(await shown(server, narrow, `?account_id=${two}`), '403 outside_token');
  assert.equal((await api(server, narrow).get('widgets/leaderboard')).status, 403);
  assert.equal(
    (await api(server, narrow).get('widgets/stats-card')).headers.get('x-ratelimit-limit'),
    '1000',
  );
  const free = signed({ ...content, account: null });
  assert.equal(await shown(server, free), 'all');
  assert.equal((await api(server, free).get('widgets/leaderboard')).status, 200);

  // An earlier version opens the one `account` that a token holds, and all for null.
  const accountIn = ({ token }: EmbedTokenAnswer) => {
    const payload = token.slice('pte_'.length).split('.')[0]!;
    return JSON.parse(Buffer.from(payload, 'base64url').toString()).account;
  };
  const user = await addUser(server.database, id);
  assert.equal(accountIn(await make({ account_id: two })), two);
  assert.equal(accountIn(await make({ account_ids: [two, one] })), two);
  assert.equal(accountIn(await make({ user_id: user })), '');
  assert.equal(accountIn(await make({})), null);
});

test('the audit trail says which accounts, or which user, a token names', async (t) => {
  const server = await startTestServer(t);
  const { one, two, id, firm, make } = await firmOf(server);
  const user = await addUser(server.database, id);
  await make({ account_ids: [one, two] });
  await make({ user_id: user });
  const { body } = await firm.get<{ entries: { action: string; details: object }[] }>('audit');
  const [ofUser, ofList] = body.entries.filter(({ action }) => action === 'embed_token.created');
  assert.partialDeepStrictEqual(ofList, { details: { account_ids: [one, two], user_id: null } });
  assert.partialDeepStrictEqual(ofUser, { details: { account_ids: null, user_id: user } });
});
