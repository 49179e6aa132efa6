import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import type { NewKeyAnswer } from '../../shared/answers/keys.ts';
import type { EmbedTokenAnswer, OriginsAnswer } from '../../shared/answers/partner.ts';
import { api } from '../support/api.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const a = 'https://a.example';
const b = 'https://b.example';
const c = 'https://c.example';

/** Sets the allowed origins of a key's partner. */
async function allow(server: TestServer, key: string, origins: readonly string[]): Promise<void> {
  const { status } = await api(server, key).put('origins', { allowed_origins: origins });
  assert.equal(status, 200);
}

/** Makes a publishable key with these allowed origins. */
async function keyFor(server: TestServer, owner: string, allowed_origins: readonly string[]) {
  const sent = { scopes: ['embed:read'], allowed_origins };
  const { status, body } = await api(server, owner).post<NewKeyAnswer>('keys', sent);
  assert.equal(status, 201);
  return body.key;
}

/** Requests a widget's data as a script on a page of this origin does. */
function askFrom(server: TestServer, credential: string, origin: string | null) {
  const from = origin === null ? {} : { Origin: origin };
  return api(server, credential).get('widgets/stats-card', from);
}

/** Requests a shell as a browser does for a frame in this page. */
async function frameIn(
  server: TestServer,
  credential: string,
  page: string | null,
  headers: Record<string, string> = {},
) {
  const parameter = credential.startsWith('pte_') ? 'token' : 'key';
  const response = await server.get(`/embed/partner/stats-card?${parameter}=${credential}`, {
    ...(page !== null && { Referer: page }),
    ...headers,
  });
  const policy = response.headers.get('content-security-policy') ?? '';
  return {
    status: response.status,
    html: await response.text(),
    ancestors: /frame-ancestors ([^;]*)/.exec(policy)?.[1],
    etag: response.headers.get('etag'),
  };
}

async function whoMayAsk(server: TestServer, credential: string): Promise<string[]> {
  const allowed: string[] = [];
  for (const origin of [a, b, c])
    if ((await askFrom(server, credential, origin)).status === 200) allowed.push(origin);
  return allowed;
}

test('allowed origins are set, read and removed, and listed as browsers write them', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  const { get, put } = api(server, key);
  assert.deepEqual((await get('origins')).body, { allowed_origins: [] });
  const changed = await put<OriginsAnswer>('origins', {
    allowed_origins: [
      'HTTPS://App.Example.COM:443',
      'https://app.example.com/',
      'http://localhost:3000',
      'http://plain.example:80',
      'https://bücher.example:8443',
    ],
  });
  assert.equal(changed.status, 200);
  assert.deepEqual(changed.body, {
    allowed_origins: [
      'https://app.example.com',
      'http://localhost:3000',
      'http://plain.example',
      'https://xn--bcher-kva.example:8443',
    ],
  });
  assert.deepEqual((await get('origins')).body, changed.body);
  await put('origins', { allowed_origins: [] });
  assert.deepEqual((await get('origins')).body, { allowed_origins: [] });
});

test('an invalid origin is a 400 that says which, and changes nothing', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  const { get, put } = api(server, key);
  await allow(server, key, [a]);
  for (const bad of [
    'https://a.example/page',
    'https://a.example?x',
    'https://a.example#x',
    'https://*.example',
    '*',
    'null',
    "'self'",
    'a.example',
    '//a.example',
    'ftp://a.example',
    'javascript:alert(1)',
    'data:text/html,x',
    'blob:https://a.example',
    'file:///etc/passwd',
    'https://user:secret@a.example',
    'https://a.example:99999',
    'https://a.example; script-src *',
    "https://a.example'",
    'https://a"b.example',
    'https://a.example,https://b.example',
    'https://a.example https://b.example',
    'https:\\\\a.example',
    'https://a.example\\',
    'https://',
    // Browsers ignore these in a content policy.
    'https://[::1]',
    'https://[2001:db8::1]:8443',
    'https://a_b.example',
    'https://a..example',
    'https://.a.example',
    'https://a.example.',
    `https://${'a'.repeat(64)}.example`,
    `https://${'a.'.repeat(130)}example`,
    // Browsers change these into another text.
    'https:a.example',
    'https:/a.example',
    'https:///a.example',
    'https://a.example/.',
    'https://a.example/..',
    'https://a.example//',
    'https://a.example/?',
    'https://a.example/#',
    'https://a.\texample',
    'ht\ntps://a.example',
    'https://a.example\n',
    ' https://a.example',
    'https://a\u00adb.example',
    'https://\uff41.example',
    'https://a\u3002example',
    'https://\u212a.example',
    'https://%61.example',
    'https://a%2eexample',
    'https://1',
    'https://127.1',
    'https://0x7f.0.0.1',
    'https://256.1.1.1',
    'https://@a.example',
    'https://a.example:',
    'https://a.example:0',
    'https://a.example:0443',
    'https://a.example:65536',
    '',
    7,
    null,
  ]) {
    const { status, body } = await put('origins', { allowed_origins: [b, bad] });
    assert.equal(status, 400, String(bad));
    assert.ok(
      body.details?.every(({ path }) => path === 'allowed_origins.1'),
      String(bad),
    );
  }
  const many = Array.from({ length: 21 }, (_, number) => `https://s${number}.example`);
  assert.equal((await put('origins', { allowed_origins: many })).status, 400);
  for (const bad of [{}, { allowed_origins: null }, { allowed_origins: a }, { origins: [b] }, [b]])
    assert.equal((await put('origins', bad)).status, 400, JSON.stringify(bad));
  assert.deepEqual((await get('origins')).body, { allowed_origins: [a] });
  assert.equal((await put('origins', { allowed_origins: many.slice(1) })).status, 200);
});

