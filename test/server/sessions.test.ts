import assert from 'node:assert/strict';
import test from 'node:test';
import { allowances, lifetimes } from '../../shared/access.ts';
import type { ErrorAnswer } from '../../shared/answers/error.ts';
import type { KeysAnswer } from '../../shared/answers/keys.ts';
import type { DashboardAnswer, SessionAnswer } from '../../shared/answers/partner.ts';
import { utcDay } from '../../shared/day.ts';
import { day, hour } from '../../shared/time.ts';
import { makePartner, type TestPartner } from '../support/partner.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  addAddress,
  auth,
  Browser,
  isSignedIn,
  linksIn,
  mailedLink,
  signIn,
  signInByKey,
  tokenOf,
} from '../support/session.ts';

const session = `${auth}/session`;
const dashboard = '/api/partner/dashboard';
const stats = '/api/partner/stats';

async function codeOf(response: Response): Promise<string> {
  return ((await response.json()) as ErrorAnswer).code;
}

test('the session’s status says who is signed in, or that nobody is', async (t) => {
  const server = await startTestServer(t);
  const { id, email } = await makePartner(server.database, 'starter');
  const browser = new Browser(server);
  assert.deepEqual(await (await browser.get(session)).json(), { authenticated: false });
  await signIn(server, email, browser);
  const answer = (await (await browser.get(session)).json()) as SessionAnswer;
  assert.ok(answer.authenticated);
  const { name } = await server.database.read
    .selectFrom('partners')
    .select('name')
    .executeTakeFirstOrThrow();
  assert.deepEqual(answer.partner, { id, name, tier: 'starter' });
  assert.match(answer.session.id, /^ses_/);
  assert.deepEqual(
    { ...answer.session, id: null },
    {
      id: null,
      email,
      key_id: null,
      scopes: allowances.starter.scopes,
      expires_at: server.clock.now + lifetimes.session * 1_000,
    },
  );
});

test('an unused session expires after twelve hours, and one in use after a week', async (t) => {
  const server = await startTestServer(t);
  const { email } = await makePartner(server.database);
  const start = server.clock.now;
  const idle = await signIn(server, email);
  const used = await signIn(server, email);
  server.clock.now = start + 12 * hour - 1;
  for (; server.clock.now < start + 168 * hour; server.clock.now += 11 * hour) {
    assert.ok(await isSignedIn(used), `after ${(server.clock.now - start) / hour} h`);
    await server.tick();
  }
  server.clock.now = start + 168 * hour - 1;
  assert.ok(await isSignedIn(used));
  await server.tick();
  server.clock.now = start + 168 * hour;
  assert.ok(!(await isSignedIn(used)));
  server.clock.now = start + 12 * hour;
  assert.ok(!(await isSignedIn(idle)));
});

test('signing out ends this session alone and deletes the cookie', async (t) => {
  const server = await startTestServer(t);
  const { email } = await makePartner(server.database);
  const here = await signIn(server, email);
  const there = await signIn(server, email);
  const copy = new Browser(server);
  copy.cookies.set('pt_session', here.cookies.get('pt_session')!);
  const out = await here.send('DELETE', session);
  assert.equal(out.status, 200);
  assert.deepEqual(await out.json(), { success: true });
  assert.ok(!here.cookies.has('pt_session'));
  assert.ok(!(await isSignedIn(copy)));
  assert.ok(await isSignedIn(there));
  assert.equal((await here.send('DELETE', session)).status, 200);
});

test('signing out everywhere ends every session of this address and partner, and no others', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const other = await makePartner(server.database);
  await addAddress(server.database, partner.id, 'colleague@firm.example');
  const here = await signIn(server, partner.email);
  const there = await signIn(server, partner.email);
  const colleague = await signIn(server, 'colleague@firm.example');
  const byKey = await signInByKey(server, partner.key);
  await addAddress(server.database, other.id, 'colleague@firm.example', server.clock.now + 1);
  assert.equal((await here.send('DELETE', `${session}?everywhere=true`)).status, 200);
  assert.ok(!(await isSignedIn(there)));
  assert.ok(await isSignedIn(byKey));
  // The same person stays signed in at another firm.
  const theirs = new Browser(server);
  await mailedLink(server, theirs, 'colleague@firm.example');
  assert.equal((await theirs.get(linksIn(server.mails.at(-1)!)[1]!)).status, 303);
  assert.ok(await isSignedIn(colleague));
  await colleague.send('DELETE', `${session}?everywhere=true`);
  assert.ok(!(await isSignedIn(colleague)));
  assert.ok(await isSignedIn(theirs));
});

