import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import test, { type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { z } from 'zod';
import type { Action, Change, OpenRoute } from '../../server/route.ts';
import { routes } from '../../server/routes/index.ts';
import type { ErrorAnswer } from '../../shared/answers/error.ts';
import type { KeysAnswer } from '../../shared/answers/keys.ts';
import { exchange } from '../support/exchange.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer } from '../support/server.ts';
import { signIn } from '../support/session.ts';

type Bodied = (Action | Change | OpenRoute) & { body: z.ZodObject };

/** Every route that takes a body. */
const bodied = routes.filter(
  (route): route is Bodied => 'body' in route && route.body !== undefined,
);

const routeOf = fc.constantFrom(...bodied);

function nameOf({ method, path }: Bodied): string {
  return `${method} ${path}`;
}

/** A route's address, with one id for whatever it names. */
function pathTo({ path, query }: Bodied, id: string): string {
  const filled = path.replace(/:\w+/g, id);
  return 'account_id' in query.shape && !path.includes(':account_id')
    ? `${filled}?account_id=${id}`
    : filled;
}

/** The names of the fields that a route accepts. */
function fieldsOf({ body }: Bodied): string[] {
  return Object.keys(body.shape);
}

type Body = string | Uint8Array<ArrayBuffer>;

const asJson = { 'Content-Type': 'application/json' };

interface Sender {
  /** Sends a body as it is, with a valid session. */
  send(route: Bodied, body: Body, headers?: Record<string, string>): Promise<Response>;
  /** Sends a request with these headers and bytes on a connection of its own. */
  sendRaw(route: Bodied, headers: string, body: string): Promise<string>;
  /** Asserts that the server still answers and has logged nothing. */
  assertUnhurt(): Promise<void>;
}

async function startSender(t: TestContext): Promise<Sender> {
  const complaints = t.mock.method(console, 'error', () => {});
  const server = await startTestServer(t);
  const { email } = await makePartner(server.database);
  const browser = await signIn(server, email);
  const cookie = `pt_session=${browser.cookies.get('pt_session')}`;
  const { keys } = (await (await browser.get('/api/partner/keys')).json()) as KeysAnswer;
  const pathOf = (route: Bodied) => pathTo(route, keys[0]!.id);
  const headOf = (route: Bodied, headers: string) =>
    `${route.method} ${pathOf(route)} HTTP/1.1\r\nHost: x\r\nCookie: ${cookie}\r\n${headers}\r\n\r\n`;
  return {
    send: (route, body, headers = asJson) => {
      // Time passes, so that no rate limit refuses the request.
      server.clock.now += 1_000;
      return fetch(server.address + pathOf(route), {
        method: route.method,
        headers: { Cookie: cookie, ...headers },
        body,
      });
    },
    sendRaw: (route, headers, body) => exchange(server, headOf(route, headers) + body),
    assertUnhurt: async () => {
      assert.equal((await server.get('/health')).status, 200);
      assert.equal((await browser.get('/api/partner/keys')).status, 200);
      assert.deepEqual(server.log, []);
      assert.equal(complaints.mock.callCount(), 0);
    },
  };
}

async function assertRefused(response: Response, status: number, code: string, what: string) {
  const text = await response.text();
  assert.equal(response.status, status, `${what}: ${text.slice(0, 200)}`);
  const answer = JSON.parse(text) as ErrorAnswer;
  assert.equal(answer.code, code, what);
  assert.ok(answer.error.length > 0, what);
  return answer;
}

/** Asserts that a response is no server error and is JSON, which says what is wrong if it is a refusal. */
async function assertAnswered(response: Response, what: string): Promise<void> {
  const text = await response.text();
  assert.ok(response.status < 500, `${what}: ${response.status} ${text}`);
  assert.match(response.headers.get('content-type')!, /^application\/json/, what);
  if (response.status < 400) return;
  const { code, error } = JSON.parse(text) as ErrorAnswer;
  assert.match(code, /^[a-z_]+$/, what);
  assert.ok(error.length > 0, what);
}

test('there are routes that take a body, each with its fields', () => {
  assert.ok(bodied.length >= 10);
  for (const route of bodied) assert.ok(fieldsOf(route).length > 0, nameOf(route));
});

test('a body of random bytes is a 400', async (t) => {
  const { send, assertUnhurt } = await startSender(t);
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(routeOf, bytes, async (route, body) => {
      const response = await send(route, new Uint8Array(body));
      assert.equal(response.status, 400, nameOf(route));
      await assertAnswered(response, nameOf(route));
    }),
    { numRuns: 300 },
  );
  await assertUnhurt();
});

