import type { HeatmapCell, TradeHeatmapData } from '../../../shared/answers/widgets.ts';
import { toDecimal } from '../../../shared/money.ts';
import type { Asked } from '../../route.ts';
import { type Part, readParts } from '../../store/breakdowns.ts';
import { readEnds } from '../../store/days.ts';
import { cover } from '../coverage.ts';
import { presentSpan } from './days.ts';
import { countTrades } from './instruments.ts';
import type { WidgetQuery } from './query.ts';

export async function tradeHeatmap(asked: Asked<WidgetQuery>): Promise<TradeHeatmapData> {
  const covered = await cover(asked);
  const { subject, span, coverage } = covered;
  const hours = await readParts(asked.database.read, 'hour', subject, span);
  const ends = await readEnds(asked.database.read, subject, span);
  return {
    ...coverage,
    ...presentSpan(span, ends, asked),
    tradeCount: countTrades(hours),
    day_zone: 'UTC',
    day_start: '00:00',
    heatmap: hours.map(presentHour),
  };
}

function presentHour({ key, trades, wins, ...sums }: Part<number>): HeatmapCell {
  return {
    dow: Math.floor(key / 24),
    hour: key % 24,
    pnl: toDecimal(sums.gross_profit + sums.gross_loss),
    trades,
    wins,
  };
}
