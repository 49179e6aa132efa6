import type { DailyPnl } from '../../shared/answers/stats.ts';
import type { EquityCurveData } from '../../shared/answers/widgets.ts';
import { formatDay, parseDay, weekday } from '../../shared/day.ts';

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

/**
 * The days a curve spans: every Monday to Friday, so that idle time is seen, and those weekend days
 * that were traded, so that markets which never close lose nothing.
 */
export function daysOf({
  from,
  to,
  equityCurve,
}: Pick<EquityCurveData, 'from' | 'to'> & { equityCurve: readonly ClosedDay[] }): CurveDay[] {
  const points = new Map<string, ClosedDay>();
  for (const point of equityCurve) points.set(point.day, point);
  const days: CurveDay[] = [];
  let equity = 0;
  let drawdown = 0;
  const end = parseDay(to);
  for (let at = from === null ? end : parseDay(from); at <= end; at++) {
    const day = formatDay(at);
    const point = points.get(day);
    if (point) ({ equity, drawdown = 0 } = point);
    else if (weekday(at) % 6 === 0) continue;
    days.push({ day, equity, drawdown, traded: point ?? null });
  }
  return days;
}
