import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import type { Reading } from '../../../server/ingest/format.ts';
import { findFormat } from '../../../server/ingest/formats.ts';
import { openStatement } from '../../../server/ingest/statement-text.ts';
import { wallClock } from '../../../server/ingest/wall-clock.ts';
import { refusalsOf, totalOf, tradesOf } from './support.ts';

const cases = process.env.PROPTALLY_CASES;
const options = { skip: cases ? false : 'set PROPTALLY_CASES to the folder of real statements' };

async function readReal(name: string, zone: string) {
  const file = path.join(cases!, 'data', name);
  const { head, text } = await openStatement(createReadStream(file));
  const format = findFormat(head);
  const batches: Reading[][] = await Array.fromAsync(format!.read(text, wallClock(zone)));
  const readings = batches.flat();
  assert.deepEqual(refusalsOf(readings), []);
  const trades = tradesOf(readings);
  const results = trades.map(({ pnl }) => pnl!);
  assert.equal(new Set(trades.map(({ id }) => id)).size, trades.length, 'ids are unique');
  const passedOver: Record<string, number> = {};
  for (const each of readings) {
    if (each.kind === 'passed over') passedOver[each.what] = (passedOver[each.what] ?? 0) + 1;
  }
  return {
    format: format!.name,
    trades: trades.length,
    total: totalOf(trades),
    winners: results.filter((pnl) => pnl > 0).length,
    losers: results.filter((pnl) => pnl < 0).length,
    best: Math.max(...results),
    worst: Math.min(...results),
    passedOver,
  };
}

test('a real Tradovate export gives exact figures', options, async () => {
  assert.deepEqual(await readReal('tradovate/Performance.csv', 'America/Chicago'), {
    format: 'tradovate',
    trades: 221,
    total: -1_400_000,
    winners: 91,
    losers: 125,
    best: 2_037_500,
    worst: -1_187_500,
    passedOver: {},
  });
});

test('a real MetaTrader 4 statement gives the figures printed in it', options, async () => {
  assert.deepEqual(await readReal('mt4/DetailedStatement.htm', 'Europe/Athens'), {
    format: 'mt4',
    trades: 250,
    total: 6_060_100,
    winners: 189,
    losers: 61,
    best: 324_800,
    worst: -34_500,
    passedOver: { 'balance row': 6, 'open position': 11 },
  });
});

test('a real MetaTrader 5 history adds up to its closing balance', options, async () => {
  const { total, trades, format, passedOver } = await readReal('mt5/deals.csv', 'UTC');
  assert.deepEqual(
    { total, trades, format, passedOver },
    { total: 14_707_100, trades: 361, format: 'mt5', passedOver: { 'balance row': 1 } },
  );
});
