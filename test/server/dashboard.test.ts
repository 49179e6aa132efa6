import assert from 'node:assert/strict';
import test from 'node:test';
import { lease } from '../../server/store/quota.ts';
import { scopes } from '../../shared/access.ts';
import type { NewKeyAnswer } from '../../shared/answers/keys.ts';
import type { DashboardAnswer, EmbedTokenAnswer } from '../../shared/answers/partner.ts';
import { formatDay, utcDay } from '../../shared/day.ts';
import { day } from '../../shared/time.ts';
import { widgetNames } from '../../shared/widgets.ts';
import { api } from '../support/api.ts';
import { serveBeside } from '../support/beside.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer, testNow } from '../support/server.ts';
import { signIn } from '../support/signed-in.ts';

const today = formatDay(utcDay(testNow));

async function dashboardOf(server: { address: string }, key: string): Promise<DashboardAnswer> {
  const { status, body } = await api(server, key).get<DashboardAnswer>('dashboard');
  assert.equal(status, 200);
  return body;
}

test('the dashboard has the partner, its keys, their usage and its limits as documented', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database, 'growth');
  await makePartner(server.database, 'enterprise');
  const { headers, text, body } = await api(server, partner.key).get<DashboardAnswer>('dashboard');
  assert.equal(headers.get('cache-control'), 'no-store');
  assert.ok(!text.includes(partner.key.slice(11)));
  const [key] = body.keys;
  assert.match(key!.id, /^key_[0-9a-f]{20}$/);
  assert.deepEqual(body, {
    partner: {
      id: partner.id,
      name: body.partner.name,
      contact_email: partner.email,
      tier: 'growth',
      billing_status: 'active',
      created_at: testNow,
    },
    keys: [
      {
        id: key!.id,
        prefix: partner.key.slice(0, 11),
        label: 'Test',
        scopes: [...scopes],
        allowed_origins: [],
        is_active: true,
        created_at: testNow,
        expires_at: null,
        revoked_at: null,
        paused_at: null,
        last_used_at: null,
        replaced_by: null,
        rate_limit_daily: 10_000,
        requests_today: 0,
      },
    ],
    tokens: { rate_limit_daily: 10_000, requests_today: 0 },
    usage: { total_30d: 0, errors_30d: 0, daily: [], by_endpoint: [] },
    limits: {
      daily_requests: 10_000,
      embed_widgets: widgetNames,
      features: ['basic_stats', 'detailed_stats', 'embed', 'bulk_query', 'webhooks'],
    },
  });
});

test('limits, features and billing status are the current ones', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database, 'growth');
  await partner.set({ tier: 'starter', billing_status: 'past_due' });
  const starter = await dashboardOf(server, partner.key);
  assert.deepEqual(starter.limits, {
    daily_requests: 1_000,
    embed_widgets: ['stats-card', 'performance-summary', 'equity-curve'],
    features: ['basic_stats', 'detailed_stats', 'embed'],
  });
  assert.equal(starter.keys[0]!.rate_limit_daily, 1_000);
  assert.equal(starter.partner.billing_status, 'past_due');
  await partner.set({ tier: 'enterprise' });
  const { limits } = await dashboardOf(server, partner.key);
  assert.deepEqual([limits.daily_requests, limits.features.at(-1)], [100_000, 'white_label']);
});

