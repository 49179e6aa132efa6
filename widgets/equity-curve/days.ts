import type { DailyPnl } from '../../shared/answers/stats.ts';
import type { EquityCurveData } from '../../shared/answers/widgets.ts';
import { type Day, formatDay, parseDay, weekday } from '../../shared/day.ts';

/** A slot of the time axis: a day and its trades. */
export interface CurveDay {
  /** YYYY-MM-DD */
  day: string;
  /** Cumulative P&L at its close. */
  equity: number;
  /** How far that is below the highest close so far; positive. */
  drawdown: number;
  /** Null on a day without trades. */
  traded: { pnl: number; trades: number } | null;
}

/** A traded day; without `drawdown` where nothing shows it. */
export interface ClosedDay extends DailyPnl {
  equity: number;
  drawdown?: number;
}

/** More days without trades than this are too many to be seen. */
const mostIdle = 1_000;

/**
 * The days of a curve: every Monday to Friday, so that idle time is visible, and the weekend days that
 * were traded. Where there is too much idle time the longest stretches of it are thinned out.
 */
export function daysOf({
  from,
  to,
  equityCurve,
}: Pick<EquityCurveData, 'from' | 'to'> & { equityCurve: readonly ClosedDay[] }): CurveDay[] {
  const end = parseDay(to);
  let at = from === null ? end : parseDay(from);
  const stretches = [...equityCurve, null].map((point) => {
    const until = point ? parseDay(point.day) : end + 1;
    const idle: Day[] = [];
    for (; at < until; at++) if (weekday(at) % 6) idle.push(at);
    at = until + 1;
    return idle;
  });
  let most = mostIdle;
  while (stretches.reduce((sum, { length }) => sum + Math.min(length, most), 0) > mostIdle)
    most /= 2;
  const days: CurveDay[] = [];
  stretches.forEach((idle, index) => {
    const { equity, drawdown = 0 } = equityCurve[index - 1] ?? { equity: 0 };
    const step = Math.max(1, idle.length / most);
    for (let slot = 0; slot < idle.length; slot += step)
      days.push({ day: formatDay(idle[Math.floor(slot)]!), equity, drawdown, traded: null });
    const point = equityCurve[index];
    if (point) {
      const { day, equity, drawdown = 0 } = point;
      days.push({ day, equity, drawdown, traded: point });
    }
  });
  return days;
}
