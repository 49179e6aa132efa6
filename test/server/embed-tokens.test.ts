import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { TokenSigner } from '../../server/access/embed-token.ts';
import { routes } from '../../server/routes/index.ts';
import { defaultScopes } from '../../shared/access.ts';
import type { NewKeyAnswer } from '../../shared/answers/keys.ts';
import type { DashboardAnswer, EmbedTokenAnswer } from '../../shared/answers/partner.ts';
import type { WidgetAnswer } from '../../shared/answers/widgets.ts';
import { day, hour } from '../../shared/time.ts';
import { addressOf, api } from '../support/api.ts';
import { serveBeside } from '../support/beside.ts';
import { makePartner, type TestPartner, tradesOf } from '../support/partner.ts';
import { startTestServer, type TestServer, testNow } from '../support/server.ts';
import { signIn } from '../support/signed-in.ts';

/** Makes a token with a partner's key. */
async function tokenFor(
  server: { address: string },
  key: string,
  body: object = {},
): Promise<string> {
  const made = await api(server, key).post<EmbedTokenAnswer>('embed-tokens', body);
  assert.equal(made.status, 201, made.text);
  return made.body.token;
}

/** The status of a request with a token, followed by the code if it is refused. */
async function opened(server: { address: string }, token: string, path = 'stats-card') {
  const { status, body } = await api(server, token).get(`widgets/${path}`);
  return status === 200 ? 200 : `${status} ${body.code}`;
}

async function firm(server: TestServer): Promise<TestPartner & { account: string }> {
  const partner = await makePartner(server.database);
  const account = await partner.newAccount();
  await partner.addTrades(account, tradesOf([100, -40]));
  return { ...partner, account };
}

test('a key with the default scopes can make a token, which is valid for an hour by default', async (t) => {
  const server = await startTestServer(t);
  const partner = await firm(server);
  const key = await partner.newKey(defaultScopes);
  const made = await api(server, key).post<EmbedTokenAnswer>('embed-tokens');
  assert.equal(made.status, 201);
  const { token, ...rest } = made.body;
  assert.match(token, /^pte_[\w-]+\.[\w-]+$/);
  assert.deepEqual(rest, {
    ...{ expires_at: testNow + hour, widgets: null },
    ...{ account_id: null, account_ids: null, user_id: null },
  });
  assert.equal(await opened(server, token), 200);

  const wanted = { widgets: ['stats-card', 'leaderboard'], account_id: partner.account };
  const narrow = await api(server, key).post<EmbedTokenAnswer>('embed-tokens', {
    ...wanted,
    expires_in: 86_400,
  });
  const { widgets, account_id, expires_at } = narrow.body;
  assert.deepEqual({ widgets, account_id }, wanted);
  assert.equal(expires_at, testNow + 24 * hour);
});

test('a publishable key, a key without embed:read and a token can’t make tokens', async (t) => {
  const server = await startTestServer(t);
  const partner = await firm(server);
  const refusalOf = async (credential: string) => {
    const { status, body } = await api(server, credential).post('embed-tokens');
    return `${status} ${body.code}`;
  };
  assert.equal(await refusalOf(await partner.newKey(['embed:read'])), '403 publishable_key');
  assert.equal(
    await refusalOf(await partner.newKey(['stats:read', 'stats:aggregate'])),
    '403 missing_scope',
  );
  assert.equal(await refusalOf(await tokenFor(server, partner.key)), '403 outside_token');
});

test('the fields of a new token are validated, and all problems listed', async (t) => {
  const server = await startTestServer(t);
  const { key } = await firm(server);
  const { post } = api(server, key);
  for (const expires_in of [0, -1, 86_401, 1.5, '60', 'x', null, 1e300]) {
    const { status, body } = await post('embed-tokens', { expires_in });
    assert.equal(status, 400, String(expires_in));
    assert.ok(body.details?.every(({ path }) => path === 'expires_in'));
  }
  const { body } = await post('embed-tokens', {
    widgets: ['stats-card', 'pie-chart'],
    account_id: 7,
    key: 'x',
  });
  assert.deepEqual(
    body.details?.map(({ path }) => path),
    ['widgets.1', 'account_id', 'key'],
  );
  assert.equal((await post('embed-tokens', { widgets: [] })).status, 400);
});

test('the tokens of a starter partner are limited to its three widgets', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database, 'starter');
  const refused = await api(server, key).post('embed-tokens', { widgets: ['risk-metrics'] });
  assert.deepEqual([refused.status, refused.body.code], [403, 'tier_required']);
  const token = await tokenFor(server, key);
  assert.equal(await opened(server, token, 'equity-curve'), 200);
  assert.equal(await opened(server, token, 'risk-metrics'), '403 tier_required');
});

