import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { type Day, formatDay, parseDay, weekday } from '../../shared/day.ts';
import { day as dayLength, hour, minute } from '../../shared/time.ts';
import {
  formatDayStart,
  parseDayStart,
  type TradingDays,
  tradingDays,
  utcDays,
} from '../../shared/trading-day.ts';
import { type Span, spansOf } from './clock-changes.ts';

const minutesOf = (text: string) => parseDayStart(text)!;

/** The trading days of `America/Chicago 17:00`. */
function daysOf(settings: string): TradingDays {
  const [zone, start] = settings.split(' ') as [string, string];
  return tradingDays({ zone, start: minutesOf(start) });
}

const startOf = (settings: string, day: string) =>
  new Date(daysOf(settings).startOf(parseDay(day))).toISOString().slice(0, 16);

const dayOf = (settings: string, moment: string) =>
  formatDay(daysOf(settings).dayOf(Date.parse(`${moment}Z`)));

function hoursOf(settings: string, day: string): number {
  const { startOf } = daysOf(settings);
  return (startOf(parseDay(day) + 1) - startOf(parseDay(day))) / hour;
}

test('the same moment belongs to different days of firms in Chicago, in Prague and on New York’s close', () => {
  for (const [moment, chicago, prague, newYork] of [
    ['2026-01-06T22:30', '2026-01-06', '2026-01-06', '2026-01-07'],
    ['2026-01-06T23:30', '2026-01-07', '2026-01-07', '2026-01-07'],
    ['2026-03-08T22:30', '2026-03-09', '2026-03-08', '2026-03-09'],
    ['2026-03-10T21:00', '2026-03-10', '2026-03-10', '2026-03-11'],
    ['2026-03-29T22:30', '2026-03-30', '2026-03-30', '2026-03-30'],
    ['2026-10-25T22:30', '2026-10-26', '2026-10-25', '2026-10-26'],
    ['2026-11-01T22:30', '2026-11-01', '2026-11-01', '2026-11-02'],
  ] as const) {
    assert.equal(dayOf('America/Chicago 17:00', moment), chicago, moment);
    assert.equal(dayOf('Europe/Prague 00:00', moment), prague, moment);
    assert.equal(dayOf('America/New_York 17:00', moment), newYork, moment);
  }
});

test('a day that begins before noon has the date of its start, one from noon on that of its end', () => {
  assert.equal(startOf('UTC 00:00', '2026-06-08'), '2026-06-08T00:00');
  assert.equal(startOf('UTC 11:45', '2026-06-08'), '2026-06-08T11:45');
  assert.equal(startOf('UTC 12:00', '2026-06-08'), '2026-06-07T12:00');
  assert.equal(startOf('America/Chicago 17:00', '2026-06-08'), '2026-06-07T22:00');
  assert.equal(startOf('+02:00 23:45', '2026-06-08'), '2026-06-07T21:45');
  assert.equal(startOf('Etc/GMT-3 00:00', '2026-06-08'), '2026-06-07T21:00');
  assert.equal(startOf('Asia/Kathmandu 05:45', '2026-06-08'), '2026-06-08T00:00');
  assert.equal(startOf('Pacific/Chatham 17:00', '2026-06-08'), '2026-06-07T04:15');
});

test('a day is as long as the zone makes it', () => {
  assert.equal(hoursOf('America/Chicago 17:00', '2026-03-08'), 23);
  assert.equal(hoursOf('America/Chicago 17:00', '2026-11-01'), 25);
  assert.equal(hoursOf('Australia/Lord_Howe 00:00', '2026-10-04'), 23.5);
  assert.equal(hoursOf('Australia/Lord_Howe 17:00', '2026-04-05'), 24.5);
  assert.equal(hoursOf('Pacific/Chatham 00:00', '2026-04-05'), 25);
});

