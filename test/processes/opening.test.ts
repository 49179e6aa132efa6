import assert from 'node:assert/strict';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import SQLite from 'better-sqlite3';
import { openDatabase } from '../../server/store/database.ts';
import { copyStored, testFolder } from '../server/databases/stored.ts';
import { commandLine } from '../support/command.ts';
import { makeFirm } from '../support/firm.ts';

const mode = (file: string) => statSync(file).mode & 0o777;

/** Databases of other programs. */
const foreign: Record<string, string> = {
  'a table': 'create table notes (text text)',
  'a view': 'create view answer as select 42',
  'a table named nearly as SQLite’s own': 'create table sqlites (text text)',
  'write-ahead logging': 'pragma journal_mode = wal; create table notes (text text)',
  'only a mark of its own': 'pragma application_id = 1196444487',
  'only a version of its own': 'pragma user_version = 7; vacuum',
  'migrations by the same library': `create table kysely_migration (name text, timestamp text);
    insert into kysely_migration values ('2024-users', ''); create table users (id integer)`,
  'tables like ours': 'create table partners (id text); create table keys (id text)',
};

function makeForeign(t: TestContext, file: string, sql: string): void {
  const database = new SQLite(file);
  t.after(() => database.close());
  database.exec(sql);
  database.close();
}

test('another program’s database is refused and left unchanged', async (t) => {
  const cli = commandLine(t);
  for (const [what, sql] of Object.entries(foreign)) {
    const folder = path.join(cli.folder, what);
    mkdirSync(folder);
    const file = path.join(folder, 'theirs.db');
    makeForeign(t, file, sql);
    const before = readFileSync(file);
    chmodSync(file, 0o644);
    await assert.rejects(openDatabase(file), /theirs\.db is another program’s database/, what);
    assert.deepEqual(readFileSync(file), before, what);
    assert.equal(mode(file), 0o644, what);
    assert.deepEqual(readdirSync(folder), ['theirs.db'], what);
  }
  const file = path.join(cli.folder, 'a table', 'theirs.db');
  for (const args of [
    ['serve', '--port', '0'],
    ['partner', 'list'],
    ['backup', path.join(cli.folder, 'copy.db')],
  ]) {
    const { code, stderr } = await cli.run(...args, '--db', file);
    assert.equal(code, 1, args[0]);
    assert.match(stderr, /theirs\.db is another program’s database.*--db/, args[0]);
  }
  assert.ok(!readdirSync(cli.folder).includes('copy.db'));
});

test('another program’s write-ahead log is left unchanged too', async (t) => {
  const cli = commandLine(t);
  const [source, file] = ['source.db', 'theirs.db'].map((name) => path.join(cli.folder, name));
  const database = new SQLite(source!);
  t.after(() => database.close());
  database.exec('pragma journal_mode = wal; create table notes (text text)');
  // The files are as a killed program leaves them.
  for (const end of ['', '-wal']) copyFileSync(source! + end, file! + end);
  const before = ['', '-wal'].map((end) => readFileSync(file! + end));
  await assert.rejects(openDatabase(file!), /theirs\.db is another program’s database/);
  assert.deepEqual(
    ['', '-wal'].map((end) => readFileSync(file! + end)),
    before,
  );
});

test('an empty file is opened, and an old database without a user_version is given one', async (t) => {
  const folder = testFolder(t);
  const empty = path.join(folder, 'empty.db');
  writeFileSync(empty, '');
  await (await openDatabase(empty)).close();
  const old = copyStored(4, folder);
  const stampOf = (file: string) => {
    const database = new SQLite(file, { readonly: true });
    const stamp = database.pragma('user_version', { simple: true });
    database.close();
    return stamp;
  };
  assert.equal(stampOf(old), 0);
  await (await openDatabase(old)).close();
  assert.notEqual(stampOf(old), 0);
});

test('a database of a newer version is refused in a sentence, and can be backed up', async (t) => {
  const cli = commandLine(t);
  await makeFirm(cli);
  const file = path.join(cli.folder, 'test.db');
  const database = new SQLite(file);
  database.exec("insert into kysely_migration values ('9999-later', '2030')");
  database.close();
  const before = readFileSync(file);
  for (const args of [
    ['serve', '--port', '0'],
    ['partner', 'list'],
  ]) {
    const { code, stdout, stderr } = await cli.run(...args);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(
      stderr,
      /^\S+test\.db was brought up to date by a newer PropTally \(9999-later\)\. Run that version, or restore a backup from before\.\n$/,
    );
  }
  assert.deepEqual(readFileSync(file), before);
  assert.equal((await cli.run('backup', path.join(cli.folder, 'copy.db'))).code, 0);
});