test('a JSON body that is no object, or has only unknown fields, is a 400', async (t) => {
  const { send, assertUnhurt } = await startSender(t);
  await fc.assert(
    fc.asyncProperty(routeOf, fc.json({ stringUnit: 'binary' }), async (route, body) => {
      const value = JSON.parse(body) as unknown;
      const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
      const names = isObject ? Object.keys(value) : ['no object'];
      fc.pre(names.length > 0 && !names.some((name) => fieldsOf(route).includes(name)));
      const response = await send(route, body);
      assert.equal(response.status, 400, nameOf(route));
      await assertAnswered(response, nameOf(route));
    }),
    { numRuns: 300 },
  );
  await assertUnhurt();
});

/** JSON values that a server may fail to handle. */
const odd = [
  ...['1e400', '-1e400', '1e308', '9007199254740993', '-0', '1e-400', '0.1', '-1', '2e3', 'null'],
  ...['"\\u0000"', '"\\ud800"', '"\\udc00x"', '"\\u202e"', '"\\u001b[31m"', '"\\r\\nX: y"', '""'],
  ...['{"__proto__":1}', '{"toString":null}', '{"length":-1}', '["__proto__"]', '[null]', '[[]]'],
  ...['["https://a.example","https://a.example"]', '["embed:read"]', '"javascript:alert(1)"'],
  ...[
    '["\\ud800"]',
    '["https://\\ud800"]',
    '"\\ud800@firm.example"',
    '"https://a.example/\\ud800"',
  ],
  `"${'x'.repeat(100_000)}"`,
  `[${'"https://a.example",'.repeat(20_000)}"x"]`,
  `[${'"embed:read",'.repeat(20_000)}"embed:read"]`,
];

test('any value in a field is accepted or refused, and never a server error', async (t) => {
  const { send, assertUnhurt } = await startSender(t);
  for (const route of bodied) {
    for (const name of fieldsOf(route)) {
      for (const value of odd) {
        // A name may occur twice.
        for (const body of [`{"${name}":${value}}`, `{"${name}":1,"${name}":${value}}`]) {
          await assertAnswered(await send(route, body), `${nameOf(route)} ${body.slice(0, 99)}`);
        }
      }
    }
  }
  const filled = routeOf.chain((route) =>
    fc.tuple(
      fc.constant(route),
      fc.dictionary(
        fc.constantFrom(...fieldsOf(route)),
        fc.oneof(
          fc.json({ stringUnit: 'binary' }).map((text) => JSON.parse(text) as unknown),
          fc.constantFrom(...odd).map((text) => JSON.parse(text) as unknown),
        ),
        { minKeys: 1 },
      ),
    ),
  );
  await fc.assert(
    fc.asyncProperty(filled, async ([route, fields]) => {
      const body = JSON.stringify(fields);
      await assertAnswered(await send(route, body), `${nameOf(route)} ${body.slice(0, 200)}`);
    }),
    { numRuns: 200 },
  );
  await assertUnhurt();
});

test('deeply nested JSON is a 400', async (t) => {
  const { send, assertUnhurt } = await startSender(t);
  for (const route of bodied) {
    // Open routes accept only short bodies.
    const deep = route.kind === 'open' ? 600 : 100_000;
    for (const body of [
      '['.repeat(deep),
      `${'['.repeat(deep)}${']'.repeat(deep)}`,
      `${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}`,
      `{"${fieldsOf(route)[0]}":${'['.repeat(deep)}${']'.repeat(deep)}}`,
    ]) {
      const response = await send(route, body);
      assert.equal(response.status, 400, `${nameOf(route)} ${body.slice(0, 9)}`);
      await assertAnswered(response, nameOf(route));
    }
  }
  await assertUnhurt();
});

