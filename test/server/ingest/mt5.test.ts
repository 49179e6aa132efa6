import assert from 'node:assert/strict';
import test from 'node:test';
import { mt5 } from '../../../server/ingest/mt5.ts';
import { mostOpenPositions } from '../../../server/ingest/mt5-positions.ts';
import { minute } from '../../../shared/time.ts';
import { tradeDefaults } from '../../../shared/trades.ts';
import { passedOverOf, readStatement, refusalsOf, totalOf, tradesOf } from './support.ts';

const header =
  'Time,Deal,Symbol,Type,Direction,Volume,Price,Order,Commission,Swap,Profit,Balance,Comment';

interface Row {
  symbol?: string;
  time?: string;
  commission?: string;
  swap?: string;
  profit?: string;
}

let number = 0;
function deal(side: string, way: string, volume: string, price: string, more: Row = {}): string {
  number++;
  const { symbol = 'XAUUSD', commission = '0', swap = '0.0', profit = '0.0' } = more;
  const time = more.time ?? `2024.05.01 10:${String(number % 60).padStart(2, '0')}:00`;
  return `${time},${number}.0,${symbol},${side},${way},${volume},${price},1.0,${commission},${swap},${profit},0,x`;
}

/** A history with the totals that its deals add up to. */
function history(deals: string[]): string {
  const sums = [8, 9, 10].map((place) =>
    deals
      .filter((row) => /,(?:buy|sell),/.test(row))
      .reduce((sum, row) => sum + Math.round(Number(row.split(',')[place]) * 10_000), 0),
  );
  number = 0;
  return [header, ...deals, `,,,,,,,,${sums.map((sum) => sum / 10_000).join()},0,`].join('\n');
}

test('an in deal and its out deal are one trade, with the costs of both', async () => {
  const file = history([
    deal('buy', 'in', '2.03', '2066.368', { commission: '-1.5' }),
    deal('sell', 'out', '2.03', '2064.418', { commission: '-1.25', swap: '-0.3', profit: '-3.96' }),
  ]);
  assert.deepEqual(await readStatement(mt5, file, { zone: 'Europe/Athens' }), [
    {
      kind: 'trade',
      line: 3,
      trade: {
        ...tradeDefaults,
        id: 'mt5-2',
        symbol: 'XAUUSD',
        direction: 'long',
        quantity: 2.03,
        entry_price: 2066.368,
        exit_price: 2064.418,
        entry_time: Date.parse('2024-05-01T07:01:00Z'),
        exit_time: Date.parse('2024-05-01T07:02:00Z'),
        pnl: -70_100,
        commission: -27_500,
      },
    },
  ]);
});

test('a newer history’s fee is part of the commission', async () => {
  const file = [
    'Time,Deal,Symbol,Type,Direction,Volume,Price,Commission,Fee,Swap,Profit',
    '2024.05.01 10:00:00,1,X,sell,in,1,10,-1,-0.5,0,0',
    '2024.05.01 11:00:00,2,X,buy,out,1,9,-1,-0.5,0,100',
    ',,,,,,,-2,-1,0,100',
  ].join('\n');
  const [trade] = tradesOf(await readStatement(mt5, file));
  assert.equal(trade!.commission, -30_000);
  assert.equal(trade!.pnl, 970_000);
  assert.equal(trade!.direction, 'short');
});

test('a rebate counts in the pnl and is no commission', async () => {
  const file = history([
    deal('buy', 'in', '1', '100', { commission: '-0.5' }),
    deal('sell', 'out', '1', '110', { commission: '2', profit: '10' }),
  ]);
  const [trade] = tradesOf(await readStatement(mt5, file));
  assert.equal(trade!.commission, 0);
  assert.equal(trade!.pnl, 115_000);
});

test('positions closed by each other are two trades', async () => {
  const file = history([
    deal('buy', 'in', '1', '100'),
    deal('sell', 'in', '1', '110'),
    deal('sell', 'out by', '1', '110', { profit: '10' }),
    deal('buy', 'out by', '1', '110'),
  ]);
  const trades = tradesOf(await readStatement(mt5, file));
  assert.deepEqual(
    trades.map(({ direction, entry_price, pnl }) => [direction, entry_price, pnl]),
    [
      ['long', 100, 100_000],
      ['short', 110, 0],
    ],
  );
});

test('with several open positions, an out deal closes the oldest one of equal volume', async () => {
  const file = history([
    deal('buy', 'in', '1', '100'),
    deal('buy', 'in', '2', '200'),
    deal('sell', 'in', '2', '250'),
    deal('buy', 'in', '2', '300', { symbol: 'EURUSD' }),
    deal('buy', 'in', '2', '400'),
    deal('sell', 'out', '2', '210'),
    deal('sell', 'out', '2', '410'),
    deal('buy', 'out', '2', '240'),
    deal('sell', 'out', '1', '110'),
    deal('sell', 'out', '2', '310', { symbol: 'EURUSD' }),
  ]);
  const trades = tradesOf(await readStatement(mt5, file));
  assert.deepEqual(
    trades.map(({ direction, entry_price, exit_price }) => [direction, entry_price, exit_price]),
    [
      ['long', 200, 210],
      ['long', 400, 410],
      ['short', 250, 240],
      ['long', 100, 110],
      ['long', 300, 310],
    ],
  );
});

