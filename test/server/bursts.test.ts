import assert from 'node:assert/strict';
import test from 'node:test';
import { Buckets, networkOf } from '../../server/access/bucket.ts';
import { bursts } from '../../shared/access.ts';
import type { ErrorAnswer } from '../../shared/answers/error.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer } from '../support/server.ts';
import { addAddress, auth, Browser, signIn, signInByKey } from '../support/session.ts';

const stats = '/api/partner/stats';
const second = 1_000;

/** Sends so many requests, twenty at a time; returns how often each status occurred. */
async function storm(count: number, ask: () => Promise<Response>): Promise<Map<number, number>> {
  const statuses = new Map<number, number>();
  let left = count;
  const worker = async () => {
    while (left-- > 0) {
      const response = await ask();
      await response.arrayBuffer();
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: 20 }, worker));
  return statuses;
}

async function refusalOf(response: Response) {
  const { code } = (await response.json()) as ErrorAnswer;
  return [response.status, code, response.headers.get('retry-after')];
}

/** A small burst limit, for tests of what shares it. */
const keyBurst = { atOnce: 60, perSecond: 10 };

const refused = [429, 'too_many_requests', '1'];

test('each key has a burst limit; a refusal says when to retry and costs no quota', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const other = await partner.newKey(['stats:aggregate']);
  const ask = (key = partner.key) => server.get(stats, { 'X-API-Key': key });
  const { atOnce, perSecond } = bursts.key;
  const statuses = await storm(atOnce + 50, ask);
  assert.deepEqual([...statuses].sort(), [
    [200, atOnce],
    [429, 50],
  ]);
  const burst = await ask();
  assert.equal(burst.headers.get('x-ratelimit-remaining'), null);
  assert.deepEqual(await refusalOf(burst), refused);
  // Another key of the same partner is not limited by it.
  assert.equal((await ask(other)).status, 200);
  server.clock.now += second / 2;
  assert.deepEqual(
    await storm(perSecond, ask),
    new Map([
      [200, perSecond / 2],
      [429, perSecond / 2],
    ]),
  );
  server.clock.now += second;
  const again = await ask();
  assert.equal(again.status, 200);
  assert.equal(
    again.headers.get('x-ratelimit-remaining'),
    String(10_000 - atOnce - perSecond / 2 - 1),
  );
});

test('a used-up daily quota and an exceeded burst limit have different codes', async (t) => {
  const server = await startTestServer(t, { keyBurst: { atOnce: 1_200, perSecond: 100 } });
  const { key } = await makePartner(server.database, 'starter');
  const ask = () => server.get(stats, { 'X-API-Key': key });
  assert.deepEqual(
    await storm(1_100, ask),
    new Map([
      [200, 1_000],
      [429, 100],
    ]),
  );
  const over = (await (await ask()).json()) as ErrorAnswer;
  assert.equal(over.code, 'daily_limit_reached');
  await storm(100, ask);
  assert.deepEqual(await refusalOf(await ask()), refused);
});

test('a signed-in person has one burst limit for all browsers', async (t) => {
  const server = await startTestServer(t, { keyBurst });
  const { id, email } = await makePartner(server.database);
  await addAddress(server.database, id, 'colleague@firm.example');
  const browser = await signIn(server, email);
  const second = await signIn(server, email);
  const colleague = await signIn(server, 'colleague@firm.example');
  await storm(keyBurst.atOnce, () => browser.get(stats));
  assert.deepEqual(await refusalOf(await browser.get(stats)), refused);
  assert.deepEqual(await refusalOf(await second.get(stats)), refused);
  assert.equal((await colleague.get(stats)).status, 200);
});

test('the sessions that a key opened share its burst limit', async (t) => {
  const server = await startTestServer(t, { keyBurst });
  const { key } = await makePartner(server.database);
  const browser = await signInByKey(server, key);
  await storm(keyBurst.atOnce, () => server.get(stats, { 'X-API-Key': key }));
  assert.deepEqual(await refusalOf(await browser.get(stats)), refused);
});

test('requests without valid credentials are limited by client address, and valid keys are not', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  const bad = `pt_${'0'.repeat(56)}`;
  const { atOnce } = bursts.address;
  let turn = 0;
  const tries = [
    () => server.get(stats),
    () => server.get(stats, { 'X-API-Key': bad }),
    () => server.get(stats, { Cookie: `pt_session=${'A'.repeat(22)}` }),
    () => server.get(`/api/partner/widgets/stats-card?token=pte_e30.AAAA`),
    () => server.get(`/embed/partner/stats-card?key=${bad}`),
  ];
  const statuses = await storm(atOnce + 30, () => tries[turn++ % tries.length]!());
  assert.equal(statuses.get(429), 30);
  assert.equal(statuses.get(200), undefined);
  for (const ask of tries.slice(0, -1)) assert.deepEqual(await refusalOf(await ask()), refused);
  assert.equal((await server.get(stats, { 'X-API-Key': key })).status, 200);
  assert.equal((await server.get('/health')).status, 200);
  server.clock.now += second;
  assert.equal((await server.get(stats)).status, 401);
  assert.equal((await server.get(stats)).status, 429);
});

