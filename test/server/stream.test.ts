import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import test, { type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ErrorAnswer } from '../../shared/answers/error.ts';
import { minute, second } from '../../shared/time.ts';
import { api } from '../support/api.ts';
import { closed } from '../support/closed.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer } from '../support/server.ts';
import { type Follower, follow } from '../support/stream.ts';

const digest = (id: string) => createHash('sha256').update(id).digest('hex');

/** Longer than any change is on its way to a stream. */
const settling = 250;

async function start(t: TestContext) {
  const server = await startTestServer(t);
  const firm = await makePartner(server.database, 'enterprise');
  const publishable = await firm.newKey(['embed:read']);
  const own = api(server, firm.key);
  const account = await firm.newAccount();
  const other = await firm.newAccount();
  /** Until what was written is told, and changes are not gathered any more. */
  const pass = async () => {
    await sleep(settling);
    server.clock.now += second;
  };
  const trade = (to: string) =>
    own.post('trades', {
      account_id: to,
      ...{ symbol: 'ES', direction: 'long', quantity: 1, entry_price: 5_000, exit_price: 5_001 },
      ...{ entry_time: server.clock.now - minute, exit_time: server.clock.now, pnl: 50 },
    });
  const tokenFor = async (body: object) =>
    (await own.post<{ token: string }>('embed-tokens', body)).body.token;
  const open = async (query = `api_key=${publishable}`, headers?: Record<string, string>) => {
    const follower = await follow(server, query, headers);
    t.after(follower.close);
    await follower.opened;
    return follower;
  };
  return { server, firm, publishable, own, account, other, pass, trade, tokenFor, open };
}

/** The accounts of the messages that a stream has told so far. */
const accountsOf = ({ messages }: Follower) => messages.map(({ account }) => account);

test('a message names the account that has a new revision: by its digest for a key, by its id for a token that names it', async (t) => {
  const { account, other, trade, tokenFor, open, pass } = await start(t);
  const byKey = await open();
  const byToken = await open(`token=${await tokenFor({ account_ids: [account] })}`);
  assert.equal(byKey.response.headers.get('content-type'), 'text/event-stream; charset=utf-8');
  assert.equal((await trade(other)).status, 201);
  await byKey.heard(1);
  await pass();
  await trade(account);
  const [, { id, ...message }] = (await byKey.heard(2)) as [unknown, (typeof byKey.messages)[0]];
  await byToken.heard(1);
  assert.deepEqual(accountsOf(byKey), [digest(other), digest(account)]);
  // Of the other one it hears nothing.
  assert.deepEqual(accountsOf(byToken), [account]);
  assert.match(id!, /^\d+-\d+-[0-9a-f]{8}$/);
  assert.deepEqual(
    { ...message, account: '', revision: 0 },
    {
      ...{ account: '', revision: 0, observed: false, within: 20 },
    },
  );
});

test('a token for a user hears of the accounts that are the user’s at that moment', async (t) => {
  const { own, account, other, trade, tokenFor, open, pass } = await start(t);
  const { id } = (await own.post<{ id: string }>('users', { name: 'Ann' })).body;
  await own.patch(`accounts/${account}`, { user_id: id });
  const follower = await open(`token=${await tokenFor({ user_id: id })}`);
  await trade(other);
  await pass();
  await trade(account);
  assert.deepEqual((await follower.heard(1))[0]!.account, account);
  await pass();
  await own.patch(`accounts/${other}`, { user_id: id });
  assert.deepEqual((await follower.heard(2))[1]!.account, other);
  // What is taken away, moved or erased, is told once more.
  await pass();
  await own.patch(`accounts/${other}`, { user_id: null });
  await pass();
  await trade(other);
  await pass();
  await own.delete(`accounts/${account}`);
  await follower.heard(4);
  assert.deepEqual(accountsOf(follower), [account, other, other, account]);
});

test('an observation is told as such, settings and the next day as a change of anything', async (t) => {
  const { server, own, account, open, pass } = await start(t);
  const follower = await open();
  const observation = { account_id: account, time: server.clock.now, balance: 100, equity: 101 };
  await own.post('observations', { observations: [observation] });
  const [observed] = await follower.heard(1);
  assert.deepEqual([observed!.account, observed!.observed], [digest(account), true]);
  await pass();
  assert.equal((await own.put('branding', { company_name: 'Summit' })).status, 200);
  const [, settings] = await follower.heard(2);
  assert.deepEqual([settings!.account, settings!.observed], [null, false]);
  server.clock.now += 24 * 60 * minute;
  const [, , day] = await follower.heard(3);
  assert.equal(day!.account, null);
});

