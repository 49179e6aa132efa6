import type { DailyPnl } from '../../shared/answers/stats.ts';
import type { EquityCurveData } from '../../shared/answers/widgets.ts';
import { type Day, formatDay, parseDay } from '../../shared/day.ts';

/** A place on the time axis: a day, with what was traded on it. */
export interface CurveDay {
  /** YYYY-MM-DD */
  day: string;
  /** Cumulative P&L at its close. */
  equity: number;
  /** How far that is below the highest close so far, positive. */
  drawdown: number;
  /** Null on a day without trades. */
  traded: { pnl: number; trades: number } | null;
}

/** A day's close; without `drawdown` where nobody asks how far it is below the highest. */
export interface ClosedDay extends DailyPnl {
  equity: number;
  drawdown?: number;
}

/** More days without trades than this are not seen one by one. */
const mostIdle = 1_000;

/**
 * The days a curve spans: every Monday to Friday, so that idle time is seen, and those weekend days
 * that were traded, so that markets which never close lose nothing. Where there is more idle time than
 * can be seen its longest stretches are told by fewer of their days.
 */
export function daysOf({
  from,
  to,
  equityCurve,
}: Pick<EquityCurveData, 'from' | 'to'> & { equityCurve: readonly ClosedDay[] }): CurveDay[] {
  const end = parseDay(to);
  const traded = equityCurve.map(({ day }) => parseDay(day));
  let last = from === null ? end - 1 : parseDay(from) - 1;
  const stretches = [...traded, end + 1].map((at) => {
    const stretch = { start: last + 1, length: weekdaysBefore(at) - weekdaysBefore(last + 1) };
    last = at;
    return stretch;
  });
  const most = longestFor(stretches.map(({ length }) => length));
  const days: CurveDay[] = [];
  stretches.forEach(({ start, length }, index) => {
    const { equity, drawdown = 0 } = equityCurve[index - 1] ?? { equity: 0 };
    const shown = Math.min(length, most);
    const first = weekdaysBefore(start);
    for (let slot = 0; slot < shown; slot++) {
      const day = formatDay(weekdayAt(first + Math.floor((slot * length) / shown)));
      days.push({ day, equity, drawdown, traded: null });
    }
    const point = equityCurve[index];
    if (point) {
      const { day, equity, drawdown = 0 } = point;
      days.push({ day, equity, drawdown, traded: point });
    }
  });
  return days;
}

/** How many days the longest of these stretches may have for all of them to have no more than can be seen. */
function longestFor(lengths: readonly number[]): number {
  let most = mostIdle;
  while (lengths.reduce((sum, length) => sum + Math.min(length, most), 0) > mostIdle)
    most = Math.floor(most / 2);
  return most;
}

/** Mondays to Fridays from 1970-01-05, a Monday, to before a day. */
function weekdaysBefore(day: Day): number {
  const week = Math.floor((day - monday) / 7);
  return 5 * week + Math.min(5, day - monday - 7 * week);
}

/** The day that so many weekdays lie before. */
function weekdayAt(before: number): Day {
  return monday + 7 * Math.floor(before / 5) + (((before % 5) + 5) % 5);
}

const monday: Day = 4;
