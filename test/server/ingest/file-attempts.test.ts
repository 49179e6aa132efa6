import assert from 'node:assert/strict';
import test from 'node:test';
import { plainCsv } from '../../../server/ingest/plain-csv.ts';
import { readStatement, refusalsOf, tradesOf } from './support.ts';

const columns =
  'id,symbol,direction,quantity,entry_price,entry_time,notes,currency,attempt,attempt_started_at,starting_balance,max_drawdown';

/** A trade that was opened on a day of January 2025, and names an attempt. */
function trade(id: string, opened: string, attempt: string, start = ''): string {
  return `${id},MES,long,1,5,2025-01-${opened}T12:00:00Z,,USD,${attempt},${start},,`;
}

/** The row of an attempt. */
function attempt(number: string, start = '', balance = '', limit = ''): string {
  return `,,,,,,,USD,${number},${start},${balance},${limit}`;
}

const read = (...rows: string[]) => readStatement(plainCsv, [columns, ...rows, ''].join('\r\n'));

/** The readings of attempts, without their lines. */
async function attemptsOf(...rows: string[]) {
  const readings = await read(...rows);
  return readings.filter(({ kind }) => kind === 'attempt').map(({ line, ...told }) => told);
}

const first = { kind: 'attempt', attempt: 1, startedAt: null };
const second = { kind: 'attempt', attempt: 2, startedAt: Date.UTC(2025, 0, 5) };
const start = '2025-01-05T00:00:00.000Z';

test('a row without a trade describes an attempt; all of them follow the last row, in order', async () => {
  const readings = await read(
    attempt('2', start, '60000.5', '2500'),
    trade('a', '03', '1'),
    trade('b', '05', '2', start),
    attempt('1', '', 'null', ''),
    trade('c', '06', '', ''),
  );
  assert.deepEqual(
    readings.filter(({ kind }) => kind !== 'currency').map(({ kind, line }) => `${line} ${kind}`),
    ['3 trade', '4 trade', '6 trade', '3 attempt', '2 attempt'],
  );
  assert.deepEqual(readings.slice(-2), [
    { ...first, line: 3, startingBalance: null, maxDrawdown: null },
    { ...second, line: 2, startingBalance: 600_005_000, maxDrawdown: 25_000_000 },
  ]);
});

test('rows of attempts alone are a file, too, and may tell an attempt again', async () => {
  assert.deepEqual(
    await attemptsOf(attempt('1', '', '5'), attempt('2', start), attempt('1', '', '5.0')),
    [
      { ...first, startingBalance: 50_000, maxDrawdown: null },
      { ...second, startingBalance: null, maxDrawdown: null },
    ],
  );
});

test('a start may be a moment in any form, or a time of the file’s zone', async () => {
  const text = [columns, attempt('1'), attempt('2', '2025-01-04T18:00:00'), ''].join('\n');
  const readings = await readStatement(plainCsv, text, { zone: 'America/Chicago' });
  assert.equal((readings.at(-1) as unknown as typeof second).startedAt, second.startedAt);
  const asNumber = await attemptsOf(attempt('1'), attempt('2', String(second.startedAt)));
  assert.deepEqual(asNumber, await attemptsOf(attempt('1'), attempt('2', start)));
});

test('a file that lacks one of the columns tells no attempts, whatever the others hold', async () => {
  for (const column of ['attempt', 'attempt_started_at', 'starting_balance', 'max_drawdown']) {
    const header = columns.replace(new RegExp(`,${column}(?=,|$)`), `,other_${column}`);
    const readings = await readStatement(plainCsv, `${header}\n${trade('a', '03', '7', 'x')}\n`);
    assert.equal(tradesOf(readings).length, 1, column);
    assert.deepEqual(
      readings.filter(({ kind }) => kind === 'attempt'),
      [],
    );
  }
});

