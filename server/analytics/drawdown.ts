import type { DrawdownFigures } from '../../shared/answers/widgets.ts';
import { type Day, formatDay } from '../../shared/day.ts';
import { toDecimal, type Units } from '../../shared/money.ts';
import { type ActiveDay, closesOf } from './daily.ts';
import { ratio } from './exact.ts';
import { emptyRun, joinRuns, type Run, totalPnl } from './run.ts';
import type { Falls } from './way.ts';

/** How a period's equity fell and stands. `falls` is null where several accounts are put together. */
export function describeDrawdown(
  run: Run,
  days: readonly ActiveDay[],
  falls: Falls | null,
): Omit<DrawdownFigures, 'gauge'> {
  const closes = closesOf(days);
  return {
    maxDrawdown: toDecimal(run.fall),
    maxDrawdownEod: toDecimal(
      closes.reduce((deepest, { drawdown }) => Math.max(deepest, drawdown), 0),
    ),
    currentDrawdown: toDecimal(run.high - totalPnl(run)),
    peakEquity: toDecimal(run.high),
    currentEquity: toDecimal(totalPnl(run)),
    maxDrawdownPct: falls?.maxDrawdownPct ?? null,
    longestRecoveredMs: falls?.longestRecovered ?? null,
    currentUnderwaterMs: falls?.underwater ?? null,
  };
}

/** What of a drawdown limit is used, in per cent, over the whole history `run`. */
export function gaugeDrawdown(
  run: Run,
  limit: Units,
): Omit<NonNullable<DrawdownFigures['gauge']>, 'breachedOn'> {
  const drawdown = run.high - totalPnl(run);
  const used = ratio(100n * BigInt(drawdown), BigInt(limit));
  return {
    limit: toDecimal(limit),
    used,
    usedClamped: Math.min(used, 100),
    remaining: toDecimal(Math.max(0, limit - drawdown)),
    everBreached: run.fall > limit,
  };
}

/** The first day, YYYY-MM-DD, in whose course a drawdown exceeded a limit. */
export function findBreach(days: readonly { day: Day; of: Run }[], limit: Units): string | null {
  let soFar = emptyRun;
  for (const { day, of } of days) {
    soFar = joinRuns(soFar, of);
    if (soFar.fall > limit) return formatDay(day);
  }
  return null;
}
