import { z } from 'zod';
import { type InstrumentStats, type StatsAnswer, statsAnswer } from '../../shared/answers/stats.ts';
import { formatDay } from '../../shared/day.ts';
import { toDecimal } from '../../shared/money.ts';
import { addTallies, emptyTally, type Tally, totalPnl } from '../analytics/run.ts';
import { describeStats, winRate } from '../analytics/stats.ts';
import { type Cell, csvTable } from '../csv.ts';
import { accountId, attempt, currency, period } from '../query.ts';
import { type Asked, question } from '../route.ts';
import type { Part } from '../store/breakdowns.ts';
import { type DayOf, readParts, readTallies } from '../store/days.ts';
import { type Covered, cover } from './coverage.ts';

export const stats = question({
  name: 'readStats',
  path: '/api/partner/stats',
  summary: 'Reads the statistics of a period, for one account or for all.',
  keyParameter: 'api_key',
  scopes: { ofOne: ['stats:read'], ofAll: ['stats:aggregate'] },
  query: z.object({
    account_id: accountId.optional(),
    attempt,
    currency: currency.optional(),
    period,
  }),
  reduce: ({ attempt, ...query }) =>
    query.account_id === undefined ? query : { ...query, attempt },
  answers: { 200: { means: 'The statistics.', schema: statsAnswer } },
  refusals: { 404: ['not_found'] },
  asCsv: statsTable,
  answer: async (asked) => ({
    status: 200,
    body: await readStats(asked.database, await cover(asked)),
  }),
});

/** One row, without the lists; a field within another is named by both: `stats.winRate`. */
function statsTable({ account, currency, accounts, period, stats }: StatsAnswer): string {
  const row: Record<string, Cell> = {
    'account.id': account?.id ?? null,
    'account.nickname': account?.nickname ?? null,
    currency,
    'accounts.counted': accounts.counted,
    'accounts.left_out': accounts.left_out,
    period,
  };
  for (const [name, value] of Object.entries(stats)) row[`stats.${name}`] = value;
  return csvTable(Object.keys(row), [row]);
}

export async function readStats(
  { read }: Asked<unknown>['database'],
  { subject, span, coverage }: Covered,
): Promise<StatsAnswer> {
  const days = await readTallies(read, subject, span);
  const symbols = await readParts(read, 'symbol', subject, span);
  return {
    ...coverage,
    stats: describeStats(sumOf(days), symbols.length),
    dailyPnl: days.map(presentDay),
    instruments: symbols.toSorted((a, b) => b.trades - a.trades).map(presentInstrument),
  };
}

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
