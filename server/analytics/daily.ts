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

/**
 * The daily series that ratios are computed from: each Monday to Friday from the first to the last
 * active day, idle ones as 0, and the weekend days that have trades. `days` in order.
 */
export function dailySeries(days: readonly ActiveDay[]): Units[] {
  const series: Units[] = [];
  let next = days[0]?.day ?? 0;
  for (const { day, pnl } of days) {
    for (; next < day; next++) if (isWeekday(next)) series.push(0);
    series.push(pnl);
    next = day + 1;
  }
  return series;
}

function isWeekday(day: Day): boolean {
  const number = weekday(day);
  return number >= 1 && number <= 5;
}
