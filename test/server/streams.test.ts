import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import test, { type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { action, type Route } from '../../server/route.ts';
import type { ErrorAnswer } from '../../shared/answers/error.ts';
import { closed } from '../support/closed.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer } from '../support/server.ts';

const path = '/api/partner/streams';

/** What a route has read of its body so far. */
interface Taken {
  text: string;
}

/** A route that accepts a stream, within small limits. */
function upload(taken: Taken): Route {
  return action({
    name: 'upload',
    method: 'POST',
    path,
    summary: 'Takes a stream.',
    query: z.object({}),
    streams: ['text/csv'],
    limits: { bytes: 1_000, seconds: 1.5, quietSeconds: 0.7 },
    answers: { 200: { means: 'How many bytes.', schema: z.object({ bytes: z.int() }) } },
    refusals: {},
    act: async ({ stream }) => {
      for await (const piece of stream!) taken.text += piece;
      return { status: 200, body: { bytes: taken.text.length } };
    },
  });
}

/** A route that accepts JSON, which must arrive within a second. */
const hasty = action({
  name: 'hasty',
  method: 'PUT',
  path,
  summary: 'Takes JSON.',
  query: z.object({}),
  body: z.strictObject({}),
  limits: { seconds: 1 },
  answers: { 200: { means: 'Done.', schema: z.object({}) } },
  refusals: {},
  act: async () => ({ status: 200, body: {} }),
});

/** A route that answers with a stream. */
function download(stream: () => Readable): Route {
  return action({
    name: 'download',
    method: 'GET',
    path,
    summary: 'Gives a stream.',
    query: z.object({}),
    answers: { 200: { means: 'The rows.', type: 'text/csv; charset=utf-8' } },
    refusals: {},
    act: async () => ({ status: 200, body: stream() }),
  });
}

async function start(t: TestContext, ...routes: Route[]) {
  const server = await startTestServer(t, { routes });
  const { key } = await makePartner(server.database);
  const send = (method: string, headers: string) => begin(server.address, key, method, headers);
  return { server, key, send };
}

/** Sends the head of a request on a connection of its own; the test sends the body piece by piece. */
async function begin(address: string, key: string, method: string, headers: string) {
  const socket = connect(Number(new URL(address).port), '127.0.0.1');
  await once(socket, 'connect');
  const answer = readAll(socket);
  socket.write(`${method} ${path} HTTP/1.1\r\nHost: x\r\nX-API-Key: ${key}\r\n${headers}\r\n\r\n`);
  return { socket, answer };
}

async function readAll(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (piece) => {
    text += piece;
  });
  await closed(socket);
  return text;
}

const csv = 'Content-Type: text/csv; header=present\r\nConnection: close';

test('a route that accepts a stream can read its start before its end is sent', async (t) => {
  const taken = { text: '' };
  const { send } = await start(t, upload(taken));
  const { socket, answer } = await send('POST', `${csv}\r\nContent-Length: 8`);
  socket.write('a,b\n');
  while (taken.text === '') await sleep(10);
  assert.equal(taken.text, 'a,b\n');
  socket.write('1,2\n');
  assert.match(await answer, /^HTTP\/1\.1 200 .*\{"bytes":8\}$/s);
});

test('a stream beyond the route’s limits, of another type or cut short is refused', async (t) => {
  const { send, server } = await start(t, upload({ text: '' }));
  const chunked = `${csv}\r\nTransfer-Encoding: chunked`;
  for (const [what, headers, pieces, status, code] of [
    ['more than it says it may', `${csv}\r\nContent-Length: 1001`, [], 413, 'body_too_large'],
    ['more in the end', chunked, [`3e9\r\n${'x'.repeat(1_001)}\r\n`], 413, 'body_too_large'],
    [
      'another type',
      'Content-Type: text/html\r\nContent-Length: 1',
      ['x'],
      415,
      'unsupported_media_type',
    ],
    ['silence', `${csv}\r\nContent-Length: 2`, ['x'], 408, 'request_timeout'],
    ['a byte now and then', `${csv}\r\nContent-Length: 99`, [...'aaaaaaa'], 408, 'request_timeout'],
  ] as const) {
    const { socket, answer } = await send('POST', headers);
    for (const piece of pieces) {
      if (socket.writable) socket.write(piece);
      await sleep(300);
    }
    const text = await answer;
    assert.match(text, new RegExp(`^HTTP/1\\.1 ${status} .*"code":"${code}"`, 's'), what);
    assert.match(text, /^Connection: close\r$/im, what);
  }
  const { socket } = await send('POST', `${csv}\r\nContent-Length: 99`);
  socket.write('x');
  await sleep(100);
  socket.resetAndDestroy();
  await sleep(100);
  assert.deepEqual(server.log, []);
});

