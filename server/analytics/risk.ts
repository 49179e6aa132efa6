import type { RawFigures, RiskFigures } from '../../shared/answers/widgets.ts';
import type { Day } from '../../shared/day.ts';
import { toDecimal, type Units, unitsPerWhole } from '../../shared/money.ts';
import { type ActiveDay, closesOf, type DailySeries, dailySeries } from './daily.ts';
import { ratio, root } from './exact.ts';
import { type Fraction, momentsOf, quantile } from './statistics.ts';
import {
  averageOf,
  deviationInMoney,
  meanInDeviations,
  profitFactor,
  signedRoot,
} from './stats.ts';

/** Trading days in a year. */
const yearDays = 252n;

/** The 95 % point of the standard normal distribution. */
const normal95 = 1.6448536269514726;

const unit = BigInt(unitsPerWhole);

export interface RiskInput {
  /** The days with trades, in order. */
  days: readonly ActiveDay[];
  /** The last day that the daily series may reach. */
  latest: Day;
  raw: RawFigures;
  /** The largest drawdown from trade to trade, as a positive number. */
  maxDrawdown: Units;
  startingBalance: Units | null;
}

/** Every risk figure of a period, unrounded; undefined ones are null. Defined in docs/numbers.md. */
export function describeRisk(input: RiskInput): RiskFigures {
  const { days, raw, maxDrawdown } = input;
  const series = dailySeries(days, input.latest);
  const moments = momentsOf(series.results, series.idle);
  const { n, sum } = moments;
  const mean = averageOf(Number(sum), n);
  const std = deviationInMoney(moments);
  const isSample = n >= 2;
  const [above, below] = gainsAndLosses(series.results);
  const total = days.reduce((all, { pnl }) => all + pnl, 0);
  return {
    n,
    mean,
    std,
    volAnnual: deviationInMoney(moments, yearDays),
    sharpe: meanInDeviations(moments, yearDays),
    ...describeDownside(series),
    ...describeTail(series),
    parametricVar95: std === null || mean === null ? null : normal95 * std - mean,
    dailyProfitFactor: n > 0 ? profitFactor(above, below) : null,
    maxDrawdown: toDecimal(maxDrawdown),
    riskReward: raw.riskReward,
    profitFactor: raw.profitFactor,
    expectancy: raw.expectancy,
    sqn: raw.sqn,
    kelly: raw.kelly,
    recoveryFactor: maxDrawdown > 0 ? total / maxDrawdown : null,
    calmar:
      maxDrawdown > 0 && isSample ? ratio(yearDays * sum, BigInt(n) * BigInt(maxDrawdown)) : null,
    ...ulcer(days, input.startingBalance),
    ...bestAndWorstDay(days, total),
  };
}

function gainsAndLosses(results: readonly Units[]): [Units, Units] {
  let above = 0;
  let below = 0;
  for (const pnl of results) {
    if (pnl > 0) above += pnl;
    else below += pnl;
  }
  return [above, below];
}

/** Downside deviation, √(mean of min(x, 0)²) over all days, and Sortino ratio, annualised. */
function describeDownside({ results, idle }: DailySeries) {
  const { n, sum } = momentsOf(results, idle);
  const { squares } = momentsOf(results.filter((pnl) => pnl < 0));
  return {
    sortino: n >= 2 && squares > 0n ? signedRoot(sum, yearDays, BigInt(n) * squares) : null,
    downsideDev: n > 0 ? root(squares, BigInt(n) * unit ** 2n) : null,
  };
}

/** Value at risk, expected shortfall and 5 % quantile: figures of the worst days. */
function describeTail({ results, idle }: DailySeries) {
  const n = results.length + idle;
  if (n === 0) return { var95: null, var99: null, cvar95: null, quantile05: null };
  const sorted = results.toSorted((a, b) => a - b);
  const below = sorted.filter((pnl) => pnl < 0).length;
  // In ascending order the idle days, as zeros, come between losses and gains.
  const at = (index: number) =>
    index < below ? sorted[index]! : index < below + idle ? 0 : sorted[index - idle]!;
  const isSample = n >= 2;
  const loss = (fraction: Fraction) => (isSample ? Math.max(0, -inMoney(fraction)) : null);
  return {
    var95: loss(quantile(n, at, 5)),
    var99: loss(quantile(n, at, 1)),
    cvar95: loss(worstMean(n, at)),
    quantile05: inMoney(quantile(n, at, 5)),
  };
}

/** The mean of the ⌊(n − 1) · 0.05⌋ + 1 worst days. */
function worstMean(n: number, at: (index: number) => number): Fraction {
  const count = Math.floor((n - 1) / 20) + 1;
  let sum = 0n;
  for (let index = 0; index < count; index++) sum += BigInt(at(index));
  return [sum, BigInt(count)];
}

function inMoney([units, denominator]: Fraction): number {
  return ratio(units, denominator * unit);
}

/** The fractional bits of squared percentages; the smallest has its first bit at the 93rd place. */
const squareBits = 256n;

/** Ulcer index: √(mean of squared drawdowns) over the active days' closes. Martin & McCann (1989). */
function ulcer(days: readonly ActiveDay[], startingBalance: Units | null) {
  const closes = closesOf(days);
  if (closes.length === 0) return { ulcerDollar: null, ulcerPct: null };
  const count = BigInt(closes.length);
  const { squares } = momentsOf(closes.map((close) => close.drawdown));
  return {
    ulcerDollar: root(squares, count * unit ** 2n),
    ulcerPct:
      startingBalance !== null && startingBalance > 0
        ? root(squaredPercents(closes, startingBalance), count << squareBits)
        : null,
  };
}

function squaredPercents(closes: ReturnType<typeof closesOf>, startingBalance: Units): bigint {
  return closes.reduce((sum, { drawdown, peak }) => {
    const percent = 100n * BigInt(drawdown);
    const capital = BigInt(startingBalance) + BigInt(peak);
    return sum + ((percent * percent) << squareBits) / (capital * capital);
  }, 0n);
}

function bestAndWorstDay(days: readonly ActiveDay[], total: Units) {
  const results = days.map(({ pnl }) => pnl);
  const best = results.length > 0 ? results.reduce((a, b) => Math.max(a, b)) : null;
  const worst = results.length > 0 ? results.reduce((a, b) => Math.min(a, b)) : null;
  return {
    bestDay: best === null ? null : toDecimal(best),
    worstDay: worst === null ? null : toDecimal(worst),
    activeDays: days.length,
    profitableDaysPct:
      days.length > 0 ? (100 * results.filter((pnl) => pnl > 0).length) / days.length : null,
    bestDayPctOfProfit:
      best !== null && best > 0 && total > 0 ? ratio(100n * BigInt(best), BigInt(total)) : null,
  };
}
