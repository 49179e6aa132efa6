import assert from 'node:assert/strict';
import test from 'node:test';
import { mt4 } from '../../../server/ingest/mt4.ts';
import { tradeDefaults } from '../../../shared/trades.ts';
import { passedOverOf, readStatement, refusalsOf, totalOf, tradesOf } from './support.ts';

const headings =
  '<tr><td>Ticket</td><td>Open Time</td><td>Type</td><td>Size</td><td>Item</td><td>Price</td><td>S / L</td><td>T / P</td><td>Close Time</td><td>Price</td><td>Commission</td><td>Taxes</td><td>Swap</td><td>Profit</td></tr>';

function statement(rows: string[], total: string | null, rest = ''): string {
  return [
    '<html><head><title>Statement: 1 - A</title></head><body><table>',
    '<tr><td colspan=13><b>Closed Transactions:</b></td></tr>',
    headings,
    ...rows,
    total === null
      ? ''
      : `<tr><td colspan=12><b>Closed P/L:</b></td><td colspan=2><b>${total}</b></td></tr>`,
    rest,
  ].join('\n');
}

const good = [
  '501', '2024.03.01 10:00:00', 'buy', '0.10', 'eurusd', '1.08000', '0.00000', '1.09000',
  '2024.03.01 12:30:00', '1.08100', '-0.70', '0.00', '-0.05', '10.00',
]; // biome-ignore format: one row of the table

function rowOf(cells: readonly string[]): string {
  return `<tr align=right>${cells.map((cell) => `<td nowrap>${cell}</td>`).join('')}</tr>`;
}

test('a closed trade: pnl is net, commission holds commission and taxes', async () => {
  const taxed = good.with(11, '-0.30');
  const readings = await readStatement(mt4, statement([rowOf(taxed)], '8.95'), {
    zone: 'Europe/Athens',
  });
  assert.deepEqual(readings, [
    {
      kind: 'trade',
      line: 4,
      trade: {
        ...tradeDefaults,
        id: 'mt4-501',
        symbol: 'eurusd',
        direction: 'long',
        quantity: 0.1,
        entry_price: 1.08,
        exit_price: 1.081,
        entry_time: Date.parse('2024-03-01T08:00:00Z'),
        exit_time: Date.parse('2024-03-01T10:30:00Z'),
        pnl: 89_500,
        commission: -10_000,
      },
    },
  ]);
});

test('thousands may be separated by spaces, also by non-breaking ones', async () => {
  const rows = [
    rowOf(good.with(13, '1 234 567.80').with(2, 'sell')),
    rowOf(good.with(0, '502').with(13, '-2&nbsp;000.00')),
  ];
  const trades = tradesOf(await readStatement(mt4, statement(rows, '1 232 566.30')));
  assert.deepEqual(
    trades.map(({ pnl, direction }) => [pnl, direction]),
    [
      [12_345_670_500, 'short'],
      [-20_007_500, 'long'],
    ],
  );
});

test('a rebate counts in the pnl and is no commission', async () => {
  const [trade] = tradesOf(
    await readStatement(mt4, statement([rowOf(good.with(10, '0.40'))], '10.35')),
  );
  assert.equal(trade!.commission, 0);
  assert.equal(trade!.pnl, 103_500);
});

test('balances, credits, cancelled orders, open and pending ones are passed over', async () => {
  const rows = [
    '<tr><td>1</td><td>2024.03.01 00:00:00</td><td>balance</td><td colspan=10>Deposit</td><td>500.00</td></tr>',
    '<tr><td>2</td><td>2024.03.01 00:00:00</td><td>credit</td><td colspan=10></td><td>50.00</td></tr>',
    rowOf(good),
    '<tr><td colspan=9>&nbsp;</td><td>77</td><td colspan=3>a comment</td></tr>',
    '<tr><td>3</td><td>2024.03.01 10:00:00</td><td>sell stop</td><td>0.10</td><td>eurusd</td><td>1.07000</td><td>0.00000</td><td>0.00000</td><td>2024.03.01 11:00:00</td><td>1.08000</td><td colspan=4>cancelled</td></tr>',
    '<tr><td colspan=10>&nbsp;</td><td>-0.70</td><td>0.00</td><td>-0.05</td><td>10.00</td></tr>',
  ];
  const rest = [
    '<tr><td colspan=14><b>Open Trades:</b></td></tr>',
    headings,
    rowOf(good.with(0, '504')),
    '<tr><td colspan=14><b>Working Orders:</b></td></tr>',
    headings,
    rowOf(good.with(0, '505').with(2, 'buy limit')),
    '<tr><td colspan=13>No transactions</td></tr>',
    '<tr><td colspan=14><b>Summary:</b></td></tr>',
    '<tr><td colspan=2><b>Closed Trade P/L:</b></td><td>9.25</td></tr>',
    rowOf(good.with(0, '506')),
  ].join('\n');
  const readings = await readStatement(mt4, statement(rows, '9.25', rest));
  assert.deepEqual(
    tradesOf(readings).map(({ id }) => id),
    ['mt4-501'],
  );
  assert.deepEqual(passedOverOf(readings), [
    '4: balance row',
    '5: credit row',
    '8: cancelled order',
    '13: open position',
    '16: pending order',
  ]);
  assert.deepEqual(refusalsOf(readings), []);
});

