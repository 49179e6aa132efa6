import assert from 'node:assert/strict';
import test from 'node:test';
import { operator } from '../../server/store/audit.ts';
import { digestOf } from '../../server/store/ids.ts';
import { revokeKey } from '../../server/store/keys.ts';
import type { ErrorAnswer } from '../../shared/answers/error.ts';
import { widgetNames } from '../../shared/widgets.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer, testNow } from '../support/server.ts';

const stats = '/api/partner/stats';

test('a key is read from the X-API-Key header, else from a bearer token, else from the query', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  const bad = `pt_${'0'.repeat(56)}`;
  const status = async (path: string, headers: Record<string, string>) =>
    (await server.get(path, headers)).status;

  assert.equal(await status(stats, { 'X-API-Key': key }), 200);
  assert.equal(await status(stats, { Authorization: `Bearer ${key}` }), 200);
  assert.equal(await status(`${stats}?api_key=${key}`, {}), 200);
  assert.equal(await status(`${stats}?api_key=${key}`, { 'X-API-Key': bad }), 403);
  assert.equal(await status(stats, { 'X-API-Key': key, Authorization: `Bearer ${bad}` }), 200);
  assert.equal(await status(`${stats}?api_key=${key}`, { Authorization: `Bearer ${bad}` }), 403);
});

test('a request without a key gets a 401; unknown, revoked, expired and inactive keys get identical 403s', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const inactive = await makePartner(server.database);
  await inactive.set({ is_active: 0 });
  const revoked = await partner.newKey(['stats:aggregate']);
  const row = await server.database.read
    .selectFrom('keys')
    .selectAll()
    .where('digest', '=', digestOf(revoked))
    .executeTakeFirstOrThrow();
  await revokeKey(server.database.write, row, operator, testNow);
  const expired = await partner.newKey(['stats:aggregate'], testNow);

  const missing = await server.get(stats);
  assert.equal(missing.status, 401);
  assert.equal(((await missing.json()) as ErrorAnswer).code, 'missing_key');

  const unknown = `${partner.key.slice(0, -9)}${'0'.repeat(9)}`;
  const answers = await Promise.all(
    [unknown, revoked, expired, inactive.key, 'pt_', '💥', 'x'.repeat(5_000)].map(async (key) => {
      const response = await server.get(`${stats}?api_key=${encodeURIComponent(key)}`);
      const headers = Object.fromEntries(response.headers);
      delete headers['x-request-id'];
      delete headers.date;
      return { status: response.status, headers, body: await response.text() };
    }),
  );
  for (const answer of answers) assert.deepEqual(answer, answers[0]);
  assert.equal(answers[0]?.status, 403);
});

test('a change of a partner’s tier or is_active takes effect at the next request', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database, 'growth');
  const ask = async (path: string) => (await server.get(path, { 'X-API-Key': partner.key })).status;
  const risk = '/api/partner/widgets/risk-metrics';

  assert.equal(await ask(risk), 200);
  await partner.set({ tier: 'starter' });
  assert.equal(await ask(risk), 403);
  assert.equal(await ask(stats), 200);
  await partner.set({ is_active: 0 });
  assert.equal(await ask(stats), 403);
  await partner.set({ is_active: 1 });
  assert.equal(await ask(stats), 200);
});

test('a key works until it expires and not after', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const key = await partner.newKey(['stats:aggregate'], testNow + 1_000);
  assert.equal((await server.get(stats, { 'X-API-Key': key })).status, 200);
  server.clock.now = testNow + 1_000;
  assert.equal((await server.get(stats, { 'X-API-Key': key })).status, 403);
});

test('each route requires its scope, and its refusal names it', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const account = await partner.newAccount();
  const wanted = {
    [stats]: 'stats:aggregate',
    [`${stats}?account_id=${account}`]: 'stats:read',
    '/api/partner/accounts': 'accounts:list',
    [`/api/partner/trades?account_id=${account}`]: 'stats:read',
  } as const;
  for (const [path, scope] of Object.entries(wanted)) {
    const others = ['embed:read', 'stats:read', 'stats:aggregate', 'accounts:list'] as const;
    const without = await partner.newKey(others.filter((other) => other !== scope));
    const withOnly = await partner.newKey([scope]);
    const refused = await server.get(path, { 'X-API-Key': without });
    assert.equal(refused.status, 403, path);
    assert.deepEqual(await refused.json(), {
      error: `Missing required scope: ${scope}`,
      code: 'missing_scope',
    });
    assert.equal((await server.get(path, { 'X-API-Key': withOnly })).status, 200, path);
    await server.database.write.updateTable('keys').set({ revoked_at: 1 }).execute();
    await server.database.write
      .updateTable('keys')
      .set({ revoked_at: null })
      .where('digest', '=', digestOf(partner.key))
      .execute();
  }
});

