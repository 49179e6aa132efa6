import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import test from 'node:test';
import type { NewKeyAnswer } from '../../shared/answers/keys.ts';
import type { TradeDetails } from '../../shared/answers/trades.ts';
import { day, minute } from '../../shared/time.ts';
import { api } from '../support/api.ts';
import { serveBeside } from '../support/beside.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer, testNow } from '../support/server.ts';

const trade = {
  ...{ symbol: 'ES', direction: 'long', quantity: 1, entry_price: 5_000 },
  entry_time: testNow - minute,
};

async function startFirm(t: TestContext) {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database, 'enterprise');
  const account = await partner.newAccount();
  const body = { ...trade, account_id: account };
  const count = () =>
    server.database.handle.prepare<[], number>('select count(*) from trades').pluck().get();
  return { server, partner, account, body, count, ...api(server, partner.key) };
}

const withKey = (key: string) => ({ 'Idempotency-Key': key });

test('the same request again gets the same answer, and does nothing twice', async (t) => {
  const { post, body, count } = await startFirm(t);
  const first = await post<TradeDetails>('trades', body, withKey('order-1'));
  assert.deepEqual([first.status, first.headers.get('idempotent-replayed')], [201, null]);
  const again = await post<TradeDetails>('trades', body, withKey('order-1'));
  assert.deepEqual([again.status, again.text], [201, first.text]);
  assert.equal(again.headers.get('idempotent-replayed'), 'true');
  const quoted = await post('trades', body, withKey('"order-1"'));
  assert.equal(quoted.text, first.text);
  assert.equal(count(), 1);
  assert.equal((await post('trades', body, withKey('order-2'))).status, 201);
  assert.equal(count(), 2);
});

test('another body or query with the same key is a 422', async (t) => {
  const { post, body, count } = await startFirm(t);
  await post('trades', body, withKey('one'));
  for (const [path, sent] of [
    ['trades', { ...body, quantity: 2 }],
    ['trades', { ...body, quantity: -2 }],
    ['trades?upsert=true', body],
  ] as const) {
    const refused = await post(path, sent, withKey('one'));
    assert.deepEqual([refused.status, refused.body.code], [422, 'idempotency_key_reused']);
  }
  const invalid = await post('trades', { ...body, quantity: -2 }, withKey('two'));
  assert.deepEqual([invalid.status, invalid.body.code], [400, 'invalid_body']);
  assert.equal(count(), 1);
});

test('a key belongs to the credential, the method and the path', async (t) => {
  const { server, partner, post, body, count, account } = await startFirm(t);
  const other = api(server, await partner.newKey(['trades:write']));
  const foreign = await makePartner(server.database);
  const theirs = { ...body, account_id: await foreign.newAccount() };
  await post('trades', body, withKey('one'));
  assert.equal((await other.post('trades', body, withKey('one'))).status, 201);
  assert.equal((await api(server, foreign.key).post('trades', theirs, withKey('one'))).status, 201);
  assert.equal((await post(`accounts/${account}/close`, undefined, withKey('one'))).status, 200);
  assert.equal((await post('users', {}, withKey('one'))).status, 201);
  assert.equal(count(), 3);
});

test('what is refused is not stored: the mended request can have the same key', async (t) => {
  const { post, body } = await startFirm(t);
  assert.equal((await post('trades', { ...body, quantity: 0 }, withKey('one'))).status, 400);
  const unknown = { ...body, account_id: 'acc_00000000000000000000' };
  assert.equal((await post('trades', unknown, withKey('one'))).status, 404);
  assert.equal((await post('trades', body, withKey('one'))).status, 201);
});

test('a key is a quoted text or visible characters, and anything else a 400', async (t) => {
  const { post, body } = await startFirm(t);
  for (const key of ['8e03978e-40d5-43dd-bc93-6894a57f9324', '"a \\"b\\" c"', '~'.repeat(255)]) {
    assert.equal((await post('trades', body, withKey(key))).status, 201, key);
  }
  for (const key of ['', '"', '""', 'a b', 'a,b', 'a"b', 'x'.repeat(256), '"é"']) {
    const { status, body: answer } = await post('trades', body, withKey(key));
    assert.deepEqual([status, answer.details?.[0]?.path], [400, 'Idempotency-Key'], key);
  }
});

