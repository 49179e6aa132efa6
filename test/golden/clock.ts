import { Temporal } from 'temporal-polyfill';

/** What a zone’s clocks show at a time, and the trading day that it belongs to. */
export interface Clock {
  day: string;
  /** 0 is Sunday. */
  weekday: number;
  hour: number;
}

export type ReadClock = (epochMs: number) => Clock;

/** Reads a zone’s clocks. Days begin `hoursBefore` hours before midnight and are named by the date they end on. */
export function clockOf(zone: string, hoursBefore = 0): ReadClock {
  // All figures need the same times, and applying a zone’s rules is slow.
  const known = new Map<number, Clock>();
  return (epochMs) => {
    const clock = known.get(epochMs) ?? readClock(epochMs, zone, hoursBefore);
    known.set(epochMs, clock);
    return clock;
  };
}

function readClock(epochMs: number, zone: string, hoursBefore: number): Clock {
  const shown = Temporal.Instant.fromEpochMilliseconds(epochMs)
    .toZonedDateTimeISO(zone)
    .toPlainDateTime();
  return {
    day: shown.add({ hours: hoursBefore }).toPlainDate().toString(),
    weekday: shown.dayOfWeek % 7,
    hour: shown.hour,
  };
}

export const utc = clockOf('UTC');

export function addDays(day: string, days: number): string {
  return Temporal.PlainDate.from(day).add({ days }).toString();
}

export function isWeekend(day: string): boolean {
  return Temporal.PlainDate.from(day).dayOfWeek > 5;
}