test('a token for another partner’s account gets the same 404 as one for a made-up account', async (t) => {
  const server = await startTestServer(t);
  const mine = await firm(server);
  const theirs = await firm(server);
  const { post } = api(server, mine.key);
  const ids = [theirs.account, 'acc_00000000000000000000', mine.id, ''];
  const answers = await Promise.all(
    ids.map(async (account_id) => {
      const { status, text } = await post('embed-tokens', { account_id });
      return { status, text };
    }),
  );
  for (const answer of answers) assert.deepEqual(answer, answers[0]);
  assert.equal(answers[0]!.status, 404);
});

test('a token opens the widgets it names and no other, as data and as a frame', async (t) => {
  const server = await startTestServer(t);
  const { key } = await firm(server);
  const token = await tokenFor(server, key, { widgets: ['stats-card', 'risk-metrics'] });
  assert.equal(await opened(server, token, 'risk-metrics'), 200);
  assert.equal(await opened(server, token, 'equity-curve'), '403 outside_token');
  assert.equal((await server.get(`/embed/partner/stats-card?token=${token}`)).status, 200);
  assert.equal(await opened(server, token, 'equity-curve?widget=stats-card'), '403 outside_token');
  const named = await api(server, token).get<WidgetAnswer>(
    'widgets/stats-card?widget=equity-curve',
  );
  assert.equal(named.body.widget, 'stats-card');
  const refused = await server.get(`/embed/partner/equity-curve?token=${token}`);
  assert.equal(refused.status, 403);
  assert.doesNotMatch(await refused.text(), /id="answer"/);
});

test('a token for an account opens that account, whether the request names it or not, and shows no other', async (t) => {
  const server = await startTestServer(t);
  const partner = await firm(server);
  const other = await partner.newAccount({ nickname: 'Somebody else' });
  await partner.addTrades(other, tradesOf([7]));
  const token = await tokenFor(server, partner.key, { account_id: partner.account });
  const own = `account_id=${partner.account}`;
  const shown = async (path: string) => {
    const { body } = await api(server, token).get<WidgetAnswer<'stats-card'>>(`widgets/${path}`);
    return body.data.account?.id;
  };
  assert.equal(await shown('stats-card'), partner.account);
  assert.equal(await shown(`stats-card?${own}`), partner.account);
  for (const query of [
    `account_id=${other}`,
    'account_id=acc_00000000000000000000',
    `${own}&account_id=${other}`,
    `account_id=${other}&${own}`,
  ])
    assert.equal(await opened(server, token, `stats-card?${query}`), '403 outside_token', query);
  const frame = await server.get(`/embed/partner/recent-trades?token=${token}`);
  assert.equal(frame.status, 200);
  assert.doesNotMatch(await frame.text(), /Somebody else/);

  assert.equal(await opened(server, token, 'leaderboard'), '403 outside_token');
  const ranked = { account_id: partner.account, widgets: ['leaderboard'] };
  const named = await tokenFor(server, partner.key, ranked);
  const board = await api(server, named).get<WidgetAnswer<'leaderboard'>>('widgets/leaderboard');
  assert.equal(board.body.data.own?.account_id, partner.account);
  assert.equal(await opened(server, await tokenFor(server, partner.key), 'leaderboard'), 200);
});

test('a token works until it expires and not after', async (t) => {
  const server = await startTestServer(t);
  const { key } = await firm(server);
  const token = await tokenFor(server, key, { expires_in: 60 });
  server.clock.now += 59_999;
  assert.equal(await opened(server, token), 200);
  server.clock.now += 1;
  assert.equal(await opened(server, token), '403 invalid_token');
});

const endings: Record<string, (firm: TestPartner, server: TestServer, id: string) => unknown> = {
  'its key is revoked': ({ key }, server, id) => api(server, key).delete(`keys/${id}`),
  'its key is rolled without an overlap': ({ key }, server, id) =>
    api(server, key).post(`keys/${id}/roll`, { overlap_seconds: 0 }),
  'its key expires': async ({ key }, server, id) => {
    await api(server, key).patch(`keys/${id}`, { expires_at: testNow + 5_000 });
    server.clock.now += 5_000;
  },
  'its partner is made inactive': ({ set }) => set({ is_active: 0 }),
  'the partner revokes its tokens': ({ key }, server) => api(server, key).delete('embed-tokens'),
};

