import type { EquityCurveData } from '../../../shared/answers/widgets.ts';
import { toDecimal } from '../../../shared/money.ts';
import { closesOf, presentClose } from '../../analytics/daily.ts';
import { totalPnl } from '../../analytics/run.ts';
import type { Asked } from '../../route.ts';
import { endsOf, readRuns } from '../../store/days.ts';
import { cover } from '../coverage.ts';
import { activeDay, joinDays, presentSpan } from './days.ts';
import { readLive } from './live.ts';
import type { WidgetQuery } from './query.ts';

export async function equityCurve(asked: Asked<WidgetQuery>): Promise<EquityCurveData> {
  const covered = await cover(asked);
  const days = await readRuns(asked.database.read, covered.subject, covered.span);
  const run = joinDays(days);
  const live = await readLive(asked, covered);
  return {
    ...covered.coverage,
    ...presentSpan(covered.span, endsOf(days), asked),
    totalPnl: toDecimal(totalPnl(run)),
    tradeCount: run.trades,
    maxDrawdown: toDecimal(run.fall),
    equityCurve: closesOf(days.map(activeDay)).map(presentClose),
    live: live && {
      observedAt: live.observedAt,
      equity: toDecimal(totalPnl(run) + live.unrealised),
    },
  };
}
