import assert from 'node:assert/strict';
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import SQLite from 'better-sqlite3';
import { copyDatabase } from '../../server/store/copy.ts';
import { openDatabase, transact } from '../../server/store/database.ts';
import { keepFact } from '../../server/store/facts.ts';
import { fingerprintOf } from '../../server/store/fingerprint.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const api = '/api/partner';

/** Starts a server with a partner's key. `aside` is the path of a further file beside the database. */
async function begin(t: TestContext) {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  const file = server.database.path;
  const aside = path.join(path.dirname(file), 'aside.db');
  const read = async (with_ = key) =>
    (await server.get(`${api}/stats`, { 'X-API-Key': with_ })).status;
  const write = async () => {
    const headers = { 'X-API-Key': key, 'Content-Type': 'application/json' };
    const body = JSON.stringify({ company_name: 'Firm' });
    return (await fetch(`${server.address}${api}/branding`, { method: 'PUT', headers, body }))
      .status;
  };
  assert.deepEqual([await read(), await write()], [200, 200]);
  await server.tick();
  server.log.length = 0;
  return { server, key, file, aside, read, write };
}

/** Makes another PropTally database and closes it; returns a key in it. */
async function makeOther(file: string): Promise<string> {
  const other = await openDatabase(file);
  const { key } = await makePartner(other);
  await other.close();
  return key;
}

/** The sentences in the log. */
const said = ({ log }: TestServer) => log.map(({ problem }) => String(problem));

const losses: Record<string, (file: string, aside: string) => unknown> = {
  'the database file is removed': (file) => rmSync(file),
  'the database file is removed with SQLite’s own files': (file) => {
    for (const end of ['', '-wal', '-shm']) rmSync(file + end);
  },
  'the database file is renamed': (file, aside) => renameSync(file, aside),
  'its folder is renamed': (file) => {
    renameSync(path.dirname(file), `${path.dirname(file)}-gone`);
  },
  'the database file is cut to nothing': (file) => truncateSync(file),
  'the database file is cut by half': (file) => truncateSync(file, 40_960),
  'the database file is overwritten with text': (file) => writeFileSync(file, 'x'.repeat(500_000)),
  'the database file is replaced by one of another kind': (file) => {
    rmSync(file);
    writeFileSync(file, 'x'.repeat(500_000));
  },
  'the database file is replaced by another program’s database': (file, aside) => {
    const other = new SQLite(aside);
    other.exec('create table theirs (id integer)');
    other.close();
    renameSync(aside, file);
  },
  'the database file is replaced by a folder': (file) => {
    rmSync(file);
    mkdirSync(file);
  },
};

for (const [what, lose] of Object.entries(losses)) {
  test(`when ${what}, no request is acknowledged or answered, and the log says so without repeating itself`, async (t) => {
    const { server, file, aside, read, write } = await begin(t);
    t.after(() => rmSync(`${path.dirname(file)}-gone`, { recursive: true, force: true }));
    server.database.handle.pragma('wal_checkpoint(truncate)');
    lose(file, aside);
    assert.equal(await write(), 503);
    assert.equal(await read(), 503);
    for (let times = 0; times < 4; times++) await server.tick();
    assert.deepEqual([await read(), await write()], [503, 503]);
    const lines = said(server);
    assert.ok(lines.length >= 1 && lines.length <= 2, lines.join('\n'));
    assert.ok(lines[0]!.includes(file), lines[0]);
    assert.equal((await server.get('/widgets.js')).status, 200);
  });

  test(`when ${what}, the periodic check notices it without any write`, async (t) => {
    const { server, file, aside, read } = await begin(t);
    t.after(() => rmSync(`${path.dirname(file)}-gone`, { recursive: true, force: true }));
    server.database.handle.pragma('wal_checkpoint(truncate)');
    lose(file, aside);
    await server.tick();
    assert.equal(await read(), 503);
  });
}

test('when the same database file is put back, the server uses it again', async (t) => {
  const { server, file, aside, read, write } = await begin(t);
  renameSync(file, aside);
  assert.equal(await write(), 503);
  await server.tick();
  renameSync(aside, file);
  await server.tick();
  assert.deepEqual([await read(), await write()], [200, 200]);
  assert.match(said(server)[1]!, /is back/);
  assert.equal(said(server).length, 2);
});

const replacements: Record<string, (from: string, file: string) => unknown> = {
  'moved over the file': (from, file) => renameSync(from, file),
  'copied over the file': (from, file) => copyFileSync(from, file),
  'put in place as docs/operate.md says': (from, file) => {
    for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true });
    copyFileSync(from, file);
  },
};