/** Origins, and texts that try to be several, or another part of a content policy. */
const anyOrigin = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.webUrl(),
  fc
    .tuple(
      fc.constantFrom('https://', 'http://', 'HTTPS://'),
      fc.domain(),
      fc.constantFrom('', ':443', ':0', ':8080', '/'),
    )
    .map((s) => s.join('')),
  fc
    .tuple(fc.constantFrom('https://', 'http://', 'HTTPS:', '//'), fc.string())
    .map((s) => s.join('')),
  fc
    .tuple(
      fc.domain(),
      fc.constantFrom(...' \t\n\r;,\'"*|<>^`{}()[]\\/?#@:%&=\u00ad\u3002'),
      fc.domain(),
    )
    .map(([one, between, other]) => `https://${one}${between}${other}`),
);

test('any text sent as an origin is refused, or stored as one that can’t break out of a content policy', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database, 'enterprise');
  const { put } = api(server, key);
  let kept = 0;
  const run = async (given: string) => {
    server.clock.now += 1_000;
    const { status, body } = await put<OriginsAnswer>('origins', { allowed_origins: [given] });
    if (status === 400) return;
    assert.equal(status, 200, JSON.stringify(given));
    const [origin = ''] = body.allowed_origins;
    assert.match(origin, /^https?:\/\/[a-z0-9-]+(\.[a-z0-9-]+)*(:[1-9]\d*)?$/);
    assert.equal(new URL(origin).origin, origin);
    const { ancestors } = await frameIn(server, key, null);
    assert.equal(ancestors, `${origin} 'self'`);
    assert.equal((await askFrom(server, key, origin)).status, 200);
    kept++;
  };
  await fc.assert(fc.asyncProperty(anyOrigin, run), { numRuns: 300, seed: 4 });
  assert.ok(kept > 50, `only ${kept} were kept, which shows little`);
});

test('while no origins are set any page may show a widget', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  for (const origin of [a, 'null', null]) {
    const { status, headers } = await askFrom(server, key, origin);
    assert.equal(status, 200);
    assert.equal(headers.get('access-control-allow-origin'), '*');
  }
  const frame = await frameIn(server, key, `${a}/page`);
  assert.deepEqual([frame.status, frame.ancestors], [200, '*']);
});

test('a script on an allowed page is answered, and one on another page gets a refusal that it can read', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  await allow(server, key, [a, 'http://localhost:3000']);
  const allowed = await askFrom(server, key, a);
  assert.equal(allowed.status, 200);
  assert.equal(allowed.headers.get('access-control-allow-origin'), a);
  assert.match(allowed.headers.get('vary')!, /\bOrigin\b/);
  assert.equal((await askFrom(server, key, null)).status, 200);
  const others = [
    b,
    'null',
    'http://a.example',
    'https://a.example:8443',
    'https://a.example.evil.example',
    'https://sub.a.example',
    'http://localhost:3001',
  ];
  for (const origin of others) {
    const { status, headers, body } = await askFrom(server, key, origin);
    assert.deepEqual([status, body.code], [403, 'origin_not_allowed'], origin);
    assert.ok([origin, '*'].includes(headers.get('access-control-allow-origin')!));
    assert.ok(body.error.includes(origin));
  }
});

test('a request from a page that is not allowed does not count against the key’s quota', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  await allow(server, key, [a]);
  const left = async (origin: string) =>
    (await askFrom(server, key, origin)).headers.get('x-ratelimit-remaining');
  const before = Number(await left(a));
  assert.equal(await left(b), null);
  assert.equal(Number(await left(a)), before - 1);
});

test('a frame has its figures on allowed pages, which its frame-ancestors list', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  await allow(server, key, [a, b]);
  for (const page of [`${a}/some/page?x=1`, `${b}/`, null]) {
    const frame = await frameIn(server, key, page);
    assert.deepEqual([frame.status, frame.ancestors], [200, `${a} ${b} 'self'`], String(page));
    assert.match(frame.html, /id="answer"/);
  }
});

test('a frame on a page that is not allowed is a 403 without data, and says so', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  await partner.newAccount({ nickname: 'Apex 50K' });
  await partner.set({ company_name: 'Secret Firm' });
  await allow(server, partner.key, [a]);
  for (const page of [`${c}/page?x=1`, 'https://a.example.evil.example/', 'http://a.example/']) {
    const { status, html, ancestors } = await frameIn(server, partner.key, page);
    assert.deepEqual([status, ancestors], [403, '*'], page);
    assert.match(html, /This site isn’t allowed/);
    assert.doesNotMatch(html, /id="answer"|Secret Firm|Apex 50K/);
  }
});

