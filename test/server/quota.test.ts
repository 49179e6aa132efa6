import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Quota } from '../../server/access/quota.ts';
import { openDatabase } from '../../server/store/database.ts';
import { lease } from '../../server/store/quota.ts';
import { startOfUtcDay, utcDay } from '../../shared/day.ts';
import { api } from '../support/api.ts';
import { openTestDatabase } from '../support/database.ts';
import { inParallel } from '../support/in-parallel.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer, testNow } from '../support/server.ts';

const stats = '/api/partner/stats';

test('every request with a valid key and scope counts against the quota, whatever its status; refusals do not', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database, 'starter');
  const remaining = async (path: string, headers: Record<string, string> = {}) =>
    (await server.get(path, { 'X-API-Key': partner.key, ...headers })).headers.get(
      'x-ratelimit-remaining',
    );
  assert.equal(await remaining(stats), '999');
  assert.equal(await remaining(`${stats}?period=30`), '998');
  assert.equal(await remaining(`${stats}?account_id=acc_none`), '997');
  assert.equal(await remaining('/api/partner/widgets/risk-metrics'), null);
  assert.equal(await remaining('/health'), null);
  assert.equal(await remaining('/api/partner/nothing'), null);
  assert.equal(await remaining('/embed/partner/stats-card'), '996');
  const etag = (await server.get(stats, { 'X-API-Key': partner.key })).headers.get('etag')!;
  const unchanged = await server.get(stats, { 'X-API-Key': partner.key, 'If-None-Match': etag });
  assert.equal(unchanged.status, 304);
  assert.equal(unchanged.headers.get('x-ratelimit-remaining'), '994');
  const other = await partner.newKey(['stats:aggregate']);
  const first = await server.get(stats, { 'X-API-Key': other });
  assert.equal(first.headers.get('x-ratelimit-remaining'), '999');
});

test('a request beyond the daily quota is a 429 with Retry-After, until midnight UTC', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database, 'starter');
  const ask = () => server.get(stats, { 'X-API-Key': key });
  const statuses = await inParallel(1_005, async () => (await ask()).status);
  assert.equal(statuses.filter((status) => status === 200).length, 1_000);
  const refused = await ask();
  assert.equal(refused.status, 429);
  const seconds = (startOfUtcDay(utcDay(testNow) + 1) - testNow) / 1000;
  assert.deepEqual(
    [
      'retry-after',
      'x-ratelimit-limit',
      'x-ratelimit-remaining',
      'ratelimit',
      'ratelimit-policy',
    ].map((name) => refused.headers.get(name)),
    [String(seconds), '1000', '0', `"daily";r=0;t=${seconds}`, '"daily";q=1000;w=86400'],
  );
  server.clock.now = startOfUtcDay(utcDay(testNow) + 1) - 1;
  assert.equal((await ask()).status, 429);
  server.clock.now += 1;
  assert.equal((await ask()).status, 200);
});

test('several processes together admit exactly the daily quota', async (t) => {
  const database = await openTestDatabase(t);
  const partner = await makePartner(database);
  const { id } = await database.read.selectFrom('keys').select('id').executeTakeFirstOrThrow();
  const program = path.join(import.meta.dirname, '../support/spend-quota.ts');
  const spend = async () => {
    const args = [program, database.path, partner.id, id, '100', String(testNow)];
    return Number((await promisify(execFile)(process.execPath, args)).stdout);
  };
  const admitted = await Promise.all([spend(), spend(), spend(), spend()]);
  assert.equal(
    admitted.reduce((sum, count) => sum + count, 0),
    100,
  );
});

test('requests are leased from a quota only if all of them fit, together or at the same time', async (t) => {
  const database = await openTestDatabase(t);
  const partner = await makePartner(database);
  const { id } = await database.read.selectFrom('keys').select('id').executeTakeFirstOrThrow();
  const wanted = [60, 60, 40, 1].map((count) => ({ count, most: 100 }));
  const key = { partner_id: partner.id, key_id: id };
  const today = { ...key, day: utcDay(testNow) };
  const leased = await Promise.all(wanted.map((one) => lease(database, [{ ...today, ...one }])));
  assert.deepEqual(leased.flat(), [60, null, 100, null]);
  const tomorrow = { ...key, day: utcDay(testNow) + 1 };
  const together = await lease(
    database,
    wanted.map((one) => ({ ...tomorrow, ...one })),
  );
  assert.deepEqual(together, [60, null, 100, null]);
});

