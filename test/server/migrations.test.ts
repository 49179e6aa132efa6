import assert from 'node:assert/strict';
import { copyFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import SQLite from 'better-sqlite3';
import { readAudit } from '../../server/store/audit.ts';
import { checkSums } from '../../server/store/check-sums.ts';
import { type Database, openDatabase } from '../../server/store/database.ts';
import { migrations } from '../../server/store/migrations/index.ts';
import { listPartners } from '../../server/store/partners.ts';
import { listSignInAddresses } from '../../server/store/sign-in.ts';
import type { StatsAnswer } from '../../shared/answers/stats.ts';
import type { WidgetAnswer } from '../../shared/answers/widgets.ts';
import { program } from '../support/command.ts';
import { figuresOf, fill, programOf } from './databases/recipe.ts';
import {
  copyStored,
  type StoredVersion,
  storedKeys,
  storedVersions,
  testFolder,
} from './databases/stored.ts';

type Row = Record<string, unknown>;

/** The rows of every table by its name, in no particular order. */
function rowsOf(handle: SQLite.Database): Map<string, Row[]> {
  const names = handle
    .prepare<[], string>(
      "select name from sqlite_schema where type = 'table' and name not like 'kysely%'",
    )
    .pluck()
    .all();
  return new Map(
    names.map((name) => [name, handle.prepare<[], Row>(`select * from ${name}`).all()]),
  );
}

function indexesOf(handle: SQLite.Database): string[] {
  return handle
    .prepare<[], string>("select name from sqlite_schema where type = 'index' and sql is not null")
    .pluck()
    .all();
}

function schemaOf(handle: SQLite.Database): unknown[] {
  return handle.prepare('select type, name, tbl_name, sql from sqlite_schema order by 1, 2').all();
}

/** Reads a file without opening it as the server does, which would migrate it. */
function look<Seen>(file: string, see: (handle: SQLite.Database) => Seen): Seen {
  const handle = new SQLite(file);
  try {
    return see(handle);
  } finally {
    handle.close();
  }
}

async function openStored(t: TestContext, version: StoredVersion): Promise<Database> {
  const database = await openDatabase(copyStored(version, testFolder(t)));
  t.after(() => database.close());
  return database;
}

async function onlyPartner(database: Database): Promise<string> {
  const partners = await listPartners(database.read);
  assert.deepEqual(
    partners.map(({ name, tier, billing_status }) => [name, tier, billing_status]),
    [['Summit Funded', 'growth', 'active']],
  );
  return partners[0]!.id;
}

test('a database of every version is migrated to the current schema, and nothing in it is lost', async (t) => {
  const folder = testFolder(t);
  const fresh = path.join(folder, 'fresh.db');
  await (await openDatabase(fresh)).close();
  const schema = look(fresh, schemaOf);
  const missing =
    'There is no database of the version before the last migration: databases/README.md';
  assert.equal(Math.max(...storedVersions), Object.keys(migrations).length - 1, missing);
  for (const version of storedVersions) {
    const file = copyStored(version, folder);
    const before = look(file, rowsOf);
    const indexes = look(file, indexesOf);
    await (await openDatabase(file)).close();
    look(file, (handle) => {
      assert.deepEqual(schemaOf(handle), schema, `version ${version}`);
      assert.deepEqual(handle.pragma('foreign_key_check'), []);
      assert.deepEqual(checkSums(handle), [], `sums of version ${version}`);
      // One is used no more: accounts are counted by triggers.
      const kept = new Set([...indexesOf(handle), 'accounts_by_currency']);
      assert.deepEqual(new Set(indexes).difference(kept), new Set());
      assert.deepEqual(
        handle.prepare('select * from account_counts').all(),
        handle
          .prepare(
            `select partner_id, currency, count(*) as accounts from accounts
             group by partner_id, currency order by partner_id, currency`,
          )
          .all(),
      );
      for (const [name, rows] of before) {
        // Once the sums of all accounts counted their current attempts only.
        if (/^partner_.*days$/.test(name)) continue;
        const kept = handle.prepare<[], Row>(`select * from ${name}`).all();
        // Ways are written in another form. Whether they are right, checkSums has told.
        const columns = Object.keys(rows[0] ?? {}).filter(
          (column) => column in (kept[0] ?? {}) && column !== 'way',
        );
        const comparable = (all: Row[]) =>
          all.map((row) => JSON.stringify(columns.map((column) => row[column]))).sort();
        assert.deepEqual(comparable(kept), comparable(rows), `${name} of version ${version}`);
      }
    });
  }
});

test('a migrated database accepts its key, and answers like a new database with the same trades', async (t) => {
  const folder = testFolder(t);
  const file = path.join(folder, 'fresh.db');
  const fresh = programOf(program, file);
  const firm = await fill(fresh, file);
  const figures = await fresh.serve((address) => figuresOf(address, firm.key));

  const { stats } = figures['stats?period=all&currency=USD'] as StatsAnswer;
  assert.deepEqual([stats.tradeCount, stats.totalPnl, stats.winRate], [11, 6.7501, 54.5]);
  const { data } = figures[
    'widgets/win-streak?period=all&limit=25&currency=GBP'
  ] as WidgetAnswer<'win-streak'>;
  assert.deepEqual(data.streak.recent, ['W', 'W', 'L', 'L']);

  const compared = storedVersions.map(async (version) => {
    const stored = programOf(program, copyStored(version, folder));
    const answers = await stored.serve((address) => figuresOf(address, storedKeys[version]));
    assert.deepEqual(Object.keys(answers).sort(), Object.keys(figures).sort());
    for (const [question, answer] of Object.entries(figures)) {
      assert.deepEqual(answers[question], answer, `${question} of version ${version}`);
    }
  });
  await Promise.all(compared);
});

test('a migration that is killed at any statement leaves the old schema and rows, or the new ones', async (t) => {
  const folder = testFolder(t);
  const file = copyStored(1, folder);
  const before = look(file, (handle) => [schemaOf(handle), rowsOf(handle)]);
  const statement = look(':memory:', (memory) => Object.getPrototypeOf(memory.prepare('select 1')));
  const stops: string[] = [];
  for (const method of ['run', 'all'] as const) {
    const original = statement[method];
    t.mock.method(statement, method, function (this: SQLite.Statement, ...values: unknown[]) {
      const result = original.apply(this, values);
      // A copy of what a process that is killed now leaves behind.
      const stop = path.join(folder, `stop-${stops.length}.db`);
      for (const end of ['', '-wal']) {
        if (existsSync(file + end)) copyFileSync(file + end, stop + end);
      }
      stops.push(stop);
      return result;
    });
  }
  await (await openDatabase(file)).close();
  t.mock.restoreAll();
  const after = look(file, (handle) => [schemaOf(handle), rowsOf(handle)]);
  assert.ok(stops.length > 80);
  const isOld = stops.map((stop) => {
    const there = look(stop, (handle) => [schemaOf(handle), rowsOf(handle)]);
    const isAsBefore = JSON.stringify(there) === JSON.stringify(before);
    if (!isAsBefore) assert.deepEqual(there, after);
    return isAsBefore;
  });
  assert.deepEqual(
    isOld,
    isOld.toSorted((one, other) => Number(other) - Number(one)),
  );
});

test('a database with rows whose owner is missing is not migrated', async (t) => {
  const file = copyStored(6, testFolder(t));
  look(file, (handle) => {
    handle.pragma('foreign_keys = off');
    handle.exec('delete from attempts where account_id = (select max(id) from accounts)');
  });
  const before = look(file, schemaOf);
  await assert.rejects(openDatabase(file), {
    message: /version-6\.db can’t be brought up to date: in trades there are rows whose owner/,
  });
  assert.deepEqual(look(file, schemaOf), before);
});

test('a long day of an earlier version gets its pieces', async (t) => {
  const file = copyStored(9, testFolder(t));
  look(file, (handle) => {
    handle.exec(`
      with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < 2000)
      insert into trades (partner_id, account_id, id, attempt, symbol, direction, quantity,
        entry_price, exit_price, entry_time, exit_time, pnl, commission)
      select partner_id, account_id, 'long' || n, attempt, 'ES', 'long', 1, 1, 1,
        60000 * n / 2, 60000 * n / 2 + 1, n % 7 - 3, 0
      from (select * from attempts limit 1), numbers`);
    // Of its sums, only that there is a day, and how long it is, matters.
    handle.exec(`
      insert into account_days
      select partner_id, version, account_id, attempt, 0, 2000, 0, 0, 0, 0, 0, '0', 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, '', '{"startedAt":0,"endedAt":0,"low":0,"highs":[]}'
      from account_days where (account_id, attempt) = (select account_id, attempt from attempts)
      limit 1`);
  });
  await (await openDatabase(file)).close();
  const wrong = look(file, checkSums).map(({ table }) => table);
  assert.ok(!wrong.includes('account_days') && !wrong.includes('account_pieces'), wrong.join());
  const count = 'select count(*) from account_pieces where day = 0';
  assert.ok(look(file, (handle) => handle.prepare(count).pluck().get() as number) > 2);
});

test('a partner from before there was sign-in can sign in with its address', async (t) => {
  for (const version of [1, 2] as const) {
    const database = await openStored(t, version);
    const addresses = await listSignInAddresses(database.read, await onlyPartner(database));
    assert.deepEqual(
      addresses.map(({ email }) => email),
      ['ops@summit.example'],
    );
  }
});

test('keys that were rolled before a migration share one quota after it', async (t) => {
  const database = await openStored(t, 3);
  const keys = await database.read
    .selectFrom('keys')
    .select(['id', 'root_id', 'label'])
    .orderBy('created_at')
    .execute();
  const rolled = keys.filter(({ label }) => label === 'Rolled');
  const [first] = rolled;
  assert.deepEqual(
    rolled.map(({ root_id }) => root_id),
    [null, first!.id, first!.id],
  );
  const others = keys.filter(({ label }) => label !== 'Rolled');
  assert.deepEqual(new Set(others.map(({ root_id }) => root_id)), new Set([null]));
});

test('migrated audit entries of sessions that a key had opened name the key', async (t) => {
  const database = await openStored(t, 3);
  const key = await database.read
    .selectFrom('keys')
    .select('id')
    .where('label', '=', 'anna@summit.example')
    .executeTakeFirstOrThrow();
  const partner = await onlyPartner(database);
  const entries = await readAudit(database.read, partner, { before: Infinity, limit: 100 });
  const bySession = entries.filter(({ actor }) => actor.type === 'session');
  assert.deepEqual(
    bySession.map(({ action, actor: { name, key_id } }) => [action, name, key_id]),
    [
      ['branding.changed', 'anna@summit.example', null],
      ['session.opened', 'anna@summit.example', null],
      ['branding.changed', 'anna (at) summit.example', key.id],
      ['session.opened', null, key.id],
    ],
  );
});
