/**
 * Each metric, calculated from its definition alone. Fractions become the nearest double when they are
 * written; money is written as a decimal. A metric that is undefined is null.
 */

import { addDays, type Clock, isWeekend, type ReadClock } from './clock.ts';
import { exact, type Fraction, largest, smallest, sum, zero } from './fraction.ts';
import {
  bestOf,
  deviation,
  mean,
  percentage,
  quantile,
  ratio,
  rootMeanSquare,
  wholePart,
  worstOf,
} from './statistics.ts';
import {
  type Day,
  durationOf,
  groupBy,
  isLoss,
  isWin,
  money,
  moneyOrNull,
  pnlOf,
  type Trade,
  totalOf,
} from './trades.ts';

/** The starting balance and the drawdown limit of the account whose trades a file lists. */
export const startingBalance = exact(50_000);
export const drawdownLimit = exact(2_000);
/** Trading days in a year. */
const yearDays = 252;
const fivePercent = exact('0.05');
/** The 95 % point of the standard normal distribution. */
const normal95 = exact('1.644853626951472714863848907992');

/** Σ wins / |Σ losses|: without wins 0, with wins and no losses undefined. */
function profitFactor(trades: { pnl: Fraction }[]): Fraction | null {
  const wins = totalOf(trades.filter(isWin));
  if (wins.sign === 0) return zero;
  return ratio(wins, totalOf(trades.filter(isLoss)).times(-1));
}

function winRate(trades: Trade[]): Fraction | null {
  return percentage(trades.filter(isWin).length, trades.length);
}

export function dailyPnl(days: Day[]) {
  return days.map(({ day, pnl, trades }) => ({ day, pnl: money(pnl), trades: trades.length }));
}

/** The figures as a page shows them: rounded, 0 where there is no trade. */
export function stats(trades: Trade[]) {
  const rounded = (value: Fraction | null, digits: number) =>
    exact((value ?? zero).toFixed(digits));
  const factor = profitFactor(trades);
  const pnls = trades.map(pnlOf);
  return {
    tradeCount: trades.length,
    winRate: rounded(winRate(trades), 1),
    avgPnl: rounded(mean(pnls), 2),
    totalPnl: sum(pnls),
    bestTrade: bestOf(pnls) ?? zero,
    worstTrade: worstOf(pnls) ?? zero,
    profitFactor: factor && rounded(factor, 2),
    instrumentsTraded: new Set(trades.map(({ symbol }) => symbol)).size,
  };
}

export function raw(trades: Trade[]) {
  const pnls = trades.map(pnlOf);
  const wins = trades.filter(isWin).map(pnlOf);
  const losses = trades.filter(isLoss).map(pnlOf);
  const total = sum(pnls);
  const commission = sum(trades.map((trade) => trade.commission));
  const expectancy = mean(pnls);
  const averageLoss = mean(losses);
  return {
    totalPnl: money(total),
    grossProfit: money(sum(wins)),
    grossLoss: money(sum(losses)),
    totalCommission: money(commission),
    grossPnlBeforeCommission: money(total.minus(commission)),
    wins: wins.length,
    losses: losses.length,
    breakeven: trades.length - wins.length - losses.length,
    winRate: winRate(trades),
    winRateExclBreakeven: percentage(wins.length, wins.length + losses.length),
    avgPnl: expectancy,
    avgWin: mean(wins),
    avgLoss: averageLoss,
    bestTrade: moneyOrNull(bestOf(pnls)),
    worstTrade: moneyOrNull(worstOf(pnls)),
    profitFactor: profitFactor(trades),
    riskReward: riskReward(trades),
    expectancy,
    // In units of the average loss, which stands for the amount risked (Tharp).
    expectancyR: averageLoss && expectancy!.over(averageLoss.times(-1)),
    stdTrade: deviation(pnls),
    sqn: sqn(trades),
    kelly: kelly(trades),
    avgDurationMs: mean(trades.map((trade) => exact(durationOf(trade)))),
  };
}

/** Average win / |average loss|. */
function riskReward(trades: Trade[]): Fraction | null {
  const loss = mean(trades.filter(isLoss).map(pnlOf));
  return loss && (mean(trades.filter(isWin).map(pnlOf)) ?? zero).over(loss.times(-1));
}

/** √N · mean / deviation of the trades’ results: the System Quality Number (Tharp). */
function sqn(trades: Trade[]): Fraction | null {
  const pnls = trades.map(pnlOf);
  const spread = deviation(pnls);
  return spread && ratio(exact(pnls.length).root().times(mean(pnls)!), spread);
}

/** p − (1 − p) / (risk : reward), p being the share of wins among wins and losses (Kelly 1956). */
function kelly(trades: Trade[]): Fraction | null {
  const wins = trades.filter(isWin).length;
  const losses = trades.filter(isLoss).length;
  if (wins === 0 || losses === 0) return null;
  const share = exact(wins).over(wins + losses);
  return share.minus(exact(1).minus(share).over(riskReward(trades)!));
}

