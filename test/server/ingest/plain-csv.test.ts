import assert from 'node:assert/strict';
import test from 'node:test';
import { plainCsv } from '../../../server/ingest/plain-csv.ts';
import { openStatement } from '../../../server/ingest/statement-text.ts';
import { wallClock } from '../../../server/ingest/wall-clock.ts';
import { inPieces, readStatement, refusalsOf, tradesOf } from './support.ts';

const columns =
  'id,symbol,contract,direction,quantity,entry_price,exit_price,entry_time,exit_time,pnl,commission,setup_type';
const good =
  't-1,MES,MESH5,long,2,6117.75,6130.25,1737586923000,1737590000000,125.5,-2.48,breakout';

function file(...rows: string[]): string {
  return [columns, ...rows, ''].join('\n');
}

test('a row has the fields of a trade as the API has them', async () => {
  const noted = `${columns},notes\n${good},"Late entry,\ntoo large"\n`;
  assert.deepEqual(await readStatement(plainCsv, noted), [
    {
      kind: 'trade',
      line: 2,
      trade: {
        id: 't-1',
        symbol: 'MES',
        contract: 'MESH5',
        direction: 'long',
        quantity: 2,
        entry_price: 6117.75,
        exit_price: 6130.25,
        entry_time: 1737586923000,
        exit_time: 1737590000000,
        pnl: 1_255_000,
        commission: -24_800,
        setup_type: 'breakout',
        notes: 'Late entry,\ntoo large',
      },
    },
  ]);
});

test('columns may be in any order and letter case, quoted, and among others', async () => {
  const readings = await readStatement(
    plainCsv,
    [
      '\ufeffPNL,account_id,"Exit_Time",exit_price,entry_time,entry_price,duration_minutes,quantity,direction,symbol',
      '"-1.5",acc,2025-01-02T00:00:00Z,2,2025-01-01T00:00:00Z,-37.63,1440,0.5,SHORT," CL, crude "',
    ].join('\r\n'),
  );
  const [trade] = tradesOf(readings);
  assert.equal(trade!.pnl, -15_000);
  assert.equal(trade!.symbol, 'CL, crude');
  assert.equal(trade!.direction, 'short');
  assert.equal(trade!.entry_price, -37.63);
  assert.equal(trade!.commission, 0);
  assert.equal(trade!.contract, null);
  assert.equal(trade!.setup_type, null);
});

test('empty cells and null are absent: without an exit the trade is open', async () => {
  for (const absent of ['', 'null', '  ']) {
    const row = `t-1,MES,${absent},long,2,6117.75,${absent},1737586923000,${absent},${absent},${absent},${absent}`;
    const [trade] = tradesOf(await readStatement(plainCsv, file(row)));
    assert.deepEqual(
      [trade!.contract, trade!.exit_price, trade!.exit_time, trade!.pnl, trade!.setup_type],
      [null, null, null, null, null],
    );
    assert.equal(trade!.commission, 0);
  }
});

test('a file of open trades needs no columns for the exit', async () => {
  const readings = await readStatement(
    plainCsv,
    'symbol,direction,quantity,entry_price,entry_time\nMES,long,1,5,1737586923000\n',
  );
  assert.equal(tradesOf(readings)[0]!.exit_time, null);
});

test('times without an offset are read in the given zone, and the clock notes that it was used', async () => {
  const read = async (time: string) => {
    const clock = wallClock('America/New_York');
    const row = good.replace('1737586923000', time);
    const { text } = await openStatement(inPieces(Buffer.from(file(row))));
    const batches = await Array.fromAsync(plainCsv.read(text, clock));
    return [tradesOf(batches.flat())[0]!.entry_time, clock.wasUsed];
  };
  assert.deepEqual(await read('2025-01-22T18:02:03'), [1737586923000, true]);
  assert.deepEqual(await read('2025-01-22T23:02:03Z'), [1737586923000, false]);
  assert.deepEqual(await read('1737586923000'), [1737586923000, false]);
});

const cells = good.split(',');
const refusals: [number, string, string][] = [
  [0, 'a b', 'The id must be 1 to 64 letters, digits and the signs _ . : - only.'],
  [1, '', 'The symbol must be 1 to 32 printable characters.'],
  [1, 'ME\u0000S', 'The symbol must be 1 to 32 printable characters.'],
  [2, 'x'.repeat(33), 'The contract must be 1 to 32 printable characters.'],
  [3, 'buy', 'The direction "buy" is neither long nor short.'],
  [3, '', 'The direction is missing.'],
  [4, '', 'The quantity is missing.'],
  [4, '-1', 'The quantity must be above zero and at most 1,000,000,000,000.'],
  [4, '0x10', 'The quantity "0x10" is not a number.'],
  [5, '1e13', 'The entry price must be a number of at most 1,000,000,000,000.'],
  [6, 'Infinity', 'The exit price "Infinity" is not a number.'],
  [6, '', 'A closed trade needs an exit price, an exit time and a P&L: the exit price is missing.'],
  [7, '', 'The entry time is missing.'],
  [7, '86399999', 'The entry time must lie between 1970-01-02 and 2100-01-01.'],
  [7, '2025-01-22', 'The entry time "2025-01-22" is not a date with a time of day.'],
  [8, '1737586922999', 'The exit time must not lie before the entry time.'],
  [8, '', 'A closed trade needs an exit price, an exit time and a P&L: the exit time is missing.'],
  [9, '', 'A closed trade needs an exit price, an exit time and a P&L: the P&L is missing.'],
  [9, '1.00001', 'The P&L "1.00001" has more digits than can be kept: at most four decimals.'],
  [9, '12 000', 'The P&L "12 000" is not an amount of money.'],
  [9, '10000000000.0001', 'The P&L must be at most 10,000,000,000 above or below zero.'],
  [10, '0.01', 'The commission must be zero or below, and at least -10,000,000,000.'],
  [11, 'x'.repeat(65), 'The setup type must be 1 to 64 printable characters.'],
];
for (const [column, text, reason] of refusals) {
  test(`refused: ${reason} (${JSON.stringify(text.slice(0, 16))})`, async () => {
    const readings = await readStatement(
      plainCsv,
      file(good, cells.with(column, text).join(), good),
    );
    assert.deepEqual(refusalsOf(readings), [`3: ${reason}`]);
    assert.equal(tradesOf(readings).length, 2);
  });
}

