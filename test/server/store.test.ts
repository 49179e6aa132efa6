import assert from 'node:assert/strict';
import test from 'node:test';
import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { openDatabase } from '../../server/store/database.ts';
import { migrations } from '../../server/store/migrations/index.ts';
import { columnKinds, tradeColumns } from '../../shared/trades.ts';
import { openTestDatabase } from '../support/database.ts';

test('the database has synchronous=FULL, write-ahead logging and foreign keys', async (t) => {
  const { handle } = await openTestDatabase(t);
  assert.equal(handle.pragma('synchronous', { simple: true }), 2);
  assert.equal(handle.pragma('journal_mode', { simple: true }), 'wal');
  assert.equal(handle.pragma('foreign_keys', { simple: true }), 1);
});

test('every table is strict, and the primary key of a partner’s data begins with partner_id', async (t) => {
  const { handle } = await openTestDatabase(t);
  const tables = handle
    .prepare<[], { name: string; strict: number }>(
      "select name, strict from pragma_table_list where schema = 'main' and name not like 'sqlite%' and name not like 'kysely%'",
    )
    .all();
  assert.ok(tables.length >= 10);
  for (const { name, strict } of tables) {
    assert.equal(strict, 1, name);
    // A count of the server's own, in one row.
    if (name === 'access_changes') continue;
    const key = handle
      .prepare<[string], string>('select name from pragma_table_info(?) where pk = 1')
      .pluck()
      .get(name);
    // The partner of a mail is looked up only when it is sent.
    const isOnItsOwn = name === 'partners' || name === 'mail';
    const first = name === 'server_facts' ? 'name' : isOnItsOwn ? 'id' : 'partner_id';
    assert.equal(key, first, name);
  }
});

test('no CHECK repeats a list that may grow', async (t) => {
  const { handle } = await openTestDatabase(t);
  const schema = handle
    .prepare<[], string>('select sql from sqlite_schema where sql is not null')
    .pluck()
    .all();
  const lists = schema.flatMap((text) => text.match(/check \([^()]* in \([^()]*\)\)/gi) ?? []);
  assert.deepEqual(lists, ["check (direction in ('long', 'short'))"]);
});

test('the table of trades has the listed columns, and those for its owner and its origin', async (t) => {
  const { handle } = await openTestDatabase(t);
  const columns = handle
    .prepare<[], { name: string; type: string; notnull: number }>(
      `select name, lower(type) as type, "notnull" from pragma_table_info('trades')`,
    )
    .all();
  const listed = Object.entries(tradeColumns).map(([name, column]) => ({
    name,
    type: columnKinds[column.kind],
    notnull: column.default === null ? 0 : 1,
  }));
  const owner = ['partner_id', 'account_id'].map((name) => ({ name, type: 'text', notnull: 1 }));
  const origin = [
    ...['added_by', 'closed_by', 'open_commission'].map((name) => ({ name, type: 'integer' })),
    ...['confirmed_by', 'closing_confirmed_by'].map((name) => ({ name, type: 'text' })),
  ].map((column) => ({ ...column, notnull: 0 }));
  const flags = ['is_edited', 'is_closing_edited', 'attempt'].map((name) => ({
    ...{ name, type: 'integer', notnull: 1 },
  }));
  const byName = (one: { name: string }, other: { name: string }) =>
    one.name < other.name ? -1 : 1;
  assert.deepEqual(
    columns.toSorted(byName),
    [...listed, ...owner, ...origin, ...flags].toSorted(byName),
  );
});

test('a migration that stops half-way leaves the old schema', async (t) => {
  const database = await openTestDatabase(t);
  const schema = () => database.handle.prepare('select sql from sqlite_schema order by 1').all();
  const before = schema();
  const migrator = new Migrator({
    db: database.write,
    provider: {
      getMigrations: async () => ({
        ...migrations,
        '9999-half': {
          up: async (db) => {
            await sql`create table half (id integer) strict`.execute(db);
            await sql`alter table partners drop column name`.execute(db);
            throw new Error('The power went out.');
          },
        },
      }),
    },
  });
  const { error } = await migrator.migrateToLatest();
  assert.match(String(error), /power went out/);
  assert.deepEqual(schema(), before);
});

test('a database can be opened several times at once', async (t) => {
  const { path } = await openTestDatabase(t);
  const again = await Promise.all([openDatabase(path), openDatabase(path)]);
  await Promise.all(again.map((database) => database.close()));
});
