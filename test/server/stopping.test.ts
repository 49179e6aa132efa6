import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import test, { type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { type DeclaredAnswer, openRoute, type Route } from '../../server/route.ts';
import { closed } from '../support/closed.ts';
import { startTestServer } from '../support/server.ts';

const path = '/api/partner/download';

/** More bytes than fit into the buffers between a server and a client that reads nothing. */
const size = 24 * 1024 * 1024;

const timeouts = { unread: 5_000, untaken: 30_000, stopping: 30_000 };

function download(declared: DeclaredAnswer & { type: string }, body: () => Buffer | Readable) {
  const route: Route = openRoute({
    name: 'download',
    method: 'GET',
    path,
    summary: 'Gives something.',
    query: z.object({}),
    answers: { 200: declared },
    refusals: {},
    act: async () => ({ status: 200, body: body() }),
  });
  return route;
}

const large = download({ means: 'Zeros.', type: 'text/plain' }, () => Buffer.alloc(size, '0'));

/** Starts a server, and a client that has sent a request and reads nothing yet. */
async function start(t: TestContext, route: Route, own: Partial<typeof timeouts> = {}) {
  const server = await startTestServer(t, { routes: [route], timeouts: { ...timeouts, ...own } });
  const socket = connect(Number(new URL(server.address).port), '127.0.0.1');
  socket.pause();
  socket.on('error', () => {});
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
  await sleep(500);
  return { server, socket };
}

/** Reads until the connection ends; returns the number of bytes. */
async function readAll(socket: Socket): Promise<number> {
  let bytes = 0;
  socket.on('data', (piece) => {
    bytes += piece.length;
  });
  socket.resume();
  await closed(socket);
  return bytes;
}

test('an answer that is being sent when the server stops arrives whole', async (t) => {
  const { server, socket } = await start(t, large);
  const stopped = server.stop();
  await sleep(100);
  assert.ok((await readAll(socket)) > size);
  await stopped;
});

test('a server that stops waits only a limited time for a client that does not read its answer', async (t) => {
  const { server, socket } = await start(t, large, { stopping: 500 });
  const begun = performance.now();
  await server.stop();
  assert.ok(performance.now() - begun > 400);
  assert.ok(performance.now() - begun < 5_000);
  assert.ok((await readAll(socket)) < size);
});

test('an open event stream does not delay a server that stops', async (t) => {
  const events = () =>
    Readable.from(
      (async function* () {
        yield 'data: 1\n\n';
        await new Promise(() => {});
      })(),
    );
  const route = download({ means: 'Events.', type: 'text/event-stream' }, events);
  const { server, socket } = await start(t, route);
  const begun = performance.now();
  await Promise.all([server.stop(), readAll(socket)]);
  assert.ok(performance.now() - begun < 5_000);
  assert.deepEqual(server.log, []);
});

test('a connection whose client reads nothing of its answer is closed after a time', async (t) => {
  const { socket } = await start(t, large, { untaken: 500 });
  await sleep(1_500);
  assert.ok((await readAll(socket)) < size);
});
