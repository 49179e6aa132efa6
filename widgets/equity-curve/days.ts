import type { DailyPnl } from '../../shared/answers/stats.ts';
import type { EquityCurveData } from '../../shared/answers/widgets.ts';
import { type Day, formatDay, parseDay, weekday } from '../../shared/day.ts';

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
