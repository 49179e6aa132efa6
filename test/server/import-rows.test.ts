import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import fc from 'fast-check';
import { importStatement } from '../../server/ingest/import.ts';
import type { ImportReport } from '../../server/ingest/report.ts';
import type { Database } from '../../server/store/database.ts';
import { day } from '../../shared/time.ts';
import { openTestDatabase } from '../support/database.ts';
import {
  bytes,
  importDefaults,
  makePartner,
  plainCsv,
  type TestTrade,
} from '../support/partner.ts';
import { testNow } from '../support/server.ts';

/** A row of a file, with few possible ids and values, so that rows repeat. `direction` may be invalid. */
interface Row {
  id: string;
  entry_time: number;
  symbol: string;
  direction: string;
  quantity: number;
  exit_time: number | null;
  pnl: number | null;
}

const closed = fc.record({
  exit_time: fc.constantFrom(testNow, testNow - day),
  pnl: fc.constantFrom(5, -5),
});
const open = fc.constant({ exit_time: null, pnl: null });
const usually = <Value>(value: Value, ...others: Value[]) =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(value) }, fc.constantFrom(...others));
const row: fc.Arbitrary<Row> = fc
  .record({
    id: fc.constantFrom('a', 'b', 'c'),
    entry_time: usually(testNow - 3 * day, testNow - 2 * day),
    symbol: usually('ES', 'NQ'),
    direction: usually('long', 'short', 'sideways'),
    quantity: usually(1, 2),
    end: fc.oneof(open, closed),
  })
  .map(({ end, ...start }) => ({ ...start, ...end }));
const file = fc.record({
  rows: fc.array(row, { minLength: 1, maxLength: 8 }),
  skipsBad: fc.boolean(),
});

const identity = ['entry_time', 'symbol', 'direction', 'quantity'] as const;

/** What the import of a file must do, row by row: the trades after it, and the counts and lines of its report. */
function importByHand(
  trades: Map<string, Row>,
  { rows, skipsBad }: { rows: Row[]; skipsBad: boolean },
) {
  const before = new Map(trades);
  const after = new Map(trades);
  const counts = { added: 0, closed: 0, already_there: 0, refused: 0, held_back: 0 };
  const lines: number[] = [];
  for (const [index, row] of rows.entries()) {
    const known = after.get(row.id);
    const isOther = known && identity.some((name) => known[name] !== row[name]);
    const says = row.exit_time !== null;
    const isBad = row.direction === 'sideways';
    if (isBad || isOther || (says && known && known.exit_time !== null && !endsAlike(known, row))) {
      counts.refused++;
      lines.push(index + 2);
    } else if (!known) {
      after.set(row.id, row);
      counts.added++;
    } else if (says && known.exit_time === null) {
      after.set(row.id, row);
      if (before.has(row.id)) counts.closed++;
      else counts.already_there++;
    } else counts.already_there++;
  }
  if (counts.refused > 0 && !skipsBad) {
    counts.held_back = counts.added + counts.closed;
    counts.added = counts.closed = 0;
    return { counts, lines, after: before };
  }
  return { counts, lines, after };
}

function endsAlike(one: Row, other: Row): boolean {
  return one.exit_time === other.exit_time && one.pnl === other.pnl;
}

function countsOf({ added, closed, already_there, refused, held_back }: ImportReport) {
  return { added, closed, already_there, refused, held_back };
}

function tradesIn({ handle }: Database, account: string): Map<string, Row> {
  const rows = handle
    .prepare<[string], Row>(
      `select id, entry_time, symbol, direction, quantity, exit_time, pnl / 10000 as pnl
       from trades where account_id = ?`,
    )
    .all(account);
  return new Map(rows.map((trade) => [trade.id, trade]));
}

/** The number and result of each day's trades: as kept beside the trades, and as summed up from them. */
function daysIn({ handle }: Database, account: string): unknown[][] {
  return [
    `select day, trades, gross_profit + gross_loss as pnl from account_days
     where account_id = ? order by day`,
    `select exit_time / ${day} as day, count(*) as trades, sum(pnl) as pnl from trades
     where account_id = ? and exit_time is not null group by 1 order by 1`,
  ].map((text) => handle.prepare(text).all(account));
}

