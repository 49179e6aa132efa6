import type { PerformanceSummaryData } from '../../../shared/answers/widgets.ts';
import { describeStats } from '../../analytics/stats.ts';
import type { Asked } from '../../route.ts';
import { endsOf, readParts, readTallies } from '../../store/days.ts';
import { cover } from '../coverage.ts';
import { presentDay, sumOf } from '../stats.ts';
import { presentSpan } from './days.ts';
import { presentInstruments } from './instruments.ts';
import type { WidgetQuery } from './query.ts';

export async function performanceSummary(
  asked: Asked<WidgetQuery>,
): Promise<PerformanceSummaryData> {
  const covered = await cover(asked);
  const { subject, span, coverage } = covered;
  const days = await readTallies(asked.database.read, subject, span);
  const symbols = await readParts(asked.database.read, 'symbol', subject, span);
  return {
    ...coverage,
    ...presentSpan(span, endsOf(days), asked),
    stats: describeStats(sumOf(days), symbols.length),
    dailyPnl: days.map(presentDay),
    instruments: presentInstruments(symbols),
  };
}