test('a start that the clocks skip is at the moment of the change', () => {
  // 02:00 became 03:00.
  assert.equal(startOf('America/Chicago 02:30', '2026-03-08'), '2026-03-08T08:00');
  assert.equal(dayOf('America/Chicago 02:30', '2026-03-08T07:59:59.999'), '2026-03-07');
  assert.equal(hoursOf('America/Chicago 02:30', '2026-03-08'), 23.5);
  // Midnight became one o’clock.
  assert.equal(startOf('America/Sao_Paulo 00:00', '2018-11-04'), '2018-11-04T03:00');
  assert.equal(startOf('America/Sao_Paulo 00:45', '2018-11-04'), '2018-11-04T03:00');
  // 23:00 became midnight.
  assert.equal(startOf('America/Nuuk 23:15', '2024-03-31'), '2024-03-31T01:00');
  assert.equal(startOf('America/Nuuk 00:00', '2024-03-31'), '2024-03-31T01:00');
});

test('a day begins once, though the clocks show its start twice', () => {
  assert.equal(startOf('America/Chicago 01:30', '2026-11-01'), '2026-11-01T06:30');
  assert.equal(dayOf('America/Chicago 01:30', '2026-11-01T07:15'), '2026-11-01');
  // At one minute past midnight St. John’s clocks went back to the day before.
  assert.equal(startOf('America/St_Johns 00:00', '2006-10-29'), '2006-10-29T02:30');
  assert.equal(dayOf('America/St_Johns 00:00', '2006-10-29T02:30'), '2006-10-29');
  assert.equal(dayOf('America/St_Johns 00:00', '2006-10-29T03:00'), '2006-10-29');
});

test('a date that a zone lacks is a day of no length, which no moment belongs to', () => {
  // Apia went from 29 to 31 December 2011.
  assert.equal(startOf('Pacific/Apia 00:00', '2011-12-29'), '2011-12-29T10:00');
  assert.equal(startOf('Pacific/Apia 00:00', '2011-12-30'), '2011-12-30T10:00');
  assert.equal(startOf('Pacific/Apia 00:00', '2011-12-31'), '2011-12-30T10:00');
  assert.equal(dayOf('Pacific/Apia 00:00', '2011-12-30T09:59:59.999'), '2011-12-29');
  assert.equal(dayOf('Pacific/Apia 00:00', '2011-12-30T10:00'), '2011-12-31');
  assert.equal(hoursOf('Pacific/Apia 17:00', '2011-12-30'), 7);
});

/** Weekday and hour as `Mon 3`: the fourth wall-clock hour of Monday. */
function hourOf(settings: string, moment: string): string {
  const key = daysOf(settings).hourOfWeek(Date.parse(`${moment}Z`));
  return `${['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][Math.floor(key / 24)]} ${key % 24}`;
}

test('the hour of the week is the trading day’s weekday and the wall-clock hours since its start', () => {
  assert.equal(hourOf('UTC 00:00', '2026-06-07T22:30'), 'Sun 22');
  assert.equal(hourOf('America/Chicago 17:00', '2026-06-07T21:59:59.999'), 'Sun 23');
  assert.equal(hourOf('America/Chicago 17:00', '2026-06-07T22:00'), 'Mon 0');
  // New York’s bell is in one column, in winter, in summer, and on the days of the change.
  for (const moment of ['2026-01-05T14:30', '2026-06-08T13:30', '2026-03-09T13:30'])
    assert.equal(hourOf('America/Chicago 17:00', moment), 'Mon 15', moment);
  assert.equal(hourOf('America/Chicago 17:00', '2026-03-08T13:30'), 'Sun 15');
  assert.equal(hourOf('America/Chicago 17:00', '2026-11-01T14:30'), 'Sun 15');
  // An hour that is shown twice is one hour.
  assert.equal(hourOf('America/Chicago 17:00', '2026-11-01T06:10'), 'Sun 8');
  assert.equal(hourOf('America/Chicago 17:00', '2026-11-01T07:10'), 'Sun 8');
  // The first hour of a day whose start is skipped: 03:00 is half an hour past 02:30.
  assert.equal(hourOf('America/Chicago 02:30', '2026-03-08T08:00'), 'Sun 0');
  assert.equal(hourOf('America/Chicago 02:30', '2026-03-08T08:30'), 'Sun 1');
  // The clock is set back from 02:00, past the start at 01:30, to 01:00.
  assert.equal(hourOf('America/Chicago 01:30', '2026-11-01T06:40'), 'Sun 0');
  assert.equal(hourOf('America/Chicago 01:30', '2026-11-01T07:10'), 'Sun 0');
  assert.equal(hourOf('America/Chicago 01:30', '2026-11-01T08:30'), 'Sun 1');
});