test('a refusal quotes the invalid text, shortened and with control characters escaped', async () => {
  const [refusal] = refusalsOf(
    await readStatement(plainCsv, file(cells.with(4, `\u0007${'9'.repeat(60)}x`).join())),
  );
  assert.equal(refusal, `2: The quantity "\\u0007${'9'.repeat(39)}…" is not a number.`);
});

test('all problems of a row are listed', async () => {
  const row = cells.with(1, '').with(4, 'x').with(9, '').with(10, '1').join();
  assert.deepEqual(refusalsOf(await readStatement(plainCsv, file(row))), [
    '2: The quantity "x" is not a number. The symbol must be 1 to 32 printable characters. The commission must be zero or below, and at least -10,000,000,000. A closed trade needs an exit price, an exit time and a P&L: the P&L is missing.',
  ]);
});

const anonymous = 'symbol,direction,quantity,entry_price,entry_time';
const rowAt = (time: number) => `MES,long,1,5,${time}`;

test('trades without an id get one that is the same when the file is read again', async () => {
  const rows = [
    rowAt(1737586923000),
    rowAt(1737586924000),
    rowAt(1737586923000),
    rowAt(1737586923000),
  ];
  const idsOf = async (...lines: string[]) =>
    tradesOf(await readStatement(plainCsv, lines.join('\n'))).map(({ id }) => id);
  const ids = await idsOf(anonymous, ...rows);
  assert.equal(new Set(ids).size, 4);
  for (const id of ids) assert.match(id, /^csv-[0-9a-f]{20}$/);
  assert.deepEqual(await idsOf(anonymous, ...rows), ids);
  // Further rows before them, or further columns, don't change their ids.
  assert.deepEqual(
    (await idsOf(anonymous, rowAt(1), rowAt(1737586920000), ...rows)).slice(-4),
    ids,
  );
  assert.deepEqual(await idsOf(`${anonymous},note,id`, ...rows.map((row) => `${row},hello,`)), ids);
});

test('a hundred thousand trades without ids get different ids, wherever they repeat', async () => {
  const rows = Array.from({ length: 100_000 }, (_, i) =>
    rowAt(1737586923000 + ((i >> 1) % 25_000)),
  );
  const trades = tradesOf(await readStatement(plainCsv, [anonymous, ...rows].join('\n')));
  assert.equal(new Set(trades.map(({ id }) => id)).size, 100_000);
  const alone = tradesOf(
    await readStatement(plainCsv, [anonymous, ...rows.slice(9_000, 30_000)].join('\n')),
  );
  assert.deepEqual(
    trades.slice(9_000, 30_000).map(({ id }) => id),
    alone.map(({ id }) => id),
  );
});

test('the line of a row is its line in the file, whatever precedes it', async () => {
  const text = [
    columns,
    '',
    good,
    `t-2,MES,,long,2,6117.75,,1737586923000,,,,"two\r\nlines"`,
    'bad,,,,,,,,,,,',
    ',,,,,,,,,,,',
    'short,row',
  ].join('\r\n');
  const lines = (await readStatement(plainCsv, text)).map(({ kind, line }) => `${line} ${kind}`);
  assert.deepEqual(lines, ['3 trade', '4 refused', '6 refused', '8 refused']);
});

test('a row with too few or too many cells is refused', async () => {
  assert.deepEqual(refusalsOf(await readStatement(plainCsv, file(`${good},more`, 't-2,MES'))), [
    '2: The row has 13 cells, the header 12.',
    '3: The row has 2 cells, the header 12: it may have been cut short.',
  ]);
});

test('a header that lacks columns or has one twice is refused with their names', async () => {
  await assert.rejects(readStatement(plainCsv, 'symbol,direction,quantity\n'), {
    name: 'UnreadableStatement',
    message: 'The header lacks the columns entry_price, entry_time.',
    line: 1,
  });
  await assert.rejects(readStatement(plainCsv, `${columns},Pnl\n${good},1\n`), {
    name: 'UnreadableStatement',
    message: 'The column pnl stands there twice.',
  });
});

test('misplaced quotation marks make the file unreadable, and the refusal has the line', async () => {
  for (const [row, message] of [
    ['t-2,M"ES,', /after line 2 has a quotation mark in the middle of a cell/],
    ['t-2,"MES"x,', /after line 2 has a quotation mark in the middle of a cell/],
    ['t-2,"MES,', /after line 2 has a quotation mark that is never closed/],
  ] as const) {
    await assert.rejects(readStatement(plainCsv, file(good, row, 't-3')), {
      name: 'UnreadableStatement',
      line: 3,
      message,
    });
  }
});
