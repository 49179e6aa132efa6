import type { StatsCardData } from '../../../shared/answers/widgets.ts';
import { toDecimal } from '../../../shared/money.ts';
import { describeStats } from '../../analytics/stats.ts';
import type { Asked } from '../../route.ts';
import { endsOf, readParts, readTallies } from '../../store/days.ts';
import { cover } from '../coverage.ts';
import { presentDay, sumOf } from '../stats.ts';
import { presentSpan } from './days.ts';
import type { WidgetQuery } from './query.ts';

export async function statsCard(asked: Asked<WidgetQuery>): Promise<StatsCardData> {
  const covered = await cover(asked);
  const { subject, span, coverage } = covered;
  const days = await readTallies(asked.database.read, subject, span);
  const symbols = await readParts(asked.database.read, 'symbol', subject, span);
  const tally = sumOf(days);
  return {
    ...coverage,
    ...presentSpan(span, endsOf(days), asked),
    stats: describeStats(tally, symbols.length),
    wins: tally.wins,
    losses: tally.losses,
    breakeven: tally.trades - tally.wins - tally.losses,
    grossProfit: toDecimal(tally.grossProfit),
    grossLoss: toDecimal(tally.grossLoss),
    dailyPnl: days.map(presentDay),
  };
}