test('attempts to sign in are limited by client address, and valid sessions and keys are not', async (t) => {
  const { atOnce } = bursts.address;
  const tries: [string, number, (browser: Browser) => Promise<Response>][] = [
    ['asking', 200, (browser) => browser.post(`${auth}/magic-link`, { email: 'a@firm.example' })],
    ['pressing', 400, (browser) => browser.post(`${auth}/verify`, { token: 'x'.repeat(22) })],
    ['following', 400, (browser) => browser.get(`${auth}/verify?token=${'x'.repeat(22)}`)],
    ['a bad key', 403, (browser) => browser.post(`${auth}/session`, { api_key: 'pt_' })],
  ];
  for (const [name, status, attempt] of tries) {
    const server = await startTestServer(t);
    const { email, key } = await makePartner(server.database);
    const signedIn = await signIn(server, email);
    // Signing in took one token of the bucket.
    const statuses = await storm(atOnce + 9, () => attempt(new Browser(server)));
    assert.deepEqual(
      [...statuses].sort(),
      [
        [status, atOnce - 1],
        [429, 10],
      ].sort(),
      name,
    );
    const last = await attempt(new Browser(server));
    assert.deepEqual([last.status, last.headers.get('retry-after')], [429, '1'], name);
    // Valid sessions and keys are not limited by it.
    assert.equal((await signedIn.get(`${auth}/session`)).status, 200);
    assert.equal((await signedIn.get(stats)).status, 200);
    assert.equal((await server.get(stats, { 'X-API-Key': key })).status, 200);
    assert.equal((await new Browser(server).post(`${auth}/session`, { api_key: key })).status, 201);
  }
});

test('opening a session with a key counts against the key’s burst limit', async (t) => {
  const server = await startTestServer(t, { keyBurst });
  const { key } = await makePartner(server.database);
  await storm(keyBurst.atOnce, () => server.get(stats, { 'X-API-Key': key }));
  const open = () => new Browser(server).post(`${auth}/session`, { api_key: key });
  assert.deepEqual(await refusalOf(await open()), refused);
  server.clock.now += second;
  assert.equal((await open()).status, 201);
});

test('X-Forwarded-For is trusted only from a trusted proxy, and only as far as the proxy wrote it', async (t) => {
  const statuses = async (trustedProxy: string, forwarded: (turn: number) => string) => {
    const server = await startTestServer(t, { trustedProxy });
    let turn = 0;
    return storm(bursts.address.atOnce + 20, () =>
      server.get(stats, { 'X-Forwarded-For': forwarded(turn++) }),
    );
  };
  const anybody = (turn: number) => `192.0.2.${turn}`;
  assert.equal((await statuses('', anybody)).get(429), 20);
  assert.equal((await statuses('127.0.0.1', anybody)).get(429), undefined);
  // What the client itself wrote precedes the address that the proxy saw.
  const claiming = (turn: number) => `192.0.2.${turn}, 203.0.113.9`;
  assert.equal((await statuses('127.0.0.1', claiming)).get(429), 20);
  // IPv6 addresses of one /64 network, as a household is given, count as one.
  const household = (turn: number) => `2001:db8:1:2:${turn.toString(16)}::1`;
  assert.equal((await statuses('127.0.0.1', household)).get(429), 20);
  const street = (turn: number) => `2001:db8:1:${turn.toString(16)}::1`;
  assert.equal((await statuses('127.0.0.1', street)).get(429), undefined);
});

test('an IPv6 address counts by its /64, however it is written, and an IPv4 one by itself', () => {
  const network = '2001:db8:0:42';
  for (const address of [
    '2001:db8:0:42::',
    '2001:db8:0:42:1:2:3:4',
    '2001:0DB8:0000:0042:ffff:ffff:ffff:ffff',
    '2001:db8::42:0:0:0:1',
    '2001:db8:0:42::1%eth0',
  ]) {
    assert.equal(networkOf(address), network, address);
  }
  assert.equal(networkOf('::1'), '0:0:0:0');
  assert.equal(networkOf('fe80::1'), 'fe80:0:0:0');
  assert.equal(networkOf('1::'), '1:0:0:0');
  assert.notEqual(networkOf('2001:db8:0:43::1'), network);
  assert.equal(networkOf('192.0.2.1'), '192.0.2.1');
});

test('a token bucket says how long to wait, and a clock that is set back neither fills nor empties it', () => {
  const buckets = new Buckets({ atOnce: 2, perSecond: 0.1 });
  const take = (now: number) => buckets.take('a', now);
  assert.deepEqual([take(0), take(0), take(0)], [0, 0, 10]);
  assert.equal(take(4_000), 6);
  assert.equal(take(-1_000_000), 6);
  assert.equal(take(-1_000_000 + 6_000), 0);
  assert.equal(take(10_000_000), 0);
  assert.equal(take(10_000_000), 0);
  assert.equal(take(10_000_000), 10);
});

test('a frame refused by the burst limit reloads by itself; one refused by the daily quota does not', async (t) => {
  const server = await startTestServer(t, { keyBurst: { atOnce: 1_010, perSecond: 100 } });
  const { key } = await makePartner(server.database, 'starter');
  const shell = `/embed/partner/stats-card?key=${key}`;
  const ask = () => server.get(stats, { 'X-API-Key': key });
  await storm(1_000, ask);
  const over = await server.get(shell);
  assert.equal(over.status, 429);
  assert.equal(over.headers.get('refresh'), null);
  assert.match(await over.text(), /Daily limit reached/);
  await storm(9, ask);
  const soon = await server.get(shell);
  assert.equal(soon.status, 429);
  assert.equal(soon.headers.get('refresh'), '1');
  assert.equal(soon.headers.get('retry-after'), '1');
  const [, title] = /<strong>(.*?)<\/strong>/.exec(await soon.text())!;
  assert.notEqual(title, 'Daily limit reached');
});
