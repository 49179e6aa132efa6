import assert from 'node:assert/strict';
import test from 'node:test';
import { hour } from '../../shared/time.ts';
import { findZone, zoneName } from '../../shared/zone.ts';

const shown = (zone: string, moment: string) =>
  new Date(findZone(zone).wallTime(Date.parse(moment))).toISOString();

test('a zone’s clocks show summer and winter time, to the millisecond', () => {
  assert.equal(shown('America/New_York', '2025-01-22T04:02:03.004Z'), '2025-01-21T23:02:03.004Z');
  assert.equal(shown('America/New_York', '2025-07-22T03:02:03.999Z'), '2025-07-21T23:02:03.999Z');
  assert.equal(shown('Asia/Kathmandu', '1969-12-31T23:59:59.500Z'), '1970-01-01T05:29:59.500Z');
  assert.equal(shown('+05:45', '2025-12-31T23:00:00.000Z'), '2026-01-01T04:45:00.000Z');
  assert.equal(shown('UTC', '2025-12-31T23:00:00.000Z'), '2025-12-31T23:00:00.000Z');
});

test('a wall-clock time leads back to its moment, or to the earlier one in an hour that occurs twice', () => {
  for (const name of ['America/New_York', 'Pacific/Apia', 'Australia/Lord_Howe']) {
    const zone = findZone(name);
    // Over a year in which Apia skipped a day.
    for (let moment = Date.UTC(2011, 2, 1); moment < Date.UTC(2012, 2, 1); moment += 3_300_017) {
      const wall = zone.wallTime(moment);
      const found = zone.moment(wall);
      assert.equal(zone.wallTime(found), wall, `${name} ${new Date(moment).toISOString()}`);
      assert.ok(found === moment || (found < moment && moment - found <= hour));
    }
  }
});

test('a wall-clock time that a zone skips is moved on by the gap, even by a whole day', () => {
  // Apia went from 29 to 31 December 2011.
  const moment = findZone('Pacific/Apia').moment(Date.parse('2011-12-30T12:00:00Z'));
  assert.equal(new Date(moment).toISOString(), '2011-12-30T22:00:00.000Z');
  assert.equal(shown('Pacific/Apia', new Date(moment).toISOString()), '2011-12-31T12:00:00.000Z');
});

test('a zone’s name has its usual capitals, and is replaced only where it reads as another', () => {
  assert.equal(zoneName('america/chicago'), 'America/Chicago');
  assert.equal(zoneName('etc/gmt-3'), '+03:00');
  assert.equal(zoneName('Etc/GMT+10'), '-10:00');
  assert.equal(zoneName('+05:45'), '+05:45');
  assert.equal(zoneName('Asia/Kathmandu'), 'Asia/Kathmandu');
  for (const name of ['utc', 'Etc/UTC', 'GMT', 'Zulu', 'Etc/GMT+0', 'etc/gmt0'])
    assert.equal(zoneName(name), 'UTC', name);
  for (const name of ['America/Gotham', '', '+2', ' UTC']) assert.equal(zoneName(name), null, name);
});