test('the report of an import says what became of the trades, however rows repeat', async (t) => {
  const database = await openTestDatabase(t);
  // Hundreds of imports need not survive a power cut.
  database.handle.pragma('synchronous = off');
  const partner = await makePartner(database);
  const add = (account: string, rows: Row[], skipsBad: boolean, isDryRun: boolean) =>
    importStatement(
      database,
      bytes(plainCsv(rows as TestTrade[])),
      {
        ...importDefaults,
        ...{ partnerId: partner.id, account, format: 'csv', zone: 'UTC', skipsBad, isDryRun },
      },
      () => testNow,
      randomBytes,
    );
  await fc.assert(
    fc.asyncProperty(fc.array(file, { minLength: 1, maxLength: 3 }), async (files) => {
      const account = await partner.newAccount();
      let trades = new Map<string, Row>();
      for (const { rows, skipsBad } of files.flatMap((each) => [each, each])) {
        const { counts, lines, after } = importByHand(trades, { rows, skipsBad });
        const foretold = await add(account, rows, skipsBad, true);
        assert.deepEqual(tradesIn(database, account), trades, 'a dry run keeps nothing');
        const report = await add(account, rows, skipsBad, false);
        assert.deepEqual(countsOf(report), counts);
        assert.deepEqual(
          report.refusals.map(({ line }) => line),
          lines,
        );
        assert.equal(report.read, rows.length);
        const sum = Object.values(counts).reduce((total, count) => total + count);
        assert.equal(sum, report.read);
        assert.equal(report.kept, counts.refused === 0 || skipsBad);
        const { id: _, kept: __, dry_run: ___, ...expected } = report;
        const { id, kept, dry_run, ...foreseen } = foretold;
        assert.deepEqual([id, kept, dry_run, foreseen], [null, false, true, expected]);
        trades = after;
        assert.deepEqual(tradesIn(database, account), trades);
        const [keptDays, days] = daysIn(database, account);
        assert.deepEqual(keptDays, days);
      }
    }),
    { numRuns: 60 },
  );
});

test('an open and a closed row of one id are one closed trade, in either order', async (t) => {
  const database = await openTestDatabase(t);
  const partner = await makePartner(database);
  const opened = { id: 'x', entry_time: testNow - day, exit_time: null, pnl: null };
  const finished = { ...opened, exit_time: testNow, pnl: 7 };
  for (const rows of [
    [opened, finished],
    [finished, opened],
  ]) {
    const account = await partner.newAccount();
    const { added, closed, already_there, refused } = await partner.addTrades(account, rows);
    assert.deepEqual([added, closed, already_there, refused], [1, 0, 1, 0]);
    assert.equal(tradesIn(database, account).get('x')?.pnl, 7);
  }
});

test('rows on one line of an HTML statement are imported in their order', async (t) => {
  const database = await openTestDatabase(t);
  const partner = await makePartner(database);
  const account = await partner.newAccount();
  const cells = (...values: string[]) =>
    `<tr>${values.map((value) => `<td>${value}</td>`).join('')}</tr>`;
  const trade = (profit: string) =>
    cells('7', '2024.03.01 10:00:00', 'buy', '1', 'eurusd', '1', '0', '0')
      .replace('</tr>', '')
      .concat(cells('2024.03.01 12:00:00', '1', '0', '0', '0', profit).replace('<tr>', ''));
  const headings = cells(
    ...['Ticket', 'Open Time', 'Type', 'Size', 'Item', 'Price', 'S / L', 'T / P', 'Close Time'],
    ...['Price', 'Commission', 'Taxes', 'Swap', 'Profit'],
  );
  const text = `<html><title>Statement: 1</title><table>${cells('Closed Transactions:')}${headings}${trade('3')}${trade('4')}${cells('Closed P/L:', '7')}</table></html>`;
  const report = await importStatement(
    database,
    bytes(text),
    {
      ...importDefaults,
      ...{ partnerId: partner.id, account, format: 'mt4', zone: 'UTC', skipsBad: true },
    },
    () => testNow,
    randomBytes,
  );
  assert.deepEqual([report.added, report.refused], [1, 1]);
  assert.equal(tradesIn(database, account).get('mt4-7')?.pnl, 3);
});
