import type { HeatmapCell, TradeHeatmapData } from '../../../shared/answers/widgets.ts';
import { toDecimal } from '../../../shared/money.ts';
import { formatDayStart } from '../../../shared/trading-day.ts';
import type { Asked } from '../../route.ts';
import type { Part } from '../../store/breakdowns.ts';
import { readEnds, readParts } from '../../store/days.ts';
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
    day_zone: asked.partner.day_zone,
    day_start: formatDayStart(asked.partner.day_start),
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
