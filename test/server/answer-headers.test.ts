import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import test from 'node:test';
import type { ErrorAnswer } from '../../shared/answers/error.ts';
import { closed } from '../support/closed.ts';
import { exchange } from '../support/exchange.ts';
import { makePartner, type TestPartner } from '../support/partner.ts';
import { startTestServer } from '../support/server.ts';
import { auth } from '../support/session.ts';

/** Addresses of every kind, with the Cross-Origin-Resource-Policy of their answers. */
function addressesOf({ key }: TestPartner, account: string) {
  const embed = '/embed/partner/stats-card';
  return [
    ['/health', 'same-origin'],
    ['/api/partner/stats', 'same-origin'],
    [`/api/partner/stats?api_key=${key}`, 'same-origin'],
    [`/api/partner/stats?api_key=${key}&period=x`, 'same-origin'],
    [`/api/partner/widgets/stats-card?api_key=${key}&account_id=${account}`, 'same-origin'],
    ['/api/partner/keys', 'same-origin'],
    [`${auth}/session`, 'same-origin'],
    [`${auth}/verify?token=x`, 'same-origin'],
    ['/nothing', 'same-origin'],
    ['/api/nothing', 'same-origin'],
    ['/embed/partner/nothing', 'same-origin'],
    [embed, 'cross-origin'],
    [`${embed}?key=${key}`, 'cross-origin'],
    [`${embed}?key=${key}&account_id=none`, 'cross-origin'],
    ['/builder', 'cross-origin'],
    ['/widgets.js', 'cross-origin'],
    ['/loader.js', 'cross-origin'],
    ['/embed.js', 'cross-origin'],
  ] as const;
}

async function startWithAccount(t: test.TestContext, publicUrl?: string) {
  const server = await startTestServer(t, publicUrl ? { publicUrl } : {});
  const partner = await makePartner(server.database);
  return { server, partner, account: await partner.newAccount() };
}

test('every answer has its security headers, whatever its status', async (t) => {
  for (const publicUrl of [undefined, 'https://stats.example.com']) {
    const { server, partner, account } = await startWithAccount(t, publicUrl);
    for (const [address, loadedBy] of addressesOf(partner, account)) {
      for (const method of ['GET', 'HEAD', 'OPTIONS', 'DELETE', 'PATCH']) {
        const what = `${method} ${address}`;
        const { status, headers } = await fetch(server.address + address, {
          method,
          redirect: 'manual',
        });
        assert.ok(status < 500, what);
        assert.match(headers.get('content-security-policy')!, /^default-src 'none';/, what);
        assert.match(headers.get('content-security-policy')!, /frame-ancestors /, what);
        assert.equal(headers.get('referrer-policy'), 'no-referrer', what);
        assert.equal(headers.get('x-content-type-options'), 'nosniff', what);
        assert.match(headers.get('x-request-id')!, /^[\w-]{12}$/, what);
        assert.ok(headers.has('cache-control'), what);
        const resource = headers.get('cross-origin-resource-policy');
        if (method === 'GET') assert.equal(resource, loadedBy, what);
        else assert.match(resource!, /^(same|cross)-origin$/, what);
        const strict = headers.get('strict-transport-security');
        assert.equal(strict, publicUrl ? 'max-age=31536000' : null, what);
      }
    }
  }
});

/** Parses the text of an answer into its status, headers and body. */
function read(answer: string) {
  const [head = '', body = ''] = answer.split('\r\n\r\n', 2);
  const [first = '', ...lines] = head.split('\r\n');
  const pairs = lines.map((line) => line.split(': ', 2) as [string, string]);
  return { status: Number(first.split(' ')[1]), headers: new Headers(pairs), body };
}

