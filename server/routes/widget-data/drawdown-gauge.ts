import type { DrawdownGaugeData } from '../../../shared/answers/widgets.ts';
import type { Asked } from '../../route.ts';
import { endsOf, readRuns } from '../../store/days.ts';
import { cover } from '../coverage.ts';
import { joinDays, presentSpan } from './days.ts';
import { drawdownOf } from './drawdown.ts';
import type { WidgetQuery } from './query.ts';

export async function drawdownGauge(asked: Asked<WidgetQuery>): Promise<DrawdownGaugeData> {
  const covered = await cover(asked);
  const runs = await readRuns(asked.database.read, covered.subject, covered.span);
  const run = joinDays(runs);
  return {
    ...covered.coverage,
    ...presentSpan(covered.span, endsOf(runs), asked),
    tradeCount: run.trades,
    drawdown: await drawdownOf(asked, covered, runs, run),
  };
}
