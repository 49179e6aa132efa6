import assert from 'node:assert/strict';
import test from 'node:test';
import { openDatabase } from '../../server/store/database.ts';
import type { DashboardAnswer } from '../../shared/answers/partner.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { writerHere } from '../support/threads.ts';

function send(server: TestServer, method: string, path: string, key: string, body?: object) {
  return fetch(`${server.address}/api/partner${path}`, {
    method,
    headers: { 'X-API-Key': key, 'Content-Type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
}

/** Requests that each write to the database. */
const writes = [
  ['POST', '/keys', {}],
  ['PUT', '/branding', { company_name: 'Firm' }],
  ['POST', '/embed-tokens', {}],
  ['POST', '/auth/magic-link', { email: 'somebody@example.com' }],
] as const;

test('with a full disk, writes get a 503 with Retry-After, reads are answered, and no usage is lost', async (t) => {
  // The limit that stands for a full disk is one of a connection.
  const server = await startTestServer(t, { writer: writerHere });
  const { key, id } = await makePartner(server.database);
  const { handle } = server.database;
  const pages = handle.pragma('page_count', { simple: true }) as number;
  handle.pragma(`max_page_count = ${pages}`);
  // Fills the space that is left in the last pages of two tables.
  const fillers = [
    `insert into mail (id, recipient, browser, asked_at, due_at, attempts, state, problem)
      values (?, '', '', 0, 0, 0, 'dropped', ?)`,
    `insert into usage_days values ('${id}', 1, ?, ?, '', 1, 0, 0, 0)`,
  ].map((text) => handle.prepare<[string, string]>(text));
  for (const size of [500, 50, 0]) {
    for (const filler of fillers) {
      assert.throws(() => {
        for (let row = 0; ; row++) filler.run(`filler${size}-${row}`, 'x'.repeat(size));
      }, /full/);
    }
  }
  // The audit trail has some space left, too.
  const brand = () => send(server, 'PUT', '/branding', key, { company_name: 'Firm' });
  let asked = 1;
  while ((await brand()).status === 200) asked++;
  for (const [method, path, body] of writes) {
    const response = await send(server, method, path, key, body);
    assert.equal(response.status, 503, path);
    assert.equal(response.headers.get('retry-after'), '5', path);
  }
  for (const path of ['/stats', '/keys', '/dashboard', '/branding']) {
    assert.equal((await send(server, 'GET', path, key)).status, 200, path);
  }
  handle.pragma('max_page_count = 1000000');
  assert.equal((await send(server, 'POST', '/keys', key, {})).status, 201);
  const { usage } = (await (
    await send(server, 'GET', '/dashboard', key)
  ).json()) as DashboardAnswer;
  // All requests are counted but that for the mail, which has no key, and this one for the dashboard.
  assert.equal(usage.total_30d, asked + 3 + 4 + 1);
});

test('while another process holds the write lock, writes wait together until they time out, and reads are answered', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  const blocker = await openDatabase(server.database.path);
  t.after(() => blocker.close());
  blocker.handle.exec('begin immediate');
  const started = performance.now();
  const waiting = Promise.all(
    Array.from({ length: 5 }, async () => (await send(server, 'POST', '/keys', key, {})).status),
  );
  let isOver = false;
  void waiting.then(() => {
    isOver = true;
  });
  for (const path of ['/stats', '/keys', '/dashboard']) {
    assert.equal((await send(server, 'GET', path, key)).status, 200);
  }
  assert.ok(!isOver);
  assert.deepEqual(await waiting, [503, 503, 503, 503, 503]);
  assert.ok(performance.now() - started < 8_000);
  const again = send(server, 'POST', '/keys', key, {});
  setTimeout(() => blocker.handle.exec('rollback'), 200);
  assert.equal((await again).status, 201);
});
