import { day as dayLength, hour } from '../../shared/time.ts';
import { dateWriter, numberWriter, perFormats } from '../core/formats.ts';
import type { Lengths } from './alike.ts';

/** 1970-01-04, in days since 1970 began. */
const sunday = 3;
/** In characters: a longer name is no short one. */
const longestName = 5;

/** A moment of the week, in epoch ms UTC. 0 is Sunday. */
export function momentOfWeek(day: number, hours: number): number {
  return (sunday + day) * dayLength + hours * hour;
}

/** What stands in the grids of days and hours. */
export const gridFormatsOf = perFormats(({ language, tinyGain }) => {
  const name = (weekday: 'short' | 'narrow') => {
    const write = dateWriter(language, { timeZone: 'UTC', weekday });
    return (day: number) => write(momentOfWeek(day, 0));
  };
  const [short, letter] = [name('short'), name('narrow')];
  const first = firstDayOf(language);
  const week = Array.from({ length: 7 }, (_, index) => (first + index) % 7);
  const isLong = week.some((day) => short(day).length > longestName);
  const cents = numberWriter(language, {
    signDisplay: 'exceptZero',
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
  return {
    /** The days of the week in the language's order. */
    week,
    /** `W` and, where that is short, `Wed`. */
    nameOf: (day: number): Lengths => [letter(day), (isLong ? letter : short)(day)],
    /** `+` and `+1.2K`: two digits, no unit of money. */
    signAndTiny: (amount: number): Lengths => {
      // A fraction says something only of what is less than one.
      const write = amount && Math.abs(amount) < 1 ? cents : tinyGain;
      return [amount > 0 ? '+' : amount < 0 ? '−' : '0', write(amount)];
    },
  };
});

type WeekInfo = { firstDay: number };

/** Monday where a browser doesn't know. */
function firstDayOf(language: string): number {
  const locale = new Intl.Locale(language) as Intl.Locale & {
    getWeekInfo?(): WeekInfo;
    weekInfo?: WeekInfo;
  };
  return (locale.getWeekInfo?.() ?? locale.weekInfo)?.firstDay ?? 1;
}