test('a route limits how long its JSON body may take to arrive', async (t) => {
  const { send } = await start(t, hasty);
  const json = 'Content-Type: application/json\r\nConnection: close\r\nContent-Length: 2';
  const slow = await send('PUT', json);
  slow.socket.write('{');
  const { socket, answer } = await send('PUT', json);
  await sleep(500);
  socket.write('{}');
  assert.match(await answer, /^HTTP\/1\.1 200 /);
  assert.match(await slow.answer, /^HTTP\/1\.1 408 .*"code":"request_timeout"/s);
});

test('an answer that is a stream is sent piece by piece, and the stream is destroyed when its client disconnects', async (t) => {
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const streams: Readable[] = [];
  const rows = () => {
    const stream = Readable.from(
      (async function* () {
        yield 'a,b\n';
        await finished;
        yield '1,2\n';
      })(),
    );
    streams.push(stream);
    return stream;
  };
  const { server, key } = await start(t, download(rows));
  const ask = (signal?: AbortSignal) =>
    fetch(server.address + path, {
      headers: { 'X-API-Key': key },
      ...(signal && { signal }),
    });
  const gone = new AbortController();
  const left = await ask(gone.signal);
  await left.body!.getReader().read();
  gone.abort();
  const response = await ask();
  assert.equal(response.headers.get('content-type'), 'text/csv; charset=utf-8');
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  assert.equal((await reader.read()).value, 'a,b\n');
  finish();
  assert.equal((await reader.read()).value, '1,2\n');
  assert.equal((await reader.read()).done, true);
  assert.deepEqual(
    streams.map(({ destroyed }) => destroyed),
    [true, true],
  );
  assert.deepEqual(server.log, []);
});

test('an answer whose stream fails before its first byte is a 500, which is logged', async (t) => {
  const broken = () =>
    new Readable({
      read() {
        this.destroy(new Error('The disk is gone'));
      },
    });
  const { server, key } = await start(t, download(broken));
  const response = await fetch(server.address + path, { headers: { 'X-API-Key': key } });
  assert.equal(response.status, 500);
  assert.equal(((await response.json()) as ErrorAnswer).code, 'internal_error');
  assert.equal(server.log.length, 1);
});

test('a malformed body fails at once, even behind an earlier answer that the client does not read', async (t) => {
  let failed = false;
  const taking = action({
    name: 'take',
    method: 'POST',
    path,
    summary: 'Takes a stream.',
    query: z.object({}),
    streams: ['text/csv'],
    answers: { 200: { means: 'Taken.', schema: z.object({}) } },
    refusals: {},
    act: async ({ stream }) => {
      await text(stream!).catch((error) => {
        failed = true;
        throw error;
      });
      return { status: 200, body: {} };
    },
  });
  const { send, key } = await start(
    t,
    taking,
    download(() => Readable.from(['x'.repeat(2e7)])),
  );
  const { socket } = await send('GET', 'X: y');
  socket.pause();
  await sleep(300);
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: x\r\nX-API-Key: ${key}\r\nContent-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\nzz\r\n`,
  );
  await sleep(1_000);
  assert.equal(failed, true);
});

test('the connection of a refused client is closed even when the client keeps its half open', async (t) => {
  const { server } = await start(t, hasty);
  for (const request of [
    'CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n',
    `PUT ${path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\nzz\r\n`,
  ]) {
    const port = Number(new URL(server.address).port);
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    socket.on('error', () => {});
    socket.resume();
    socket.write(request);
    await once(socket, 'end');
  }
  // The server stops only when no connection is left, and the test does not close these.
});

test('a client that is answered before it has sent its body is disconnected after a short time', async (t) => {
  const timeouts = { unread: 500, untaken: 30_000, stopping: 30_000 };
  const { address } = await startTestServer(t, { routes: [hasty], timeouts });
  const { socket, answer } = await begin(address, '', 'DELETE', 'Content-Length: 1000');
  const dripping = setInterval(() => socket.write('x', () => {}), 50);
  t.after(() => clearInterval(dripping));
  const begun = performance.now();
  assert.match(await answer, /^HTTP\/1\.1 405 /);
  assert.ok(performance.now() - begun < 5_000);
});