test('a token that opens a leaderboard hears that something has changed, not of which account', async (t) => {
  const { account, other, trade, tokenFor, open } = await start(t);
  const body = { account_ids: [account], widgets: ['leaderboard'] };
  const follower = await open(`token=${await tokenFor(body)}`);
  await trade(other);
  await follower.heard(1);
  assert.deepEqual(accountsOf(follower), [null]);
});

test('who comes back on another day hears that anything may be different', async (t) => {
  const { server, account, trade, open } = await start(t);
  const first = await open();
  await trade(account);
  const [{ id }] = (await first.heard(1)) as [(typeof first.messages)[0]];
  first.close();
  server.clock.now += 24 * 60 * minute;
  const second = await open(undefined, { 'Last-Event-ID': id! });
  await second.heard(1);
  assert.deepEqual(accountsOf(second), [null]);
});

test('a stream ends when its client ends its side', async (t) => {
  const { server, publishable } = await start(t);
  const socket = connect(Number(new URL(server.address).port), '127.0.0.1');
  t.after(() => socket.destroy());
  const closing = closed(socket.resume());
  socket.write(`GET /api/partner/stream?api_key=${publishable} HTTP/1.1\r\nHost: x\r\n\r\n`);
  await sleep(settling);
  socket.end();
  await closing;
});

test('an account that changes again and again is told as itself, never as anything', async (t) => {
  const { server, account, trade, open } = await start(t);
  const follower = await open();
  const passing = setInterval(() => {
    server.clock.now += second;
  }, 5);
  t.after(() => clearInterval(passing));
  for (let count = 0; count < 300; count++) assert.equal((await trade(account)).status, 201);
  await sleep(settling);
  assert.ok(follower.messages.length > 5, `${follower.messages.length}`);
  assert.deepEqual(new Set(accountsOf(follower)), new Set([digest(account)]));
});

test('what changes many accounts at once is one message', async (t) => {
  const { own, open, other, tokenFor } = await start(t);
  const byKey = await open();
  const byToken = await open(`token=${await tokenFor({ account_ids: [other] })}`);
  const { id } = (await own.post<{ id: string }>('users', { name: 'Ann' })).body;
  await byKey.heard(1);
  const batch = Array.from({ length: 40 }, () =>
    own.post('accounts', { nickname: 'A', user_id: id }),
  );
  await Promise.all(batch);
  await sleep(settling);
  assert.ok(byKey.messages.length < 40, `${byKey.messages.length}`);
  assert.ok(accountsOf(byKey).includes(null));
  assert.deepEqual(byToken.messages, []);
});

test('a stream goes on after the message that its client names, and from anything else with what is new', async (t) => {
  const { account, other, trade, open, pass } = await start(t);
  const first = await open();
  await trade(account);
  const [{ id }] = (await first.heard(1)) as [(typeof first.messages)[0]];
  first.close();
  await pass();
  await trade(other);
  for (const follower of [
    await open(undefined, { 'Last-Event-ID': id! }),
    await open(`last_event_id=${id}&api_key=${first.response.url.split('api_key=')[1]}`),
  ]) {
    assert.deepEqual(
      (await follower.heard(1)).map((message) => message.account),
      [digest(other)],
    );
  }
  const unknown = await open(undefined, { 'Last-Event-ID': 'x'.repeat(100) });
  const beyond = await open(undefined, { 'Last-Event-ID': id!.replace(/^\d+/, '999999999') });
  // An id of a database that was restored since.
  assert.equal((await beyond.heard(1))[0]!.account, null);
  await sleep(settling);
  assert.deepEqual(unknown.messages, []);
});