const zones = Intl.supportedValuesOf('timeZone');

const anySettings = fc
  .tuple(fc.constantFrom('UTC', ...zones), fc.nat({ max: 95 }))
  .map(([zone, quarter]) => ({ zone, start: quarter * 15 }));

test('days follow each other without gap or overlap, in any zone, from any start', () => {
  const first = parseDay('1990-01-01');
  const anyDay = fc.integer({ min: first, max: parseDay('2040-12-31') });
  fc.assert(
    fc.property(
      anySettings,
      anyDay,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (settings, day, part) => {
        const { dayOf, startOf, hourOfWeek } = tradingDays(settings);
        const [start, end] = [startOf(day), startOf(day + 1)];
        assert.ok(start <= end);
        if (start === end) assert.notEqual(dayOf(start), day);
        else {
          for (const moment of [
            start,
            Math.min(end - 1, Math.floor(start + part * (end - start))),
            end - 1,
          ]) {
            assert.equal(dayOf(moment), day);
            assert.equal(Math.floor(hourOfWeek(moment) / 24), weekday(day));
          }
          assert.ok(dayOf(start - 1) < day);
        }
      },
    ),
  );
});

/** The first moment of a day, by arithmetic over the spans of a zone that are near it. */
function startIn(spans: readonly Span[], start: number, day: Day): number {
  const target = (start < 720 ? day : day - 1) * dayLength + start * minute;
  const moments = spans.map(({ from, to, ahead }) => {
    const moment = Math.max(from, target - ahead);
    return moment < to ? moment : Number.POSITIVE_INFINITY;
  });
  return Math.min(...moments);
}

/** A usual start, and those at which and after which a change of the clock begins to skip or repeat times. */
function startsNear(change: number, before: Span, after: Span): number[] {
  const first = change + Math.min(before.ahead, after.ahead);
  const quarter = Math.floor((first % dayLength) / minute / 15) * 15;
  return [1020, quarter, (quarter + 15) % 1440];
}

test('days agree with the clock changes of every zone from 1990 to 2040, worked out in another way', () => {
  const zoneOfRules = new Map<string, [string, Span[]]>();
  for (const zone of zones) {
    const spans = spansOf(zone);
    zoneOfRules.set(JSON.stringify(spans), [zone, spans]);
  }
  assert.ok(zoneOfRules.size > 200);
  for (const [zone, spans] of zoneOfRules.values()) {
    for (const [index, after] of spans.slice(1).entries()) {
      const before = spans[index]!;
      const change = after.from;
      const near = spans.slice(Math.max(0, index - 1), index + 4);
      for (const start of startsNear(change, before, after)) {
        const days = tradingDays({ zone, start });
        const label = `${zone} ${formatDayStart(start)} ${new Date(change).toISOString()}`;
        const check = (moment: number, { ahead }: Span) => {
          const day = days.dayOf(moment);
          const next = startIn(near, start, day + 1);
          assert.equal(days.startOf(day), startIn(near, start, day), label);
          assert.equal(days.startOf(day + 1), next, label);
          assert.ok(days.startOf(day) <= moment && moment < next, label);
          const sinceStart = (moment + ahead + dayLength - start * minute) % dayLength;
          const elapsed = moment - days.startOf(day);
          const column = sinceStart > elapsed + dayLength / 2 ? 0 : Math.floor(sinceStart / hour);
          const key = weekday(day) * 24 + column;
          assert.equal(days.hourOfWeek(moment), key, label);
        };
        check(change - 1, before);
        check(change, after);
      }
    }
  }
});

test('a start is written in quarters of an hour', () => {
  assert.equal(parseDayStart('00:00'), utcDays.start);
  assert.equal(parseDayStart('17:45'), 1065);
  for (const text of ['17:10', '24:00', '7:00', '17:00:00', '17', '', ' 17:00', '١٧:٠٠'])
    assert.equal(parseDayStart(text), null, text);
  for (let start = 0; start < 1440; start += 15)
    assert.equal(parseDayStart(formatDayStart(start)), start);
});