test('each unknown field is listed, whatever its name', async (t) => {
  const { send, assertUnhurt } = await startSender(t);
  const names = ['unknown', '__proto__', 'constructor', 'toString', '', ' ', 'a.b', '💥', '\u0000'];
  for (const route of bodied) {
    const body = `{${names.map((name) => `${JSON.stringify(name)}:{"polluted":true}`).join(',')}}`;
    const { details } = await assertRefused(
      await send(route, body),
      400,
      'invalid_body',
      nameOf(route),
    );
    const unknown = details!.filter(({ message }) => message === 'is not known');
    assert.deepEqual(unknown.map(({ path }) => path).sort(), [...names].sort(), nameOf(route));
  }
  assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  await assertUnhurt();
});

test('every problem of a body is listed with its path', async (t) => {
  const { send } = await startSender(t);
  const keyMaking = bodied.find((route) => nameOf(route) === 'POST /api/partner/keys')!;
  const body =
    '{"label":7,"scopes":["embed:read","x"],"expires_at":"soon","allowed_origins":["*"]}';
  const { details } = await assertRefused(await send(keyMaking, body), 400, 'invalid_body', body);
  assert.deepEqual(
    details!.map(({ path }) => path),
    ['label', 'scopes.1', 'expires_at', 'allowed_origins.0'],
  );
});

/** Open routes, which require no credentials, accept only short bodies. */
function mostBytesOf({ kind, limits }: Bodied): number {
  return limits?.bytes ?? (kind === 'open' ? 4 * 1024 : 1024 * 1024);
}

test('a body of up to 1 MiB is read, of trades up to 4 MiB, without credentials up to 4 KiB, and one byte more is a 413', async (t) => {
  const { send, sendRaw, assertUnhurt } = await startSender(t);
  for (const route of bodied) {
    const what = nameOf(route);
    const most = mostBytesOf(route);
    const whole = '{"unknown":1}'.padEnd(most, ' ');
    await assertRefused(await send(route, whole), 400, 'invalid_body', what);
    const more = await send(route, `${whole} `);
    assert.equal(more.headers.get('connection'), 'close');
    await assertRefused(more, 413, 'body_too_large', what);
    const json = 'Content-Type: application/json\r\n';
    const chunk = `${(most + 1).toString(16)}\r\n${whole} \r\n0\r\n\r\n`;
    const chunked = await sendRaw(route, `${json}Transfer-Encoding: chunked`, chunk);
    assert.match(chunked, /^HTTP\/1\.1 413 .*"body_too_large"/s, what);
    // The server doesn't wait for bytes that a header only claims.
    const claimed = await sendRaw(route, `${json}Content-Length: 99999999999`, '{}');
    assert.match(claimed, /^HTTP\/1\.1 413 .*"body_too_large"/s, what);
  }
  await assertUnhurt();
});

test('a body of another content type is a 415, that of a form included', async (t) => {
  const { send, assertUnhurt } = await startSender(t);
  const types = [
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain',
    'text/plain; charset=utf-8',
    'text/json',
    'application/jsonx',
    'application/json, text/plain',
    'application/json; charset=latin1',
    'application/json; charset=utf-16',
    'application/json; charset="iso-8859-1"',
    'application/ld+json',
  ];
  for (const route of bodied) {
    for (const type of types) {
      const response = await send(route, '{}', { 'Content-Type': type });
      await assertRefused(response, 415, 'unsupported_media_type', `${nameOf(route)} ${type}`);
    }
    // For bytes, fetch sets no Content-Type by itself.
    const untyped = await send(route, Buffer.from('{}'), {});
    await assertRefused(untyped, 415, 'unsupported_media_type', nameOf(route));
  }
  await assertUnhurt();
});

test('JSON in UTF-8 is accepted in any spelling of its content type', async (t) => {
  const { send } = await startSender(t);
  for (const type of [
    'application/json',
    'Application/JSON',
    'application/json;charset=utf-8',
    'application/json; charset="UTF-8"',
    'application/json ; charset=utf8',
  ]) {
    for (const encoding of [{}, { 'Content-Encoding': 'identity' }]) {
      const response = await send(bodied[0]!, '{"unknown":1}', {
        'Content-Type': type,
        ...encoding,
      });
      await assertRefused(response, 400, 'invalid_body', type);
    }
  }
});