test('the server’s own pages may show the widgets of any key', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  await allow(server, key, [a]);
  assert.equal((await askFrom(server, key, server.address)).status, 200);
  assert.equal((await frameIn(server, key, `${server.address}/builder`)).status, 200);
});

test('a key works on pages that both its own origins and its partner’s allow', async (t) => {
  const server = await startTestServer(t);
  const { key: owner } = await makePartner(server.database);
  const ofKey = await keyFor(server, owner, [a, b]);
  assert.deepEqual(await whoMayAsk(server, ofKey), [a, b]);
  assert.equal((await frameIn(server, ofKey, null)).ancestors, `${a} ${b} 'self'`);

  await allow(server, owner, [b, c]);
  const other = await keyFor(server, owner, []);
  assert.deepEqual(await whoMayAsk(server, ofKey), [b]);
  assert.equal((await frameIn(server, ofKey, null)).ancestors, `${b} 'self'`);
  assert.deepEqual(await whoMayAsk(server, other), [b, c]);

  await allow(server, owner, [c]);
  assert.deepEqual(await whoMayAsk(server, ofKey), []);
  assert.equal((await frameIn(server, ofKey, null)).ancestors, "'self'");
  await allow(server, owner, []);
  assert.deepEqual(await whoMayAsk(server, ofKey), [a, b]);
  assert.deepEqual(await whoMayAsk(server, other), [a, b, c]);
});

test('a key can’t be created with origins that its partner does not allow', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  await allow(server, key, [a]);
  const made = await api(server, key).post('keys', { allowed_origins: [a, b] });
  assert.equal(made.status, 400);
  assert.equal(made.body.details?.[0]?.path, 'allowed_origins');
  assert.match(made.body.error, /https:\/\/b\.example/);
});

test('a key with origins of its own can’t set its partner’s to others', async (t) => {
  const server = await startTestServer(t);
  const { key: owner } = await makePartner(server.database);
  const sent = { allowed_origins: [a, b] };
  const { put } = api(server, (await api(server, owner).post<NewKeyAnswer>('keys', sent)).body.key);
  for (const allowed_origins of [[], [a, c]]) {
    const { status, body } = await put('origins', { allowed_origins });
    assert.deepEqual([status, body.code], [403, 'beyond_key']);
  }
  assert.deepEqual((await api(server, owner).get('origins')).body, { allowed_origins: [] });
  assert.equal((await put('origins', { allowed_origins: [b] })).status, 200);
});

test('a token works on the pages that its key allows at the time of the request', async (t) => {
  const server = await startTestServer(t);
  const { key: owner } = await makePartner(server.database);
  const { body } = await api(server, owner).post<NewKeyAnswer>('keys', { allowed_origins: [a, b] });
  const made = await api(server, body.key).post<EmbedTokenAnswer>('embed-tokens');
  const { token } = made.body;
  assert.deepEqual(await whoMayAsk(server, token), [a, b]);
  assert.equal((await frameIn(server, token, null)).ancestors, `${a} ${b} 'self'`);
  assert.equal((await frameIn(server, token, `${c}/`)).status, 403);
  await api(server, owner).patch(`keys/${body.id}`, { allowed_origins: [b] });
  assert.deepEqual(await whoMayAsk(server, token), [b]);
  await allow(server, owner, [c]);
  assert.deepEqual(await whoMayAsk(server, token), []);
});

test('a frame cached before a change of origins is not confirmed after it', async (t) => {
  const server = await startTestServer(t);
  const { key: owner } = await makePartner(server.database);
  const { body } = await api(server, owner).post<NewKeyAnswer>('keys', { allowed_origins: [] });
  const again = async (etag: string) => {
    const { status, ancestors } = await frameIn(server, body.key, null, { 'If-None-Match': etag });
    return [status, ancestors];
  };
  const first = (await frameIn(server, body.key, null)).etag!;
  assert.equal((await again(first))[0], 304);
  await allow(server, owner, [a, b]);
  const second = (await frameIn(server, body.key, null)).etag!;
  assert.deepEqual(await again(first), [200, `${a} ${b} 'self'`]);
  await api(server, owner).patch(`keys/${body.id}`, { allowed_origins: [a] });
  assert.deepEqual(await again(second), [200, `${a} 'self'`]);
  assert.deepEqual(await again(first), [200, `${a} 'self'`]);
});

test('a page that is not allowed gets no 304 for an answer in its cache', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  await allow(server, key, [a]);
  const etag = (await askFrom(server, key, a)).headers.get('etag')!;
  const { get } = api(server, key);
  const kept = (origin: string) =>
    get('widgets/stats-card', { Origin: origin, 'If-None-Match': etag });
  const unchanged = await kept(a);
  assert.equal(unchanged.status, 304);
  assert.equal(unchanged.headers.get('access-control-allow-origin'), a);
  assert.equal((await kept(b)).status, 403);
});