const later = '2025-01-09T00:00:00Z';
const refusals: [string, string[], string[]][] = [
  [
    'a number that is none',
    [
      attempt('0'),
      attempt('1.5'),
      attempt('x', start),
      attempt('10001', start),
      attempt('', start),
    ],
    ['0', '1.5', 'x', '10001', ''].map(
      (number, index) =>
        `${index + 2}: The attempt "${number}" is no whole number from 1 to 10,000.`,
    ),
  ],
  [
    'a start that is none',
    [attempt('1'), attempt('2'), attempt('2', '2025-01-05'), attempt('2', '-1')],
    ['', '2025-01-05', '-1'].map(
      (text, index) =>
        `${index + 3}: The start "${text}" of the attempt 2 is not a date with a time of day.`,
    ),
  ],
  [
    'a start of the first attempt',
    [attempt('1', start)],
    ['2: The first attempt has no start: it reaches back without end.'],
  ],
  [
    'amounts that are none',
    [
      attempt('1', '', '0', '-5'),
      attempt('1', '', '1e5'),
      attempt('1', '', '', '10000000000.0001'),
    ],
    [
      '2: The starting balance "0" is no amount above zero with at most four decimals. The max drawdown "-5" is no amount above zero with at most four decimals.',
      '3: The starting balance "1e5" is no amount above zero with at most four decimals.',
      '4: The max drawdown "10000000000.0001" is no amount above zero with at most four decimals.',
    ],
  ],
  [
    'an attempt that is described otherwise the second time',
    [attempt('1', '', '5'), attempt('1', '', '6'), attempt('1', '', '5', '1'), attempt('1')],
    ['3', '4', '5'].map((line) => `${line}: The attempt 1 was described otherwise before.`),
  ],
  [
    'another start of an attempt that is told',
    [attempt('1'), attempt('2', start), trade('a', '09', '2', later), attempt('2', later)],
    ['4', '5'].map((line) => `${line}: The attempt 2 was told with another start before.`),
  ],
  [
    'a trade from before its attempt',
    [attempt('1'), attempt('2', start), trade('a', '04', '2', start)],
    ['4: It was opened before the attempt 2 started.'],
  ],
  [
    'a gap',
    [attempt('1'), attempt('3', start), attempt('4', later)],
    [
      '3: The file tells the attempt 3, but not the attempt 2.',
      '4: The file tells the attempt 4, but not the attempt 2.',
    ],
  ],
  [
    'no first attempt',
    [attempt('2', start)],
    ['2: The file tells the attempt 2, but not the attempt 1.'],
  ],
  [
    'an attempt that trades name and no row describes, as in a file that was cut short',
    [
      trade('a', '03', '1'),
      trade('b', '05', '2', start),
      trade('c', '05', '2', start),
      attempt('1'),
    ],
    ['3: No row describes the attempt 2, which trades name: was the file cut short?'],
  ],
  [
    'attempts that do not start one after another',
    [attempt('1'), attempt('2', later), attempt('3', start), attempt('4', later)],
    [
      '4: The attempt 3 does not start after the attempt 2.',
      '5: The file tells the attempt 4, but not the attempt 3.',
    ],
  ],
  [
    'two that start at once',
    [attempt('1'), attempt('2', start), attempt('3', start)],
    ['4: The attempt 3 does not start after the attempt 2.'],
  ],
  [
    'a bad trade of a bad attempt, with all that is wrong',
    [trade('a b', '03', 'x')],
    [
      '2: The id must be 1 to 64 letters, digits and the signs _ . : - only. The attempt "x" is no whole number from 1 to 10,000.',
    ],
  ],
  [
    'a row with a currency alone',
    [attempt(''), attempt('1')],
    [
      '2: The direction is missing. The quantity is missing. The entry price is missing. The entry time is missing. The symbol must be 1 to 32 printable characters.',
    ],
  ],
];
for (const [what, rows, expected] of refusals) {
  test(`refused: ${what}`, async () => {
    assert.deepEqual(refusalsOf(await read(...rows)), expected);
  });
}

test('exactly one apostrophe is taken off a text or an id that begins with one, and none off a number or a word', async () => {
  const noted = (id: string, symbol: string, notes: string) =>
    `${id},${symbol},long,1,5,2025-01-03T12:00:00Z,${notes},,,,,`;
  const trades = tradesOf(
    await read(
      noted("'-1", "'=ES", "'''quoted'"),
      noted('b', "' MES", "'null"),
      noted("'", 'M', "a'b"),
    ),
  );
  assert.deepEqual(
    trades.map(({ id, symbol, notes }) => [id, symbol, notes]),
    [
      ['-1', '=ES', "''quoted'"],
      ['b', 'MES', 'null'],
      [trades[2]!.id, 'M', "a'b"],
    ],
  );
  assert.match(trades[2]!.id, /^csv-/);
  const guarded = noted('a', 'M', '').replace(',1,5,', ",'1,5,").replace('long', "'long");
  assert.deepEqual(refusalsOf(await read(guarded)), [
    '2: The direction "\'long" is neither long nor short. The quantity "\'1" is not a number.',
  ]);
});
