import type { EquityPoint } from '../../shared/answers/widgets.ts';
import { type Day, formatDay, weekday } from '../../shared/day.ts';
import { toDecimal, type Units } from '../../shared/money.ts';

/** The result of a day with trades. */
export interface ActiveDay {
  day: Day;
  pnl: Units;
  trades: number;
}

/**
 * A day's close: the running total, its peak over all closes so far (zero at first), and how far it
 * is below that peak, as a positive number.
 */
export interface Close extends ActiveDay {
  equity: Units;
  peak: Units;
  drawdown: Units;
}

/** The closes of active days, in order. */
export function closesOf(days: readonly ActiveDay[]): Close[] {
  let equity = 0;
  let peak = 0;
  return days.map((day) => {
    equity += day.pnl;
    peak = Math.max(peak, equity);
    return { ...day, equity, peak, drawdown: peak - equity };
  });
}

export function presentClose(close: Close): EquityPoint {
  return {
    day: formatDay(close.day),
    pnl: toDecimal(close.pnl),
    trades: close.trades,
    equity: toDecimal(close.equity),
    peak: toDecimal(close.peak),
    drawdown: toDecimal(close.drawdown),
  };
}

/** A series of days' results. Idle days, which may be most, are only counted. */
export interface DailySeries {
  /** The results of the days with trades. */
  results: readonly Units[];
  /** How many further days, without trades, have the result 0. */
  idle: number;
}

/**
 * The daily series that ratios are computed from. It has every weekday from the first active day to
 * the last one that is not later than `latest`, idle ones as 0, and the weekend days with trades.
 * `days` must be in order.
 */
export function dailySeries(days: readonly ActiveDay[], latest: Day): DailySeries {
  const active = days.filter(({ day }) => day <= latest);
  const [first, last] = [active[0], active.at(-1)];
  if (!first || !last) return { results: [], idle: 0 };
  const weekdays = weekdaysBefore(last.day + 1) - weekdaysBefore(first.day);
  const traded = active.filter(({ day }) => weekday(day) >= 1 && weekday(day) <= 5).length;
  return { results: active.map(({ pnl }) => pnl), idle: weekdays - traded };
}

/** The number of weekdays, Monday to Friday, from a fixed Monday until before a day. */
function weekdaysBefore(day: Day): number {
  const sinceMonday = day + 3;
  const weeks = Math.floor(sinceMonday / 7);
  return weeks * 5 + Math.min(sinceMonday - weeks * 7, 5);
}
