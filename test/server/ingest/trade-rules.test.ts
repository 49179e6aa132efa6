import assert from 'node:assert/strict';
import test from 'node:test';
import type { StatementTrade } from '../../../server/ingest/format.ts';
import { tradeProblems } from '../../../server/ingest/trade-rules.ts';
import type { Direction } from '../../../shared/answers/trades.ts';

const closed: StatementTrade = {
  id: 't-1',
  symbol: 'MES',
  contract: 'MESH5',
  direction: 'long',
  quantity: 1,
  entryPrice: 6117.75,
  exitPrice: 6130.25,
  entryTime: 1_700_000_000_000,
  exitTime: 1_700_000_060_000,
  pnl: 625_000,
  commission: -12_400,
  setupType: 'breakout',
};
const open: StatementTrade = { ...closed, exitPrice: null, exitTime: null, pnl: null };

function broken(change: Partial<StatementTrade>): string[] {
  return tradeProblems({ ...closed, ...change }).map(({ field }) => field);
}

test('a good trade has no problems, closed or open', () => {
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
      entryPrice: -1e12,
      exitPrice: 1e12,
      entryTime: 86_400_000,
      exitTime: 4_102_444_800_000,
      pnl: -1e14,
      commission: -1e14,
      setupType: 'é'.repeat(64),
    }),
    [],
  );
  assert.deepEqual(broken({ exitTime: closed.entryTime, pnl: 0, commission: 0 }), []);
});

test('symbols of other scripts and with signs and blanks inside are allowed', () => {
  for (const symbol of ['#AAPL', 'EURUSD.m', 'US 500', 'Ölpreis', '日経225']) {
    assert.deepEqual(broken({ symbol }), [], symbol);
  }
});

const refusals: [string, Partial<StatementTrade>][] = [
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
  ['entry_price', { entryPrice: Number.POSITIVE_INFINITY }],
  ['entry_price', { entryPrice: -1.1e12 }],
  ['exit_price', { exitPrice: Number.NaN }],
  ['entry_time', { entryTime: 1_700_000_000 - 1_700_000_000 }],
  ['entry_time', { entryTime: 1_700_000_000_000.5 }],
  ['exit_time', { exitTime: 4_102_444_800_001 }],
  ['exit_time', { exitTime: 1_699_999_999_999 }],
  ['pnl', { pnl: 1e14 + 1 }],
  ['pnl', { pnl: 0.5 }],
  ['commission', { commission: 1 }],
  ['commission', { commission: -1e14 - 1 }],
  ['setup_type', { setupType: '' }],
  ['setup_type', { setupType: 's'.repeat(65) }],
  ['setup_type', { setupType: 'a\tb' }],
  ['exit_price', { exitPrice: null }],
  ['exit_time', { exitTime: null }],
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

test('every problem is told, not only the first', () => {
  assert.deepEqual(broken({ symbol: '', quantity: -1, pnl: null, exitTime: 5 }), [
    'symbol',
    'quantity',
    'exit_time',
    'pnl',
  ]);
});
