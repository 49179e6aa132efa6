import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import test from 'node:test';
import { openDatabase } from '../../server/store/database.ts';
import type { ErrorAnswer } from '../../shared/answers/error.ts';
import { api } from '../support/api.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { statementsOf } from '../support/sql.ts';
import { writerHere } from '../support/threads.ts';

async function states(server: TestServer): Promise<[health: number, ready: number]> {
  const [health, ready] = [await server.get('/health'), await server.get('/ready')];
  assert.equal(health.headers.get('cache-control'), 'no-store');
  if (ready.status === 200) assert.deepEqual(await ready.json(), { status: 'ok' });
  else {
    assert.equal(ready.headers.get('retry-after'), '5');
    assert.equal(((await ready.json()) as ErrorAnswer).code, 'storage_unavailable');
  }
  return [health.status, ready.status];
}

/** Simulates a full disk: only pages that tables already have can still be written. */
function fillDisk({ database: { handle } }: TestServer): void {
  handle.exec('create table filler (text text)');
  handle.pragma(`max_page_count = ${handle.pragma('page_count', { simple: true })}`);
  const insert = handle.prepare('insert into filler values (hex(zeroblob(?)))');
  for (const size of [500, 5]) {
    assert.throws(() => {
      for (;;) insert.run(size);
    }, /full/);
  }
}

test('/health does not query the database', async (t) => {
  const server = await startTestServer(t);
  const asked = await statementsOf(t, async () => {
    assert.equal((await server.get('/health')).status, 200);
  });
  assert.deepEqual(asked, []);
});

test('/ready fails while the database can’t be read, and /health does not', async (t) => {
  const server = await startTestServer(t);
  assert.deepEqual(await states(server), [200, 200]);
  server.database.handle.pragma('wal_checkpoint(truncate)');
  writeFileSync(server.database.path, Buffer.alloc(100_000, 'x'));
  assert.deepEqual(await states(server), [200, 503]);
});

test('/ready fails from a failed write until one of the server’s own writes succeeds', async (t) => {
  // The limit that stands for a full disk is one of a connection.
  const server = await startTestServer(t, { writer: writerHere });
  const { key } = await makePartner(server.database);
  fillDisk(server);
  assert.deepEqual(await states(server), [200, 200]);
  const write = async () => (await api(server, key).post('embed-tokens')).status;
  while ((await write()) === 201) assert.deepEqual(await states(server), [200, 200]);
  assert.deepEqual(await states(server), [200, 503]);
  server.database.handle.pragma('max_page_count = 1000000');
  assert.deepEqual(await states(server), [200, 503]);
  await server.tick();
  assert.deepEqual(await states(server), [200, 200]);
});

test('/ready recovers by itself without further requests', async (t) => {
  const server = await startTestServer(t);
  await server.tick();
  fillDisk(server);
  const ask = async (number: number) =>
    (await api(server, null).post('auth/magic-link', { email: `${number}@firm.example` })).status;
  for (let number = 0; (await ask(number)) === 200; number++);
  assert.deepEqual(await states(server), [200, 503]);
  server.database.handle.pragma('max_page_count = 1000000');
  assert.deepEqual(await states(server), [200, 503]);
  await server.tick();
  assert.deepEqual(await states(server), [200, 200]);
});

test('/ready writes nothing itself, and fails for another process’s lock only once a write timed out', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  const blocker = await openDatabase(server.database.path);
  t.after(() => blocker.close());
  const version = server.database.version();
  blocker.handle.exec('begin immediate');
  // The usage of this request is not stored yet.
  assert.equal((await api(server, key).get('dashboard')).status, 200);
  assert.deepEqual(await states(server), [200, 200]);
  // A write that timed out while waiting for the lock is a failure.
  assert.equal((await api(server, key).post('keys')).status, 503);
  assert.deepEqual(await states(server), [200, 503]);
  blocker.handle.exec('rollback');
  assert.equal(server.database.version(), version);
  await server.tick();
  assert.deepEqual(await states(server), [200, 200]);
});
