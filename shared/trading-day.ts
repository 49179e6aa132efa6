import { type Day, weekday } from './day.ts';
import { day as dayLength, hour, minute, second } from './time.ts';
import { findZone } from './zone.ts';

/** When a partner’s trading days begin. */
export interface DaySettings {
  /** As {@link findZone} takes it. */
  zone: string;
  /** In minutes after midnight, a multiple of 15. */
  start: number;
}

/** The days of partners that have chosen none. */
export const utcDays: DaySettings = { zone: 'UTC', start: 0 };

/**
 * The trading days of one setting. A day begins at the first moment at which the zone’s wall clock
 * stands at or past the start on the day’s date, or on the date before if the start is at 12:00 or
 * later: 17:00 on Sunday begins Monday. So no day begins twice when clocks are set back. A date
 * that the zone skips is a day of no length if days begin at midnight, and else a short one.
 */
export interface TradingDays {
  /** The day a moment (epoch ms) belongs to. */
  dayOf(moment: number): Day;
  /** The first moment of a day. */
  startOf(day: Day): number;
  /**
   * The hour of the week of a moment, as the heatmap counts: the weekday of its trading day (0 is
   * Sunday) × 24 + the whole hours that the wall clock stands past the day’s start.
   */
  hourOfWeek(moment: number): number;
}

const mostSettings = 64;
const known = new Map<string, TradingDays>();

/** Throws as {@link findZone} does. */
export function tradingDays({ zone, start }: DaySettings): TradingDays {
  if (zone === utcDays.zone && start === utcDays.start) return daysOfUtc;
  const name = `${zone} ${start}`;
  let days = known.get(name);
  if (!days) {
    days = daysOf({ zone, start });
    if (known.size >= mostSettings) known.clear();
    known.set(name, days);
  }
  return days;
}

/** The minutes after midnight of a start such as `17:00`; null unless it is a quarter of an hour. */
export function parseDayStart(text: string): number | null {
  const [, hours, minutes] = /^([01]\d|2[0-3]):(00|15|30|45)$/.exec(text) ?? [];
  return hours === undefined ? null : Number(hours) * 60 + Number(minutes);
}

/** From midnight on a day’s date to the day’s start at this time, in ms: below zero if it is on the date before. */
export function startOnDate(time: number): number {
  return time < dayLength / 2 ? time : time - dayLength;
}

/** The inverse of {@link parseDayStart}. */
export function formatDayStart(start: number): string {
  return new Date(start * minute).toISOString().slice(11, 16);
}

const daysOfUtc: TradingDays = {
  dayOf: (moment) => Math.floor(moment / dayLength),
  startOf: (day) => day * dayLength,
  hourOfWeek(moment) {
    const day = Math.floor(moment / dayLength);
    return weekday(day) * 24 + Math.floor((moment - day * dayLength) / hour);
  },
};

/** 45 years. */
const mostStarts = 16_384;

function daysOf({ zone: name, start }: DaySettings): TradingDays {
  const zone = findZone(name);

  // Working out a start takes microseconds, and sums ask for the same days again and again.
  const starts = new Map<Day, number>();

  function startOf(day: Day): number {
    let moment = starts.get(day);
    if (moment === undefined) {
      moment = firstMomentAt(day * dayLength + startOnDate(start * minute), zone.wallTime);
      if (starts.size >= mostStarts) starts.clear();
      starts.set(day, moment);
    }
    return moment;
  }

  const usualStart = startOf(0);

  function dayOf(moment: number): Day {
    let day = Math.floor((moment - usualStart) / dayLength);
    while (startOf(day) > moment) day -= 1;
    while (startOf(day + 1) <= moment) day += 1;
    return day;
  }

  function hourOfWeek(moment: number): number {
    const day = dayOf(moment);
    const dayStart = startOf(day);
    // In a day of 24 hours the clock has not been changed, and need not be read.
    const isEven = startOf(day + 1) - dayStart === dayLength;
    const sinceStart = isEven ? moment - dayStart : zone.wallTime(moment) - start * minute;
    const ofDay = ((sinceStart % dayLength) + dayLength) % dayLength;
    // A clock that was set back over the start stands before it once more.
    const isBeforeStart = ofDay - (moment - dayStart) > dayLength / 2;
    return weekday(day) * 24 + (isBeforeStart ? 0 : Math.floor(ofDay / hour));
  }

  return { dayOf, startOf, hourOfWeek };
}

/** The first moment at which a clock stands at or past a wall time. */
function firstMomentAt(target: number, wallTime: (moment: number) => number): number {
  // No clock is a day ahead of UTC.
  let before = target - dayLength;
  let moment = before;
  for (;;) {
    const missing = target - wallTime(moment);
    if (missing < 0) break;
    if (missing === 0) return moment;
    before = moment;
    moment += missing;
  }
  // A change of the clock skipped the wall time: between the two moments is that of the change, which
  // is at a whole second.
  while (moment - before > second) {
    const middle = before + Math.floor((moment - before) / 2 / second) * second;
    if (wallTime(middle) < target) before = middle;
    else moment = middle;
  }
  return moment;
}