for (const [how, replace] of Object.entries(replacements)) {
  test(`another database ${how} is opened once it no longer changes, and is intact`, async (t) => {
    const { server, file, aside, read, write } = await begin(t);
    const key = await makeOther(aside);
    replace(aside, file);
    // 403 if the other database is in use already, which does not have the key.
    assert.match(String(await write()), /^(503|403)$/);
    await server.tick();
    appendFileSync(file, '');
    await server.tick();
    await server.tick();
    assert.equal(await read(key), 200);
    assert.equal(await write(), 403, 'The key of the other database works on');
    assert.match(said(server).at(-1)!, /opened anew/);
    assert.equal(said(server).length, 2, said(server).join('\n'));
    const check = new SQLite(file);
    t.after(() => check.close());
    assert.equal(check.pragma('integrity_check', { simple: true }), 'ok');
    assert.equal(check.prepare('select count(*) from partners').pluck().get(), 1);
  });
}

test('after a restore, no answer from before it is sent', async (t) => {
  const { server, key, file, aside, read, write } = await begin(t);
  const brand = async () => {
    const response = await server.get(`/embed/partner/stats-card?key=${key}`);
    return /Before|After|Later/.exec(await response.text())?.[0];
  };
  const name = (text: string) =>
    server.database.write
      .updateTable('partners')
      .set((eb) => ({ company_name: text, revision: eb('revision', '+', 1) }))
      .execute();
  await name('Before');
  await copyDatabase(file, aside);
  await name('Later');
  assert.equal(await brand(), 'Later');
  renameSync(aside, file);
  for (let times = 0; times < 3; times++) await server.tick();
  assert.equal(await brand(), 'Before');
  // This is the revision that "Later" had.
  const other = await openDatabase(file);
  t.after(() => other.close());
  await other.write
    .updateTable('partners')
    .set((eb) => ({ company_name: 'After', revision: eb('revision', '+', 1) }))
    .execute();
  assert.equal(await brand(), 'After');
  assert.deepEqual([await read(), await write()], [200, 200]);
});

test('SQLite’s own files are made again when they are removed, and acknowledged writes are kept', async (t) => {
  for (const ends of [['-wal'], ['-shm'], ['-wal', '-shm']]) {
    const { server, file, read, write } = await begin(t);
    for (const end of ends) rmSync(file + end);
    assert.equal(await write(), 503, ends.join());
    await server.tick();
    assert.deepEqual([await read(), await write()], [200, 200], ends.join());
    const check = new SQLite(file);
    t.after(() => check.close());
    assert.equal(check.prepare('select company_name from partners').pluck().get(), 'Firm');
    assert.equal(check.pragma('integrity_check', { simple: true }), 'ok');
  }
});

test('writing, shrinking and copying by other processes is not taken for a lost database', async (t) => {
  const { server, file, aside, read, write } = await begin(t);
  // It waits for the lock while the server writes of itself.
  const other = new SQLite(file, { timeout: 20_000 });
  t.after(() => other.close());
  other.exec(`create table filler (text text);
    with recursive n (n) as (select 1 union all select n + 1 from n where n < 20000)
    insert into filler select hex(randomblob(200)) from n`);
  other.pragma('wal_checkpoint(truncate)');
  await server.tick();
  assert.equal(await write(), 200);
  other.exec('drop table filler; vacuum');
  other.pragma('wal_checkpoint(truncate)');
  await server.tick();
  await copyDatabase(file, aside);
  await server.tick();
  assert.deepEqual([await read(), await write()], [200, 200]);
  assert.deepEqual(server.log, []);
});

test('an older copy of the file that is copied over it is noticed and opened, and is intact', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  const file = server.database.path;
  const aside = path.join(path.dirname(file), 'aside.db');
  // The copy is as one from before the server started.
  server.database.handle.pragma('wal_checkpoint(truncate)');
  copyFileSync(file, aside);
  await server.tick();
  for (let more = 0; more < 3; more++) await makePartner(server.database);
  const status = async () => (await server.get(`${api}/stats`, { 'X-API-Key': key })).status;
  copyFileSync(aside, file);
  await server.tick();
  assert.equal(await status(), 503);
  assert.match(said(server)[0]!, /was overwritten/);
  for (let times = 0; times < 3; times++) await server.tick();
  assert.equal(await status(), 200);
  const check = new SQLite(file);
  t.after(() => check.close());
  assert.equal(check.pragma('integrity_check', { simple: true }), 'ok');
  assert.equal(check.prepare('select count(*) from partners').pluck().get(), 1);
});

test('when the database file is replaced by one of another secret, the log says so', async (t) => {
  const { server, file, aside } = await begin(t);
  const other = await openDatabase(aside);
  await transact(other, (transaction) =>
    keepFact(transaction, 'secret', fingerprintOf('another secret, long enough for this test')),
  );
  await other.close();
  renameSync(aside, file);
  for (let times = 0; times < 3; times++) await server.tick();
  assert.match(said(server).join('\n'), /opened anew.*\n.*served with another secret/);
});