for (const [ending, end] of Object.entries(endings)) {
  test(`a token is refused from the next request on after ${ending}`, async (t) => {
    const server = await startTestServer(t);
    const partner = await firm(server);
    const { key, id } = (await api(server, partner.key).post<NewKeyAnswer>('keys')).body;
    const token = await tokenFor(server, key);
    assert.equal(await opened(server, token), 200);
    await end(partner, server, id);
    assert.equal(await opened(server, token), '403 invalid_token');
    assert.equal((await server.get(`/embed/partner/stats-card?token=${token}`)).status, 403);
  });
}

test('a token stays valid when another key is revoked', async (t) => {
  const server = await startTestServer(t);
  const partner = await firm(server);
  const { key, id } = (await api(server, partner.key).post<NewKeyAnswer>('keys')).body;
  const dying = await tokenFor(server, key);
  const other = await tokenFor(server, partner.key);
  await api(server, partner.key).delete(`keys/${id}`);
  assert.equal(await opened(server, dying), '403 invalid_token');
  assert.equal(await opened(server, other), 200);
});

test('a token is refused while its key lacks embed:read', async (t) => {
  const server = await startTestServer(t);
  const partner = await firm(server);
  const { key, id } = (await api(server, partner.key).post<NewKeyAnswer>('keys')).body;
  const token = await tokenFor(server, key);
  await api(server, partner.key).patch(`keys/${id}`, { scopes: ['stats:read'] });
  assert.equal(await opened(server, token), '403 missing_scope');
});

test('revoking tokens affects neither later tokens nor those of other partners', async (t) => {
  const server = await startTestServer(t);
  const one = await firm(server);
  const other = await firm(server);
  const foreign = await tokenFor(server, other.key);
  const { status, body } = await api(server, one.key).delete<object>('embed-tokens');
  assert.deepEqual([status, body], [200, { success: true }]);
  assert.equal(await opened(server, foreign), 200);
  assert.equal(await opened(server, await tokenFor(server, one.key)), 200);
});

test('a token is valid in every process, and once revoked it is refused in every process', async (t) => {
  const server = await startTestServer(t);
  const partner = await firm(server);
  await using other = await serveBeside(server);
  const { key, id } = (await api(server, partner.key).post<NewKeyAnswer>('keys')).body;
  const everywhere = async (token: string) => [
    await opened(server, token),
    await opened(other, token),
  ];
  const dead = ['403 invalid_token', '403 invalid_token'];
  const first = await tokenFor(server, key);
  assert.deepEqual(await everywhere(first), [200, 200]);
  await api(other, partner.key).delete('embed-tokens');
  assert.deepEqual(await everywhere(first), dead);
  const second = await tokenFor(other, key);
  assert.deepEqual(await everywhere(second), [200, 200]);
  await api(other, partner.key).delete(`keys/${id}`);
  assert.deepEqual(await everywhere(second), dead);
});

test('a token with a character changed, cut off or added is refused like a made-up one', async (t) => {
  const server = await startTestServer(t);
  const { key } = await firm(server);
  const token = await tokenFor(server, key, { widgets: ['stats-card'] });
  const refusal = await api(server, 'pte_x.y').get('widgets/stats-card');
  assert.deepEqual([refusal.status, refusal.body.code], [403, 'invalid_token']);
  const refused = async (forged: string) => {
    server.clock.now += 1_000;
    const { status, text } = await api(server, forged).get('widgets/stats-card');
    assert.deepEqual({ status, text }, { status: 403, text: refusal.text }, forged);
  };

  const start = 'pte_'.length;
  const dot = token.indexOf('.');
  const part = (from: number, to: number) => fc.integer({ min: from, max: to - 1 });
  const anywhere = fc.oneof(
    part(start, dot),
    fc.constantFrom(dot - 1, dot, dot + 1, token.length - 1),
    part(dot + 1, token.length),
  );
  const base64url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const character = fc.constantFrom(...base64url, '.', '=', '+', '/', '~', '%');
  await fc.assert(
    fc.asyncProperty(anywhere, character, async (at, put) => {
      fc.pre(token[at] !== put);
      await refused(token.slice(0, at) + put + token.slice(at + 1));
    }),
    { numRuns: 200, seed: 4 },
  );
  // Base64 leaves some last bits open, so every other last character is tried.
  for (const last of base64url) if (last !== token.at(-1)) await refused(token.slice(0, -1) + last);
  for (const forged of [
    token.slice(0, -1),
    token.slice(0, dot),
    token.slice(0, dot + 1),
    `${token}A`,
    `${token}=`,
    `${token}.`,
    `${token}.${token.slice(dot + 1)}`,
    `pte_${token}`,
    `pte_.${token.slice(dot + 1)}`,
    'pte_',
    `pte_${'A'.repeat(8_000)}`,
  ])
    await refused(forged);
  assert.equal(await opened(server, token), 200);
});

