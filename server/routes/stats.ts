import { z } from 'zod';
import { type InstrumentStats, statsAnswer } from '../../shared/answers/stats.ts';
import { formatDay } from '../../shared/day.ts';
import { toDecimal } from '../../shared/money.ts';
import { addTallies, emptyTally, type Tally, totalPnl } from '../analytics/run.ts';
import { describeStats, winRate } from '../analytics/stats.ts';
import { accountId, currency, period } from '../query.ts';
import { question } from '../route.ts';
import type { Part } from '../store/breakdowns.ts';
import { type DayOf, readParts, readTallies } from '../store/days.ts';
import { cover } from './coverage.ts';

export const stats = question({
  name: 'readStats',
  path: '/api/partner/stats',
  summary: 'Reads the statistics of a period, for one account or for all.',
  keyParameter: 'api_key',
  scopes: { ofOne: ['stats:read'], ofAll: ['stats:aggregate'] },
  query: z.object({ account_id: accountId.optional(), currency: currency.optional(), period }),
  answers: { 200: { means: 'The statistics.', schema: statsAnswer } },
  refusals: { 404: ['not_found'] },
  answer: async (asked) => {
    const { subject, span, coverage } = await cover(asked);
    const days = await readTallies(asked.database.read, subject, span);
    const symbols = await readParts(asked.database.read, 'symbol', subject, span);
    const body = {
      ...coverage,
      stats: describeStats(sumOf(days), symbols.length),
      dailyPnl: days.map(presentDay),
      instruments: symbols.toSorted((a, b) => b.trades - a.trades).map(presentInstrument),
    };
    return { status: 200, body };
  },
});

export function sumOf(days: readonly DayOf<Tally>[]): Tally {
  return days.reduce((sum, day) => addTallies(sum, day.of), emptyTally);
}

export function presentDay({ day, of }: DayOf<Tally>) {
  return { day: formatDay(day), pnl: toDecimal(totalPnl(of)), trades: of.trades };
}

export function presentInstrument(sums: Part<string>): InstrumentStats {
  return {
    symbol: sums.key,
    trades: sums.trades,
    win_rate: winRate(sums.wins, sums.trades),
    total_pnl: toDecimal(sums.gross_profit + sums.gross_loss),
  };
}
