import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { operator, readAudit, recordAct } from '../../server/store/audit.ts';
import { openDatabase, transact } from '../../server/store/database.ts';
import { migrations } from '../../server/store/migrations/index.ts';
import { lease, readLeased } from '../../server/store/quota.ts';
import { endSessions, openSession } from '../../server/store/sessions.ts';
import { listSignInAddresses } from '../../server/store/sign-in.ts';
import { columnKinds, tradeColumns } from '../../shared/trades.ts';
import { openTestDatabase } from '../support/database.ts';
import { makePartner, tradesOf } from '../support/partner.ts';
import { testNow } from '../support/server.ts';

test('what is acknowledged is on the disk, and readers never wait for a writer', async (t) => {
  const { handle } = await openTestDatabase(t);
  assert.equal(handle.pragma('synchronous', { simple: true }), 2);
  assert.equal(handle.pragma('journal_mode', { simple: true }), 'wal');
  assert.equal(handle.pragma('foreign_keys', { simple: true }), 1);
});

test('every table is strict, and what belongs to a partner leads its keys with it', async (t) => {
  const { handle } = await openTestDatabase(t);
  const tables = handle
    .prepare<[], { name: string; strict: number }>(
      "select name, strict from pragma_table_list where schema = 'main' and name not like 'sqlite%' and name not like 'kysely%'",
    )
    .all();
  assert.ok(tables.length >= 10);
  for (const { name, strict } of tables) {
    assert.equal(strict, 1, name);
    const key = handle
      .prepare<[string], string>('select name from pragma_table_info(?) where pk = 1')
      .pluck()
      .get(name);
    // Whom a mail is for is only looked up when it is sent.
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

test('trades have the columns of their list, and what else says whose they are', async (t) => {
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
  const byName = (one: { name: string }, other: { name: string }) =>
    one.name < other.name ? -1 : 1;
  assert.deepEqual(
    columns.toSorted(byName),
    [...listed, ...owner, { name: 'attempt', type: 'integer', notnull: 1 }].toSorted(byName),
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

/** Takes back what 0004-quotas-and-pauses and later migrations changed. */
const beforePauses = `
  drop table server_facts;
  alter table keys drop column root_id; alter table keys drop column paused_at;
  alter table audit drop column actor_key_id; alter table mail drop column asks;
  alter table mail drop column tried_at; alter table mail add column network text not null default '';
  delete from kysely_migration where name >= '0004';`;

/** Takes back what 0003-self-service added, too. */
const beforeSelfService = `${beforePauses}
  drop table usage_days; drop table sign_in_addresses; drop table sign_in_links;
  drop table sessions; drop table mail; drop table audit; drop index key_days_by_day;
  alter table partners drop column billing_status; alter table partners drop column logo_url_light;
  alter table partners drop column logo_url_dark; alter table partners drop column allowed_origins;
  alter table partners drop column token_generation;
  alter table keys drop column allowed_origins; alter table keys drop column replaced_by;
  alter table keys drop column last_used_at;
  delete from kysely_migration where name >= '0003';`;

test('who was a partner before it could sign in can do so, and a day’s quota goes on', async (t) => {
  const { path, ...database } = await openTestDatabase(t);
  const partner = await makePartner(database);
  const { id } = await database.read.selectFrom('keys').select('id').executeTakeFirstOrThrow();
  const key = { partner_id: partner.id, key_id: id, day: 20_000 };
  await lease(database, key, 7, 100);
  database.handle.exec(`${beforeSelfService} update partners set email = upper(email)`);
  const again = await openDatabase(path);
  t.after(() => again.close());
  assert.equal(await readLeased(again, key), 7);
  const addresses = await listSignInAddresses(again.read, partner.id);
  assert.deepEqual(
    addresses.map(({ email }) => email),
    [partner.email],
  );
});

test('keys that were rolled before go on in one quota, and entries of their sessions tell which key it was', async (t) => {
  const { path, ...database } = await openTestDatabase(t);
  const partner = await makePartner(database);
  for (const label of ['one', 'two', 'three', 'apart'])
    await partner.newKey(['stats:read'], testNow + label.length);
  const keys = await database.read
    .selectFrom('keys')
    .select('id')
    .where('expires_at', 'is not', null)
    .execute();
  const [one, two, three, apart] = keys.map(({ id }) => id);
  const chain = [
    [two, three],
    [one, two],
  ];
  for (const [id, replaced_by] of chain)
    database.handle.prepare('update keys set replaced_by = ? where id = ?').run(replaced_by, id);
  await transact(database, async (transaction) => {
    const random = randomBytes;
    await openSession(transaction, partner.id, { key: { id: one!, label: 'x@y.z' } }, 1, random);
    await openSession(transaction, partner.id, { email: partner.email }, 1, random);
    await endSessions(transaction, partner.id, 'all', operator, 2);
    const { id } = await transaction
      .selectFrom('sessions')
      .select('id')
      .where('key_id', '=', one!)
      .executeTakeFirstOrThrow();
    const actor = { type: 'session', id, name: 'x@y.z', key_id: null } as const;
    await recordAct(transaction, partner.id, actor, { action: 'key.changed', subject: two! }, 3);
  });
  database.handle.exec(beforePauses);
  const again = await openDatabase(path);
  t.after(() => again.close());
  const roots = await again.read.selectFrom('keys').select(['id', 'root_id']).execute();
  const rootOf = (key: string | undefined) => roots.find(({ id }) => id === key)?.root_id;
  assert.deepEqual([one, two, three, apart].map(rootOf), [null, one, one, null]);
  const entries = await readAudit(again.read, partner.id, { before: 100, limit: 100 });
  const told = entries.filter(({ actor }) => actor.type === 'session').map(({ actor }) => actor);
  assert.deepEqual(
    told.map(({ name, key_id }) => [name, key_id]),
    [
      ['x (at) y.z', one],
      [partner.email, null],
      ['x (at) y.z', one],
    ],
  );
});

test('hours and wins of trades that were there before they were kept are those of an import', async (t) => {
  const { path, ...database } = await openTestDatabase(t);
  const { handle } = database;
  const partner = await makePartner(database);
  const results = (prefix: string, pnls: number[], hoursApart: number) =>
    tradesOf(pnls).map((trade, index) => ({
      ...trade,
      id: `${prefix}${index}`,
      entry_time: testNow - (index + 1) * hoursApart * 3_600_000,
      exit_time: testNow - index * hoursApart * 3_600_000,
    }));
  for (const seed of ['a', 'b']) {
    const account = await partner.newAccount();
    await partner.addTrades(account, results(seed, [5, -2, 0, 7, -1, 3, 4, -9], 17));
    await partner.addTrades(account, [
      { id: 'open', entry_time: testNow, exit_time: null, pnl: null },
    ]);
  }
  await partner.newAccount();
  // The only account in euros starts again, so that its first attempt no longer counts.
  const again = await partner.newAccount({ currency: 'EUR' });
  await partner.addTrades(again, results('c', [1, 2, 3], 5));
  handle.exec(`
    insert into attempts select partner_id, account_id, 2, null, 0, 0, 0, 0 from attempts
      where account_id = '${again}';
    update accounts set attempt = 2 where id = '${again}';
    delete from partner_days where currency = 'EUR';
    delete from partner_symbol_days where currency = 'EUR';
    delete from partner_hour_days where currency = 'EUR'`);
  await partner.addTrades(again, results('d', [4, -4], 3));

  const everything = () =>
    [
      'account_hour_days order by 1, 2, 3, 4, 5',
      'partner_hour_days order by 1, 2, 3, 4',
      'attempts order by 1, 2, 3',
      "sqlite_schema where name not like 'sqlite%' order by name",
    ].map((rest) => handle.prepare(`select * from ${rest}`).all());
  const withoutPages = (rows: unknown[][]) =>
    rows.map((table) => table.map((row) => ({ ...(row as object), rootpage: null })));
  const imported = withoutPages(everything());
  assert.ok(imported.every((rows) => rows.length > 0));
  handle.exec(`${beforeSelfService}
    drop table account_hour_days;
    drop table partner_hour_days;
    drop index trades_by_exit;
    drop index account_days_by_day;
    create index account_days_by_day on account_days (partner_id, day);
    alter table attempts drop column wins;
    delete from kysely_migration where name = '0002-hours-and-ranks'`);
  await (await openDatabase(path)).close();
  assert.deepEqual(withoutPages(everything()), imported);
});

test('two processes that start on one new file at once both open it', async (t) => {
  const { path } = await openTestDatabase(t);
  const again = await Promise.all([openDatabase(path), openDatabase(path)]);
  await Promise.all(again.map((database) => database.close()));
});