interface Point {
  pnl: Fraction;
  equity: Fraction;
  /** Highest equity so far; 0 before the first point, so that a first loss counts. */
  peak: Fraction;
  drawdown: Fraction;
}

export function curveOf(results: Fraction[]): Point[] {
  let equity = zero;
  let peak = zero;
  return results.map((pnl) => {
    equity = equity.plus(pnl);
    peak = largest(peak, equity);
    return { pnl, equity, peak, drawdown: peak.minus(equity) };
  });
}

function deepest(curve: Point[]): Fraction {
  return largest(zero, ...curve.map(({ drawdown }) => drawdown));
}

/** The drawdown in percent of the account’s highest balance so far. */
function drawdownPct({ peak, drawdown }: Point): Fraction {
  return drawdown.times(100).over(startingBalance.plus(peak));
}

export function equityCurve(days: Day[]) {
  return curveOf(days.map(pnlOf)).map(({ pnl, equity, peak, drawdown }, index) => ({
    day: days[index]!.day,
    pnl: money(pnl),
    equity: money(equity),
    peak: money(peak),
    drawdown: money(drawdown),
  }));
}

export function maxDrawdownEod(days: Day[]): string {
  return money(deepest(curveOf(days.map(pnlOf))));
}

export function drawdown(trades: Trade[], days: Day[]) {
  const curve = curveOf(trades.map(pnlOf));
  const current = curve.at(-1) ?? { equity: zero, peak: zero, drawdown: zero };
  const maxDrawdown = deepest(curve);
  const used = current.drawdown.over(drawdownLimit).times(100);
  return {
    maxDrawdown: money(maxDrawdown),
    maxDrawdownEod: maxDrawdownEod(days),
    currentDrawdown: money(current.drawdown),
    peakEquity: money(current.peak),
    currentEquity: money(current.equity),
    maxDrawdownPct: largest(zero, ...curve.map(drawdownPct)),
    ...underwater(trades, curve),
    gauge: {
      limit: money(drawdownLimit),
      used,
      usedClamped: smallest(used, exact(100)),
      remaining: money(largest(zero, drawdownLimit.minus(current.drawdown))),
      everBreached: maxDrawdown.compare(drawdownLimit) > 0,
    },
  };
}

/** The longest time until a peak was reached again, and the time since the last one that has not been, ms. */
function underwater(trades: Trade[], curve: Point[]) {
  let longestRecoveredMs = 0;
  let currentUnderwaterMs = 0;
  let peakTime = trades[0]?.entryTime ?? 0;
  for (const [index, { exitTime }] of trades.entries()) {
    if (curve[index]!.drawdown.sign > 0) currentUnderwaterMs = exitTime - peakTime;
    else {
      if (currentUnderwaterMs > 0) {
        longestRecoveredMs = Math.max(longestRecoveredMs, exitTime - peakTime);
      }
      currentUnderwaterMs = 0;
      peakTime = exitTime;
    }
  }
  return { longestRecoveredMs, currentUnderwaterMs };
}

export function streak(trades: Trade[]) {
  const letters = trades.map((trade) => (isWin(trade) ? 'W' : isLoss(trade) ? 'L' : 'B'));
  const runs = letters.join('').match(/W+|L+|B/g) ?? [];
  const longest = (letter: string) =>
    Math.max(0, ...runs.filter((run) => run.startsWith(letter)).map((run) => run.length));
  const last = runs.at(-1) ?? 'B';
  return {
    // A break-even ends a streak of either kind.
    current: last.startsWith('B')
      ? { type: 'none', length: 0 }
      : { type: last.startsWith('W') ? 'win' : 'loss', length: last.length },
    longestWin: longest('W'),
    longestLoss: longest('L'),
    recent: letters.slice(-20),
  };
}

/** The figures of each instrument, the largest total first. */
export function instruments(trades: Trade[]) {
  return groupBy(trades, ({ symbol }) => symbol)
    .sort(([, a], [, b]) => totalOf(b).compare(totalOf(a)))
    .map(([symbol, those]) => ({
      symbol,
      trades: those.length,
      win_rate: exact(winRate(those)!.toFixed(1)),
      winRateRaw: winRate(those),
      total_pnl: money(totalOf(those)),
      profitFactor: profitFactor(those),
    }));
}

export function directions(trades: Trade[]) {
  const inDirection = (wanted: Trade['direction']) => {
    const those = trades.filter(({ direction }) => direction === wanted);
    return {
      trades: those.length,
      winRate: winRate(those),
      totalPnl: money(totalOf(those)),
      profitFactor: profitFactor(those),
    };
  };
  return { long: inDirection('long'), short: inDirection('short') };
}

export function heatmaps(trades: Trade[], clock: ReadClock) {
  const heatmap = (clockOfTrade: (trade: Trade) => Clock) =>
    groupBy(trades, (trade) => {
      const { weekday, hour } = clockOfTrade(trade);
      return `${weekday} ${String(hour).padStart(2, '0')}`;
    }).map(([cell, those]) => {
      const [dow, hour] = cell.split(' ').map(Number);
      const wins = those.filter(isWin).length;
      return { dow, hour, pnl: money(totalOf(those)), trades: those.length, wins };
    });
  return {
    entry: heatmap(({ entryTime }) => clock(entryTime)),
    exit: heatmap(({ exitTime }) => clock(exitTime)),
  };
}

