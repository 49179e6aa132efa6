import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import test from 'node:test';
import { document } from '../../server/routes/index.ts';
import { openDatabase } from '../../server/store/database.ts';
import type { ErrorAnswer } from '../../shared/answers/error.ts';
import { exchange } from '../support/exchange.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer } from '../support/server.ts';

test('invalid parameters are all listed, each with its path', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  const response = await server.get(
    '/api/partner/trades?limit=0&page=x&period=30&direction=up&order=asc&order=desc&unknown=1',
    { 'X-API-Key': key },
  );
  assert.equal(response.status, 400);
  const body = (await response.json()) as ErrorAnswer;
  assert.equal(body.code, 'invalid_parameters');
  assert.deepEqual(body.details, [
    { path: 'order', message: 'is given more than once' },
    { path: 'account_id', message: 'is required' },
    { path: 'page', message: 'must be a whole number from 1 to 1000000' },
    { path: 'limit', message: 'must be a whole number from 1 to 100' },
    { path: 'period', message: 'must be 7d, 30d, 90d, 1y or all' },
    { path: 'direction', message: 'must be long or short' },
  ]);
});

test('a key or a token given twice in the query is a 400, even with a valid key in a header', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  for (const [path, name] of [
    ['/api/partner/stats', 'api_key'],
    ['/api/partner/accounts', 'api_key'],
    ['/api/partner/widgets/stats-card', 'api_key'],
    ['/api/partner/widgets/stats-card', 'token'],
    ['/embed/partner/stats-card', 'key'],
    ['/embed/partner/stats-card', 'token'],
  ] as const) {
    for (const second of [key, 'x', '']) {
      const query = `?${name}=${key}&${name}=${second}`;
      for (const headers of [{}, { 'X-API-Key': key }]) {
        const response = await server.get(path + query, headers as Record<string, string>);
        assert.equal(response.status, 400, path + name);
        assert.equal(response.headers.get('x-proptally-code'), 'invalid_parameters', path);
        if (!path.startsWith('/api')) continue;
        const { details } = (await response.json()) as ErrorAnswer;
        assert.deepEqual(details, [{ path: name, message: 'is given more than once' }]);
      }
    }
  }
});

test('values beyond the documented limits are a 400', async (t) => {
  const server = await startTestServer(t);
  const { key, newAccount } = await makePartner(server.database);
  const account = await newAccount();
  const status = async (path: string) =>
    (await server.get(`/api/partner/${path}`, { 'X-API-Key': key })).status;
  assert.equal(await status('accounts?limit=200'), 200);
  assert.equal(await status('accounts?limit=201'), 400);
  assert.equal(await status(`trades?account_id=${account}&limit=100`), 200);
  assert.equal(await status(`trades?account_id=${account}&limit=101`), 400);
  assert.equal(await status('stats?currency=usd'), 400);
  assert.equal(await status('stats?account_id='), 400);
});

test('malformed requests get a 4xx with a JSON body, and the server keeps running', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  const header = `Host: x\r\nX-API-Key: ${key}\r\nConnection: close\r\n\r\n`;
  const requests = [
    'nonsense\r\n\r\n',
    Buffer.from([0, 255, 254, 13, 10, 13, 10]),
    `GET /api/partner/stats?period=%ff HTTP/1.1\r\n${header}`,
    `GET /api/partner/stats?period=%E0%A4%A HTTP/1.1\r\n${header}`,
    `GET /api/partner/stats?%ed%a0%80=1 HTTP/1.1\r\n${header}`,
    `GET /api/partner/widgets/%ff HTTP/1.1\r\n${header}`,
    `GET /%00%ff HTTP/1.1\r\n${header}`,
    `GET // HTTP/1.1\r\n${header}`,
    `GET http://evil.example/x HTTP/1.1\r\n${header}`,
    `POST /api/partner/stats HTTP/1.1\r\nContent-Length: 2\r\n${header}{}`,
    `DELETE /health HTTP/1.1\r\n${header}`,
    `BREW /api/partner/stats HTTP/1.1\r\n${header}`,
    `GET /api/partner/stats HTTP/1.1\r\nX-Long: ${'a'.repeat(40_000)}\r\n${header}`,
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'GET / HTTP/9.9\r\nHost: x\r\n\r\n',
    'GET /health HTTP/1.1\r\nConnection: close\r\n\r\n',
    'GET /health HTTP/1.1\r\nHost: x\r\nHost: y\r\nConnection: close\r\n\r\n',
    'GET /health HTTP/1.1\r\nHost: x\r\nExpect: tea\r\nConnection: close\r\n\r\n',
    'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n',
  ];
  for (const request of requests) {
    const answer = await exchange(server, request);
    assert.match(answer, /^HTTP\/1\.1 4\d\d /, String(request));
    const body = answer.slice(answer.indexOf('\r\n\r\n') + 4);
    assert.equal(typeof (JSON.parse(body) as ErrorAnswer).code, 'string', String(request));
  }
  assert.equal((await server.get('/health')).status, 200);
  assert.deepEqual(server.log, []);
});

test('every answer has a request id and nosniff, and shared caches may not store answers of the API', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  const ids = new Set<string>();
  for (const path of ['/health', '/api/partner/stats', '/nothing', '/api/partner/accounts']) {
    const { headers } = await server.get(path, { 'X-API-Key': key });
    ids.add(headers.get('x-request-id')!);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    if (path.startsWith('/api')) {
      assert.equal(headers.get('cache-control'), 'private, no-cache');
      assert.match(headers.get('vary')!, /X-API-Key/);
    }
  }
  assert.equal(ids.size, 4);
});

test('a page of any origin may send requests, and can read the headers it needs', async (t) => {
  const server = await startTestServer(t);
  const preflight = await fetch(`${server.address}/api/partner/stats`, {
    method: 'OPTIONS',
    headers: {
      Origin: 'https://firm.example',
      'Access-Control-Request-Method': 'GET',
      'Access-Control-Request-Headers': 'x-api-key',
    },
  });
  assert.equal(preflight.status, 204);
  assert.match(preflight.headers.get('access-control-allow-headers')!, /X-API-Key/);
  const refused = await server.get('/api/partner/stats', { Origin: 'https://firm.example' });
  assert.equal(refused.headers.get('access-control-allow-origin'), '*');
  const exposed = refused.headers.get('access-control-expose-headers')!.split(', ');
  assert.deepEqual(exposed.sort(), Object.keys(document.components.headers).sort());
  for (const name of ['WWW-Authenticate', 'X-RateLimit-Remaining'])
    assert.ok(exposed.includes(name), name);
  assert.equal(refused.headers.get('access-control-allow-credentials'), null);
});

test('reads are answered while another process holds the write lock', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  const blocker = await openDatabase(server.database.path);
  t.after(() => blocker.close());
  blocker.handle.exec("begin immediate; update partners set name = 'Half'");
  assert.equal((await server.get('/api/partner/stats', { 'X-API-Key': key })).status, 200);
  blocker.handle.exec('rollback');
});

test('with a database that can’t be read, requests get a 503 with Retry-After and /ready fails, but not /health', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  server.database.handle.pragma('wal_checkpoint(truncate)');
  writeFileSync(server.database.path, Buffer.alloc(100_000, 'x'));
  const response = await server.get('/api/partner/stats', { 'X-API-Key': key });
  assert.equal(response.status, 503);
  assert.equal(response.headers.get('retry-after'), '5');
  assert.equal(((await response.json()) as ErrorAnswer).code, 'storage_unavailable');
  assert.equal((await server.get('/ready')).status, 503);
  assert.equal((await server.get('/health')).status, 200);
});
