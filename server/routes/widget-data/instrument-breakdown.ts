import type { InstrumentBreakdownData } from '../../../shared/answers/widgets.ts';
import type { Asked } from '../../route.ts';
import { readEnds, readParts } from '../../store/days.ts';
import { cover } from '../coverage.ts';
import { presentSpan } from './days.ts';
import { countTrades, presentInstruments } from './instruments.ts';
import type { WidgetQuery } from './query.ts';

export async function instrumentBreakdown(
  asked: Asked<WidgetQuery>,
): Promise<InstrumentBreakdownData> {
  const covered = await cover(asked);
  const { subject, span, coverage } = covered;
  const symbols = await readParts(asked.database.read, 'symbol', subject, span);
  const ends = await readEnds(asked.database.read, subject, span);
  return {
    ...coverage,
    ...presentSpan(span, ends, asked),
    tradeCount: countTrades(symbols),
    instruments: presentInstruments(symbols),
  };
}
