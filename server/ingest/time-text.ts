import { day as dayLength, minute as minuteLength } from '../../shared/time.ts';
import { utcMoment, type WallClock } from './wall-clock.ts';

/** Parses a date with a time of day; returns epoch ms, or NaN for any other text. */
export type TimeParser = (text: string, clock: WallClock) => number;

/** `2025.01.22 23:02:03`, as MetaTrader writes it; the seconds may be missing. */
export const parseMetaTraderTime: TimeParser = (text, clock) => {
  const parts = /^(\d{4})\.(\d\d)\.(\d\d) (\d\d):(\d\d)(?::(\d\d))?$/.exec(text);
  if (parts === null) return Number.NaN;
  const [, year, month, day, hour, minute, second = 0] = parts;
  return clock.moment(+year!, +month!, +day!, +hour!, +minute!, +second, 0);
};

/** `01/22/2025 23:02:03`, month first. */
export const parseAmericanTime: TimeParser = (text, clock) => {
  const parts = /^(\d\d?)\/(\d\d?)\/(\d{4}) (\d\d?):(\d\d):(\d\d)$/.exec(text);
  if (parts === null) return Number.NaN;
  const [, month, day, year, hour, minute, second] = parts;
  return clock.moment(+year!, +month!, +day!, +hour!, +minute!, +second!, 0);
};

const isoPattern =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?:([Zz])|([+-])(\d\d)(?::?(\d\d))?)?$/;

/**
 * Epoch milliseconds as an integer, or ISO 8601: a moment if it has an offset or Z, else a time on
 * the clock. Fractions of a millisecond are cut off.
 */
export const parseAnyTime: TimeParser = (text, clock) => {
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  const parts = isoPattern.exec(text);
  if (parts === null) return Number.NaN;
  const [, year, month, day, hour, minute, second = 0, fraction = '', z, sign, hours, minutes = 0] =
    parts;
  const millisecond = +fraction.slice(0, 3).padEnd(3, '0');
  const offset =
    sign === undefined
      ? 0
      : (+hours! * 60 + +minutes) * (sign === '-' ? -minuteLength : minuteLength);
  if (+minutes > 59 || Math.abs(offset) >= dayLength) return Number.NaN;
  const momentOf = z !== undefined || sign !== undefined ? utcMoment : clock.moment;
  return momentOf(+year!, +month!, +day!, +hour!, +minute!, +second, millisecond) - offset;
};
