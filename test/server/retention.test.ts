import assert from 'node:assert/strict';
import test from 'node:test';
import { migrations } from '../../server/store/migrations/index.ts';
import { keptForDays } from '../../server/store/retention.ts';
import type { Schema } from '../../server/store/schema.ts';
import { lifetimes } from '../../shared/access.ts';
import type { ErrorAnswer } from '../../shared/answers/error.ts';
import type { EventsAnswer } from '../../shared/answers/events.ts';
import { startOfUtcDay, utcDay } from '../../shared/day.ts';
import { day, hour } from '../../shared/time.ts';
import { serveBeside } from '../support/beside.ts';
import { raise, someEvents } from '../support/events.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer, type TestServer, testNow } from '../support/server.ts';
import { auth, Browser, isSignedIn, mailedLink, signIn } from '../support/session.ts';

const api = '/api/partner';

async function rowsOf(server: TestServer, table: keyof Schema): Promise<number> {
  const { count } = await server.database.read
    .selectFrom(table)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

/** Lets the last day pass hour by hour, as the server trusts a clock that leapt only after a day. */
async function goOnUntil(server: TestServer, until: number): Promise<void> {
  for (let time = until - day; time <= until; time += hour) {
    server.clock.now = time;
    await server.tick();
  }
}

/** Asserts how many rows there are at `until`, the last moment at which none is removed, and an hour later. */
async function assertKept(
  server: TestServer,
  table: keyof Schema,
  until: number,
  rows: { still: number; later: number },
): Promise<void> {
  await goOnUntil(server, until);
  assert.equal(await rowsOf(server, table), rows.still, 'It was removed too early');
  server.clock.now += hour;
  await server.tick();
  assert.equal(await rowsOf(server, table), rows.later, 'It is still there');
}

test('usage and the quota’s counts are kept for 90 days', async (t) => {
  assert.equal(keptForDays.usage, 90);
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  await server.get(`${api}/stats`, { 'X-API-Key': key });
  await server.tick();
  const lastMoment = startOfUtcDay(utcDay(testNow) + 91) - 1;
  await assertKept(server, 'usage_days', lastMoment - hour, { still: 1, later: 1 });
  assert.equal(await rowsOf(server, 'key_days'), 1);
  server.clock.now = lastMoment + hour;
  await server.tick();
  assert.deepEqual([await rowsOf(server, 'usage_days'), await rowsOf(server, 'key_days')], [0, 0]);
});

test('the audit trail is kept for a year, but its entries of made tokens for 30 days', async (t) => {
  assert.deepEqual([keptForDays.audit, keptForDays.madeTokens], [365, 30]);
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  await partner.set({ billing_status: 'active' });
  await fetch(`${server.address}${api}/embed-tokens`, {
    method: 'POST',
    headers: { 'X-API-Key': partner.key, 'Content-Type': 'application/json' },
    body: '{}',
  });
  await assertKept(server, 'audit', testNow + 30 * day, { still: 3, later: 2 });
  await assertKept(server, 'audit', testNow + 365 * day, { still: 2, later: 0 });
});

test('a revoked or expired key is kept for 90 days, and a valid one for ever', async (t) => {
  assert.equal(keptForDays.keys, 90);
  for (const end of ['revoked', 'expired'] as const) {
    const server = await startTestServer(t);
    const partner = await makePartner(server.database);
    const key = await partner.newKey(['stats:read'], end === 'expired' ? testNow + day : undefined);
    await partner.newKey(['stats:read'], testNow + 400 * day);
    const listed = (await (
      await server.get(`${api}/keys`, { 'X-API-Key': partner.key })
    ).json()) as { keys: { id: string; prefix: string }[] };
    const { id } = listed.keys.find(({ prefix }) => key.startsWith(prefix))!;
    server.clock.now += day;
    if (end === 'revoked') {
      await fetch(`${server.address}${api}/keys/${id}`, {
        method: 'DELETE',
        headers: { 'X-API-Key': partner.key },
      });
    }
    await assertKept(server, 'keys', testNow + 91 * day, { still: 3, later: 2 });
    assert.equal((await server.get(`${api}/keys`, { 'X-API-Key': key })).status, 403);
    assert.equal((await server.get(`${api}/keys`, { 'X-API-Key': partner.key })).status, 200);
  }
});

test('a session is kept for 30 days after it was ended or expired', async (t) => {
  assert.equal(keptForDays.sessions, 30);
  const server = await startTestServer(t);
  const { email } = await makePartner(server.database);
  const browser = await signIn(server, email);
  await signIn(server, email);
  server.clock.now += hour;
  await browser.send('DELETE', `${auth}/session`);
  await assertKept(server, 'sessions', testNow + hour + 30 * day, { still: 2, later: 1 });
  const end = testNow + lifetimes.session * 1_000;
  await assertKept(server, 'sessions', end + 30 * day, { still: 1, later: 0 });
});

test('a sign-in link is kept for a day after it expired', async (t) => {
  assert.equal(keptForDays.links, 1);
  const server = await startTestServer(t);
  const { email } = await makePartner(server.database);
  await mailedLink(server, new Browser(server), email);
  const end = testNow + lifetimes.link * 1_000;
  await assertKept(server, 'sign_in_links', end + day, { still: 1, later: 0 });
});

test('a mail is kept for seven days, and one for an unknown address for one day', async (t) => {
  assert.deepEqual([keptForDays.mail, keptForDays.droppedMail], [7, 1]);
  const server = await startTestServer(t);
  const { email } = await makePartner(server.database);
  await mailedLink(server, new Browser(server), email);
  await new Browser(server).post(`${auth}/magic-link`, { email: 'nobody@firm.example' });
  await server.tick();
  await assertKept(server, 'mail', testNow + day, { still: 2, later: 1 });
  await assertKept(server, 'mail', testNow + 7 * day, { still: 1, later: 0 });
});

test('an event is kept for 30 days, and then its cursor is the oldest one', async (t) => {
  assert.equal(keptForDays.events, 30);
  const server = await startTestServer(t);
  const { database } = server;
  const [partner, other, quiet] = [
    await makePartner(database),
    await makePartner(database),
    await makePartner(database),
  ];
  await raise(database, partner.id, someEvents(3));
  await raise(database, other.id, someEvents(2));
  await raise(database, other.id, someEvents(1, 3), testNow + day);
  const ask = async <Body = EventsAnswer>({ key }: { key: string }, query = '') => {
    const response = await server.get(`${api}/events?${query}`, { 'X-API-Key': key });
    return (await response.json()) as Body;
  };
  const { next: before } = await ask(quiet);
  const { next: last } = await ask(partner);
  const { next: second } = await ask(other, 'limit=2');
  await assertKept(server, 'events', testNow + 30 * day, { still: 6, later: 1 });
  for (const [firm, oldest, left] of [
    [partner, last, 0],
    [other, second, 1],
    [quiet, before, 0],
  ] as const) {
    const { events, next } = await ask(firm);
    assert.equal(events.length, left);
    assert.deepEqual(await ask(firm, `after=${oldest}`), { events, next, has_more: false });
    if (firm === quiet) continue;
    const gone = await ask<ErrorAnswer>(firm, `after=${before}`);
    assert.deepEqual([gone.code, gone.cursor], ['cursor_gone', oldest]);
  }
});

test('a list of events that was asked for before some were removed is not told again', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  await raise(server.database, partner.id, someEvents(2), testNow - 30 * day + hour);
  await server.tick();
  const ask = async () => {
    const response = await server.get(`${api}/events`, { 'X-API-Key': partner.key });
    return ((await response.json()) as EventsAnswer).events.length;
  };
  assert.equal(await ask(), 2);
  // Within the same day, so that only the removal can change the answer.
  server.clock.now += 2 * hour;
  await server.tick();
  assert.equal(await ask(), 0);
});