/** Requests that can't be answered, with the expected status, or its first digit, and code. */
const unfit = [
  ['nonsense\r\n\r\n', 400, 'malformed_request'],
  [`GET / HTTP/1.1\r\nX-Long: ${'a'.repeat(40_000)}\r\n\r\n`, 431, 'headers_too_large'],
  [`GET /${'a'.repeat(40_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431, 'headers_too_large'],
  ['CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n', 405, 'method_not_allowed'],
  ['CONNECT [ HTTP/1.1\r\nHost: x\r\n\r\n', 4, 'any'],
  ['GET /health HTTP/1.1\r\nHost: x\r\nExpect: tea\r\nConnection: close\r\n\r\n', 417, 'any'],
  ['GET /health HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'malformed_request'],
] as const;

/** Request targets that are no valid address. */
const noAddress = [
  ...['http://[', 'http://[::1', 'http://', 'http:///health', 'http:/health', 'http://a:b/'],
  ...['http://host:99999/health', 'https://%/', 'http://a<b/', 'ftp://host/health', 'health'],
  ...['?key=x', '#', '/health#x', '/h\u00e9alth', '/\u00a0', '/health\u007f', '/a\u0080'],
  ...['javascript:alert(1)', 'host:443', '//[#', 'http://[/?key=pt_secret'],
];

test('a malformed request or target gets a refusal with all security headers, and is not logged', async (t) => {
  const { server } = await startWithAccount(t, 'https://stats.example.com');
  const warned: Error[] = [];
  const note = (warning: Error) => warned.push(warning);
  process.on('warning', note);
  const targets = noAddress.map(
    (target) =>
      [
        `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
        400,
        'malformed_request',
      ] as const,
  );
  for (const [request, expected, code] of [...unfit, ...targets]) {
    const what = request.slice(0, 60);
    const answer = read(await exchange(server, Buffer.from(request, 'latin1')));
    assert.ok(String(answer.status).startsWith(String(expected)), `${what}: ${answer.status}`);
    const body = JSON.parse(answer.body) as ErrorAnswer;
    assert.equal(answer.headers.get('x-proptally-code'), body.code, what);
    if (code !== 'any') assert.equal(body.code, code, what);
    for (const [name, value] of [
      ['content-type', 'application/json; charset=utf-8'],
      ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
      ['referrer-policy', 'no-referrer'],
      ['cross-origin-resource-policy', 'same-origin'],
      ['strict-transport-security', 'max-age=31536000'],
      ['x-content-type-options', 'nosniff'],
      ['cache-control', 'no-store'],
    ] as const) {
      assert.equal(answer.headers.get(name), value, `${what} ${name}`);
    }
    assert.match(answer.headers.get('x-request-id')!, /^[\w-]{12}$/, what);
  }
  process.off('warning', note);
  assert.deepEqual(warned, []);
  assert.deepEqual(server.log, []);
});

test('a request with an absolute target, as sent to a proxy, is answered', async (t) => {
  const { server, partner } = await startWithAccount(t);
  const ask = async (target: string, version = '1.1') =>
    read(
      await exchange(
        server,
        `GET ${target} HTTP/${version}\r\nHost: x\r\nConnection: close\r\n\r\n`,
      ),
    );
  for (const target of ['http://x/health', 'HTTPS://X:8080/health?', '/health']) {
    for (const version of ['1.1', '1.0']) {
      assert.equal((await ask(target, version)).status, 200, target);
    }
  }
  const stats = await ask(`http://stats.example.com/api/partner/stats?api_key=${partner.key}`);
  assert.equal(stats.status, 200);
  for (const target of ['http://x', 'http://x?y', 'http://x/../health', '//x/health', '*'])
    assert.equal((await ask(target)).status, 404, target);
});

test('the server keeps running when a client resets its connection after CONNECT', async (t) => {
  const { server } = await startWithAccount(t);
  for (let times = 0; times < 20; times++) {
    const socket = connect(Number(new URL(server.address).port), '127.0.0.1');
    await once(socket, 'connect');
    const over = closed(socket);
    socket.write('CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n', () =>
      socket.resetAndDestroy(),
    );
    await over;
  }
  assert.equal((await server.get('/health')).status, 200);
});

test('the code of a refusal is also in a header, which pages may read', async (t) => {
  const { server, partner, account } = await startWithAccount(t);
  const refused = addressesOf(partner, account).flatMap(([address]) =>
    ['GET', 'HEAD', 'PATCH'].map((method) => ({ method, address })),
  );
  let seen = 0;
  for (const { method, address } of refused) {
    const response = await fetch(server.address + address, { method });
    const code = response.headers.get('x-proptally-code');
    if (response.ok) {
      assert.equal(code, null, address);
      continue;
    }
    seen++;
    assert.match(code!, /^[a-z_]+$/, `${method} ${address}`);
    const text = await response.text();
    if (text.startsWith('{')) assert.equal(code, (JSON.parse(text) as ErrorAnswer).code, address);
  }
  assert.ok(seen > 20);
  const { headers } = await server.get('/api/partner/stats');
  assert.match(headers.get('access-control-expose-headers')!, /\bX-PropTally-Code\b/);
});