export function risk(trades: Trade[], days: Day[]) {
  const series = dailySeries(days);
  const total = totalOf(trades);
  const maxDrawdown = deepest(curveOf(trades.map(pnlOf)));
  const closes = curveOf(days.map(pnlOf));
  const results = days.map(pnlOf);
  const average = series.length < 2 ? null : mean(series);
  return {
    ...ratiosOf(series),
    maxDrawdown: money(maxDrawdown),
    riskReward: riskReward(trades),
    profitFactor: profitFactor(trades),
    expectancy: mean(trades.map(pnlOf)),
    sqn: sqn(trades),
    kelly: kelly(trades),
    recoveryFactor: ratio(total, maxDrawdown),
    calmar: average && ratio(average.times(yearDays), maxDrawdown),
    // Root mean square of the drawdowns at the closes (Martin & McCann 1989).
    ulcerDollar: rootMeanSquare(closes.map(({ drawdown }) => drawdown)),
    ulcerPct: rootMeanSquare(closes.map(drawdownPct)),
    bestDay: moneyOrNull(bestOf(results)),
    worstDay: moneyOrNull(worstOf(results)),
    activeDays: days.length,
    profitableDaysPct: percentage(days.filter(isWin).length, days.length),
    bestDayPctOfProfit: bestDayPctOfProfit(days),
    variants: { activeDays: ratiosOf(results) },
  };
}

/** Consistency: the share of the profit that the best day made, in percent. */
export function bestDayPctOfProfit(days: Day[]): Fraction | null {
  const best = bestOf(days.map(pnlOf)) ?? zero;
  const total = totalOf(days);
  return total.sign <= 0 || best.sign <= 0 ? null : best.times(100).over(total);
}

/** The results of every Monday to Friday from the first active day to the last, idle ones as 0, and of active weekend days. */
function dailySeries(days: Day[]): Fraction[] {
  if (days.length === 0) return [];
  const results = new Map(days.map(({ day, pnl }) => [day, pnl]));
  const series: Fraction[] = [];
  for (let { day } = days[0]!; day <= days.at(-1)!.day; day = addDays(day, 1)) {
    const pnl = results.get(day);
    if (pnl || !isWeekend(day)) series.push(pnl ?? zero);
  }
  return series;
}

/** The risk figures of a series of daily results. */
function ratiosOf(series: Fraction[]) {
  const n = series.length;
  const average = mean(series);
  const spread = deviation(series);
  const sorted = series.toSorted((a, b) => a.compare(b));
  const downside = rootMeanSquare(series.map((pnl) => smallest(pnl, zero)));
  const loss = (value: Fraction | null) =>
    n < 2 || value === null ? null : largest(zero, value.times(-1));
  const worst = sorted.slice(0, wholePart(fivePercent.times(n - 1)) + 1);
  return {
    n,
    mean: average,
    std: spread,
    volAnnual: spread?.times(exact(yearDays).root()) ?? null,
    // Sharpe 1994, risk-free 0.
    sharpe: spread && annual(average!, spread),
    // Sortino & Price 1994, target 0, all days in the denominator.
    sortino: n < 2 ? null : annual(average!, downside!),
    downsideDev: downside,
    var95: loss(quantile(sorted, fivePercent)),
    var99: loss(quantile(sorted, exact('0.01'))),
    // Expected shortfall.
    cvar95: loss(mean(worst)),
    quantile05: quantile(sorted, fivePercent),
    parametricVar95: spread?.times(normal95).minus(average!) ?? null,
    dailyProfitFactor: n === 0 ? null : profitFactor(series.map((pnl) => ({ pnl }))),
  };
}

/** A ratio of daily figures, annualised. */
function annual(average: Fraction, spread: Fraction): Fraction | null {
  return ratio(average.times(exact(yearDays).root()), spread);
}

/** The last ten trades, the latest first. */
export function recentTrades(trades: Trade[]) {
  return trades
    .slice(-10)
    .reverse()
    .map((trade) => ({
      id: trade.id,
      symbol: trade.symbol,
      direction: trade.direction,
      pnl: money(trade.pnl),
      exit_time: trade.exitTime,
      durationMs: durationOf(trade),
    }));
}

export function calendar(days: Day[]) {
  const months = groupBy(days, ({ day }) => day.slice(0, 7));
  return Object.fromEntries(months.map(([month, those]) => [month, calendarMonth(those)]));
}

function calendarMonth(days: Day[]) {
  const winDays = days.filter(isWin).length;
  const lossDays = days.filter(isLoss).length;
  return {
    days: days.map(({ day, pnl, trades }) => ({
      day,
      pnl: money(pnl),
      trades: trades.length,
      wins: trades.filter(isWin).length,
    })),
    totalPnl: money(totalOf(days)),
    trades: days.flatMap(({ trades }) => trades).length,
    winDays,
    lossDays,
    flatDays: days.length - winDays - lossDays,
  };
}
