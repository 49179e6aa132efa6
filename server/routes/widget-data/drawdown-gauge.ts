import type { DrawdownFigures, DrawdownGaugeData } from '../../../shared/answers/widgets.ts';
import { fromDecimal, toDecimal } from '../../../shared/money.ts';
import { gaugeDrawdown } from '../../analytics/drawdown.ts';
import { emptyRun, joinRuns, type Run, totalPnl } from '../../analytics/run.ts';
import type { Asked } from '../../route.ts';
import { endsOf, readRuns } from '../../store/days.ts';
import { cover } from '../coverage.ts';
import { joinDays, presentSpan } from './days.ts';
import { drawdownOf } from './drawdown.ts';
import { type Live, readLive } from './live.ts';
import type { WidgetQuery } from './query.ts';

export async function drawdownGauge(asked: Asked<WidgetQuery>): Promise<DrawdownGaugeData> {
  const covered = await cover(asked);
  const runs = await readRuns(asked.database.read, covered.subject, covered.span);
  const run = joinDays(runs);
  const drawdown = await drawdownOf(asked, covered, runs, run);
  const live = await readLive(asked, covered);
  return {
    ...covered.coverage,
    ...presentSpan(covered.span, endsOf(runs), asked),
    tradeCount: run.trades,
    drawdown,
    live: live && describeLive(live, run, drawdown.gauge),
  };
}

/** The same as if the open positions were closed now. An open profit leaves no peak behind it. */
function describeLive(
  { observedAt, unrealised }: Live,
  closed: Run,
  gauge: DrawdownFigures['gauge'],
): DrawdownGaugeData['live'] {
  const run = joinRuns(closed, {
    ...emptyRun,
    grossProfit: Math.max(0, unrealised),
    grossLoss: Math.min(0, unrealised),
    high: Math.max(0, unrealised),
    low: Math.min(0, unrealised),
  });
  return {
    observedAt,
    currentEquity: toDecimal(totalPnl(run)),
    currentDrawdown: toDecimal(run.high - totalPnl(run)),
    maxDrawdown: toDecimal(run.fall),
    gauge: gauge && { ...gauge, ...gaugeDrawdown(run, fromDecimal(gauge.limit)) },
  };
}
