import assert from 'node:assert/strict';
import test from 'node:test';
import {
  parseAmount,
  parseNoisyAmount,
  parseNumber,
  withoutGroups,
} from '../../../server/ingest/number-text.ts';

test('an amount is exact to the ten-thousandth', () => {
  const amounts: [string, number][] = [
    ['0', 0],
    ['12.5', 125_000],
    ['-12.5', -125_000],
    ['+1', 10_000],
    ['0.0001', 1],
    ['-0.0001', -1],
    ['1.005', 10_050],
    ['.5', 5_000],
    ['999999999.9999', 9_999_999_999_999],
    ['1.50000000', 15_000],
  ];
  for (const [text, units] of amounts) assert.equal(parseAmount(text), units, text);
});

test('minus zero is zero', () => {
  assert.ok(Object.is(parseAmount('-0.00'), 0));
  assert.ok(Object.is(parseNoisyAmount('-0.00000000001'), 0));
});

test('a text that is no plain number with at most four decimals is no amount', () => {
  for (const text of [
    '',
    '-',
    '.',
    '1,5',
    '1.2.3',
    '1e3',
    '0x10',
    ' 1',
    '1 ',
    '--1',
    '1.00001',
    '$1',
    'NaN',
    '١',
  ]) {
    assert.ok(Number.isNaN(parseAmount(text)), text);
  }
});

test('an amount with rounding errors of binary fractions is rounded to the ten-thousandth', () => {
  const amounts: [string, number][] = [
    ['0.06000000001', 600],
    ['0.05999999999', 600],
    ['-6.179999999999999', -61_800],
    ['-6.180000000000001', -61_800],
    ['0.99999999', 10_000],
    ['1476.8899999999999', 14_768_900],
    ['-3.552713678800501e-15', 0],
    ['12.34', 123_400],
    ['100.0', 1_000_000],
  ];
  for (const [text, units] of amounts) assert.equal(parseNoisyAmount(text), units, text);
});

test('an amount that lies between ten-thousandths is refused, not rounded', () => {
  for (const text of ['0.00005', '0.060002', '0.059998', '1e-05', '1e5', 'abc', '']) {
    assert.ok(Number.isNaN(parseNoisyAmount(text)), text);
  }
});

test('a number may have an exponent, but no other signs around it', () => {
  assert.equal(parseNumber('6117.75'), 6117.75);
  assert.equal(parseNumber('-37.63'), -37.63);
  assert.equal(parseNumber('1e-05'), 0.00001);
  for (const zero of ['0', '-0', '-0.00', '-0e5']) assert.ok(Object.is(parseNumber(zero), 0), zero);
  for (const text of ['', ' ', 'Infinity', '0x1F', '1_000', '1,000', 'NaN', '1e', '1 2']) {
    assert.ok(Number.isNaN(parseNumber(text)), text);
  }
});

test('thousands may be separated by three kinds of spaces, and only thousands', () => {
  assert.equal(withoutGroups('-1 416.01'), '-1416.01');
  assert.equal(withoutGroups('1\u00a0234\u202f567'), '1234567');
  for (const text of ['1 41', '12 3456', '1416 ', 'a 123']) assert.equal(withoutGroups(text), text);
});
