import { Temporal } from 'temporal-polyfill';
import { hour as hourLength } from '../../shared/time.ts';

/** The clock on the wall of one time zone. */
export interface WallClock {
  readonly zone: string;
  /** Whether anybody has asked it yet: whether a file's trades depend on the zone. */
  readonly asked: boolean;
  /**
   * The moment, in epoch ms, at which this clock shows the given date (month from 1) and time.
   * A time that the clock shows twice means the first, one that it skips is moved on by the gap.
   * NaN when the calendar has no such date or the day no such time.
   */
  moment(
    year: number,
    month: number,
    day: number,
    hour: number,
    minute: number,
    second: number,
    millisecond: number,
  ): number;
}

const zonePattern = /^(?:[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*|[+-]\d\d:\d\d)$/;

/**
 * The clock of an IANA zone (`America/New_York`), of an offset (`+02:00`) or of `UTC`.
 * Throws a RangeError, with a sentence for a person, when there is no such zone.
 */
export function wallClock(zone: string): WallClock {
  const momentInZone = zone.toUpperCase() === 'UTC' ? utcMoment : momentIn(zone);
  let asked = false;
  return {
    zone,
    get asked() {
      return asked;
    },
    moment(year, month, day, hour, minute, second, millisecond) {
      asked = true;
      return momentInZone(year, month, day, hour, minute, second, millisecond);
    },
  };
}

/** {@link WallClock.moment} of UTC. */
export const utcMoment: WallClock['moment'] = (
  year,
  month,
  day,
  hour,
  minute,
  second,
  millisecond,
) => {
  const known =
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysInMonth(year, month) &&
    hour <= 23 &&
    minute <= 59 &&
    second <= 59;
  // Date.UTC would take the year 25 for 1925.
  return known && year >= 100
    ? Date.UTC(year, month - 1, day, hour, minute, second, millisecond)
    : Number.NaN;
};

function daysInMonth(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

function momentIn(zone: string): WallClock['moment'] {
  // Asking a zone costs microseconds, and a statement asks for the same hours again and again.
  const startsOfEvenHours = new Map<number, number>();

  function exactly(wallTime: number): number {
    return new Temporal.Instant(BigInt(wallTime) * 1_000_000n)
      .toZonedDateTimeISO('UTC')
      .toPlainDateTime()
      .toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds;
  }

  /** When that hour of the wall clock begins, or NaN when a change of the clock falls within it. */
  function startOfEvenHour(hour: number): number {
    const known = startsOfEvenHours.get(hour);
    if (known !== undefined) return known;
    const start = exactly(hour);
    const even = exactly(hour + hourLength) - start === hourLength ? start : Number.NaN;
    if (startsOfEvenHours.size >= 4096) startsOfEvenHours.clear();
    startsOfEvenHours.set(hour, even);
    return even;
  }

  try {
    if (!zonePattern.test(zone)) throw new RangeError();
    exactly(0);
  } catch {
    throw new RangeError(
      `There is no time zone ${JSON.stringify(zone.slice(0, 64))}: give a name such as America/New_York, or UTC.`,
    );
  }
  return (year, month, day, hour, minute, second, millisecond) => {
    const wallTime = utcMoment(year, month, day, hour, minute, second, millisecond);
    if (Number.isNaN(wallTime)) return wallTime;
    const hourOnWall = Math.floor(wallTime / hourLength) * hourLength;
    const start = startOfEvenHour(hourOnWall);
    return Number.isNaN(start) ? exactly(wallTime) : start + (wallTime - hourOnWall);
  };
}
