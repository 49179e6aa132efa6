import { utc } from './clock.ts';
import { exact, type Fraction, largest, smallest } from './fraction.ts';
import { bestDayPctOfProfit, curveOf, drawdownLimit, startingBalance } from './metrics.ts';
import { type Day, daysOf, money, pnlOf, type Trade, totalOf } from './trades.ts';

const lockBuffer = exact(100);
const dailyLossLimit = exact(1_000);
const profitTarget = exact(3_000);
const minTradingDays = 5;
const consistencyPct = exact(50);

/** The rules of a prop firm’s evaluation, on realised balances. */
export function propRules(trades: Trade[]) {
  const days = daysOf(trades, utc);
  const bestDayPct = bestDayPctOfProfit(days);
  return {
    params: {
      startingBalance: money(startingBalance),
      maxDrawdown: money(drawdownLimit),
      lockBuffer: money(lockBuffer),
      dailyLossLimit: money(dailyLossLimit),
      profitTarget: money(profitTarget),
      minTradingDays,
      consistencyPct: money(consistencyPct),
    },
    static: drawdownRule(trades, 'never', null),
    trailingEodLockAtStart: drawdownRule(trades, 'day', startingBalance),
    trailingEodNoLock: drawdownRule(trades, 'day', null),
    trailingTradeLockAtStartPlusBuffer: drawdownRule(
      trades,
      'trade',
      startingBalance.plus(lockBuffer),
    ),
    dailyLossBreachDays: days.filter(reachesDailyLoss).map(({ day }) => day),
    tradingDaysByEntry: new Set(trades.map(({ entryTime }) => utc(entryTime).day)).size,
    tradingDaysByExit: days.length,
    profitTargetReached: totalOf(trades).compare(profitTarget) >= 0,
    bestDayPctOfProfit: bestDayPct,
    consistencyOk: bestDayPct && bestDayPct.compare(consistencyPct) <= 0,
  };
}

/** Whether the day’s running total was ever down by the limit, wherever it closed. */
function reachesDailyLoss({ trades }: Day): boolean {
  const equities = curveOf(trades.map(pnlOf)).map(({ equity }) => equity);
  return equities.some((equity) => equity.plus(dailyLossLimit).sign <= 0);
}

/**
 * The balance must not fall below a floor. The floor is the highest balance less the drawdown limit,
 * updated at the close of each day, after each trade, or never, and rises no higher than `lock`. A
 * trade is compared with the floor as it was before that trade.
 */
function drawdownRule(trades: Trade[], moves: 'never' | 'day' | 'trade', lock: Fraction | null) {
  let balance = startingBalance;
  let highWaterMark = startingBalance;
  let firstBreach: string | null = null;
  let minCushion: Fraction | null = null;
  const floor = () => {
    const trailing = highWaterMark.minus(drawdownLimit);
    return lock ? smallest(trailing, lock) : trailing;
  };
  for (const day of daysOf(trades, utc)) {
    for (const { id, pnl } of day.trades) {
      balance = balance.plus(pnl);
      const cushion = balance.minus(floor());
      minCushion = minCushion ? smallest(minCushion, cushion) : cushion;
      if (cushion.sign < 0) firstBreach ??= id;
      if (moves === 'trade') highWaterMark = largest(highWaterMark, balance);
    }
    if (moves === 'day') highWaterMark = largest(highWaterMark, balance);
  }
  return {
    floor: money(floor()),
    balance: money(balance),
    cushion: money(balance.minus(floor())),
    highWaterMark: money(highWaterMark),
    breached: firstBreach !== null,
    firstBreach,
    minCushion: minCushion && money(minCushion),
  };
}
