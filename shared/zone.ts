import { day, hour, second } from './time.ts';

/** The local time of a time zone. A local time is written as if it were UTC, in epoch ms. */
export interface Zone {
  /** The local time at a moment (epoch ms). */
  wallTime(moment: number): number;
  /**
   * The moment of a local time. One that occurs twice means the first; one that is skipped is moved
   * forward by the gap.
   */
  moment(wallTime: number): number;
}

const zonePattern = /^(?:[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*|[+-]\d\d:\d\d)$/;

/**
 * An IANA zone (`America/New_York`), an offset (`+02:00`) or `UTC`. Throws a RangeError with a readable
 * message when there is no such zone.
 */
export function findZone(name: string): Zone {
  return name.toUpperCase() === 'UTC' ? utc : zoneOf(clockOf(name));
}

/**
 * A zone’s name in its usual capitals (`America/Chicago` for `america/chicago`), `UTC` for all that mean
 * it, and `+03:00` for `Etc/GMT-3`, which reads as the opposite; null if there is no such zone. An alias
 * is no mistake: `Asia/Kathmandu` stays, though Intl knows it as `Asia/Katmandu`.
 */
export function zoneName(name: string): string | null {
  try {
    const { timeZone } = clockOf(name).resolvedOptions();
    const [, sign, hours] = /^Etc\/GMT([+-])(\d+)$/.exec(timeZone) ?? [];
    if (hours) return `${sign === '-' ? '+' : '-'}${hours.padStart(2, '0')}:00`;
    const isSpelling = timeZone === 'UTC' || timeZone.toLowerCase() === name.toLowerCase();
    return isSpelling ? timeZone : name;
  } catch {
    return null;
  }
}

const utc: Zone = { wallTime: (moment) => moment, moment: (wallTime) => wallTime };

function clockOf(name: string): Intl.DateTimeFormat {
  try {
    if (!zonePattern.test(name)) throw new RangeError();
    return new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
      ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
    });
  } catch {
    throw new RangeError(
      `There is no time zone ${JSON.stringify(name.slice(0, 64))}: give a name such as America/New_York, or UTC.`,
    );
  }
}

function zoneOf(clock: Intl.DateTimeFormat): Zone {
  function wallTime(moment: number): number {
    const [month, date, year, ...time] = clock.format(moment).match(/\d+/g)!.map(Number);
    const [hours, minutes, seconds] = time;
    const wall = new Date(0).setUTCFullYear(year!, month! - 1, date);
    const ofDay = ((hours! * 60 + minutes!) * 60 + seconds!) * second;
    return wall + ofDay + (((moment % second) + second) % second);
  }

  const offsetAt = (moment: number) => wallTime(moment) - moment;

  function exactly(wall: number): number {
    // Between these there is at most one clock change.
    const before = offsetAt(wall - day);
    const after = offsetAt(wall + day);
    const isShown = (offset: number) => offsetAt(wall - offset) === offset;
    return wall - (isShown(before) || !isShown(after) ? before : after);
  }

  // A conversion takes microseconds, and a statement has many times in the same hours.
  const startsOfEvenHours = new Map<number, number>();

  /** The moment at which a local hour begins; NaN if there is a clock change within it. */
  function startOfEvenHour(wallHour: number): number {
    const known = startsOfEvenHours.get(wallHour);
    if (known !== undefined) return known;
    const start = exactly(wallHour);
    const even = exactly(wallHour + hour) - start === hour ? start : Number.NaN;
    if (startsOfEvenHours.size >= 4096) startsOfEvenHours.clear();
    startsOfEvenHours.set(wallHour, even);
    return even;
  }

  return {
    wallTime,
    moment(wall) {
      const wallHour = Math.floor(wall / hour) * hour;
      const start = startOfEvenHour(wallHour);
      return Number.isNaN(start) ? exactly(wall) : start + (wall - wallHour);
    },
  };
}
