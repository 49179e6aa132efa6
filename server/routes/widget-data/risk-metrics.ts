import type { RiskMetricsData } from '../../../shared/answers/widgets.ts';
import { describeRisk } from '../../analytics/risk.ts';
import { describeStats, describeTrades } from '../../analytics/stats.ts';
import { describeStreak } from '../../analytics/streak.ts';
import type { Asked } from '../../route.ts';
import { endsOf, readParts, readRuns } from '../../store/days.ts';
import { cover } from '../coverage.ts';
import { presentDay } from '../stats.ts';
import { activeDay, joinDays, presentSpan } from './days.ts';
import { drawdownOf } from './drawdown.ts';
import type { WidgetQuery } from './query.ts';

export async function riskMetrics(asked: Asked<WidgetQuery>): Promise<RiskMetricsData> {
  const covered = await cover(asked);
  const { subject, span, coverage } = covered;
  const runs = await readRuns(asked.database.read, subject, span);
  const symbols = await readParts(asked.database.read, 'symbol', subject, span);
  const run = joinDays(runs);
  const raw = describeTrades(run);
  const days = runs.map(activeDay);
  const startingBalance = subject.kind === 'account' ? subject.account.starting_balance : null;
  return {
    ...coverage,
    ...presentSpan(span, endsOf(runs), asked),
    stats: describeStats(run, symbols.length),
    raw,
    drawdown: await drawdownOf(asked, covered, runs, run),
    streak: describeStreak(run),
    risk: describeRisk({
      days,
      latest: asked.latest,
      raw,
      maxDrawdown: run.fall,
      startingBalance,
    }),
    dailyPnl: runs.map(presentDay),
  };
}