test('an older statement without taxes, with lots and trade P/L, is read', async () => {
  const older = [
    '<title>Statement: 9</title><table>',
    '<tr><td colspan=13><b>Closed Transactions:</b></td></tr>',
    '<tr><td>Ticket<td>Open Time<td>Type<td>Lots<td>Item<td>Price<td>S / L<td>T / P<td>Close Time<td>Price<td>Commission<td>R/O Swap<td>Trade P/L',
    '<tr><td>7<td>2024.03.01 10:00<td>sell<td>1.00<td>usdjpy<td>150.00<td>0<td>0<td>2024.03.01 12:00<td>149.00<td>-5.00<td>-1.00<td>600.00',
    '<tr><td colspan=11>Closed P/L:<td colspan=2>594.00',
  ].join('\n');
  const readings = await readStatement(mt4, older);
  assert.equal(totalOf(tradesOf(readings)), 5_940_000);
  assert.equal(tradesOf(readings)[0]!.commission, -50_000);
});

test('a statement without any trade is read', async () => {
  assert.deepEqual(await readStatement(mt4, statement([], '0.00')), []);
});

const refusals: [number, string, string][] = [
  [0, 'x1', 'The ticket "x1" is not a number. The id'],
  [1, '', 'The entry time is missing.'],
  [2, 'bonus', 'The type "bonus" is none that a closed transaction has.'],
  [2, '', 'The type "" is none that a closed transaction has.'],
  [3, '0.00', 'The quantity must be above zero and at most 1,000,000,000,000.'],
  [4, 'eur\ufffdusd', 'The symbol must be 1 to 32 printable characters.'],
  [5, 'one', 'The entry price "one" is not a number.'],
  [
    8,
    '2024.02.30 10:00:00',
    'The exit time "2024.02.30 10:00:00" is not a date with a time of day.',
  ],
  [8, '2024.03.01 09:00:00', 'The exit time must not lie before the entry time.'],
  [9, '', 'The exit price is missing.'],
  [10, '-', 'The commission "-" is not an amount of money.'],
  [12, '?', 'The P&L "?" is not an amount of money.'],
  [13, '1.23456', 'The P&L "1.23456" has more digits than can be kept: at most four decimals.'],
];
for (const [column, text, reason] of refusals) {
  test(`refused: ${reason}`, async () => {
    const rows = [rowOf(good), rowOf(good.with(0, '502').with(column, text))];
    // Amounts of a refused row that can be read still count in the total.
    const total = column === 2 ? '9.25' : '18.50';
    const readings = await readStatement(mt4, statement(rows, total));
    assert.equal(tradesOf(readings).length, 1);
    const [refusal, ...others] = refusalsOf(readings);
    assert.ok(refusal?.startsWith(`5: ${reason.replace(' The id', '')}`), refusal);
    assert.deepEqual(others, []);
  });
}

test('all problems of a row are listed', async () => {
  const rows = [rowOf(good.with(1, '').with(3, '-1').with(5, 'x'))];
  assert.deepEqual(refusalsOf(await readStatement(mt4, statement(rows, '9.25'))), [
    '4: The entry price "x" is not a number. The entry time is missing. The quantity must be above zero and at most 1,000,000,000,000.',
  ]);
});

test('a total that the trades do not add up to makes the statement unreadable', async () => {
  await assert.rejects(readStatement(mt4, statement([rowOf(good)], '9.26')), {
    name: 'UnreadableStatement',
    message:
      'The closed trades add up to 9.25, but the statement says 9.26: rows are missing or were changed. Export it again.',
    line: 5,
  });
  await assert.rejects(readStatement(mt4, statement([rowOf(good)], 'much')), /"much" is no amount/);
});

test('a statement cut at any character is unreadable, until its trades and total are complete', async () => {
  const whole = statement([rowOf(good), rowOf(good.with(0, '502'))], '18.50', '<tr><td>');
  // The last cell may be cut before its end tag, not within its digits.
  const complete = whole.indexOf('18.50') + '18.50'.length;
  for (let length = 0; length < complete - 1; length += 7) {
    await assert.rejects(readStatement(mt4, whole.slice(0, length)), {
      name: 'UnreadableStatement',
    });
  }
  assert.equal(tradesOf(await readStatement(mt4, whole.slice(0, complete))).length, 2);
  await assert.rejects(readStatement(mt4, statement([rowOf(good)], null)), /Export it again/);
});

test('a page without closed transactions or without headings is refused with what it lacks', async () => {
  await assert.rejects(
    readStatement(mt4, '<html><table><tr><td>hello</td></tr></table>'),
    /no MetaTrader 4 statement/,
  );
  await assert.rejects(
    readStatement(mt4, `<table><tr><td>Closed Transactions:</td></tr>${rowOf(good)}`),
    /no row of headings/,
  );
  await assert.rejects(
    readStatement(mt4, '<table><tr><td>Closed Transactions:</td></tr><tr><td>Ticket<td>Price'),
    /lack the columns Open Time, Type, Size, Item, Close Time, Price, Commission, Swap, Profit\./,
  );
});

test('a trader’s comment is taken as text, whatever it contains', async () => {
  const rows = [
    rowOf(good),
    '<tr><td colspan=9>&nbsp;</td><td>0</td><td colspan=3>Open Trades:</td></tr>',
    '<tr><td colspan=9>&nbsp;</td><td>0</td><td colspan=3>&lt;/table&gt;&lt;script&gt;</td></tr>',
    rowOf(good.with(0, '502').with(4, 'a&amp;b')),
  ];
  const trades = tradesOf(await readStatement(mt4, statement(rows, '18.50')));
  assert.deepEqual(
    trades.map(({ symbol }) => symbol),
    ['eurusd', 'a&b'],
  );
});
