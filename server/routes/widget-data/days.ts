import { formatDay } from '../../../shared/day.ts';
import type { ActiveDay } from '../../analytics/daily.ts';
import { emptyRun, joinRuns, type Run, type Tally, totalPnl } from '../../analytics/run.ts';
import type { Asked } from '../../route.ts';
import type { DayOf, Ends, Span } from '../../store/days.ts';

export function joinDays(days: readonly DayOf<Run>[]): Run {
  return days.reduce((joined, day) => joinRuns(joined, day.of), emptyRun);
}

export function activeDay({ day, of }: DayOf<Tally>): ActiveDay {
  return { day, pnl: totalPnl(of), trades: of.trades };
}

/**
 * The first and the last day that a widget shows. The whole history starts with the first day with
 * trades. The last is today, or later the last day with trades.
 */
export function presentSpan(
  span: Span,
  { first, last }: Ends,
  { today }: Pick<Asked<unknown>, 'today'>,
) {
  const from = span.from ?? first;
  return {
    from: from === null ? null : formatDay(from),
    to: formatDay(Math.max(today, last ?? today)),
  };
}