test('a token signed with another secret is refused, whatever it says', async (t) => {
  const server = await startTestServer(t);
  const partner = await firm(server);
  const token = await tokenFor(server, partner.key);
  const payload = token.slice('pte_'.length).split('.')[0]!;
  const said = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const forged = new TokenSigner('a secret of somebody else, long enough as well').sign(said);
  assert.equal(forged.split('.')[0], token.split('.')[0]);
  assert.equal(await opened(server, forged), '403 invalid_token');
});

test('a token is valid for the routes of widgets and for no others', async (t) => {
  const server = await startTestServer(t);
  const partner = await firm(server);
  const token = await tokenFor(server, partner.key);
  for (const route of routes) {
    if (route.kind === 'open') continue;
    const path = { id: 'key_0', email: partner.email, widget: 'stats-card' };
    const address = addressOf(route, path);
    const hasBody = route.method !== 'GET' && route.method !== 'DELETE';
    const { status } = await api(server, token).send(
      route.method,
      `${address}?account_id=${partner.account}&key_id=key_0`,
      hasBody ? {} : undefined,
    );
    const isWidget = 'reachedBy' in route && route.reachedBy !== undefined;
    assert.equal(status, isWidget ? 200 : 403, `${route.method} ${route.path}`);
    if (isWidget) {
      assert.equal((await server.get(`${address}?token=${token}`)).status, 200, route.path);
    } else {
      const inAddress = await fetch(`${server.address}${address}?token=${token}`, {
        method: route.method,
      });
      assert.equal(inAddress.status, 401, `${route.method} ${route.path}`);
    }
    server.clock.now += 1_000;
  }
  const session = await api(server, null).post('auth/session', { api_key: token });
  assert.equal(session.status, 403);
});

test('all tokens of a partner count against one quota, and never against that of a key', async (t) => {
  const server = await startTestServer(t);
  const partner = await firm(server);
  const { key, id } = (await api(server, partner.key).post<NewKeyAnswer>('keys')).body;
  const ofKey = await tokenFor(server, key);
  const ofOther = await tokenFor(server, partner.key);
  const cookie = await signIn(server, partner);
  const bySession = (await api(server, cookie).post<EmbedTokenAnswer>('embed-tokens')).body.token;
  const left = async (credential: string) =>
    (await api(server, credential).get('widgets/stats-card')).headers.get('x-ratelimit-remaining');
  assert.equal(await left(ofKey), '9999');
  assert.equal(await left(ofOther), '9998');
  assert.equal(await left(bySession), '9997');
  assert.equal(await left(key), '9998');
  const { body } = await api(server, partner.key).get<DashboardAnswer>('dashboard');
  assert.equal(body.keys.find((listed) => listed.id === id)!.requests_today, 2);
  assert.deepEqual(body.tokens, { rate_limit_daily: 10_000, requests_today: 3 });
});

test('the tokens for an account can spend at most a tenth of the tokens’ quota, and their headers show that tenth alone', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database, 'starter');
  const [account, other] = [await partner.newAccount(), await partner.newAccount()];
  const free = await tokenFor(server, partner.key);
  const mine = await tokenFor(server, partner.key, { account_id: account });
  const again = await tokenFor(server, partner.key, { account_id: account, expires_in: 60 });
  const theirs = await tokenFor(server, partner.key, { account_id: other });
  const ask = (token: string) => api(server, token).get('widgets/stats-card');
  const limitsOf = async (token: string) => {
    const { status, headers } = await ask(token);
    const header = (name: string) => headers.get(`x-ratelimit-${name}`);
    return [status, header('limit'), header('remaining')];
  };
  assert.deepEqual(await limitsOf(free), [200, '1000', '999']);
  assert.deepEqual(await limitsOf(mine), [200, '100', '99']);
  // The tenth is for all tokens of the account, also when they are used at once.
  const statuses = await Promise.all(
    Array.from({ length: 120 }, async (_, turn) => (await ask(turn % 2 ? mine : again)).status),
  );
  assert.equal(statuses.filter((status) => status === 200).length, 99);
  const refused = await ask(again);
  assert.deepEqual([refused.status, refused.body.code], [429, 'daily_limit_reached']);
  assert.deepEqual(await limitsOf(mine), [429, '100', '0']);
  assert.deepEqual(await limitsOf(theirs), [200, '100', '99']);
  assert.deepEqual(await limitsOf(free), [200, '1000', '897']);
  const back = await api(server, partner.key).get('stats');
  assert.equal(back.headers.get('x-ratelimit-remaining'), '995');
  server.clock.now += day;
  const fresh = await tokenFor(server, partner.key, { account_id: account });
  assert.deepEqual(await limitsOf(fresh), [200, '100', '99']);
});