test('each quarter of an hour that a stream is open costs a request', async (t) => {
  const { server, publishable, open } = await start(t);
  const remaining = async () =>
    Number(
      (await server.get(`/api/partner/widgets/stats-card?api_key=${publishable}`)).headers.get(
        'x-ratelimit-remaining',
      ),
    );
  const before = await remaining();
  const follower = await open();
  assert.equal(Number(follower.response.headers.get('x-ratelimit-remaining')), before - 1);
  const comments = async (count: number) => {
    while (follower.comments < count) await sleep(5);
  };
  for (let count = 1; count <= 45; count++) {
    server.clock.now += 20 * second;
    await comments(count);
  }
  // The 45th comment came after a quarter of an hour.
  assert.equal(await remaining(), before - 3);
  await server.tick();
  const usage = await server.database.read
    .selectFrom('usage_days')
    .where('endpoint', '=', '/api/partner/stream')
    .select(['requests', 'admitted'])
    .execute();
  assert.deepEqual(usage, [{ requests: 2, admitted: 2 }]);
});

test('after each message 30 questions that name the stream are not counted, from the same credential alone', async (t) => {
  const { server, firm, publishable, account, trade, open, pass } = await start(t);
  const ask = async (stream: string, key = publishable) =>
    (
      await server.get(`/api/partner/widgets/stats-card?api_key=${key}&stream=${stream}`)
    ).headers.get('x-ratelimit-remaining');
  const follower = await open();
  const stream = await follower.opened;
  const spend = async (count: number) => {
    for (let asked = 0; asked < count; asked++) assert.equal(await ask(stream), null);
  };
  assert.notEqual(await ask(stream), null);
  await trade(account);
  const [{ id }] = (await follower.heard(1)) as [(typeof follower.messages)[0]];
  const other = await firm.newKey(['embed:read']);
  assert.notEqual(await ask(stream, other), null);
  assert.notEqual(await ask('str_0'), null);
  await spend(30);
  assert.notEqual(await ask(stream), null);
  await pass();
  await trade(account);
  await follower.heard(2);
  assert.equal(await ask(stream), null);
  follower.close();
  await sleep(settling);
  assert.notEqual(await ask(stream), null);
  // What is told again lets nothing through: who comes back again and again would never be counted.
  const again = await open(undefined, { 'Last-Event-ID': id! });
  await again.heard(1);
  assert.notEqual(await ask(await again.opened), null);
});

test('who is revoked, or downgraded, hears nothing more, and the stream is closed', async (t) => {
  const { server, firm, own, account, trade, tokenFor, open, pass } = await start(t);
  const made = (await own.post<{ id: string; key: string }>('keys', { scopes: ['embed:read'] }))
    .body;
  const byKey = await open(`api_key=${made.key}`);
  const token = await tokenFor({ account_ids: [account], expires_in: 60 });
  const byToken = await open(`token=${token}`);
  assert.equal((await own.delete(`keys?key_id=${made.id}`)).status, 200);
  await trade(account);
  await byKey.closed;
  await byToken.heard(1);
  assert.deepEqual(byKey.messages, []);
  server.clock.now += 2 * minute;
  // At the comment that is due.
  await byToken.closed;
  const limited = await open();
  await pass();
  await firm.set({ is_active: 0 });
  await limited.closed;
  assert.deepEqual(limited.messages, []);
});

test('a stream is for pages of allowed origins, and ends once they are allowed no more', async (t) => {
  const { server, firm, publishable, account, trade, open } = await start(t);
  const origin = 'https://firm.example';
  await firm.set({ allowed_origins: origin });
  const refused = await follow(server, `api_key=${publishable}`, { Origin: 'https://x.example' });
  assert.equal(refused.response.status, 403);
  const body = (await refused.response.json()) as ErrorAnswer;
  assert.equal(body.code, 'origin_not_allowed');
  const follower = await open(undefined, { Origin: origin });
  assert.equal(follower.response.headers.get('access-control-allow-origin'), origin);
  await firm.set({ allowed_origins: 'https://other.example' });
  await trade(account);
  await follower.closed;
  assert.deepEqual(follower.messages, []);
});

test('streams need embed:read, and are closed at once when the server stops', async (t) => {
  const { server, firm, open } = await start(t);
  const other = await firm.newKey(['stats:read']);
  const refused = await follow(server, `api_key=${other}`);
  assert.equal(refused.response.status, 403);
  await refused.response.text();
  const head = await fetch(`${server.address}/api/partner/stream`, {
    method: 'HEAD',
    headers: { 'X-API-Key': firm.key },
  });
  assert.equal(head.status, 200);
  const streams = await Promise.all(Array.from({ length: 50 }, () => open()));
  const stopping = performance.now();
  await server.stop();
  assert.ok(performance.now() - stopping < 2_000);
  await Promise.all(streams.map(({ closed }) => closed));
});