test('a backup of an old database is taken without migrating it, and can be opened', async (t) => {
  const cli = commandLine(t);
  const file = copyStored(4, cli.folder);
  const schema = (of: string) => {
    const database = new SQLite(of, { readonly: true });
    const rows = database.prepare('select name, sql from sqlite_schema order by 1').all();
    const [{ journal_mode }] = database.pragma('journal_mode') as [{ journal_mode: string }];
    database.close();
    return { rows, journal_mode };
  };
  const before = schema(file);
  const copy = path.join(cli.folder, 'copy.db');
  assert.equal((await cli.run('backup', copy, '--db', file)).code, 0);
  assert.deepEqual(schema(file), before);
  assert.deepEqual(schema(copy).rows, before.rows);
  assert.equal((await cli.run('partner', 'list', '--db', copy)).code, 0);
});

test('only their owner can read and write the files of a database, also those that others could before', async (t) => {
  const cli = commandLine(t);
  const before = process.umask(0);
  t.after(() => process.umask(before));
  const file = path.join(cli.folder, 'test.db');
  const first = await openDatabase(file);
  const files = ['', '-wal', '-shm'].map((end) => file + end);
  assert.deepEqual(files.map(mode), [0o600, 0o600, 0o600]);
  await first.close();
  chmodSync(file, 0o664);
  const second = await openDatabase(file);
  t.after(() => second.close());
  assert.deepEqual(files.map(mode), [0o600, 0o600, 0o600]);
  for (const open of files) chmodSync(open, 0o666);
  writeFileSync(`${file}-secret`, 'x'.repeat(64), { mode: 0o644 });
  const copy = path.join(cli.folder, 'copy.db');
  assert.equal((await cli.run('new-secret')).code, 0);
  assert.equal((await cli.run('backup', copy)).code, 0);
  const all = [...files, `${file}-secret`, copy, `${copy}-secret`];
  for (const one of all) assert.equal(mode(one), 0o600, one);
});

test('a backup that fails names the file that it can’t read or write', async (t) => {
  const cli = commandLine(t);
  await makeFirm(cli);
  const at = (name: string) => path.join(cli.folder, name);
  writeFileSync(at('text.db'), 'no database at all, but long enough to be looked at. '.repeat(40));
  writeFileSync(at('taken.db-secret'), '');
  const database = new SQLite(at('secretive.db'));
  database.exec('vacuum');
  database.close();
  mkdirSync(at('secretive.db-secret'));
  mkdirSync(at('blocked.db.part'));
  const cases: [string[], RegExp][] = [
    [[at('x.db'), '--db', at('none.db')], /There is no database .*none\.db/],
    [[at('no/such/x.db')], /There is no folder .*no\/such/],
    [[at('test.db')], /test\.db is there already/],
    [[at('taken.db')], /taken\.db-secret is there already/],
    [[at('x.db'), '--db', at('text.db')], /text\.db is no PropTally database/],
    [[at('x.db'), '--db', at('secretive.db')], /secretive\.db-secret.* folder/],
    [[at('blocked.db')], /blocked\.db\.part is there already/],
    [[''], /no name/],
    [[at('y'.repeat(253))], /y{253} can’t be written/],
  ];
  await cli.run('new-secret');
  const outcomes = await Promise.all(cases.map(([args]) => cli.run('backup', ...args)));
  for (const [index, { code, stderr }] of outcomes.entries()) {
    const [args, sentence] = cases[index]!;
    assert.equal(code, 1, args[0]);
    assert.match(stderr, sentence);
    assert.doesNotMatch(stderr, /\n {4}at /);
  }
  assert.deepEqual(
    readdirSync(cli.folder).filter((name) => name.startsWith('x.db')),
    [],
  );
});

test('a database file that can’t be written is refused at start', {
  skip: process.getuid?.() === 0 && 'root may write anywhere',
}, async (t) => {
  const cli = commandLine(t);
  await makeFirm(cli);
  chmodSync(path.join(cli.folder, 'test.db'), 0o400);
  const { code, stderr } = await cli.run('serve', '--port', '0');
  assert.equal(code, 1);
  assert.match(stderr, /can't be written.*permissions.*--db/);
});