const foreignHeaders: Record<string, string>[] = [
  { Origin: 'https://evil.example' },
  { Origin: 'null' },
  { Origin: '' },
  { 'Sec-Fetch-Site': 'cross-site' },
  { 'Sec-Fetch-Site': 'same-site' },
  { 'Sec-Fetch-Site': 'Same-Origin' },
  { 'Sec-Fetch-Site': 'cross-site, same-origin' },
];

const ownHeaders = (server: TestServer): Record<string, string>[] => [
  {},
  { Origin: server.address },
  { Origin: server.address, 'Sec-Fetch-Site': 'same-origin' },
  { 'Sec-Fetch-Site': 'none' },
];

test('a page of another origin can’t change anything with the cookie', async (t) => {
  const server = await startTestServer(t);
  const { email } = await makePartner(server.database);
  const browser = await signIn(server, email);
  const origin = server.address;
  const foreign = [
    ...foreignHeaders,
    { Origin: origin, 'Sec-Fetch-Site': 'cross-site' },
    { Origin: `${origin}.evil.example` },
    { Origin: origin.replace('http:', 'https:') },
    { Origin: origin.replace(/:\d+$/, ':1') },
    { Origin: `${origin}/` },
  ];
  const changes: [string, string, object?][] = [
    ['POST', '/api/partner/keys', {}],
    ['PUT', '/api/partner/branding', { company_name: 'Evil' }],
    ['PUT', '/api/partner/origins', { allowed_origins: ['https://evil.example'] }],
    ['POST', '/api/partner/addresses', { email: 'evil@evil.example' }],
    ['DELETE', `/api/partner/addresses/${email}`],
    ['POST', '/api/partner/embed-tokens', {}],
    ['DELETE', '/api/partner/embed-tokens'],
    ['DELETE', '/api/partner/keys/key_none'],
    ['DELETE', session],
  ];
  for (const headers of foreign) {
    for (const [method, path, body] of changes) {
      const response = await browser.send(method, path, { body, headers });
      const what = `${method} ${path} ${JSON.stringify(headers)}`;
      assert.equal(response.status, 403, what);
      assert.equal(await codeOf(response), 'foreign_page', what);
    }
  }
  const { keys } = (await (await browser.get('/api/partner/keys')).json()) as KeysAnswer;
  assert.equal(keys.length, 1);
  for (const headers of ownHeaders(server)) {
    const made = await browser.post('/api/partner/keys', {}, headers);
    assert.equal(made.status, 201, JSON.stringify(headers));
  }
});

test('a page of another origin can’t open a session or request a mail', async (t) => {
  const server = await startTestServer(t);
  const { key, email } = await makePartner(server.database);
  const asker = new Browser(server);
  const token = tokenOf(await mailedLink(server, asker, email));
  const openings: [string, object][] = [
    ['verify', { token }],
    ['session', { api_key: key }],
    ['magic-link', { email }],
  ];
  for (const headers of foreignHeaders) {
    for (const [path, body] of openings) {
      const response = await new Browser(server).post(`${auth}/${path}`, body, headers);
      assert.equal(response.status, 403, `${path} ${JSON.stringify(headers)}`);
      assert.deepEqual(response.headers.getSetCookie(), []);
    }
  }
  await server.tick();
  assert.equal(server.mails.length, 1);
  assert.equal((await asker.post(`${auth}/verify`, { token })).status, 201);
});

test('a page of another origin can’t read anything with the cookie', async (t) => {
  const server = await startTestServer(t);
  const { email } = await makePartner(server.database);
  const browser = await signIn(server, email);
  const answer = await browser.get(dashboard, { Origin: 'https://evil.example' });
  // With these headers, browsers let no page read the answer to a request with cookies.
  assert.equal(answer.headers.get('access-control-allow-origin'), '*');
  assert.equal(answer.headers.get('access-control-allow-credentials'), null);
});

test('a session opened with a key has those of the key’s scopes that the tier has', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const key = await partner.newKey(['stats:aggregate', 'webhooks:manage']);
  const browser = await signInByKey(server, key);
  const scopes = async () => {
    const answer = (await (await browser.get(session)).json()) as SessionAnswer;
    return answer.authenticated && answer.session.scopes;
  };
  assert.deepEqual(await scopes(), ['stats:aggregate', 'webhooks:manage']);
  assert.equal((await browser.get(stats)).status, 200);
  assert.equal(await codeOf(await browser.get('/api/partner/accounts')), 'missing_scope');
  const stronger = await browser.post('/api/partner/keys', { scopes: ['accounts:list'] });
  assert.equal(stronger.status, 403);
  assert.equal(await codeOf(stronger), 'missing_scope');
  await partner.set({ tier: 'starter' });
  assert.deepEqual(await scopes(), ['stats:aggregate']);
});

