import type { CalendarDay, MonthlyCalendarData } from '../../shared/answers/widgets.ts';
import { formatDay, parseDay, weekday } from '../../shared/day.ts';
import { fromDecimal, toDecimal } from '../../shared/money.ts';

/** A cell of a month's grid. */
export interface MonthCell {
  /** YYYY-MM-DD; empty for a cell outside the month. */
  day: string;
  /** Undefined on a day without trades. */
  traded: CalendarDay | undefined;
}

export interface MonthWeek {
  cells: MonthCell[];
  pnl: number;
  trades: number;
}

/** The weeks of a month, which begin on the day of the week `firstDay`; 0 is Sunday. */
export function weeksOf({ month, days }: MonthlyCalendarData, firstDay: number): MonthWeek[] {
  const tradedOn = new Map(days.map((day) => [day.day, day]));
  const weeks: MonthWeek[] = [];
  const first = parseDay(`${month}-01`);
  let start = first - ((weekday(first) - firstDay + 7) % 7);
  for (; formatDay(start).slice(0, 7) <= month; start += 7) {
    const cells: MonthCell[] = [];
    let units = 0;
    let trades = 0;
    for (let at = start; at < start + 7; at++) {
      const day = formatDay(at);
      const traded = tradedOn.get(day);
      cells.push({ day: day.startsWith(month) ? day : '', traded });
      units += fromDecimal(traded?.pnl ?? 0);
      trades += traded?.trades ?? 0;
    }
    weeks.push({ cells, pnl: toDecimal(units), trades });
  }
  return weeks;
}

/** The month (YYYY-MM) that is so many `months` later. */
export function monthAfter(month: string, months: number): string {
  const date = new Date(month);
  date.setUTCMonth(date.getUTCMonth() + months);
  return date.toISOString().slice(0, 7);
}