test('each token has a burst limit of its own', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const [one, other] = [
    await tokenFor(server, partner.key),
    await tokenFor(server, partner.key, { expires_in: 60 }),
  ];
  const ask = (token: string) => opened(server, token);
  for (let asked = 0; asked < 2_000; asked += 20) {
    await Promise.all(Array.from({ length: 20 }, () => ask(one)));
  }
  assert.equal(await ask(one), '429 too_many_requests');
  assert.equal(await ask(other), 200);
  assert.equal((await api(server, partner.key).get('stats')).status, 200);
});

test('tokens of a signed-in person count only against the quota of that person’s partner', async (t) => {
  const server = await startTestServer(t);
  const tokenOf = async (tier: 'starter' | 'growth') => {
    const cookie = await signIn(server, await makePartner(server.database, tier));
    return (await api(server, cookie).post<EmbedTokenAnswer>('embed-tokens')).body.token;
  };
  const [one, other] = [await tokenOf('starter'), await tokenOf('growth')];
  const left = async (token: string) =>
    (await api(server, token).get('widgets/stats-card')).headers.get('x-ratelimit-remaining');
  assert.equal(await left(one), '999');
  assert.equal(await left(other), '9999');
  assert.equal(await left(one), '998');
});

test('a token is neither in the database nor in the log, and the audit trail says who made it', async (t) => {
  const server = await startTestServer(t);
  const partner = await firm(server);
  const token = await tokenFor(server, partner.key, { account_id: partner.account });
  await server.get(`/embed/partner/stats-card?token=${token}`);
  await server.tick();
  const { handle } = server.database;
  const tables = handle
    .prepare<[], string>("select name from sqlite_master where type = 'table'")
    .pluck()
    .all();
  const kept = JSON.stringify([
    tables.map((table) => handle.prepare(`select * from "${table}"`).all()),
    server.log,
  ]);
  assert.ok(kept.includes(partner.account));
  const [payload, signature] = token.slice('pte_'.length).split('.');
  for (const secret of [token, payload!, signature!]) assert.ok(!kept.includes(secret));
  const { body } = await api(server, partner.key).get<{
    entries: { action: string; actor: object; details: object }[];
  }>('audit');
  const entry = body.entries.find(({ action }) => action === 'embed_token.created')!;
  assert.partialDeepStrictEqual(entry, {
    actor: { type: 'key', name: 'Test' },
    details: { widgets: null, account_id: partner.account, expires_at: testNow + hour },
  });
});

test('each problem of a body is listed once', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  const { body } = await api(server, key).post('embed-tokens', { expires_in: 1e300 });
  assert.equal(body.details?.length, 1);
});

test('what can be read in a token is refused as a key', async (t) => {
  const server = await startTestServer(t);
  const partner = await firm(server);
  const ofKey = await tokenFor(server, partner.key);
  const cookie = await signIn(server, partner);
  const bySession = await api(server, cookie).post<EmbedTokenAnswer>('embed-tokens', {});
  for (const token of [ofKey, bySession.body.token]) {
    // Twice, so that the server has the token's origin in its cache.
    assert.equal(await opened(server, token), 200);
    assert.equal(await opened(server, token), 200);
    const [payload = ''] = token.slice('pte_'.length).split('.');
    const said = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, string>;
    for (const guess of [
      `${said.partner} ${said.key}`,
      `${said.partner}`,
      `${said.key}`,
      payload,
      'undefined',
      'null',
    ]) {
      for (const path of ['stats', 'keys', 'dashboard', 'widgets/stats-card']) {
        assert.equal((await api(server, guess).get(path)).status, 403, `${guess} ${path}`);
        const query = new URLSearchParams({ api_key: guess, token: '' });
        const status = (await api(server, null).get(`${path}?${query}`)).status;
        assert.ok(status === 403 || status === 401, `${guess} ${path}`);
      }
      server.clock.now += 10_000;
    }
  }
});