test('a session opened with a key ends at once when the key is no longer valid, or becomes publishable', async (t) => {
  const endings: ((partner: TestPartner, id: string, server: TestServer) => Promise<unknown>)[] = [
    async ({ key }, id, { address }) =>
      fetch(`${address}/api/partner/keys/${id}`, {
        method: 'DELETE',
        headers: { 'X-API-Key': key },
      }),
    async (_, __, { clock }) => {
      clock.now += 1_000;
    },
    async (partner) => partner.set({ is_active: 0 }),
    // A publishable key opens no session, and so keeps none.
    async ({ key }, id, { address }) =>
      fetch(`${address}/api/partner/keys/${id}`, {
        method: 'PATCH',
        headers: { 'X-API-Key': key, 'Content-Type': 'application/json' },
        body: '{"scopes":["embed:read"]}',
      }),
  ];
  for (const [index, end] of endings.entries()) {
    const server = await startTestServer(t);
    const partner = await makePartner(server.database);
    const expires = server.clock.now + 1_000;
    const browser = await signInByKey(
      server,
      await partner.newKey(['embed:read', 'stats:read'], expires),
    );
    const answer = (await (await browser.get(session)).json()) as SessionAnswer;
    assert.ok(answer.authenticated);
    assert.ok(await isSignedIn(browser));
    await end(partner, answer.session.key_id!, server);
    assert.ok(!(await isSignedIn(browser)), `ending ${index}`);
    assert.deepEqual(await (await browser.get(session)).json(), { authenticated: false });
  }
});

test('an invalid key opens no session, and gets the same refusal as elsewhere', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const inactive = await makePartner(server.database);
  await inactive.set({ is_active: 0 });
  const expired = await partner.newKey(['stats:read'], server.clock.now);
  const revoked = await partner.newKey(['stats:read']);
  const { keys } = (await (
    await server.get('/api/partner/keys', { 'X-API-Key': partner.key })
  ).json()) as KeysAnswer;
  const { id } = keys.find(({ prefix }) => revoked.startsWith(prefix))!;
  await fetch(`${server.address}/api/partner/keys/${id}`, {
    method: 'DELETE',
    headers: { 'X-API-Key': partner.key },
  });
  const elsewhere = await server.get(stats, { 'X-API-Key': expired });
  assert.equal(elsewhere.status, 403);
  const body = await elsewhere.text();
  const unknown = `${partner.key.slice(0, -9)}${'0'.repeat(9)}`;
  for (const key of [expired, revoked, inactive.key, unknown, '', 'pt_', 'x'.repeat(1_000)]) {
    const refused = await new Browser(server).post(session, { api_key: key });
    assert.equal(refused.status, 403);
    assert.equal(await refused.text(), body);
    assert.deepEqual(refused.headers.getSetCookie(), []);
  }
});

test('a publishable key opens no session', async (t) => {
  const server = await startTestServer(t);
  const { newKey } = await makePartner(server.database);
  const refused = await new Browser(server).post(session, {
    api_key: await newKey(['embed:read']),
  });
  assert.equal(refused.status, 403);
  assert.equal(await codeOf(refused), 'publishable_key');
  assert.deepEqual(refused.headers.getSetCookie(), []);
});

test('a person signed in by mail has 10,000 requests a day in any tier, apart from the quotas of keys and from usage', async (t) => {
  const server = await startTestServer(t);
  const { id, email, key } = await makePartner(server.database, 'starter');
  await addAddress(server.database, id, 'colleague@firm.example');
  const browser = await signIn(server, email);
  const second = await signIn(server, email);
  const left = async (one: Browser, path: string) => {
    const { status, headers } = await one.get(path);
    assert.equal(status, 200);
    return headers.get('x-ratelimit-remaining');
  };
  assert.equal(await left(browser, stats), '9999');
  assert.equal(await left(second, '/api/partner/widgets/stats-card'), '9998');
  assert.equal(await left(browser, dashboard), '9997');
  assert.equal(await left(await signIn(server, 'colleague@firm.example'), stats), '9999');
  const { usage } = (await (await browser.get(dashboard)).json()) as DashboardAnswer;
  assert.equal(usage.total_30d, 0);
  const { headers } = await server.get(stats, { 'X-API-Key': key });
  assert.equal(headers.get('x-ratelimit-remaining'), '999');
  // With the quota used up, the person can still sign out.
  await server.database.write
    .insertInto('key_days')
    .values({
      partner_id: id,
      key_id: email,
      day: utcDay(server.clock.now) + 1,
      leased: 10_000,
    })
    .execute();
  server.clock.now += day / 4;
  const refused = await browser.get(stats);
  assert.deepEqual([refused.status, await codeOf(refused)], [429, 'daily_limit_reached']);
  assert.equal((await browser.send('DELETE', session)).status, 200);
  assert.ok(!browser.cookies.has('pt_session'));
});