test('events are removed from the oldest on, so that none is missing among those that are left', async (t) => {
  const server = await startTestServer(t);
  const { database } = server;
  const partner = await makePartner(database);
  // The clock was ahead for a while.
  for (const at of [-40, -35, -10, -39, -38, 0])
    await raise(database, partner.id, someEvents(1), testNow + at * day);
  const numbers = () =>
    database.handle.prepare('select number from events order by number').pluck().all();
  await server.tick();
  assert.deepEqual(await numbers(), [3, 4, 5, 6]);
  await goOnUntil(server, testNow + 20 * day);
  assert.deepEqual(await numbers(), [3, 4, 5, 6]);
  server.clock.now += hour;
  await server.tick();
  assert.deepEqual(await numbers(), [6]);
});

test('the events of a busy firm are removed within minutes, however many there are, and others’ with them', async (t) => {
  const server = await startTestServer(t);
  const { database } = server;
  const busy = await makePartner(database);
  await raise(database, busy.id, someEvents(45_000), testNow - 31 * day);
  await raise(database, busy.id, someEvents(1), testNow);
  for (let firms = 0; firms < 5; firms++) {
    const { id } = await makePartner(database);
    await raise(database, id, someEvents(700), testNow - 31 * day);
  }
  const left = [];
  for (let runs = 0; runs < 4; runs++) {
    await server.tick();
    left.push(await rowsOf(server, 'events'));
    server.clock.now += 5_000;
  }
  assert.equal(left.at(-1), 1);
  assert.ok(
    left.every((rows, index) => rows > 48_000 - 20_001 * (index + 1)),
    `${left}`,
  );
  const { pruned_number, pruned_id } = await database.read
    .selectFrom('outboxes')
    .selectAll()
    .where('partner_id', '=', busy.id)
    .executeTakeFirstOrThrow();
  assert.equal(pruned_number, 45_000);
  assert.match(pruned_id, /^evt_/);
});

