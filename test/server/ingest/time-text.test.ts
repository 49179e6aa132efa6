import assert from 'node:assert/strict';
import test from 'node:test';
import {
  parseAmericanTime,
  parseAnyTime,
  parseMetaTraderTime,
  type TimeParser,
} from '../../../server/ingest/time-text.ts';
import { wallClock } from '../../../server/ingest/wall-clock.ts';

const berlin = wallClock('Europe/Berlin');

function show(parse: TimeParser, text: string): string {
  const time = parse(text, berlin);
  return Number.isNaN(time) ? 'none' : new Date(time).toISOString();
}

test('MetaTrader’s times are read in the given zone', () => {
  assert.equal(show(parseMetaTraderTime, '2025.01.22 23:02:03'), '2025-01-22T22:02:03.000Z');
  assert.equal(show(parseMetaTraderTime, '2025.07.22 23:02'), '2025-07-22T21:02:00.000Z');
  for (const text of ['', '2025-01-22 23:02:03', '2025.1.22 23:02:03', '2025.02.30 00:00:00']) {
    assert.equal(show(parseMetaTraderTime, text), 'none', text);
  }
});

test('American times have the month first', () => {
  assert.equal(show(parseAmericanTime, '02/03/2025 04:05:06'), '2025-02-03T03:05:06.000Z');
  assert.equal(show(parseAmericanTime, '13/01/2025 04:05:06'), 'none');
  assert.equal(show(parseAmericanTime, '02/03/25 04:05:06'), 'none');
});

test('ISO times with an offset are absolute, and those without are read in the given zone', () => {
  const times: [string, string][] = [
    ['2025-01-22T23:02:03Z', '2025-01-22T23:02:03.000Z'],
    ['2025-01-22t23:02:03.5z', '2025-01-22T23:02:03.500Z'],
    ['2025-01-22T23:02:03.123456+02:00', '2025-01-22T21:02:03.123Z'],
    ['2025-01-22T23:02-0530', '2025-01-23T04:32:00.000Z'],
    ['2025-01-22T23:02:03+01', '2025-01-22T22:02:03.000Z'],
    ['2025-01-22T23:02:03', '2025-01-22T22:02:03.000Z'],
    ['2025-01-22 23:02', '2025-01-22T22:02:00.000Z'],
    ['1737586923000', '2025-01-22T23:02:03.000Z'],
  ];
  for (const [text, moment] of times) assert.equal(show(parseAnyTime, text), moment, text);
});

test('invalid or incomplete times are refused', () => {
  for (const text of [
    '',
    '2025-01-22',
    '2025-02-30T00:00:00Z',
    '2025-01-22T24:00:00Z',
    '2025-01-22T23:02:03+24:00',
    '2025-01-22T23:02:03+01:60',
    'yesterday',
    '1737586923000.5',
    '1e12',
    '22.01.2025 23:02',
    '0001-01-01T00:00:00Z',
  ]) {
    assert.equal(show(parseAnyTime, text), 'none', text);
  }
});

test('the clock of the zone is used only for times without an offset', () => {
  const clock = wallClock('UTC');
  parseAnyTime('1737586923000', clock);
  parseAnyTime('2025-01-22T23:02:03Z', clock);
  assert.equal(clock.wasUsed, false);
  parseAnyTime('2025-01-22T23:02:03', clock);
  assert.equal(clock.wasUsed, true);
});
