import type { DrawdownFigures } from '../../shared/answers/widgets.ts';
import { type Day, formatDay } from '../../shared/day.ts';
import { toDecimal, type Units } from '../../shared/money.ts';
import { type ActiveDay, closesOf } from './daily.ts';
import { ratio } from './exact.ts';
import { emptyRun, joinRuns, type Run, totalPnl } from './run.ts';
import type { Falls } from './way.ts';

/** The drawdown figures of a period. `falls` is null for several accounts together. */
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

/** How much of a drawdown limit is used, and how much remains; `run` is the whole history. */
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

/** The first day, YYYY-MM-DD, on which a drawdown exceeded a limit; null: there is none. */
export function findBreach(days: readonly { day: Day; of: Run }[], limit: Units): string | null {
  let soFar = emptyRun;
  for (const { day, of } of days) {
    soFar = joinRuns(soFar, of);
    if (soFar.fall > limit) return formatDay(day);
  }
  return null;
}