test('a path in another case, with a trailing slash or with a needless escape is a 404', async (t) => {
  const { server, partner } = await startWithAccount(t);
  const namesOf = ({ headers }: Response) => [...headers.keys()].sort();
  for (const [path, other] of [
    ['/api/partner/stats', '/api/nothing'],
    ['/api/partner/widgets/stats-card', '/api/nothing'],
    [`/embed/partner/stats-card`, '/nothing'],
    ['/health', '/nothing'],
    ['/builder', '/nothing'],
    ['/widgets.js', '/nothing'],
  ] as const) {
    const unknown = await server.get(`${other}?api_key=${partner.key}`);
    const query = `?api_key=${partner.key}&key=${partner.key}`;
    assert.equal((await server.get(path + query)).status, 200, path);
    for (const spelling of [
      `${path}/`,
      `/${path}`,
      path.toUpperCase(),
      path.replace(/.$/, (last) => last.toUpperCase()),
      path.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
      path.replace(/.$/, (last) => `%${last.charCodeAt(0).toString(16).toUpperCase()}`),
    ]) {
      const response = await server.get(spelling + query);
      assert.equal(response.status, 404, spelling);
      assert.equal(((await response.json()) as ErrorAnswer).code, 'not_found', spelling);
      const isSameKind = /^\/api\//i.test(spelling) === other.startsWith('/api/');
      // The name of a widget is checked only after the key, so its answer has headers of the key too.
      if (isSameKind && !path.endsWith('card'))
        assert.deepEqual(namesOf(response), namesOf(unknown), spelling);
    }
  }
});

test('an unknown id gets a 404, with or without percent-encoding', async (t) => {
  const { server, partner } = await startWithAccount(t);
  const ask = async (id: string) =>
    (
      await fetch(`${server.address}/api/partner/keys/${id}`, {
        method: 'DELETE',
        headers: { 'X-API-Key': partner.key },
      })
    ).status;
  for (const id of ['a%40b', 'a@b', 'a%20b', 'a%2Fb', '%C3%A9']) assert.equal(await ask(id), 404);
});

test('a log entry names the route, never the path or query of the request', async (t) => {
  const { server, partner } = await startWithAccount(t);
  server.database.handle.exec('alter table keys rename to lost');
  const ask = async (path: string, method = 'GET') =>
    (await fetch(server.address + path, { method, headers: { 'X-API-Key': partner.key } })).status;
  assert.equal(await ask('/api/partner/widgets/typed-name?api_key=typed-key'), 500);
  assert.equal(await ask('/api/partner/keys/typed-id', 'DELETE'), 500);
  assert.equal(await ask('/embed/partner/typed-name?key=typed-key'), 500);
  assert.deepEqual(
    server.log.map(({ route }) => route),
    ['/api/partner/widgets/:widget', '/api/partner/keys/:id', '/embed/partner/:widget'],
  );
  assert.doesNotMatch(JSON.stringify(server.log), /typed/);
});

test('a preflight allows the headers that monitoring scripts add to requests', async (t) => {
  const { server } = await startWithAccount(t);
  const added = ['traceparent', 'tracestate', 'sentry-trace', 'baggage', 'x-datadog-trace-id'];
  const { status, headers } = await fetch(`${server.address}/api/partner/widgets/stats-card`, {
    method: 'OPTIONS',
    headers: {
      Origin: 'https://firm.example',
      'Access-Control-Request-Method': 'GET',
      'Access-Control-Request-Headers': added.join(','),
    },
  });
  assert.equal(status, 204);
  const allowed = headers.get('access-control-allow-headers')!.split(', ');
  for (const name of [...added, '*']) assert.ok(allowed.includes(name), name);
});

test('a 405 names the methods that the path allows', async (t) => {
  const { server } = await startWithAccount(t);
  for (const [method, path, allowed] of [
    ['POST', '/widgets.js', 'HEAD, GET'],
    ['PUT', '/builder', 'HEAD, GET'],
    ['DELETE', '/health', 'HEAD, GET'],
    ['POST', '/api/partner/stats', 'HEAD, GET'],
    ['PUT', '/api/partner/keys', 'POST, DELETE, HEAD, GET'],
    ['POST', '/embed/partner/stats-card', 'HEAD, GET'],
  ] as const) {
    const what = `${method} ${path}`;
    const { status, headers } = await fetch(server.address + path, { method });
    assert.equal(status, 405, what);
    assert.equal(headers.get('allow'), allowed, what);
    assert.equal(headers.get('x-proptally-code'), 'method_not_allowed', what);
  }
});
