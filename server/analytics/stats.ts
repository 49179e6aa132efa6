import type { Stats } from '../../shared/answers/stats.ts';
import type { RawFigures } from '../../shared/answers/widgets.ts';
import { roundedRatio, toDecimal, type Units, unitsPerWhole } from '../../shared/money.ts';
import { ratio, root } from './exact.ts';
import { type Tally, totalPnl } from './run.ts';
import { type Moments, variance } from './statistics.ts';

/** The figures of `/stats`: averages and ratios rounded, sums exact. */
export function describeStats(tally: Tally, instrumentsTraded: number): Stats {
  const { trades, wins } = tally;
  return {
    tradeCount: trades,
    winRate: winRate(wins, trades),
    avgPnl: trades === 0 ? 0 : roundedRatio(totalPnl(tally), trades * unitsPerWhole, 2),
    totalPnl: toDecimal(totalPnl(tally)),
    bestTrade: toDecimal(tally.best),
    worstTrade: toDecimal(tally.worst),
    profitFactor: roundedProfitFactor(tally),
    instrumentsTraded,
  };
}

/** Wins in per cent of all trades, with one decimal; 0 without trades. */
export function winRate(wins: number, trades: number): number {
  return trades === 0 ? 0 : roundedRatio(100 * wins, trades, 1);
}

function roundedProfitFactor({ grossProfit, grossLoss }: Tally): number | null {
  if (grossProfit === 0) return 0;
  return grossLoss === 0 ? null : roundedRatio(grossProfit, -grossLoss, 2);
}

/** Σ wins / |Σ losses|: 0 without wins, null with wins and no losses. */
export function profitFactor(profit: number, loss: number): number | null {
  if (profit === 0) return 0;
  return loss === 0 ? null : profit / -loss;
}

/** Every figure of a set of trades that does not depend on their order, unrounded. */
export function describeTrades(tally: Tally): RawFigures {
  const { trades, wins, losses, grossProfit, grossLoss } = tally;
  const total = totalPnl(tally);
  const some = trades > 0;
  const moments: Moments = { n: trades, sum: BigInt(total), squares: tally.squares };
  const average = averageOf(total, trades);
  return {
    totalPnl: toDecimal(total),
    grossProfit: toDecimal(grossProfit),
    grossLoss: toDecimal(grossLoss),
    totalCommission: toDecimal(tally.commission),
    grossPnlBeforeCommission: toDecimal(total - tally.commission),
    wins,
    losses,
    breakeven: trades - wins - losses,
    winRate: some ? (100 * wins) / trades : null,
    winRateExclBreakeven: wins + losses > 0 ? (100 * wins) / (wins + losses) : null,
    avgPnl: average,
    avgWin: averageOf(grossProfit, wins),
    avgLoss: averageOf(grossLoss, losses),
    bestTrade: some ? toDecimal(tally.best) : null,
    worstTrade: some ? toDecimal(tally.worst) : null,
    profitFactor: profitFactor(grossProfit, grossLoss),
    riskReward: riskReward(tally),
    expectancy: average,
    expectancyR: expectancyR(tally),
    stdTrade: deviationInMoney(moments),
    sqn: sqn(moments),
    kelly: kelly(tally),
    avgDurationMs: some ? tally.duration / trades : null,
  };
}

/** An average in money, as a decimal number; null if `count` is 0. It is rounded only once. */
export function averageOf(sum: Units, count: number): number | null {
  return count === 0 ? null : sum / (count * unitsPerWhole);
}

/** Sample deviation (n − 1) · √factor in money, as a decimal number; null below two values. */
export function deviationInMoney(moments: Moments, factor = 1n): number | null {
  const spread = variance(moments);
  return spread && root(factor * spread[0], spread[1] * BigInt(unitsPerWhole) ** 2n);
}

/** mean / deviation · √factor: null below two values, or when all are equal. */
export function meanInDeviations(moments: Moments, factor: bigint): number | null {
  const spread = variance(moments);
  if (!spread || spread[0] === 0n) return null;
  const { n, sum } = moments;
  return signedRoot(sum, factor * spread[1], BigInt(n) ** 2n * spread[0]);
}

/** value · √(numerator / denominator) */
export function signedRoot(value: bigint, numerator: bigint, denominator: bigint): number {
  const size = root(value * value * numerator, denominator);
  return value < 0n ? -size : size;
}

/** System quality number, by Tharp: √N · mean / deviation. */
function sqn(moments: Moments): number | null {
  return meanInDeviations(moments, BigInt(moments.n));
}

/** Average win / |average loss|: null without losses, 0 without wins. */
function riskReward({ wins, losses, grossProfit, grossLoss }: Tally): number | null {
  if (losses === 0) return null;
  return ratio(BigInt(grossProfit) * BigInt(losses), BigInt(wins || 1) * BigInt(-grossLoss));
}

/** Average of all trades / |average loss|: null without losses. */
function expectancyR(tally: Tally): number | null {
  const { trades, losses, grossLoss } = tally;
  if (losses === 0) return null;
  return ratio(BigInt(totalPnl(tally)) * BigInt(losses), BigInt(trades) * BigInt(-grossLoss));
}

/**
 * p − (1 − p) / riskReward with p = W / (W + L), which equals W / (W + L) · total / Σ wins.
 * Kelly (1956). Null without wins or without losses.
 */
function kelly(tally: Tally): number | null {
  const { wins, losses, grossProfit } = tally;
  if (wins === 0 || losses === 0) return null;
  return ratio(BigInt(wins) * BigInt(totalPnl(tally)), BigInt(wins + losses) * BigInt(grossProfit));
}