test('usage counts every request with a key of the partner, whatever its status', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database, 'starter');
  const narrow = await partner.newKey(['stats:aggregate']);
  const foreign = await makePartner(server.database);
  const { get, put } = api(server, partner.key);
  const asked = async (path: string, headers = {}) => (await get(path, headers)).status;

  const etag = (await get('stats')).headers.get('etag')!;
  assert.equal(await asked('stats', { 'If-None-Match': etag }), 304);
  assert.equal(await asked('stats?period=no'), 400);
  assert.equal(await asked('stats?account_id=acc_none'), 404);
  assert.equal(await asked('widgets/stats-card'), 200);
  assert.equal(await asked('widgets/equity-curve'), 200);
  assert.equal(await asked('widgets/risk-metrics'), 403);
  assert.equal(await asked(`/embed/partner/stats-card`), 200);
  assert.equal((await put('branding', { primary_color: 'red' })).status, 400);
  assert.equal((await put('branding', {})).status, 200);
  server.clock.now += 5_000;
  assert.equal((await api(server, narrow).get('accounts')).status, 403);
  assert.equal((await api(server, narrow).get('stats')).status, 200);
  // None of these is a request with a key of this partner.
  await api(server, null).get('stats');
  await api(server, `pt_${'0'.repeat(56)}`).get('stats');
  await api(server, foreign.key).get('accounts');
  await server.get('/health');

  const { keys, usage } = await dashboardOf(server, partner.key);
  assert.deepEqual(usage, {
    total_30d: 12,
    errors_30d: 5,
    daily: [{ day: today, requests: 12, avg_ms: 0, errors: 5 }],
    by_endpoint: [
      { endpoint: '/api/partner/stats', method: 'GET', requests: 5 },
      { endpoint: '/api/partner/widgets/{widget}', method: 'GET', requests: 3 },
      { endpoint: '/api/partner/branding', method: 'PUT', requests: 2 },
      { endpoint: '/api/partner/accounts', method: 'GET', requests: 1 },
      { endpoint: '/embed/partner/{widget}', method: 'GET', requests: 1 },
    ],
  });
  // requests_today has what counted against the key’s quota, which refusals do not.
  const use = (prefix: string) => {
    const { requests_today, last_used_at } = keys.find((key) => key.prefix === prefix)!;
    return { requests_today, last_used_at };
  };
  assert.deepEqual(use(partner.key.slice(0, 11)), { requests_today: 9, last_used_at: testNow });
  assert.deepEqual(use(narrow.slice(0, 11)), { requests_today: 1, last_used_at: testNow + 5_000 });

  const next = await dashboardOf(server, partner.key);
  assert.equal(next.usage.total_30d, 13);
});

test('requests beyond the daily quota or the burst limit count as errors, but not in requests_today', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database, 'starter');
  const key = await partner.newKey(['stats:aggregate', 'accounts:list']);
  const { id } = (await dashboardOf(server, partner.key)).keys.find(
    ({ prefix }) => prefix === key.slice(0, 11),
  )!;
  const keyDay = { partner_id: partner.id, key_id: id, day: utcDay(testNow) };
  await lease(server.database, [{ ...keyDay, count: 998, most: 1_000 }]);
  const statuses = [];
  for (let asked = 0; asked < 2_005; asked++)
    statuses.push((await api(server, key).get('stats')).status);
  assert.equal(statuses.filter((status) => status === 200).length, 2);
  const { keys, usage } = await dashboardOf(server, partner.key);
  assert.deepEqual(
    [keys.find((made) => made.id === id)!.requests_today, usage.errors_30d],
    [2, 2_003],
  );
});

test('requests of a session count for the key that opened it, those of tokens apart, and those of sessions by mail for no key', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const made = (await api(server, partner.key).post<NewKeyAnswer>('keys')).body;
  const opened = await api(server, null).post('auth/session', { api_key: made.key });
  const cookie = { Cookie: opened.headers.get('set-cookie')!.split(';', 1)[0]! };
  for (const signedIn of [api(server, cookie), api(server, await signIn(server, partner))]) {
    const { token } = (await signedIn.post<EmbedTokenAnswer>('embed-tokens')).body;
    await signedIn.get('stats');
    await api(server, token).get('widgets/stats-card');
  }
  const { keys, tokens, usage } = await dashboardOf(server, partner.key);
  const { requests_today, last_used_at } = keys.find(({ id }) => id === made.id)!;
  assert.deepEqual([requests_today, last_used_at], [2, testNow]);
  assert.equal(tokens.requests_today, 2);
  // One request made the key, two came from that key's session, and one from each token.
  assert.equal(usage.total_30d, 5);
});