test('a session opened with a key stays valid while it is used', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  const browser = await signInByKey(server, key);
  for (let hours = 0; hours < 30; hours += 10) {
    assert.ok(await isSignedIn(browser), `after ${hours} hours`);
    await server.tick();
    server.clock.now += 10 * hour;
  }
});

test('requests of a session opened with a key count against the key’s quota', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  const browser = await signInByKey(server, key);
  for (const left of ['9999', '9998']) {
    assert.equal((await browser.get(stats)).headers.get('x-ratelimit-remaining'), left);
  }
  const { headers } = await server.get(stats, { 'X-API-Key': key });
  assert.equal(headers.get('x-ratelimit-remaining'), '9997');
});

test('a person signed in by mail can read all that the tier allows', async (t) => {
  const server = await startTestServer(t);
  const starter = await makePartner(server.database, 'starter');
  const growth = await makePartner(server.database, 'growth');
  const account = await growth.newAccount();
  const ours = await signIn(server, growth.email);
  const theirs = await signIn(server, starter.email);
  for (const path of [
    stats,
    `${stats}?account_id=${account}`,
    '/api/partner/accounts',
    `/api/partner/trades?account_id=${account}`,
    '/api/partner/widgets/risk-metrics',
  ]) {
    assert.equal((await ours.get(path)).status, 200, path);
    // Another partner's account is answered as unknown.
    if (path.includes('account_id')) assert.equal((await theirs.get(path)).status, 404, path);
  }
  assert.equal((await theirs.get('/api/partner/widgets/stats-card')).status, 200);
  const refused = await theirs.get('/api/partner/widgets/risk-metrics');
  assert.equal(await codeOf(refused), 'tier_required');
  await growth.set({ tier: 'starter' });
  assert.equal((await ours.get('/api/partner/widgets/risk-metrics')).status, 403);
  await growth.set({ is_active: 0 });
  assert.equal((await ours.get(stats)).status, 401);
});

test('a session opens no frame, and does not replace an invalid key', async (t) => {
  const server = await startTestServer(t);
  const { email } = await makePartner(server.database);
  const browser = await signIn(server, email);
  assert.equal((await browser.get('/embed/partner/stats-card')).status, 401);
  const bad = `pt_${'0'.repeat(56)}`;
  for (const path of [stats, dashboard]) {
    assert.equal((await browser.get(path)).status, 200);
    assert.equal((await browser.get(path, { 'X-API-Key': bad })).status, 403);
  }
  // Nor is the value of a session's cookie valid as a key.
  const secret = browser.cookies.get('pt_session')!;
  assert.equal((await server.get(stats, { Authorization: `Bearer ${secret}` })).status, 403);
});

test('a key whose daily quota is used up can’t read by a session either', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database, 'starter');
  for (let asked = 0; asked < 1_000; asked++) await server.get(stats, { 'X-API-Key': key });
  assert.equal((await server.get(stats, { 'X-API-Key': key })).status, 429);
  const browser = new Browser(server);
  await browser.post(`${auth}/session`, { api_key: key });
  assert.equal((await browser.get(stats)).status, 429);
});

test('beyond twenty sessions of one address the oldest end, with an audit entry, and never the newest', async (t) => {
  const server = await startTestServer(t);
  const { email } = await makePartner(server.database);
  const browsers: Browser[] = [];
  for (let opened = 0; opened < 22; opened++) {
    browsers.push(await signIn(server, email));
    assert.ok(await isSignedIn(browsers.at(-1)!));
    // The clock may be set back meanwhile.
    server.clock.now += opened < 20 ? 61_000 : -200_000;
  }
  const live = await Promise.all(browsers.map((browser) => isSignedIn(browser)));
  assert.equal(live.filter(Boolean).length, 20);
  assert.deepEqual(live.slice(0, 2), [false, false]);
  const { entries } = (await (await browsers.at(-1)!.get('/api/partner/audit')).json()) as {
    entries: { action: string }[];
  };
  assert.equal(entries.filter(({ action }) => action === 'session.ended').length, 2);
});

test('guesses of session ids are rate limited', async (t) => {
  const server = await startTestServer(t);
  const statuses = new Set<number>();
  for (let tried = 0; tried < 120; tried++) {
    const made = new Browser(server);
    made.cookies.set('pt_session', `guess${tried}`);
    statuses.add((await made.get(session)).status);
  }
  assert.deepEqual([...statuses], [200, 429]);
  assert.equal((await new Browser(server).get(session)).status, 200);
});
