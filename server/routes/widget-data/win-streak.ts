import type { WinStreakData } from '../../../shared/answers/widgets.ts';
import { toDecimal } from '../../../shared/money.ts';
import { describeStreak } from '../../analytics/streak.ts';
import type { Asked } from '../../route.ts';
import { endsOf, readRuns } from '../../store/days.ts';
import { sumOfLatest } from '../../store/trades.ts';
import { cover } from '../coverage.ts';
import { joinDays, presentSpan } from './days.ts';
import type { WidgetQuery } from './query.ts';

export async function winStreak(asked: Asked<WidgetQuery>): Promise<WinStreakData> {
  const covered = await cover(asked);
  const { subject, span, coverage } = covered;
  const runs = await readRuns(asked.database.read, subject, span);
  const run = joinDays(runs);
  const streak = describeStreak(run);
  const { length } = streak.current;
  return {
    ...coverage,
    ...presentSpan(span, endsOf(runs), asked),
    tradeCount: run.trades,
    streak,
    currentPnl:
      subject.kind === 'account'
        ? toDecimal(await sumOfLatest(asked.database.read, subject, asked.days, span.to, length))
        : null,
  };
}
