import assert from 'node:assert/strict';
import test from 'node:test';
import { tradovate } from '../../../server/ingest/tradovate.ts';
import { tradeDefaults } from '../../../shared/trades.ts';
import { readStatement, refusalsOf, tradesOf } from './support.ts';

const header =
  'symbol,_tickSize,buyFillId,sellFillId,qty,buyPrice,sellPrice,pnl,boughtTimestamp,soldTimestamp,duration';

async function tradeOf(row: string, zone = 'UTC') {
  const readings = await readStatement(tradovate, `${header}\n${row}\n`, { zone });
  assert.deepEqual(refusalsOf(readings), []);
  return tradesOf(readings)[0]!;
}

test('bought first is a long trade, with root and contract of the future', async () => {
  assert.deepEqual(
    await tradeOf(
      'MNQZ4,0.25,101,102,2,20100.25,20110.5,$41.00,11/05/2024 09:30:00,11/05/2024 09:45:30,15min 30sec',
      'America/New_York',
    ),
    {
      ...tradeDefaults,
      id: 'tradovate-101-102',
      symbol: 'MNQ',
      contract: 'MNQZ4',
      direction: 'long',
      quantity: 2,
      entry_price: 20100.25,
      exit_price: 20110.5,
      entry_time: Date.parse('2024-11-05T14:30:00Z'),
      exit_time: Date.parse('2024-11-05T14:45:30Z'),
      pnl: 410_000,
    },
  );
});

test('sold first is a short trade: it enters with the sale', async () => {
  const trade = await tradeOf(
    'MNQZ4,0.25,101,102,1,20110.5,20100.25,$(20.50),11/05/2024 09:45:30,11/05/2024 09:30:00,15min 30sec',
  );
  assert.equal(trade.direction, 'short');
  assert.equal(trade.entry_price, 20100.25);
  assert.equal(trade.exit_price, 20110.5);
  assert.equal(trade.entry_time, Date.parse('2024-11-05T09:30:00Z'));
  assert.equal(trade.exit_time, Date.parse('2024-11-05T09:45:30Z'));
  assert.equal(trade.pnl, -205_000);
});

const moneys: [string, number][] = [
  ['$0.00', 0],
  ['"$1,062.50"', 10_625_000],
  ['"$(12,345,678.25)"', -123_456_782_500],
  ['$(0.00)', 0],
  ['$7', 70_000],
];
for (const [text, units] of moneys) {
  test(`${text} is ${units / 10_000} dollars`, async () => {
    const trade = await tradeOf(
      `ESH5,0.25,1,2,1,1,2,${text},01/02/2025 10:00:00,01/02/2025 10:00:01,1sec`,
    );
    assert.equal(trade.pnl, units);
  });
}

const symbols: [string, string, string | null][] = [
  ['MESH5', 'MES', 'MESH5'],
  ['M2KU25', 'M2K', 'M2KU25'],
  ['6EM5', '6E', '6EM5'],
  ['AAPL', 'AAPL', null],
  ['MESA5', 'MESA5', null],
  ['ESH125', 'ESH125', null],
  ['H5', 'H5', null],
];
for (const [text, symbol, contract] of symbols) {
  test(`${text} is ${contract === null ? 'a symbol' : `a contract of ${symbol}`}`, async () => {
    const trade = await tradeOf(
      `${text},0.25,1,2,1,1,2,$1.00,01/02/2025 10:00:00,01/02/2025 10:00:01,1sec`,
    );
    assert.deepEqual([trade.symbol, trade.contract], [symbol, contract]);
  });
}

test('columns may be in any order, and others among them', async () => {
  const readings = await readStatement(
    tradovate,
    [
      'pnl,note,soldTimestamp,boughtTimestamp,sellPrice,buyPrice,qty,sellFillId,buyFillId,symbol',
      '$5.00,x,01/02/2025 10:00:01,01/02/2025 10:00:00,2,1,3,22,11,ESH5',
    ].join('\r\n'),
  );
  const [trade] = tradesOf(readings);
  assert.equal(trade!.id, 'tradovate-11-22');
  assert.equal(trade!.quantity, 3);
  assert.equal(trade!.pnl, 50_000);
});

const row = [
  'ESH5',
  '0.25',
  '11',
  '22',
  '1',
  '1',
  '2',
  '$5.00',
  '01/02/2025 10:00:00',
  '01/02/2025 10:00:01',
  '1sec',
];
const refusals: [number, string, string][] = [
  [0, '', 'The symbol must be 1 to 32 printable characters.'],
  [2, '', 'The buyFillId is missing.'],
  [3, 'a b', 'The id must be 1 to 64 letters, digits and the signs _ . : - only.'],
  [4, '0', 'The quantity must be above zero and at most 1,000,000,000,000.'],
  [4, 'one', 'The quantity "one" is not a number.'],
  [5, '', 'The entry price is missing.'],
  [6, '1.2.3', 'The exit price "1.2.3" is not a number.'],
  [7, '$(5.00', 'The P&L "$(5.00" is not an amount of money.'],
  [7, '$1.00001', 'The P&L "$1.00001" has more digits than can be kept: at most four decimals.'],
  [7, '', 'The P&L is missing.'],
  [
    8,
    '02/30/2025 10:00:00',
    'The exit time "02/30/2025 10:00:00" is not a date with a time of day.',
  ],
];
for (const [column, text, reason] of refusals) {
  test(`refused: ${reason}`, async () => {
    const cells = row.with(column, text);
    const readings = await readStatement(tradovate, `${header}\n${row}\n${cells}\n${row}\n`);
    assert.deepEqual(refusalsOf(readings), [`3: ${reason}`]);
    assert.equal(tradesOf(readings).length, 2);
  });
}

test('a row cut short is refused, with its line', async () => {
  const readings = await readStatement(tradovate, `${header}\n${row}\nESH5,0.25,11,2`);
  assert.deepEqual(refusalsOf(readings), [
    '3: The row has 4 cells, the header 11: it may have been cut short.',
  ]);
});

test('missing columns are named', async () => {
  await assert.rejects(readStatement(tradovate, 'symbol,buyFillId,sellFillId,qty,pnl\n'), {
    name: 'UnreadableStatement',
    message: 'The header lacks the columns buyPrice, sellPrice, boughtTimestamp, soldTimestamp.',
    line: 1,
  });
});

test('a file cut within its last cell is noticed, because the duration no longer fits', async () => {
  const row =
    'MNQZ4,0.25,101,102,2,20100.25,20110.5,$41.00,11/05/2024 09:30:00,11/05/2024 10:45:30,1h 15min 30sec';
  const readings = async (cut: number) =>
    readStatement(tradovate, `${header}\n${row.slice(0, row.length - cut)}`, { zone: 'UTC' });
  assert.deepEqual(refusalsOf(await readings(0)), []);
  for (const cut of [1, 3, 5, 6, 9, 12]) {
    assert.match(refusalsOf(await readings(cut))[0]!, /^2: The duration .* was the file cut short/);
  }
});