test('without an equal volume the oldest are closed first, at their weighted price', async () => {
  const file = history([
    deal('buy', 'in', '0.1', '100'),
    deal('buy', 'in', '0.3', '200'),
    deal('sell', 'out', '0.2', '210', { profit: '1' }),
    deal('sell', 'out', '0.2', '220', { profit: '2' }),
  ]);
  const trades = tradesOf(await readStatement(mt5, file));
  assert.deepEqual(
    trades.map(({ quantity, entry_price }) => [quantity, entry_price]),
    [
      [0.2, 150],
      [0.2, 200],
    ],
  );
  assert.equal(trades[0]!.entry_time, Date.parse('2024-05-01T10:01:00Z'));
  assert.equal(trades[1]!.entry_time, Date.parse('2024-05-01T10:02:00Z'));
});

test('the costs of a position closed in parts are distributed exactly', async () => {
  const file = history([
    deal('buy', 'in', '0.7', '100', { commission: '-1', swap: '0.0001', profit: '-0.0005' }),
    ...Array.from({ length: 7 }, () => deal('sell', 'out', '0.1', '101', { profit: '10' })),
  ]);
  const trades = tradesOf(await readStatement(mt5, file));
  assert.equal(trades.length, 7);
  assert.equal(totalOf(trades), 700_000 - 10_000 + 1 - 5);
  assert.equal(
    trades.reduce((sum, { commission }) => sum + commission, 0),
    -10_000,
  );
});

test('the results of positions opened and closed in parts add up exactly to the totals', async () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % below;
  };
  const deals: string[] = [];
  const held = { buy: 0, sell: 0 };
  const money = () => ({
    commission: String(-random(90) / 7).slice(0, 7),
    swap: String((random(90) - 45) / 9).slice(0, 6),
    profit: String((random(9000) - 4500) / 100),
  });
  const sides = ['buy', 'sell'] as const;
  for (let i = 0; i < 400; i++) {
    const side = sides[random(2)]!;
    const volume = held[side] > 0 ? 1 + random(held[side]) : 0;
    if (volume === 0 || random(3) === 0) {
      const opened = 1 + random(50);
      held[side] += opened;
      deals.push(deal(side, 'in', String(opened / 100), String(100 + random(9)), money()));
    } else {
      held[side] -= volume;
      const other = side === 'buy' ? 'sell' : 'buy';
      deals.push(deal(other, 'out', String(volume / 100), String(100 + random(9)), money()));
    }
  }
  for (const side of sides) {
    if (held[side] === 0) continue;
    const other = side === 'buy' ? 'sell' : 'buy';
    deals.push(deal(other, 'out', String(held[side] / 100), '101', money()));
  }
  const time = (i: number) => new Date(1_700_000_000_000 + i * minute).toISOString();
  const ordered = deals.map((row, i) =>
    row.replace(/^[^,]*/, time(i).slice(0, 19).replaceAll('-', '.').replace('T', ' ')),
  );
  const file = history(ordered);
  const readings = await readStatement(mt5, file);
  assert.deepEqual(refusalsOf(readings), []);
  assert.deepEqual(passedOverOf(readings), []);
  const totals = file.split('\n').at(-1)!.split(',').slice(8, 11).map(Number);
  assert.equal(
    totalOf(tradesOf(readings)),
    totals.reduce((sum, each) => sum + Math.round(each * 10_000), 0),
  );
});

test('a reversal closes everything and opens the rest', async () => {
  const file = history([
    deal('buy', 'in', '1', '100', { commission: '-1' }),
    deal('buy', 'in', '1', '110', { commission: '-1' }),
    deal('sell', 'in/out', '3', '120', { commission: '-3', swap: '-0.5', profit: '30' }),
    deal('buy', 'out', '1', '90', { commission: '-1', profit: '30' }),
  ]);
  const readings = await readStatement(mt5, file);
  const trades = tradesOf(readings);
  assert.deepEqual(
    trades.map((each) => [each.id, each.direction, each.quantity, each.entry_price, each.pnl]),
    [
      ['mt5-3', 'long', 2, 105, 255_000],
      ['mt5-4', 'short', 1, 120, 280_000],
    ],
  );
  assert.deepEqual(passedOverOf(readings), []);
});

test('rows that are no deals and positions that stay open are passed over', async () => {
  const file = history([
    '2024.05.01 09:00:00,1.0,,balance,,,,,0,0.0,100.0,100.0,',
    '2024.05.01 09:00:00,2.0,,credit,,,,,0,0.0,5.0,100.0,',
    '2024.05.01 09:00:00,3.0,,commission daily,,,,,0,0.0,-1.0,100.0,',
    deal('buy', 'in', '1', '100'),
    deal('buy', 'in', '2', '100'),
    deal('sell', 'out', '1.5', '100'),
  ]);
  const readings = await readStatement(mt5, file);
  assert.deepEqual(passedOverOf(readings), [
    '2: balance row',
    '3: credit row',
    '4: commission daily row',
    '6: open position',
  ]);
  assert.equal(tradesOf(readings).length, 1);
});