test('a partner that is in the file no more gets no lease, and costs others none', async (t) => {
  const database = await openTestDatabase(t);
  const { id } = await makePartner(database);
  const wanted = ['ptr_gone', id].map((partner_id) => ({
    ...{ partner_id, key_id: 'key', day: utcDay(testNow) },
    ...{ count: 1, most: 100 },
  }));
  assert.deepEqual(await lease(database, wanted), [null, 1]);
});

test('the first requests of many keys that come at once are counted by one write', async (t) => {
  const database = await openTestDatabase(t);
  const { id } = await makePartner(database);
  const keys = Array.from({ length: 300 }, (_, number) => `key_${number}`);
  const quota = new Quota(database);
  const pagesOfLog = () => statSync(`${database.path}-wal`).size / 4_096;
  const before = pagesOfLog();
  const admissions = await Promise.all(keys.map((key) => quota.admit(id, key, 100, testNow)));
  assert.ok(admissions.every(({ admitted, remaining }) => admitted && remaining === 99));
  // Each write would add at least a page.
  assert.ok(pagesOfLog() - before < 100);
});

test('requests that an idle process leased and did not use are given back to others', async (t) => {
  const database = await openTestDatabase(t);
  const partner = await makePartner(database);
  const { id } = await database.read.selectFrom('keys').select('id').executeTakeFirstOrThrow();
  const other = await openDatabase(database.path);
  t.after(() => other.close());
  const idle = new Quota(database);
  const busy = new Quota(other);
  assert.ok((await idle.admit(partner.id, id, 100, testNow)).admitted);
  const spend = async () => {
    // Each request is handled in a turn of the event loop of its own.
    await nextTurn();
    let count = 0;
    while ((await busy.admit(partner.id, id, 100, testNow)).admitted) count++;
    return count;
  };
  const before = await spend();
  assert.ok(before < 99);
  await idle.giveBackIdle(testNow);
  assert.equal(await spend(), 0);
  await idle.giveBackIdle(testNow);
  assert.equal(before + (await spend()), 99);
});

test('what many idle keys left is given back in steps, and stays theirs where that fails in the middle', async (t) => {
  const database = await openTestDatabase(t);
  const { id } = await makePartner(database);
  const keys = Array.from({ length: 250 }, (_, number) => `key_${number}`);
  const limit = 100;
  const quota = new Quota(database);
  for (const key of keys) assert.ok((await quota.admit(id, key, limit, testNow)).admitted);
  await quota.giveBackIdle(testNow);
  const blocker = await openDatabase(database.path);
  t.after(() => blocker.close());
  const leased = async () =>
    (await database.read.selectFrom('key_days').select('leased').orderBy('leased').execute()).map(
      (row) => row.leased,
    );

  const giving = quota.giveBackIdle(testNow);
  await nextTurn();
  // Between two steps a key is used, and then another process takes the lock.
  assert.ok((await quota.admit(id, keys[150]!, limit, testNow)).admitted);
  blocker.handle.exec('begin immediate');
  await giving;
  const afterFailure = await leased();
  assert.equal(afterFailure.filter((count) => count === 1).length, 100);
  // Any other process gets what is left, and together they admit exactly the limit.
  blocker.handle.exec('rollback');
  const other = new Quota(blocker);
  const admit = async (one: Quota, key: string) =>
    (await one.admit(id, key, limit, testNow)).admitted;
  for (const key of [keys[0]!, keys[150]!, keys[249]!]) {
    let admitted = key === keys[150] ? 2 : 1;
    while (await admit(other, key)) admitted++;
    while (await admit(quota, key)) admitted++;
    assert.equal(admitted, limit, key);
  }
  await quota.giveBackIdle(testNow);
  await quota.giveBackIdle(testNow);
  assert.deepEqual(await leased(), [...Array(247).fill(1), limit, limit, limit]);
});

test('while the database can’t be written, simultaneous requests are admitted up to the limit', async (t) => {
  const database = await openTestDatabase(t);
  const { id } = await makePartner(database);
  const quota = new Quota(database);
  const blocker = await openDatabase(database.path);
  t.after(() => blocker.close());
  blocker.handle.exec('begin immediate');
  const admissions = await Promise.all(
    Array.from({ length: 20 }, () => quota.admit(id, 'key_1', 5, testNow)),
  );
  const remaining = admissions.filter(({ admitted }) => admitted).map((each) => each.remaining);
  assert.deepEqual(remaining, [4, 3, 2, 1, 0]);
});

