import assert from 'node:assert/strict';
import test from 'node:test';
import { wallClock } from '../../../server/ingest/wall-clock.ts';
import { hour } from '../../../shared/time.ts';

function show(zone: string, ...time: [number, number, number, number, number, number]): string {
  const moment = wallClock(zone).moment(...time, 0);
  return Number.isNaN(moment) ? 'none' : new Date(moment).toISOString();
}

test('a clock knows summer and winter time', () => {
  assert.equal(show('America/New_York', 2025, 1, 22, 23, 2, 3), '2025-01-23T04:02:03.000Z');
  assert.equal(show('America/New_York', 2025, 7, 22, 23, 2, 3), '2025-07-23T03:02:03.000Z');
});

test('a time that the clock skips is moved on by the gap', () => {
  assert.equal(show('America/New_York', 2025, 3, 9, 1, 59, 59), '2025-03-09T06:59:59.000Z');
  assert.equal(show('America/New_York', 2025, 3, 9, 2, 30, 0), '2025-03-09T07:30:00.000Z');
  assert.equal(show('America/New_York', 2025, 3, 9, 3, 0, 0), '2025-03-09T07:00:00.000Z');
});

test('a time that the clock shows twice means the first', () => {
  assert.equal(show('America/New_York', 2025, 11, 2, 0, 59, 59), '2025-11-02T04:59:59.000Z');
  assert.equal(show('America/New_York', 2025, 11, 2, 1, 30, 0), '2025-11-02T05:30:00.000Z');
  assert.equal(show('America/New_York', 2025, 11, 2, 2, 0, 0), '2025-11-02T07:00:00.000Z');
});

test('a change of the clock by half an hour is handled to the minute', () => {
  // Lord Howe Island goes back from 02:00 to 01:30.
  assert.equal(show('Australia/Lord_Howe', 2025, 4, 6, 1, 29, 59), '2025-04-05T14:29:59.000Z');
  assert.equal(show('Australia/Lord_Howe', 2025, 4, 6, 1, 30, 0), '2025-04-05T14:30:00.000Z');
  assert.equal(show('Australia/Lord_Howe', 2025, 4, 6, 2, 0, 0), '2025-04-05T15:30:00.000Z');
  // And forward from 02:00 to 02:30.
  assert.equal(show('Australia/Lord_Howe', 2025, 10, 5, 2, 15, 0), '2025-10-04T15:45:00.000Z');
  assert.equal(show('Australia/Lord_Howe', 2025, 10, 5, 2, 45, 0), '2025-10-04T15:45:00.000Z');
});

test('a clock has the right offset throughout a year, whatever it was asked before', () => {
  const remembering = wallClock('Europe/Berlin');
  for (let at = Date.UTC(2025, 0, 1); at < Date.UTC(2026, 0, 1); at += 900_000 * 7) {
    const d = new Date(at);
    const time = [2025, d.getUTCMonth() + 1, d.getUTCDate(), d.getUTCHours()] as const;
    const moment = remembering.moment(...time, d.getUTCMinutes(), 0, 0);
    const offset = (at - moment) / hour;
    const summer = at >= Date.UTC(2025, 2, 30, 2) && at < Date.UTC(2025, 9, 26, 3) ? 2 : 1;
    // The skipped hour is read with the offset before the gap.
    const skipped = at >= Date.UTC(2025, 2, 30, 2) && at < Date.UTC(2025, 2, 30, 3);
    assert.equal(offset, skipped ? 1 : summer, d.toISOString());
  }
});

test('UTC and offsets are zones too', () => {
  assert.equal(show('UTC', 2025, 3, 9, 2, 30, 0), '2025-03-09T02:30:00.000Z');
  assert.equal(show('utc', 2025, 3, 9, 2, 30, 0), '2025-03-09T02:30:00.000Z');
  assert.equal(show('+02:00', 2025, 3, 9, 2, 30, 0), '2025-03-09T00:30:00.000Z');
});

for (const zone of ['UTC', 'Europe/Berlin']) {
  test(`${zone} knows no 30 February, no month 13 and no hour 24`, () => {
    assert.equal(show(zone, 2025, 2, 29, 0, 0, 0), 'none');
    assert.notEqual(show(zone, 2024, 2, 29, 0, 0, 0), 'none');
    assert.equal(show(zone, 2024, 2, 30, 0, 0, 0), 'none');
    assert.equal(show(zone, 1900, 2, 29, 0, 0, 0), 'none');
    assert.equal(show(zone, 2025, 4, 31, 0, 0, 0), 'none');
    assert.equal(show(zone, 2025, 13, 1, 0, 0, 0), 'none');
    assert.equal(show(zone, 2025, 0, 1, 0, 0, 0), 'none');
    assert.equal(show(zone, 2025, 1, 0, 0, 0, 0), 'none');
    assert.equal(show(zone, 2025, 1, 1, 24, 0, 0), 'none');
    assert.equal(show(zone, 2025, 1, 1, 0, 60, 0), 'none');
    assert.equal(show(zone, 2025, 1, 1, 0, 0, 60), 'none');
  });
}

test('an unknown zone is named in a sentence', () => {
  for (const zone of [
    'Mars/Olympus',
    '',
    'New York',
    '2025-01-01T00:00[Europe/Berlin]',
    '../etc',
  ]) {
    assert.throws(
      () => wallClock(zone),
      (error: Error) =>
        error instanceof RangeError &&
        error.message.startsWith(`There is no time zone ${JSON.stringify(zone)}:`),
    );
  }
});

test('a clock notes whether it was used', () => {
  const clock = wallClock('UTC');
  assert.equal(clock.wasUsed, false);
  clock.moment(2025, 1, 1, 0, 0, 0, 0);
  assert.equal(clock.wasUsed, true);
});
