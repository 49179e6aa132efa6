import assert from 'node:assert/strict';
import { renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import SQLite from 'better-sqlite3';
import type { AskedQuestion } from '../../server/answering.ts';
import { openDatabase } from '../../server/store/database.ts';
import { DatabaseLost } from '../../server/store/database-file.ts';
import { type Readers, ReaderThreads } from '../../server/threads/readers.ts';
import type { DashboardAnswer } from '../../shared/answers/partner.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer } from '../support/server.ts';
import { files } from '../support/threads.ts';

/** Starts a server with threads of its own, which have opened nothing yet. */
async function start(t: TestContext) {
  const threads = new ReaderThreads(files);
  t.after(() => threads.close());
  const server = await startTestServer(t, { readers: threads });
  const partner = await makePartner(server.database);
  const ask = async (question: string, key = partner.key) =>
    (await server.get(`/api/partner/${question}`, { 'X-API-Key': key })).status;
  return { threads, server, partner, ask };
}

const always = () => true;

/** A question about all accounts, which takes longer the more there are. */
const listing = (partnerId: string): AskedQuestion => ({
  route: 'listAccounts',
  query: { limit: 200, offset: 0, firm_id: 'none' },
  text: '',
  partnerId,
  accountId: null,
  now: 0,
  isTimely: false,
  isLive: false,
  language: 'en',
  frameAncestors: '',
  publicUrl: '',
  edition: '',
  encoding: 'identity',
  format: 'json',
});

test('callers take turns: one who asks much holds up no other', async (t) => {
  const { threads, server, partner } = await start(t);
  const ended: string[] = [];
  const ask = async (turn: string) => {
    await threads.ask(server.database, listing(partner.id), turn, always);
    ended.push(turn);
  };
  // Two at once, so that both threads have started.
  await Promise.all([ask('first'), ask('second')]);
  ended.length = 0;
  const many = Array.from({ length: 50 }, () => ask('busy'));
  await Promise.all([...many, ask('quiet')]);
  assert.ok(ended.indexOf('quiet') < 10, `answered after ${ended.indexOf('quiet')} of 50`);
});

test('a thread that ends in the middle of a question fails that question alone', async (t) => {
  const { threads, ask } = await start(t);
  assert.equal(await ask('stats'), 200);
  const asked = ask('stats?period=90d');
  await new Promise(setImmediate);
  await threads.close();
  assert.match(String(await asked), /^(200|500)$/);
  for (const period of ['7d', '30d', '90d', '1y', 'all'])
    assert.equal(await ask(`stats?period=${period}`), 200);
});

/** Makes another database beside a server's, and returns a key in it. */
async function makeOther(file: string): Promise<string> {
  const other = await openDatabase(file);
  const { key } = await makePartner(other);
  await other.close();
  return key;
}

for (const loss of ['replaced by another', 'left without its log'] as const) {
  test(`when the file is ${loss}, waiting questions don’t open it again, and what is opened is intact`, async (t) => {
    const { threads, server, partner, ask } = await start(t);
    const file = server.database.path;
    server.database.handle.exec(`
      with recursive n (n) as (select 1 union all select n + 1 from n where n < 30000)
      insert into accounts (partner_id, id, nickname, firm, currency, attempt, created_at)
      select partners.id, 'a' || n, '', 'f', 'USD', 1, n from partners join n`);
    const aside = path.join(path.dirname(file), 'aside.db');
    const otherKey = await makeOther(aside);
    await server.tick();
    server.database.handle.pragma('wal_checkpoint(truncate)');

    const waiting = Promise.allSettled(
      Array.from({ length: 300 }, (_, number) =>
        threads.ask(server.database, listing(partner.id), `turn ${number % 3}`, always),
      ),
    );
    if (loss === 'replaced by another') renameSync(aside, file);
    else for (const end of ['-wal', '-shm']) rmSync(file + end);
    for (let times = 0; times < 3; times++) await server.database.watch();
    const refused = (await waiting).flatMap((result) =>
      result.status === 'rejected' ? [result.reason as unknown] : [],
    );
    assert.ok(refused.length > 250, `${refused.length} of 300 were refused`);
    for (const reason of refused) assert.ok(reason instanceof DatabaseLost, String(reason));
    assert.equal(await ask('stats', loss === 'replaced by another' ? otherKey : partner.key), 200);
    const check = new SQLite(file);
    t.after(() => check.close());
    assert.equal(check.pragma('integrity_check', { simple: true }), 'ok');
    assert.equal(check.prepare('select count(*) from partners').pluck().get(), 1);
  });
}

test('who asks about one database and is answered from another, without the partner, is told to try again', async (t) => {
  const threads = new ReaderThreads(files);
  t.after(() => threads.close());
  let beforeAnswering = async () => {};
  const readers: Readers = {
    readHistory: threads.readHistory.bind(threads),
    ask: async (...question) => {
      await beforeAnswering();
      return threads.ask(...question);
    },
  };
  const server = await startTestServer(t, { readers });
  const { key } = await makePartner(server.database);
  const file = server.database.path;
  const aside = path.join(path.dirname(file), 'aside.db');
  const otherKey = await makeOther(aside);
  beforeAnswering = async () => {
    renameSync(aside, file);
    for (let times = 0; times < 3; times++) await server.tick();
    beforeAnswering = async () => {};
  };
  const stats = (key: string) => server.get('/api/partner/stats', { 'X-API-Key': key });
  const response = await stats(key);
  assert.equal(response.status, 503);
  assert.equal(response.headers.get('retry-after'), '5');
  assert.equal((await stats(key)).status, 403);
  assert.equal((await stats(otherKey)).status, 200);
  await server.tick();
  const dashboard = await server.get('/api/partner/dashboard', { 'X-API-Key': otherKey });
  const { usage } = (await dashboard.json()) as DashboardAnswer;
  assert.equal(usage.total_30d, 1);
  assert.deepEqual(
    server.log.filter(({ error, problem }) => error || /Error/.test(String(problem))),
    [],
  );
});

test('a thread that can’t open the file says so', async (t) => {
  for (const lose of [
    (file: string) => renameSync(file, `${file}-aside`),
    (file: string) => {
      for (const end of ['-wal', '-shm']) rmSync(file + end);
    },
  ]) {
    const { server, ask } = await start(t);
    lose(server.database.path);
    assert.match(String(await ask('stats')), /^(200|503)$/);
    assert.deepEqual(
      server.log.filter(({ error }) => error && !/lost|open/.test(String(error))),
      [],
    );
  }
});
