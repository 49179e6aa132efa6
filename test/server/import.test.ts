import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import { importStatement } from '../../server/ingest/import.ts';
import type { ImportOptions } from '../../server/ingest/report.ts';
import { findAccount } from '../../server/store/accounts.ts';
import { type Database, openDatabase } from '../../server/store/database.ts';
import { day, minute } from '../../shared/time.ts';
import { openTestDatabase } from '../support/database.ts';
import {
  bytes,
  importDefaults,
  makePartner,
  plainCsv,
  type TestTrade,
  tradesOf,
} from '../support/partner.ts';
import { seededRandom, testNow } from '../support/server.ts';

function importer(database: Database, partnerId: string, account: string) {
  return (trades: readonly TestTrade[], options: Partial<ImportOptions> = {}) =>
    importStatement(
      database,
      bytes(plainCsv(trades)),
      {
        partnerId,
        account,
        format: 'auto',
        zone: null,
        ...importDefaults,
        ...options,
      },
      () => testNow,
      randomBytes,
    );
}

test('an open trade is closed by a later file', async (t) => {
  const database = await openTestDatabase(t);
  const partner = await makePartner(database);
  const account = await partner.newAccount();
  const add = importer(database, partner.id, account);
  const open = { id: 'x', entry_time: testNow - minute, exit_time: null, pnl: null };
  assert.equal((await add([open])).added, 1);
  const closed = { ...open, exit_time: testNow, pnl: 7 };
  const report = await add([closed]);
  assert.deepEqual([report.added, report.closed, report.already_there], [0, 1, 0]);
  const days = await database.read.selectFrom('account_days').selectAll().execute();
  assert.deepEqual(
    days.map(({ trades, gross_profit }) => [trades, gross_profit]),
    [[1, 70_000]],
  );
  const again = await add([closed]);
  assert.deepEqual([again.added, again.closed, again.already_there], [0, 0, 1]);
});

test('a row whose id is that of another trade is refused, in one file and across files', async (t) => {
  const database = await openTestDatabase(t);
  const partner = await makePartner(database);
  const account = await partner.newAccount();
  const add = importer(database, partner.id, account);
  const [trade] = tradesOf([5]);
  await add([{ ...trade!, id: 'x' }]);
  const report = await add([
    { ...trade!, id: 'x', pnl: 6 },
    { ...trade!, id: 'y' },
    { ...trade!, id: 'y', symbol: 'NQ' },
    { ...trade!, id: 'y' },
  ]);
  assert.equal(report.kept, false);
  assert.deepEqual(
    report.refusals.map(({ line }) => line),
    [2, 4],
  );
  const kept = await add(
    [
      { ...trade!, id: 'x', pnl: 6 },
      { ...trade!, id: 'y' },
    ],
    { skipsBad: true },
  );
  assert.deepEqual([kept.added, kept.already_there, kept.refused], [1, 0, 1]);
  const { trades } = await database.read
    .selectFrom('trades')
    .select((eb) => eb.fn.countAll<number>().as('trades'))
    .executeTakeFirstOrThrow();
  assert.equal(trades, 2);
});

test('an import that adds trades raises the account’s revision, one that adds nothing does not', async (t) => {
  const database = await openTestDatabase(t);
  const partner = await makePartner(database);
  const account = await partner.newAccount();
  const revision = async () => (await findAccount(database.read, partner.id, account))!.revision;
  const add = importer(database, partner.id, account);
  const before = await revision();
  await add(tradesOf([1]));
  const added = await revision();
  assert.ok(added > before);
  await add(tradesOf([1]));
  assert.equal(await revision(), added);
});

