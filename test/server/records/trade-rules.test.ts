import assert from 'node:assert/strict';
import test from 'node:test';
import { tradeProblems } from '../../../server/records/trade-rules.ts';
import { day } from '../../../shared/time.ts';
import { type Direction, type Trade, tradeDefaults } from '../../../shared/trades.ts';

const closed: Trade = {
  ...tradeDefaults,
  id: 't-1',
  symbol: 'MES',
  contract: 'MESH5',
  direction: 'long',
  quantity: 1,
  entry_price: 6117.75,
  exit_price: 6130.25,
  entry_time: 1_700_000_000_000,
  exit_time: 1_700_000_060_000,
  pnl: 625_000,
  commission: -12_400,
  setup_type: 'breakout',
};
const open: Trade = { ...closed, exit_price: null, exit_time: null, pnl: null };

function broken(change: Partial<Trade>): string[] {
  return tradeProblems({ ...closed, ...change }).map(({ field }) => field);
}

test('a valid trade has no problems, closed or open', () => {
  assert.deepEqual(tradeProblems(closed), []);
  assert.deepEqual(tradeProblems(open), []);
});

test('the limits themselves are allowed', () => {
  assert.deepEqual(
    broken({
      id: 'aZ9_.:-'.padEnd(64, 'x'),
      symbol: 'S'.repeat(32),
      contract: null,
      quantity: 1e12,
      entry_price: -1e12,
      exit_price: 1e12,
      entry_time: day,
      exit_time: 4_102_444_800_000,
      pnl: -1e14,
      commission: -1e14,
      setup_type: 'é'.repeat(64),
    }),
    [],
  );
  assert.deepEqual(broken({ exit_time: closed.entry_time, pnl: 0, commission: 0 }), []);
});

test('symbols of other scripts and with signs and blanks inside are allowed', () => {
  for (const symbol of ['#AAPL', 'EURUSD.m', 'US 500', 'Ölpreis', '日経225']) {
    assert.deepEqual(broken({ symbol }), [], symbol);
  }
});

const refusals: [string, Partial<Trade>][] = [
  ['id', { id: '' }],
  ['id', { id: 'a'.repeat(65) }],
  ['id', { id: 'a b' }],
  ['id', { id: 'a/b' }],
  ['id', { id: 'ä' }],
  ['symbol', { symbol: '' }],
  ['symbol', { symbol: 'S'.repeat(33) }],
  ['symbol', { symbol: ' MES' }],
  ['symbol', { symbol: 'ME\u0000S' }],
  ['symbol', { symbol: 'ME\nS' }],
  ['symbol', { symbol: 'ME\ufffdS' }],
  ['symbol', { symbol: 'ME\u202eS' }],
  ['symbol', { symbol: 'ME\ud800S' }],
  ['contract', { contract: '' }],
  ['contract', { contract: 'C'.repeat(33) }],
  ['direction', { direction: 'up' as Direction }],
  ['quantity', { quantity: 0 }],
  ['quantity', { quantity: -1 }],
  ['quantity', { quantity: Number.NaN }],
  ['quantity', { quantity: 1.1e12 }],
  ['entry_price', { entry_price: Number.POSITIVE_INFINITY }],
  ['entry_price', { entry_price: -1.1e12 }],
  ['exit_price', { exit_price: Number.NaN }],
  ['entry_time', { entry_time: 1_700_000_000 - 1_700_000_000 }],
  ['entry_time', { entry_time: 1_700_000_000_000.5 }],
  ['exit_time', { exit_time: 4_102_444_800_001 }],
  ['exit_time', { exit_time: 1_699_999_999_999 }],
  ['pnl', { pnl: 1e14 + 1 }],
  ['pnl', { pnl: 0.5 }],
  ['commission', { commission: 1 }],
  ['commission', { commission: -1e14 - 1 }],
  ['setup_type', { setup_type: '' }],
  ['setup_type', { setup_type: 's'.repeat(65) }],
  ['setup_type', { setup_type: 'a\tb' }],
  ['exit_price', { exit_price: null }],
  ['exit_time', { exit_time: null }],
  ['pnl', { pnl: null }],
];

for (const [field, change] of refusals) {
  test(`refused for its ${field}: ${JSON.stringify(change)}`, () => {
    const problems = tradeProblems({ ...closed, ...change });
    assert.deepEqual(
      problems.map((problem) => problem.field),
      [field],
    );
    assert.match(problems[0]!.sentence, /^[A-Z].*\.$/);
  });
}

test('every problem is listed, not only the first', () => {
  assert.deepEqual(broken({ symbol: '', quantity: -1, pnl: null, exit_time: 5 }), [
    'symbol',
    'quantity',
    'exit_time',
    'pnl',
  ]);
});