test('of requests at the same time one is done, and the others get its answer or a 409', async (t) => {
  const { post, body, count } = await startFirm(t);
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => post<TradeDetails>('trades', body, withKey('one'))),
  );
  const done = answers.filter(({ status }) => status === 201);
  assert.equal(new Set(done.map(({ body }) => body.id)).size, 1);
  for (const { status, headers } of answers) {
    assert.ok(status === 201 || (status === 409 && headers.get('retry-after') === '1'));
  }
  assert.equal(count(), 1);
});

test('another process gives the same answer', async (t) => {
  const { server, partner, post, body, count } = await startFirm(t);
  const first = await post('trades', body, withKey('one'));
  await using beside = await serveBeside(server);
  const again = await api(beside, partner.key).post('trades', body, withKey('one'));
  assert.deepEqual([again.status, again.text], [201, first.text]);
  const both = await Promise.all(
    [server, beside].map((one) =>
      api(one, partner.key).post<TradeDetails>('trades', body, withKey('two')),
    ),
  );
  assert.deepEqual(
    both.map(({ status }) => status),
    [201, 201],
  );
  assert.equal(both[0]!.body.id, both[1]!.body.id);
  assert.equal(count(), 2);
});

test('access is checked again before an answer is repeated', async (t) => {
  const { server, partner, body } = await startFirm(t);
  const key = await partner.newKey(['trades:write', 'accounts:list']);
  const own = api(server, key);
  assert.equal((await own.post('trades', body, withKey('one'))).status, 201);
  const owner = api(server, partner.key);
  const { keys } = (await owner.get<{ keys: { id: string; scopes: string[] }[] }>('keys')).body;
  const { id } = keys.find(({ scopes }) => scopes.length === 2)!;
  await owner.patch(`keys/${id}`, { scopes: ['accounts:list'] });
  const refused = await own.post('trades', body, withKey('one'));
  assert.deepEqual([refused.status, refused.body.code], [403, 'missing_scope']);
  await owner.delete(`keys/${id}`);
  assert.equal((await own.post('trades', body, withKey('one'))).status, 403);
});

test('an answer with a secret is stored encrypted, and not repeated to a caller with fewer rights', async (t) => {
  const { server, partner, post } = await startFirm(t);
  const made = await post<NewKeyAnswer>('keys', { scopes: ['stats:read'] }, withKey('one'));
  const again = await post<NewKeyAnswer>('keys', { scopes: ['stats:read'] }, withKey('one'));
  assert.equal(again.body.key, made.body.key);
  const stored = server.database.handle.prepare('select * from stored_answers').all();
  assert.equal(stored.length, 1);
  assert.ok(!JSON.stringify(stored).includes(made.body.key));
  const bytes = (stored[0] as { content: Buffer }).content;
  assert.ok(!bytes.toString('latin1').includes(made.body.key.slice(3, 20)));

  const maker = api(server, await partner.newKey(['stats:read', 'accounts:list']));
  const sent = { scopes: ['stats:read', 'accounts:list'] };
  const own = await maker.post<NewKeyAnswer>('keys', sent, withKey('two'));
  assert.equal(own.status, 201);
  const { keys } = await listKeys(server, partner.key);
  const { id } = keys.find(({ id, scopes }) => scopes.length === 2 && id !== own.body.id)!;
  await api(server, partner.key).patch(`keys/${id}`, { scopes: ['stats:read'] });
  const narrowed = await maker.post('keys', sent, withKey('two'));
  assert.deepEqual([narrowed.status, narrowed.body.code], [403, 'beyond_key']);
});

async function listKeys(server: { address: string }, key: string) {
  type Keys = { keys: { id: string; scopes: string[] }[] };
  return (await api(server, key).get<Keys>('keys')).body;
}

test('an answer is kept for 24 hours', async (t) => {
  const { server, post, body, count } = await startFirm(t);
  await post('trades', body, withKey('one'));
  server.clock.now += day - 1;
  await post('trades', body, withKey('one'));
  assert.equal(count(), 1);
  server.clock.now += 1;
  assert.equal((await post('trades', body, withKey('one'))).status, 201);
  assert.equal(count(), 2);
});

test('pages may send the header, and it is never read by routes of signing in', async (t) => {
  const { server } = await startFirm(t);
  const preflight = await fetch(`${server.address}/api/partner/trades`, { method: 'OPTIONS' });
  assert.match(preflight.headers.get('access-control-allow-headers')!, /Idempotency-Key/);
  const { post } = api(server, null);
  for (let time = 0; time < 2; time++) {
    const sent = { email: 'a@b.example' };
    const { status, headers } = await post('auth/magic-link', sent, withKey('one'));
    assert.deepEqual([status, headers.get('idempotent-replayed')], [200, null]);
  }
});