test('after any imports, the kept sums equal those of the trades', async (t) => {
  const database = await openTestDatabase(t);
  const partner = await makePartner(database);
  const accounts = [await partner.newAccount(), await partner.newAccount()];
  const random = seededRandom('sums');
  const number = (most: number) => random(4).readUInt32LE() % most;
  for (let round = 0; round < 12; round++) {
    const account = accounts[number(2)]!;
    const trades = Array.from({ length: 1 + number(40) }, () => {
      const exit = testNow - number(6) * day - number(1_000) * minute;
      return {
        id: `t${number(150)}`,
        symbol: ['ES', 'NQ', 'CL'][number(3)]!,
        entry_time: exit - number(600) * minute,
        exit_time: exit,
        pnl: (number(2001) - 1000) / 100,
        commission: -number(500) / 100,
      };
    });
    await importer(database, partner.id, account)(trades, { skipsBad: true });
  }
  const tallies = (groups: string) => `
    count(*) as trades, sum(pnl > 0) as wins, sum(pnl < 0) as losses,
    sum(max(pnl, 0)) as gross_profit, sum(min(pnl, 0)) as gross_loss,
    sum(trades.commission) as commission, cast(sum(pnl * pnl) as text) as squares,
    sum(exit_time - entry_time) as duration, max(pnl) as best, min(pnl) as worst
    from trades group by ${groups}, exit_time / 86400000 order by ${groups}, exit_time / 86400000`;
  const columns =
    'trades, wins, losses, gross_profit, gross_loss, commission, squares, duration, best, worst';
  const all = (sql: string) => database.handle.prepare(sql).all();
  assert.deepEqual(
    all(`select account_id, day, ${columns} from account_days order by account_id, day`),
    all(`select account_id, exit_time / 86400000 as day, ${tallies('account_id')}`),
  );
  assert.deepEqual(
    all(`select day, ${columns} from partner_days order by day`),
    all(`select exit_time / 86400000 as day, ${tallies('partner_id')}`),
  );
  const keys = {
    symbol: 'symbol',
    hour: "24 * strftime('%w', entry_time / 1000, 'unixepoch') + strftime('%H', entry_time / 1000, 'unixepoch')",
  };
  for (const [name, key] of Object.entries(keys)) {
    for (const [table, owner] of [
      [`account_${name}_days`, 'account_id'],
      [`partner_${name}_days`, 'partner_id'],
    ]) {
      assert.deepEqual(
        all(`select ${owner}, day, ${name}, trades, wins, gross_profit, gross_loss
          from ${table} order by 1, 2, 3`),
        all(`select ${owner}, exit_time / 86400000 as day, ${key} as ${name}, count(*) as trades,
          sum(pnl > 0) as wins, sum(max(pnl, 0)) as gross_profit, sum(min(pnl, 0)) as gross_loss
          from trades group by 1, 2, 3 order by 1, 2, 3`),
        table,
      );
    }
  }
  assert.deepEqual(
    all('select account_id, trade_count, wins, total_pnl from attempts order by account_id'),
    all(`select account_id, count(*) as trade_count, sum(pnl > 0) as wins, sum(pnl) as total_pnl
      from trades group by 1 order by 1`),
  );
});

test('other connections can write while an import reads its file', async (t) => {
  const database = await openTestDatabase(t);
  const partner = await makePartner(database);
  const account = await partner.newAccount();
  const other = await openDatabase(database.path);
  t.after(() => other.close());
  const lines = plainCsv(tradesOf(Array.from({ length: 20_000 }, () => 1))).split('\n');
  async function* halting() {
    yield Buffer.from(`${lines.slice(0, 15_000).join('\n')}\n`);
    await other.write.updateTable('partners').set({ name: 'Written meanwhile' }).execute();
    yield Buffer.from(lines.slice(15_000).join('\n'));
  }
  const report = await importStatement(
    database,
    halting(),
    {
      partnerId: partner.id,
      account,
      format: 'csv',
      zone: null,
      ...importDefaults,
    },
    () => testNow,
    randomBytes,
  );
  assert.equal(report.added, 20_000);
});

test('simultaneous imports on one open database do not affect each other', async (t) => {
  const database = await openTestDatabase(t);
  const partner = await makePartner(database);
  const accounts = await Promise.all([1, 2, 3, 4].map(() => partner.newAccount()));
  // The files are read in turn, so that all imports are half done at the same time.
  async function* inPieces(text: string) {
    for (let at = 0; at < text.length; at += 5_000) {
      yield Buffer.from(text.slice(at, at + 5_000));
      await new Promise(setImmediate);
    }
  }
  const reports = await Promise.all(
    accounts.map((account, index) =>
      importStatement(
        database,
        inPieces(plainCsv(tradesOf(Array.from({ length: 500 * (index + 1) }, () => index + 1)))),
        {
          partnerId: partner.id,
          account,
          format: 'csv',
          zone: null,
          ...importDefaults,
          isDryRun: index % 2 === 0,
        },
        () => testNow,
        randomBytes,
      ),
    ),
  );
  assert.deepEqual(
    reports.map(({ read, added, kept }) => [read, added, kept]),
    [
      [500, 500, false],
      [1_000, 1_000, true],
      [1_500, 1_500, false],
      [2_000, 2_000, true],
    ],
  );
  const sums = await database.read
    .selectFrom('attempts')
    .select(['account_id', 'trade_count', 'total_pnl'])
    .execute();
  const sumOf = (account: string) => sums.find(({ account_id }) => account_id === account)!;
  assert.deepEqual(
    accounts.map((account) => [sumOf(account).trade_count, sumOf(account).total_pnl]),
    [
      [0, 0],
      [1_000, 20_000_000],
      [0, 0],
      [2_000, 80_000_000],
    ],
  );
  const left = database.handle
    .prepare("select name from sqlite_temp_schema where name like 'incoming%'")
    .all();
  assert.deepEqual(left, []);
});
