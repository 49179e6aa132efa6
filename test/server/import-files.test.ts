import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import { UnreadableStatement } from '../../server/ingest/format.ts';
import { importStatement } from '../../server/ingest/import.ts';
import {
  type AccountToMake,
  type ImportOptions,
  ImportRefused,
} from '../../server/ingest/report.ts';
import type { Database } from '../../server/store/database.ts';
import { day } from '../../shared/time.ts';
import { openTestDatabase } from '../support/database.ts';
import { bytes, importDefaults, makePartner, plainCsv, tradesOf } from '../support/partner.ts';
import { testNow } from '../support/server.ts';
import { textOfTables } from '../support/tables.ts';

const toMake: AccountToMake = {
  nickname: 'New',
  firm_id: null,
  currency: null,
  starting_balance: null,
};

function importer(database: Database, partnerId: string) {
  return (text: string, account: string | AccountToMake, options: Partial<ImportOptions> = {}) =>
    importStatement(
      database,
      bytes(text),
      {
        ...importDefaults,
        ...{ partnerId, account, format: 'auto', zone: 'UTC' },
        ...options,
      },
      () => testNow,
      randomBytes,
    );
}

/** An MT4 statement of one trade, with this in its header. */
function statementOf(header: string): string {
  const row = (...cells: string[]) =>
    `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  const trade = ['7', '2024.03.01 10:00:00', 'buy', '1', 'eurusd', '1', '0', '0'];
  return [
    '<html><head><title>Statement: 1 - A</title></head><body><table>',
    `<tr><td colspan=2><b>Account: 1</b></td><td colspan=2><b>${header}</b></td></tr>`,
    row('Closed Transactions:'),
    row(
      ...['Ticket', 'Open Time', 'Type', 'Size', 'Item', 'Price', 'S / L', 'T / P'],
      ...['Close Time', 'Price', 'Commission', 'Taxes', 'Swap', 'Profit'],
    ),
    row(...trade, '2024.03.01 12:00:00', '1', '0', '0', '0', '3'),
    row('Closed P/L:', '3'),
    '</table></body></html>',
  ].join('\n');
}

function csvIn(currencies: readonly string[]): string {
  const [header, ...rows] = plainCsv(tradesOf(currencies.map(() => 1))).split('\n');
  return [`${header},Currency`, ...rows.map((row, index) => `${row},${currencies[index]}`)].join(
    '\n',
  );
}

test('a new account gets the currency that the file names, else USD', async (t) => {
  const database = await openTestDatabase(t);
  const add = importer(database, (await makePartner(database)).id);
  const cases: [string, string][] = [
    [statementOf('Currency: JPY'), 'JPY'],
    [statementOf('Currency: eur'), 'EUR'],
    [statementOf('Currency:'), 'USD'],
    [statementOf('Leverage: 1:100'), 'USD'],
    [csvIn(['GBP', '', 'gbp']), 'GBP'],
    [csvIn(['', 'null']), 'USD'],
  ];
  for (const [text, currency] of cases) {
    const report = await add(text, toMake);
    assert.equal(report.currency, currency);
    const { currency: kept } = await database.read
      .selectFrom('accounts')
      .select('currency')
      .where('id', '=', report.account!.id)
      .executeTakeFirstOrThrow();
    assert.equal(kept, currency);
  }
});

test('a file in another currency than the account’s, or than the one requested, is refused', async (t) => {
  const database = await openTestDatabase(t);
  const partner = await makePartner(database);
  const add = importer(database, partner.id);
  const dollars = await partner.newAccount();
  const yen = await partner.newAccount({ currency: 'JPY' });
  const before = textOfTables(database);
  for (const options of [{}, { skipsBad: true }, { isDryRun: true }]) {
    const refused = (text: string, account: string | AccountToMake, why: RegExp) =>
      assert.rejects(add(text, account, options), (error) => {
        assert.ok(error instanceof ImportRefused);
        assert.match(error.message, why);
        return true;
      });
    await refused(statementOf('Currency: JPY'), dollars, /in JPY, the account Apex 50K in USD/);
    await refused(csvIn(['EUR']), yen, /in EUR, the account Apex 50K in JPY/);
    await refused(statementOf('Currency: JPY'), { ...toMake, currency: 'USD' }, /JPY, not in USD/);
  }
  await assert.rejects(add(statementOf('Currency: USDT'), toMake), UnreadableStatement);
  await assert.rejects(add(csvIn(['EUR', 'USD']), toMake), {
    name: 'UnreadableStatement',
    message: /in EUR and, from here on, in USD/,
    line: 3,
  });
  assert.equal(textOfTables(database), before);
  assert.equal((await add(statementOf('Currency: JPY'), yen)).added, 1);
  assert.equal((await add(csvIn(['$', '']), toMake, { skipsBad: true })).refused, 1);
});

test('trades in the future or long ago are imported, and reported as perhaps mistyped', async (t) => {
  const database = await openTestDatabase(t);
  const partner = await makePartner(database);
  const account = await partner.newAccount();
  // At 21:00 UTC, the next day has begun in the zones furthest ahead, but the day after it nowhere.
  const tomorrow = Date.UTC(2026, 10, 21, 23, 59, 59, 999);
  const report = await partner.addTrades(account, [
    { entry_time: testNow, exit_time: testNow, pnl: 1 },
    { entry_time: testNow, exit_time: tomorrow, pnl: 1 },
    { entry_time: testNow, exit_time: tomorrow + 1, pnl: 1 },
    { entry_time: testNow, exit_time: Date.UTC(2050, 0), pnl: 1 },
    { entry_time: Date.UTC(2050, 0), exit_time: null, pnl: null },
    { entry_time: Date.UTC(1996, 10, 21), exit_time: testNow, pnl: 1 },
    { entry_time: Date.UTC(1996, 10, 19), exit_time: testNow, pnl: 1 },
  ]);
  assert.deepEqual([report.added, report.kept], [7, true]);
  assert.deepEqual(report.in_future, { trades: 3, lines: [4, 5, 6] });
  assert.deepEqual(report.long_ago, { trades: 1, lines: [8] });
});

test('an import that would make sums inexact is refused in a sentence', async (t) => {
  const database = await openTestDatabase(t);
  const partner = await makePartner(database);
  const account = await partner.newAccount({ startingBalance: 474.0991 });
  const largest = '10000000000';
  const full = [
    ...Array.from({ length: 45 }, (_, index) => ({ id: `win-${index}`, pnl: largest })),
    ...Array.from({ length: 45 }, (_, index) => ({ id: `loss-${index}`, pnl: `-${largest}` })),
  ].map((trade, index) => {
    const exit = testNow - index * day;
    return { ...trade, entry_time: exit, exit_time: exit };
  });
  const rest = { entry_time: testNow, exit_time: testNow, commission: -719_925_000 };
  const before = { id: 'before', entry_time: testNow, exit_time: testNow, pnl: '0' };
  await partner.addTrades(account, [before]);
  const tables = textOfTables(database);
  const beyond = { ...rest, id: 'rest', pnl: '0.0001' };
  await assert.rejects(partner.addTrades(account, [...full, beyond]), {
    name: 'Error',
    message: /account Apex 50K .* 900,719,925,474\.0991 USD/,
  });
  assert.equal(textOfTables(database), tables);
  const { kept } = await partner.addTrades(account, [...full, { ...rest, id: 'rest', pnl: '0' }]);
  assert.ok(kept);
  await assert.rejects(
    partner.addTrades(account, [{ ...before, id: 'one', pnl: '-0.0001' }]),
    /account/,
  );
  // The accounts of a currency have common sums, apart from those of other currencies.
  const second = await partner.newAccount();
  const little = { ...before, id: 'two', pnl: '474.0991' };
  assert.ok((await partner.addTrades(second, [little])).kept);
  await assert.rejects(
    partner.addTrades(second, [{ ...little, id: 'three', pnl: '-0.0001' }]),
    /partner’s accounts in USD/,
  );
  const other = await partner.newAccount({ currency: 'EUR' });
  assert.ok((await partner.addTrades(other, [little])).kept);
});

test('a file whose sum is far beyond exact ones, or with too long durations, is refused in a sentence', async (t) => {
  const database = await openTestDatabase(t);
  const partner = await makePartner(database);
  const account = await partner.newAccount();
  const trades = (count: number, trade: object) =>
    Array.from({ length: count }, () => ({
      ...{ entry_time: testNow, exit_time: testNow, pnl: 0 },
      ...trade,
    }));
  const tables = textOfTables(database);
  await assert.rejects(partner.addTrades(account, trades(100_000, { pnl: 1e10 })), /900,719,925/);
  const long = { entry_time: day, exit_time: 4_102_444_800_000 };
  await assert.rejects(partner.addTrades(account, trades(3_000, long)), /285,420 years/);
  assert.equal(textOfTables(database), tables);
});