test('a compressed body is a 415', async (t) => {
  const { send, assertUnhurt } = await startSender(t);
  const text = Buffer.from('{}');
  for (const route of bodied) {
    for (const [encoding, body] of [
      ['gzip', gzipSync(text)],
      ['GZIP', gzipSync(text)],
      ['br', brotliCompressSync(text)],
      ['deflate', text],
      ['identity, gzip', gzipSync(text)],
    ] as const) {
      const headers = { ...asJson, 'Content-Encoding': encoding };
      const response = await send(route, new Uint8Array(body), headers);
      await assertRefused(response, 415, 'unsupported_media_type', `${nameOf(route)} ${encoding}`);
    }
  }
  await assertUnhurt();
});

test('a body that is not UTF-8 is a 400', async (t) => {
  const { send, assertUnhurt } = await startSender(t);
  const broken = [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0xaf], [0xf5, 0x80, 0x80, 0x80]];
  for (const route of bodied) {
    for (const bytes of broken) {
      const body = Buffer.concat([Buffer.from('{"x":"'), Buffer.from(bytes), Buffer.from('"}')]);
      const response = await send(route, new Uint8Array(body));
      await assertRefused(response, 400, 'invalid_encoding', `${nameOf(route)} ${bytes}`);
    }
    const wide = await send(route, new Uint8Array(Buffer.from('{"x":1}', 'utf16le')));
    await assertRefused(wide, 400, 'invalid_json', nameOf(route));
  }
  await assertUnhurt();
});

test('a body that is not as long as its headers say is a 4xx', async (t) => {
  const { sendRaw, assertUnhurt } = await startSender(t);
  const json = 'Content-Type: application/json\r\n';
  for (const route of bodied) {
    for (const [length, body] of [
      ['Content-Length: 50', '{}'],
      ['Content-Length: 1', '{}'],
      ['Content-Length: -1', '{}'],
      ['Content-Length: 2\r\nContent-Length: 3', '{}'],
      ['Content-Length: 2x', '{}'],
      ['Transfer-Encoding: chunked', '5\r\n{"a"'],
      ['Transfer-Encoding: chunked', '-5\r\n{}\r\n0\r\n\r\n'],
      ['Transfer-Encoding: chunked', 'fffffffffffffff\r\n{}'],
      ['Transfer-Encoding: chunked\r\nContent-Length: 2', '{}'],
    ] as const) {
      const answer = await sendRaw(route, json + length, body);
      assert.match(answer, /^HTTP\/1\.1 4/, `${nameOf(route)} ${length}`);
    }
  }
  await assertUnhurt();
});

test('clients that disconnect in the middle of a body cause no log entry', async (t) => {
  const complaints = t.mock.method(console, 'error', () => {});
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  for (const [length, body] of [
    ['Content-Length: 50', '{"label":"x"'],
    ['Content-Length: 1048576', ' '.repeat(70_000)],
    ['Transfer-Encoding: chunked', '5\r\n{"a"'],
    ['Transfer-Encoding: chunked', `ffff\r\n${' '.repeat(0xffff)}\r\n`],
  ]) {
    const head = `POST /api/partner/keys HTTP/1.1\r\nHost: x\r\nX-API-Key: ${key}`;
    const socket = connect(Number(new URL(server.address).port), '127.0.0.1');
    await once(socket, 'connect');
    await new Promise((resolve) =>
      socket.write(
        `${head}\r\nContent-Type: application/json\r\n${length}\r\n\r\n${body}`,
        resolve,
      ),
    );
    await sleep(50);
    socket.resetAndDestroy();
  }
  await sleep(50);
  assert.equal((await server.get('/health')).status, 200);
  assert.deepEqual(server.log, []);
  assert.deepEqual(
    complaints.mock.calls.map(({ arguments: [what] }) => what),
    [],
  );
});

test('the list of problems of a body is cut at a hundred', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  const names = Array.from({ length: 9_000 }, (_, number) => [`n${number}`, 0]);
  const response = await fetch(`${server.address}/api/partner/keys`, {
    method: 'POST',
    headers: { 'X-API-Key': key, 'Content-Type': 'application/json' },
    body: JSON.stringify(Object.fromEntries(names)),
  });
  const { error, details } = (await response.json()) as ErrorAnswer;
  assert.deepEqual([response.status, details?.length], [400, 100]);
  assert.match(error, /; and 8900 more\.$/);
  assert.ok(error.length < 10_000);
});
