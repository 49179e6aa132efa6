import type { EquityPoint } from '../../shared/answers/widgets.ts';
import { type Day, formatDay, weekday } from '../../shared/day.ts';
import { toDecimal, type Units } from '../../shared/money.ts';

/** What a day with trades brought. */
export interface ActiveDay {
  day: Day;
  pnl: Units;
  trades: number;
}

/** A day's close; peak and drawdown (positive) of the closes, the peak starting at zero. */
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

/** A series of days' results in which most may be idle ones: those are counted, not kept. */
export interface DailySeries {
  /** Of the days with trades. */
  results: readonly Units[];
  /** How many days without trades count as 0. */
  idle: number;
}

/**
 * The daily series that ratios are computed from: each Monday to Friday from the first active day to
 * the last one that is not later than `latest`, idle ones as 0, and the weekend days that have
 * trades. `days` in order.
 */
export function dailySeries(days: readonly ActiveDay[], latest: Day): DailySeries {
  const active = days.filter(({ day }) => day <= latest);
  const [first, last] = [active[0], active.at(-1)];
  if (!first || !last) return { results: [], idle: 0 };
  const weekdays = weekdaysBefore(last.day + 1) - weekdaysBefore(first.day);
  const traded = active.filter(({ day }) => weekday(day) >= 1 && weekday(day) <= 5).length;
  return { results: active.map(({ pnl }) => pnl), idle: weekdays - traded };
}

/** How many days from Monday to Friday lie between a fixed Monday and a day. */
function weekdaysBefore(day: Day): number {
  const sinceMonday = day + 3;
  const weeks = Math.floor(sinceMonday / 7);
  return weeks * 5 + Math.min(sinceMonday - weeks * 7, 5);
}
