import { findZone } from '../../shared/zone.ts';

/** Converts the wall-clock times of one time zone to moments. */
export interface WallClock {
  /** Whether `moment` was called, which means that a file's trades depend on the zone. */
  readonly wasUsed: boolean;
  /**
   * The moment, in epoch ms, at which this clock shows the given date (month from 1) and time.
   * A time that the clock shows twice means the first one; a time that it skips is moved forward by
   * the gap. NaN for an impossible date or time of day, such as 25:00.
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

/** The clock of a zone (shared/zone.ts). Throws as {@link findZone} does. */
export function wallClock(name: string): WallClock {
  const zone = findZone(name);
  let wasUsed = false;
  return {
    get wasUsed() {
      return wasUsed;
    },
    moment(...time) {
      wasUsed = true;
      const wallTime = utcMoment(...time);
      return Number.isNaN(wallTime) ? wallTime : zone.moment(wallTime);
    },
  };
}

/** {@link WallClock.moment} for UTC. */
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
