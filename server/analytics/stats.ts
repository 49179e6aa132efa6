import type { Stats } from '../../shared/answers/stats.ts';
import type { RawFigures } from '../../shared/answers/widgets.ts';
import { roundedRatio, toDecimal, unitsPerWhole } from '../../shared/money.ts';
import { type Tally, totalPnl } from './run.ts';
import { deviation } from './statistics.ts';

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

/** Per cent of all trades, one decimal; 0 without trades. */
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
  const averageWin = wins > 0 ? grossProfit / wins : null;
  const averageLoss = losses > 0 ? grossLoss / losses : null;
  const expectancy = some ? total / trades : null;
  const spread = deviation({ n: trades, sum: BigInt(total), squares: tally.squares });
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
    avgPnl: inMoney(expectancy),
    avgWin: inMoney(averageWin),
    avgLoss: inMoney(averageLoss),
    bestTrade: some ? toDecimal(tally.best) : null,
    worstTrade: some ? toDecimal(tally.worst) : null,
    profitFactor: profitFactor(grossProfit, grossLoss),
    riskReward: riskReward(tally),
    expectancy: inMoney(expectancy),
    expectancyR: averageLoss === null || expectancy === null ? null : expectancy / -averageLoss,
    stdTrade: inMoney(spread),
    sqn: spread === null || spread === 0 ? null : (Math.sqrt(trades) * (total / trades)) / spread,
    kelly: kelly(tally),
    avgDurationMs: some ? tally.duration / trades : null,
  };
}

/** Average win / |average loss|: null without losses, 0 with losses only. */
function riskReward({ wins, losses, grossProfit, grossLoss }: Tally): number | null {
  if (losses === 0) return null;
  return wins === 0 ? 0 : (grossProfit * losses) / (wins * -grossLoss);
}

/** p − (1 − p) / (risk : reward) with p = W / (W + L). Kelly (1956). Null without a win or a loss. */
function kelly(tally: Tally): number | null {
  const ratio = riskReward(tally);
  if (!ratio) return null;
  const p = tally.wins / (tally.wins + tally.losses);
  return p - (1 - p) / ratio;
}

/** An average in units as an amount of money; null stays null. */
export function inMoney(units: number | null): number | null {
  return units === null ? null : units / unitsPerWhole;
}