test('a widget’s data requires embed:read or the scope of its figures; a frame requires embed:read', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const account = await partner.newAccount();
  const own = `?account_id=${account}`;
  const opening = async (path: string) => {
    const opened: string[] = [];
    for (const scope of ['embed:read', 'stats:read', 'stats:aggregate', 'accounts:list'] as const) {
      const key = await partner.newKey([scope]);
      const response = await server.get(path, { 'X-API-Key': key });
      if (response.status === 200) opened.push(scope);
      else assert.equal(response.status, 403, `${path} with ${scope}`);
      await server.database.write
        .updateTable('keys')
        .set({ revoked_at: 1 })
        .where('digest', '=', digestOf(key))
        .execute();
    }
    return opened;
  };
  const data = '/api/partner/widgets';
  assert.deepEqual(await opening(`${data}/stats-card${own}`), ['embed:read', 'stats:read']);
  assert.deepEqual(await opening(`${data}/recent-trades${own}`), ['embed:read', 'stats:read']);
  assert.deepEqual(await opening(`${data}/stats-card`), ['embed:read', 'stats:aggregate']);
  for (const query of ['', own]) {
    const path = `${data}/leaderboard${query}`;
    assert.deepEqual(await opening(path), ['embed:read', 'stats:aggregate'], query);
  }
  assert.deepEqual(await opening(`/embed/partner/stats-card${own}`), ['embed:read']);
  const key = await partner.newKey(['accounts:list']);
  const refused = await server.get(`${data}/stats-card${own}`, { 'X-API-Key': key });
  assert.deepEqual(await refused.json(), {
    error: 'Missing required scope: embed:read or stats:read',
    code: 'missing_scope',
  });
  // An account id that is empty or given twice is a 404, not the data of all accounts.
  const reader = await partner.newKey(['stats:read']);
  for (const query of ['account_id=', 'account_id', `account_id=&account_id=${account}`]) {
    const { status } = await server.get(`${data}/stats-card?${query}`, { 'X-API-Key': reader });
    assert.equal(status, 404, query);
  }
});

test('a starter partner may use three widgets and is refused the others for its tier; a growth partner may use all', async (t) => {
  const server = await startTestServer(t);
  const starter = await makePartner(server.database, 'starter');
  const growth = await makePartner(server.database, 'growth');
  const ask = (name: string, { key }: { key: string }) =>
    server.get(`/api/partner/widgets/${name}`, { 'X-API-Key': key });
  const opened: string[] = [];
  for (const name of widgetNames) {
    assert.equal((await ask(name, growth)).status, 200, name);
    const response = await ask(name, starter);
    if (response.status === 200) opened.push(name);
    else assert.equal(((await response.json()) as ErrorAnswer).code, 'tier_required', name);
  }
  assert.deepEqual(opened, ['stats-card', 'performance-summary', 'equity-curve']);
});

test('the query can’t override a parameter of the path', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database, 'starter');
  const ask = async (path: string) => {
    const response = await server.get(path, { 'X-API-Key': key });
    return { status: response.status, text: await response.text() };
  };
  const plain = await ask('/api/partner/widgets/stats-card');
  assert.deepEqual(await ask('/api/partner/widgets/stats-card?widget=risk-metrics'), plain);
  assert.match((await ask('/embed/partner/stats-card?widget=leaderboard')).text, /<pt-stats-card/);
});

test('the id of another partner’s account gets the same 404 as a made-up one', async (t) => {
  const server = await startTestServer(t);
  const mine = await makePartner(server.database);
  const theirs = await makePartner(server.database);
  const foreign = await theirs.newAccount();
  const answers = await Promise.all(
    [
      'stats?account_id=',
      'trades?account_id=',
      ...widgetNames.map((name) => `widgets/${name}?account_id=`),
    ].flatMap((path) =>
      [foreign, 'acc_00000000000000000000', theirs.id, "' or 1=1 --"].map(async (id) => {
        const response = await server.get(`/api/partner/${path}${encodeURIComponent(id)}`, {
          'X-API-Key': mine.key,
        });
        return { status: response.status, body: await response.text() };
      }),
    ),
  );
  for (const answer of answers) assert.deepEqual(answer, answers[0]);
  assert.equal(answers[0]?.status, 404);
});

test('an ETag of one partner never matches another’s', async (t) => {
  const server = await startTestServer(t);
  const one = await makePartner(server.database);
  const other = await makePartner(server.database);
  const first = await server.get(stats, { 'X-API-Key': one.key });
  const etag = first.headers.get('etag')!;
  const ask = (key: string) => server.get(stats, { 'X-API-Key': key, 'If-None-Match': etag });
  assert.equal((await ask(one.key)).status, 304);
  assert.equal((await ask(other.key)).status, 200);
});

test('a key is neither in the database nor in the log', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  await server.get(`${stats}?api_key=${key}`);
  await server.database.write.schema.dropTable('partner_days').execute();
  assert.equal((await server.get(`${stats}?api_key=${key}`)).status, 200);
  assert.equal((await server.get(`${stats}?period=7d&api_key=${key}`)).status, 500);
  assert.ok(server.log.length > 0);
  assert.ok(!JSON.stringify(server.log).includes(key.slice(12)));
  const keys = await server.database.read.selectFrom('keys').selectAll().execute();
  assert.ok(!JSON.stringify(keys).includes(key.slice(12)));
});