test('avg_ms of a day is the average time of its requests', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  let now = testNow;
  let step = 0;
  // Every reading of the clock moves it on.
  Object.defineProperty(server.clock, 'now', {
    get: () => {
      now += step;
      return now;
    },
  });
  for (const milliseconds of [10, 25]) {
    step = milliseconds;
    await api(server, partner.key).get('stats');
    step = 0;
    await server.tick();
  }
  const { daily } = (await dashboardOf(server, partner.key)).usage;
  assert.deepEqual(daily, [{ day: today, requests: 2, avg_ms: 17.5, errors: 0 }]);
});

test('usage days end at midnight UTC, and the last thirty are listed, today included', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const { get } = api(server, partner.key);
  const midnight = testNow - (testNow % day) + day;
  server.clock.now = midnight - 1;
  await get('stats');
  await get('stats?period=no');
  const before = await dashboardOf(server, partner.key);
  assert.deepEqual([before.keys[0]!.requests_today, before.usage.total_30d], [2, 2]);

  server.clock.now = midnight;
  await get('accounts');
  const { keys, usage } = await dashboardOf(server, partner.key);
  assert.equal(keys[0]!.requests_today, 1);
  assert.equal(keys[0]!.last_used_at, midnight);
  assert.deepEqual(usage.daily, [
    { day: today, requests: 3, avg_ms: 0, errors: 1 },
    { day: formatDay(utcDay(midnight)), requests: 1, avg_ms: 0, errors: 0 },
  ]);
  assert.deepEqual([usage.total_30d, usage.errors_30d], [4, 1]);

  server.clock.now = midnight + 28 * day;
  const last = await dashboardOf(server, partner.key);
  assert.deepEqual([last.usage.daily[0]!.day, last.usage.total_30d], [today, 5]);
  server.clock.now += day;
  const { usage: later } = await dashboardOf(server, partner.key);
  assert.deepEqual([later.total_30d, later.errors_30d], [3, 0]);
  assert.ok(!later.daily.some((one) => one.day === today));
  assert.ok(!later.by_endpoint.some(({ endpoint }) => endpoint === '/api/partner/stats'));
});

test('requests_today and the remaining requests of a key add up to its daily quota', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database, 'starter');
  const { get } = api(server, partner.key);
  await get('stats');
  await get('stats?period=no');
  await get('widgets/risk-metrics');
  await server.tick();
  const { body, headers } = await get<DashboardAnswer>('dashboard');
  const { rate_limit_daily, requests_today } = body.keys[0]!;
  const left = Number(headers.get('x-ratelimit-remaining'));
  // This request itself is counted only once it is answered.
  assert.equal(requests_today + 1 + left, rate_limit_daily);
});

test('usage includes requests to another process as soon as that process has stored them', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  await using other = await serveBeside(server);
  await api(server, partner.key).get('stats?period=no');
  await api(other, partner.key).get('stats?period=no');
  await api(other, partner.key).get('stats');
  assert.equal((await dashboardOf(server, partner.key)).usage.total_30d, 1);
  await other.tick();
  const { keys, usage } = await dashboardOf(server, partner.key);
  assert.deepEqual([usage.total_30d, keys[0]!.requests_today, usage.errors_30d], [4, 4, 2]);
  await server.tick();
  assert.equal((await dashboardOf(other, partner.key)).usage.total_30d, 5);
});

test('usage survives a restart', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  {
    await using first = await serveBeside(server);
    await api(first, partner.key).get('stats');
    await api(first, partner.key).get('nothing');
    server.clock.now += 1_000;
    await api(first, partner.key).get('accounts');
  }
  await using second = await serveBeside(server);
  const { keys, usage } = await dashboardOf(second, partner.key);
  assert.deepEqual([usage.total_30d, keys[0]!.requests_today], [2, 2]);
  assert.equal(keys[0]!.last_used_at, testNow + 1_000);
});

test('a refused request counts as an error, but not in requests_today', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const narrow = await partner.newKey(['stats:read']);
  const first = await server.get('/api/partner/stats', { 'X-API-Key': narrow });
  assert.equal(first.status, 403);
  const { keys, usage } = await dashboardOf(server, partner.key);
  const used = keys.find(({ prefix }) => narrow.startsWith(prefix))!;
  assert.deepEqual([used.requests_today, usage.total_30d, usage.errors_30d], [0, 1, 1]);
  assert.equal(used.last_used_at, testNow);
});
