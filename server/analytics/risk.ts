import type { RawFigures, RiskFigures } from '../../shared/answers/widgets.ts';
import { toDecimal, type Units } from '../../shared/money.ts';
import { type ActiveDay, closesOf, dailySeries } from './daily.ts';
import { deviation, mean, momentsOf, quantile } from './statistics.ts';
import { inMoney, profitFactor } from './stats.ts';

/** Trading days in a year. */
const yearDays = 252;

/** The 95 % point of the standard normal distribution. */
const normal95 = 1.6448536269514722;

export interface RiskInput {
  /** Days with trades, in order. */
  days: readonly ActiveDay[];
  raw: RawFigures;
  /** Trade by trade, positive. */
  maxDrawdown: Units;
  startingBalance: Units | null;
}

/** Every risk figure of a period, unrounded; undefined ones null. Definitions stand in the reference. */
export function describeRisk({ days, raw, maxDrawdown, startingBalance }: RiskInput): RiskFigures {
  const series = dailySeries(days);
  const sorted = series.toSorted((a, b) => a - b);
  const n = series.length;
  const moments = momentsOf(series);
  const average = mean(moments);
  const spread = deviation(moments);
  const downside = downsideDeviation(series);
  const hasSpread = spread !== null && spread > 0;
  const isSample = n >= 2;
  const total = Number(moments.sum);
  return {
    n,
    mean: inMoney(average),
    std: inMoney(spread),
    volAnnual: spread === null ? null : inMoney(spread * Math.sqrt(yearDays)),
    sharpe: hasSpread && average !== null ? (average / spread) * Math.sqrt(yearDays) : null,
    sortino:
      isSample && downside && average !== null ? (average / downside) * Math.sqrt(yearDays) : null,
    downsideDev: inMoney(downside),
    var95: isSample ? inMoney(loss(quantile(sorted, 5))) : null,
    var99: isSample ? inMoney(loss(quantile(sorted, 1))) : null,
    cvar95: isSample ? inMoney(loss(worstMean(sorted))) : null,
    quantile05: n > 0 ? inMoney(quantile(sorted, 5)) : null,
    parametricVar95:
      spread === null || average === null ? null : inMoney(normal95 * spread - average),
    dailyProfitFactor: n > 0 ? profitFactor(sumAbove(series), sumBelow(series)) : null,
    maxDrawdown: toDecimal(maxDrawdown),
    riskReward: raw.riskReward,
    profitFactor: raw.profitFactor,
    expectancy: raw.expectancy,
    sqn: raw.sqn,
    kelly: raw.kelly,
    recoveryFactor: maxDrawdown > 0 ? total / maxDrawdown : null,
    calmar:
      maxDrawdown > 0 && isSample && average !== null ? (yearDays * average) / maxDrawdown : null,
    ...ulcer(days, startingBalance),
    ...bestAndWorstDay(days, total),
  };
}

/** A loss is told as a positive amount, a gain as none. */
function loss(value: number): number {
  return Math.max(0, -value);
}

/** √(mean of min(x, 0)²), all days in the denominator; null of no days. */
function downsideDeviation(series: readonly Units[]): number | null {
  if (series.length === 0) return null;
  const { squares } = momentsOf(series.filter((pnl) => pnl < 0));
  return Math.sqrt(Number(squares) / series.length);
}

/** Mean of the ⌊(n − 1) · 0.05⌋ + 1 worst days. */
function worstMean(sorted: readonly Units[]): number {
  const count = Math.floor((sorted.length - 1) / 20) + 1;
  return sum(sorted.slice(0, count)) / count;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function sumAbove(values: readonly number[]): number {
  return sum(values.filter((value) => value > 0));
}

function sumBelow(values: readonly number[]): number {
  return sum(values.filter((value) => value < 0));
}

/** Ulcer index: √(mean of squared drawdowns) over the active days' closes. Martin & McCann (1989). */
function ulcer(days: readonly ActiveDay[], startingBalance: Units | null) {
  const closes = closesOf(days);
  if (closes.length === 0) return { ulcerDollar: null, ulcerPct: null };
  const { squares } = momentsOf(closes.map((close) => close.drawdown));
  const percents = closes.map(({ drawdown, peak }) => (100 * drawdown) / (startingBalance! + peak));
  return {
    ulcerDollar: inMoney(Math.sqrt(Number(squares) / closes.length)),
    ulcerPct:
      startingBalance !== null && startingBalance > 0
        ? Math.sqrt(sum(percents.map((percent) => percent * percent)) / closes.length)
        : null,
  };
}

function bestAndWorstDay(days: readonly ActiveDay[], total: Units) {
  const results = days.map(({ pnl }) => pnl);
  const best = results.length > 0 ? results.reduce((a, b) => Math.max(a, b)) : null;
  const worst = results.length > 0 ? results.reduce((a, b) => Math.min(a, b)) : null;
  return {
    bestDay: inMoney(best),
    worstDay: inMoney(worst),
    activeDays: days.length,
    profitableDaysPct:
      days.length > 0 ? (100 * results.filter((pnl) => pnl > 0).length) / days.length : null,
    bestDayPctOfProfit: best !== null && best > 0 && total > 0 ? (100 * best) / total : null,
  };
}