test('the answers of repeatable requests are kept for a day', async (t) => {
  assert.equal(keptForDays.storedAnswers, 1);
  const server = await startTestServer(t);
  const { id } = await makePartner(server.database);
  server.database.handle
    .prepare("insert into stored_answers values (?, 'id', 'request', 201, null, '', ?)")
    .run(id, testNow);
  await assertKept(server, 'stored_answers', testNow + day, { still: 1, later: 0 });
});

test('thousands of old rows are removed in one run, and newer ones are kept', async (t) => {
  const server = await startTestServer(t);
  const { id, email, key } = await makePartner(server.database);
  const browser = await signIn(server, email);
  await server.get(`${api}/stats`, { 'X-API-Key': key });
  await browser.post(`${auth}/magic-link`, { email });
  await server.tick();
  const tables = [
    ...(['usage_days', 'key_days', 'audit', 'sign_in_links', 'sessions', 'keys', 'mail'] as const),
  ];
  const before = await Promise.all(tables.map((table) => rowsOf(server, table)));
  const old = testNow - 400 * day;
  const oldDay = utcDay(old);
  const count = 2_500;
  const many = (columns: string) =>
    `with recursive counter (n) as (select 1 union all select n + 1 from counter where n < ${count})
     select ${columns} from counter`;
  for (const statement of [
    `insert into usage_days ${many(`'${id}', ${oldDay}, 'key_' || n, '/x', 'GET', 1, 1, 0, 1`)}`,
    `insert into key_days (partner_id, key_id, day, leased)
       ${many(`'${id}', 'key_' || n, ${oldDay}, 1`)}`,
    `insert into audit (partner_id, number, at, actor, action, details)
       ${many(`'${id}', 1000 + n, ${old}, 'operator', 'key.created', '{}'`)}`,
    `insert into sign_in_links (partner_id, digest, email, expires_at)
       ${many(`'${id}', 'digest' || n, 'x@y', ${old}`)}`,
    `insert into sessions (partner_id, id, digest, email, created_at, used_at, expires_at)
       ${many(`'${id}', 'ses_' || n, 'digest' || n, 'x@y', ${old}, ${old}, ${old}`)}`,
    `insert into keys (partner_id, id, digest, prefix, label, scopes, created_at, revoked_at)
       ${many(`'${id}', 'key_' || n, 'digest' || n, 'pt_', 'Old', 'stats:read', ${old}, ${old}`)}`,
    `insert into mail (id, recipient, browser, asked_at, due_at, attempts, state)
       ${many(`'mail_' || n, 'x@y', 'digest', ${old}, ${old}, 1, 'sent'`)}`,
  ]) {
    server.database.handle.exec(statement);
  }
  const filled = await Promise.all(tables.map((table) => rowsOf(server, table)));
  assert.deepEqual(
    filled,
    before.map((rows) => rows + count),
  );
  server.clock.now += hour;
  await server.tick();
  assert.deepEqual(await Promise.all(tables.map((table) => rowsOf(server, table))), before);
  assert.ok(await isSignedIn(browser));
  assert.deepEqual(server.log, []);
});