test('while nothing can be written, each process admits a sixteenth of what is free at once, and all together exactly the limit', async (t) => {
  for (const limit of [10, 100]) {
    const database = await openTestDatabase(t);
    const { id } = await makePartner(database);
    const [other, blocker] = [await openDatabase(database.path), await openDatabase(database.path)];
    t.after(() => Promise.all([other.close(), blocker.close()]));
    blocker.handle.exec('begin immediate');
    const quotas = [new Quota(database), new Quota(other)];
    let answered = 0;
    const asking = Array.from({ length: 2 * limit }, async (_, turn) => {
      const { admitted } = await quotas[turn % 2]!.admit(id, 'key_1', limit, testNow);
      answered++;
      return admitted;
    });
    await sleep(1_000);
    assert.equal(answered, 2 * Math.floor(limit / 16));
    blocker.handle.exec('rollback');
    const admitted = (await Promise.all(asking)).filter(Boolean);
    assert.equal(admitted.length, limit);
  }
});

test('what was admitted while nothing could be written is leased as soon as it can, also if nobody asks again', async (t) => {
  const database = await openTestDatabase(t);
  const { id } = await makePartner(database);
  const [other, blocker] = [await openDatabase(database.path), await openDatabase(database.path)];
  t.after(() => Promise.all([other.close(), blocker.close()]));
  blocker.handle.exec('begin immediate');
  const quota = new Quota(database);
  const admit = (here: Quota) => here.admit(id, 'key_1', 100, testNow);
  for (let asked = 0; asked < 6; asked++) assert.ok((await admit(quota)).admitted);
  blocker.handle.exec('rollback');
  const leased = database.handle.prepare('select leased from key_days').pluck();
  for (let tries = 0; !leased.get() && tries < 100; tries++) await sleep(50);
  await quota.giveBackIdle(testNow);
  await quota.giveBackIdle(testNow);
  const elsewhere = new Quota(other);
  const admissions = await Promise.all(Array.from({ length: 100 }, () => admit(elsewhere)));
  assert.equal(admissions.filter(({ admitted }) => admitted).length, 94);
});

test('a process that does not get to write while another one commits admits nothing that the other may have', async (t) => {
  const database = await openTestDatabase(t);
  const { id } = await makePartner(database);
  const busy = await openDatabase(database.path);
  t.after(() => busy.close());
  const rows = "values (?, 'key_1', ?, 25) on conflict do update set leased = leased + 25";
  const leaseMore = busy.handle.prepare(
    `insert into key_days (partner_id, key_id, day, leased) ${rows}`,
  );
  busy.handle.exec('begin immediate');
  const admission = new Quota(database).admit(id, 'key_1', 100, testNow);
  for (let commits = 0; commits < 4; commits++) {
    await sleep(200);
    leaseMore.run(id, utcDay(testNow));
    busy.handle.exec('commit');
    busy.handle.exec('begin immediate');
  }
  busy.handle.exec('rollback');
  assert.equal((await admission).admitted, false);
});

test('reads are admitted while the database can’t be written, and are counted later', async (t) => {
  const server = await startTestServer(t);
  const { key, id } = await makePartner(server.database, 'starter');
  const blocker = await openDatabase(server.database.path);
  t.after(() => blocker.close());
  blocker.handle.exec('begin immediate');
  for (let asked = 0; asked < 20; asked++) {
    assert.equal((await server.get(stats, { 'X-API-Key': key })).status, 200);
  }
  blocker.handle.exec('rollback');
  const { headers } = await server.get(stats, { 'X-API-Key': key });
  assert.equal(headers.get('x-ratelimit-remaining'), '979');
  const { leased } = await server.database.read
    .selectFrom('key_days')
    .select('leased')
    .where('partner_id', '=', id)
    .executeTakeFirstOrThrow();
  assert.ok(leased >= 21);
});

test('a request is answered while a long write of the same process goes on', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  let isOver = false;
  const write = server.database.inTurn(async () => {
    await sleep(2_000);
    isOver = true;
  });
  const { status, headers } = await api(server, key).get('stats');
  assert.deepEqual([status, isOver], [200, false]);
  const remaining = Number(headers.get('x-ratelimit-remaining'));
  await write;
  assert.equal(
    (await api(server, key).get('stats')).headers.get('x-ratelimit-remaining'),
    String(remaining - 1),
  );
});
