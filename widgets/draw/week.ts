import { day as dayLength, hour } from '../../shared/time.ts';
import { dateWriter, numberWriter, perFormats } from '../core/formats.ts';
import type { Lengths } from './fit-together.ts';

/** 1970-01-04, in days since 1970 began. */
const sunday = 3;
/** In characters: a longer short name is replaced by its first letter. */
const longestName = 5;

/** Some moment, in epoch ms, with this day of the week (0 is Sunday) and hour in UTC. */
export function momentOfWeek(day: number, hours: number): number {
  return (sunday + day) * dayLength + hours * hour;
}

/** The formats of grids of days and hours. */
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
    /** The days of the week, in the language's order. */
    week,
    /** `W` and `Wed`, or `W` again where the language has no short name. */
    nameOf: (day: number): Lengths => [letter(day), (isLong ? letter : short)(day)],
    /** `+` and `+1.2K`: two digits, without the currency. */
    signAndTiny: (amount: number): Lengths => {
      // Fractions only below one.
      const write = amount && Math.abs(amount) < 1 ? cents : tinyGain;
      return [amount > 0 ? '+' : amount < 0 ? '−' : '0', write(amount)];
    },
  };
});

type WeekInfo = { firstDay: number };

/** Monday in a browser that doesn't tell. */
function firstDayOf(language: string): number {
  const locale = new Intl.Locale(language) as Intl.Locale & {
    getWeekInfo?(): WeekInfo;
    weekInfo?: WeekInfo;
  };
  return (locale.getWeekInfo?.() ?? locale.weekInfo)?.firstDay ?? 1;
}