test('a closing deal whose opening one is missing is refused', async () => {
  const file = history([
    deal('buy', 'in', '1', '100'),
    deal('buy', 'out', '1', '100'),
    deal('sell', 'out', '1.5', '100'),
    deal('sell', 'out', '1', '100', { symbol: 'EURUSD' }),
    deal('sell', 'in/out', '1', '100', { symbol: 'EURUSD' }),
    deal('sell', 'out', '1', '100'),
  ]);
  const readings = await readStatement(mt5, file);
  const missing = 'the deal that opened it is missing.';
  assert.deepEqual(refusalsOf(readings), [
    `3: The deal closes 1 lots of a short position in XAUUSD, but none is open: ${missing}`,
    `4: The deal closes 1.5 lots of a long position in XAUUSD, but only 1 are open: ${missing}`,
    `5: The deal closes 1 lots of a long position in EURUSD, but none is open: ${missing}`,
    `6: The deal closes 1 lots of a long position in EURUSD, but none is open: ${missing}`,
  ]);
  assert.equal(tradesOf(readings).length, 1);
});

const good = '2024.05.01 10:00:00,7.0,X,buy,in,1,100,1,0,0,0,0,x'.split(',');
const refusals: [number, string, string][] = [
  [0, 'today', 'The entry time "today" is not a date with a time of day.'],
  [1, '7.5', 'The deal "7.5" is not the number of a deal.'],
  [1, '-7', 'The deal "-7" is not the number of a deal.'],
  [2, '', 'The symbol must be 1 to 32 printable characters.'],
  [3, 'gift', 'The type "gift" is none that a deal has.'],
  [4, 'sideways', 'The direction "sideways" is none of in, out, in/out and out by.'],
  [5, '0', 'The quantity must be above zero and at most 1,000,000,000,000.'],
  [5, '1e9', 'The volume "1e9" is too large.'],
  [6, '', 'The entry price is missing.'],
  [8, 'free', 'The commission "free" is not an amount of money.'],
  [9, '0.00005', 'The P&L "0.00005" has more digits than can be kept: at most four decimals.'],
];
for (const [column, text, reason] of refusals) {
  test(`refused: ${reason}`, async () => {
    const file = [header, good.with(column, text).join(), ',,,,,,,,0,0,0,0,'].join('\n');
    assert.deepEqual(refusalsOf(await readStatement(mt5, file)), [`2: ${reason}`]);
  });
}

test('rounding errors of binary fractions do not change amounts', async () => {
  const file = [
    header,
    '2024.05.01 10:00:00,1.0,X,buy,in,0.1,100,1,-0.06000000001,0,0,0,x',
    '2024.05.01 11:00:00,2.0,X,sell,out,0.1,100,1,0,-3.552713678800501e-15,0.30000000000000004,0,x',
    ',,,,,,,,-0.06,0.0,0.29999999999999998,0,',
  ].join('\n');
  assert.equal(tradesOf(await readStatement(mt5, file))[0]!.pnl, 2_400);
});

test('totals that don’t agree or are missing make the file unreadable', async () => {
  const deals = [
    deal('buy', 'in', '1', '100'),
    deal('sell', 'out', '1', '110', { commission: '-1', swap: '-2', profit: '10' }),
  ];
  const file = history(deals);
  for (const [wrong, message] of [
    ['-1,-2,11', /The profit of the deals adds up to 10, but the row of totals says 11:/],
    ['-1,-3,10', /The swap of the deals adds up to -2, but the row of totals says -3:/],
    ['-2,-2,10', /The commission of the deals adds up to -1, but the row of totals says -2:/],
    [
      '-1,-2,x',
      /The profit of the deals adds up to 10, but the row of totals says something else:/,
    ],
  ] as const) {
    const changed = file.replace(/,-1,-2,10,0,$/, `,${wrong},0,`);
    assert.notEqual(changed, file);
    await assert.rejects(readStatement(mt5, changed), {
      name: 'UnreadableStatement',
      message,
    });
  }
  const rows = file.split('\n');
  for (let length = 1; length < rows.length; length++) {
    await assert.rejects(
      readStatement(mt5, rows.slice(0, length).join('\n')),
      /row of totals, so it was cut short/,
    );
  }
  await assert.rejects(readStatement(mt5, rows.toSpliced(2, 1).join('\n')), /adds up to 0/);
});

test('a row after the totals is refused', async () => {
  const file = `${history([deal('buy', 'in', '1', '100')])}\n${deal('buy', 'in', '1', '100')}\n`;
  assert.deepEqual(refusalsOf(await readStatement(mt5, file)), [
    '4: The row stands after the row of totals.',
  ]);
});

test('a file with too many open positions is unreadable', async () => {
  const deals = Array.from({ length: mostOpenPositions + 1 }, () => deal('buy', 'in', '1', '100'));
  await assert.rejects(readStatement(mt5, history(deals)), {
    name: 'UnreadableStatement',
    line: mostOpenPositions + 2,
  });
});
