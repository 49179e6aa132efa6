import { day as dayLength, hour } from './time.ts';

/** A calendar day, as the number of days since 1970-01-01. */
export type Day = number;

/** The UTC day a moment (epoch ms) is in: that of quotas, usage, retention and counts of trades. */
export function utcDay(time: number): Day {
  return Math.floor(time / dayLength);
}

/** The latest date anywhere at a moment (epoch ms): that in UTC+14. */
export function latestDay(time: number): Day {
  return utcDay(time + 14 * hour);
}

/** The first moment of a UTC day, in epoch ms. */
export function startOfUtcDay(day: Day): number {
  return day * dayLength;
}

/** 0 is Sunday, 6 is Saturday. 1970-01-01 was a Thursday. */
export function weekday(day: Day): number {
  return (((day + 4) % 7) + 7) % 7;
}

/** `YYYY-MM-DD`, as in the API. */
export function formatDay(day: Day): string {
  return new Date(startOfUtcDay(day)).toISOString().slice(0, 10);
}

/** The inverse of {@link formatDay}. */
export function parseDay(text: string): Day {
  return utcDay(Date.parse(text));
}

/** `YYYY-MM`: the month a day belongs to. */
export function monthOf(day: Day): string {
  return formatDay(day).slice(0, 7);
}

/** The first and the last day of a `YYYY-MM` month. */
export function daysOfMonth(month: string): { from: Day; to: Day } {
  const from = parseDay(`${month}-01`);
  // No month is longer than 31 days, so this is in the next one.
  const next = monthOf(from + 31);
  return { from, to: parseDay(`${next}-01`) - 1 };
}