const year = 365 * day;
const old = testNow - 400 * day;

/** Adds so many audit entries that are old enough to be removed. */
async function fillAudit({ database }: TestServer, count: number): Promise<void> {
  const { id } = await makePartner(database);
  database.handle.exec(`insert into audit
    (partner_id, number, at, actor, actor_id, actor_name, action, subject, details)
    with recursive n (n) as (select 1 union all select n + 1 from n where n < ${count})
    select '${id}', 1000 + n, ${old}, 'operator', null, null, 'key.created', null, '{}' from n`);
}

test('a clock that leaps by years and is put right within a day removes nothing', async (t) => {
  const server = await startTestServer(t);
  const { email, key } = await makePartner(server.database);
  await signIn(server, email);
  await server.get(`${api}/stats`, { 'X-API-Key': key });
  await server.tick();
  const tables = ['audit', 'usage_days', 'key_days', 'sessions', 'mail', 'sign_in_links'] as const;
  const all = () => Promise.all(tables.map((table) => rowsOf(server, table)));
  const before = await all();
  server.clock.now += 3 * year;
  for (let hours = 0; hours < 23; hours++) {
    await server.tick();
    server.clock.now += hour;
  }
  assert.deepEqual(await all(), before);
  assert.equal(server.log.length, 1);
  assert.match(String(server.log[0]!.problem), /The clock went from 2026-11-20.* to 2029-11-19/);
  // Nor does a process that starts now remove anything, or another leap.
  await using other = await serveBeside(server);
  await other.tick();
  server.clock.now += 3 * year;
  for (let hours = 0; hours < 23; hours++) {
    await server.tick();
    await other.tick();
    server.clock.now += hour;
  }
  assert.deepEqual(await all(), before);
  server.clock.now = testNow + 2 * hour;
  await server.tick();
  assert.deepEqual(await all(), before);
});

test('a clock that was put right is trusted again after a day', async (t) => {
  const server = await startTestServer(t);
  await server.tick();
  await fillAudit(server, 10);
  server.clock.now -= 50 * year;
  await server.tick();
  server.clock.now = testNow + hour;
  await server.tick();
  assert.equal(await rowsOf(server, 'audit'), 11);
  await goOnUntil(server, testNow + 2 * day);
  assert.equal(await rowsOf(server, 'audit'), 1);
});

test('the time by which a clock leaps does not count towards the day after which it is trusted', async (t) => {
  const server = await startTestServer(t);
  await server.tick();
  await fillAudit(server, 10);
  for (const leap of [3 * year, 47 * hour, 23 * hour, 23 * hour]) {
    server.clock.now += leap;
    await server.tick();
    server.clock.now += 5_000;
    await server.tick();
    assert.equal(await rowsOf(server, 'audit'), 11);
  }
});

test('a database migrated from before the time was stored takes it from its latest entries', async (t) => {
  const server = await startTestServer(t);
  await fillAudit(server, 10);
  const { handle, write } = server.database;
  handle.exec('drop table server_facts');
  await migrations['0005-server']!.up(write);
  server.clock.now += 3 * year;
  await server.tick();
  assert.equal(await rowsOf(server, 'audit'), 11);
  await goOnUntil(server, testNow + 3 * year + 2 * day);
  assert.equal(await rowsOf(server, 'audit'), 0);
});

test('one run removes at most 20,000 rows of a kind, and the next runs the others', async (t) => {
  const server = await startTestServer(t);
  await fillAudit(server, 45_000);
  const left = [];
  for (let runs = 0; runs < 3; runs++) {
    await server.tick();
    left.push(await rowsOf(server, 'audit'));
    server.clock.now += hour;
  }
  assert.deepEqual(left, [25_001, 5_001, 1]);
});
