import type { CalendarDay, MonthlyCalendarData } from '../../../shared/answers/widgets.ts';
import { daysOfMonth, formatDay, monthOf } from '../../../shared/day.ts';
import { toDecimal } from '../../../shared/money.ts';
import { type Tally, totalPnl } from '../../analytics/run.ts';
import type { Asked } from '../../route.ts';
import { always, type DayOf, readEnds, readTallies } from '../../store/days.ts';
import { cover } from '../coverage.ts';
import { presentDay, sumOf } from '../stats.ts';
import type { WidgetQuery } from './query.ts';

export async function monthlyCalendar(asked: Asked<WidgetQuery>): Promise<MonthlyCalendarData> {
  const { subject, coverage } = await cover(asked);
  const current = monthOf(asked.today);
  const { first, last } = await readEnds(asked.database.read, subject, always);
  const lastMonth = monthOf(Math.max(asked.today, last ?? asked.today));
  let { month = current } = asked.query;
  if (month > lastMonth) month = lastMonth;
  const days = await readTallies(asked.database.read, subject, daysOfMonth(month));
  const tally = sumOf(days);
  const results = days.map(({ of }) => totalPnl(of));
  return {
    ...coverage,
    month,
    firstMonth: first === null ? null : monthOf(first),
    ...(lastMonth > current && { lastMonth }),
    today: formatDay(asked.today),
    days: days.map(presentCalendarDay),
    totalPnl: toDecimal(totalPnl(tally)),
    trades: tally.trades,
    winDays: results.filter((pnl) => pnl > 0).length,
    lossDays: results.filter((pnl) => pnl < 0).length,
    flatDays: results.filter((pnl) => pnl === 0).length,
  };
}

function presentCalendarDay(day: DayOf<Tally>): CalendarDay {
  return { ...presentDay(day), wins: day.of.wins };
}
