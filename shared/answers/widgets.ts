import { z } from 'zod';
import { directions } from '../trades.ts';
import { sorts, type WidgetName } from '../widgets.ts';
import { type Branding, branding } from './branding.ts';
import { count, day, figure, id, moment, money, month, percent, text, yesOrNo } from './fields.ts';
import { coverage, dayResult, days, instrumentFields, stats } from './stats.ts';

/** The first and the last day that a widget shows. */
const span = {
  from: day(
    'The first day of the picture: of `all`, that of the first trade; null where there is none.',
  ).nullable(),
  to: day('The last: the day of asking, or the last with trades when that is later.'),
};

const tradeCount = count('Closed trades.');

const statsCardData = z
  .object({
    ...coverage,
    ...span,
    stats,
    wins: count('Winning trades.'),
    losses: count('Losing trades.'),
    breakeven: count('Trades that made exactly zero.'),
    grossProfit: money('Sum of the winning trades.'),
    grossLoss: money('Sum of the losing trades: zero or below.'),
    dailyPnl: days,
  })
  .meta({ id: 'StatsCardData' });

export type StatsCardData = z.output<typeof statsCardData>;

const instrumentFigures = z
  .object({
    ...instrumentFields,
    winRateRaw: percent('Winning trades of all, not rounded.'),
    profitFactor: figure(
      'What was won for each unit that was lost, not rounded; null when there are wins and no losses.',
    ).nullable(),
  })
  .meta({ id: 'InstrumentFigures' });

export type InstrumentFigures = z.output<typeof instrumentFigures>;

const instruments = z.array(instrumentFigures).describe('By total P&L, the largest first.');

const performanceSummaryData = z
  .object({ ...coverage, ...span, stats, dailyPnl: days, instruments })
  .meta({ id: 'PerformanceSummaryData' });

export type PerformanceSummaryData = z.output<typeof performanceSummaryData>;

/**
 * The state at the close of a day. Peak and drawdown are those of the closes; the peak starts at
 * zero.
 */
const equityPoint = z
  .object({
    ...dayResult,
    equity: money('The running total at the close.'),
    peak: money('The highest close so far, at least zero.'),
    drawdown: money('How far the close is below the peak, positive.'),
  })
  .meta({ id: 'EquityPoint' });

export type EquityPoint = z.output<typeof equityPoint>;

const equityCurveData = z
  .object({
    ...coverage,
    ...span,
    totalPnl: money('P&L of all.'),
    tradeCount,
    maxDrawdown: money('Deepest fall trade by trade, positive.'),
    equityCurve: z.array(equityPoint).describe('Days with trades, the oldest first.'),
  })
  .meta({ id: 'EquityCurveData' });

export type EquityCurveData = z.output<typeof equityCurveData>;

const leaderboardRow = z
  .object({
    rank: count('1, 2, …'),
    account_id: id('acc', 'Of the account.'),
    nickname: text('What it is called.'),
    total_pnl: money('What it made, net.'),
    win_rate: percent('Winning trades of all, to one decimal.'),
    trade_count: tradeCount,
  })
  .meta({ id: 'LeaderboardRow' });

export type LeaderboardRow = z.output<typeof leaderboardRow>;

const leaderboardData = z
  .object({
    ...coverage,
    ...span,
    sort: z.enum(sorts).describe('What the ranks go by.'),
    total: count('How many accounts have a rank: those with trades.'),
    leaders: z.array(leaderboardRow).describe('The first of them, up to `limit`.'),
    own: leaderboardRow
      .nullable()
      .describe(
        'The account that was asked about, whatever its rank; null without one, or when it has none.',
      ),
  })
  .meta({ id: 'LeaderboardData' });

export type LeaderboardData = z.output<typeof leaderboardData>;

const heatmapCell = z
  .object({
    dow: z.int().min(0).max(6).describe('Day of the week of the entry, UTC; 0 is Sunday.'),
    hour: z.int().min(0).max(23).describe('Hour of the entry, UTC.'),
    pnl: money('What the trades entered in it made, net.'),
    trades: count('How many they are.'),
    wins: count('How many of them won.'),
  })
  .meta({ id: 'HeatmapCell' });

export type HeatmapCell = z.output<typeof heatmapCell>;

const tradeHeatmapData = z
  .object({
    ...coverage,
    ...span,
    tradeCount,
    heatmap: z.array(heatmapCell).describe('The hours with trades, by day of the week and hour.'),
  })
  .meta({ id: 'TradeHeatmapData' });

export type TradeHeatmapData = z.output<typeof tradeHeatmapData>;

const instrumentBreakdownData = z
  .object({ ...coverage, ...span, tradeCount, instruments })
  .meta({ id: 'InstrumentBreakdownData' });

export type InstrumentBreakdownData = z.output<typeof instrumentBreakdownData>;

const gauge = z.object({
  limit: money('The limit that was asked about.'),
  used: money('How much of it is used now.'),
  usedClamped: money('The same, at most the limit.'),
  remaining: money('What is left of it.'),
  everBreached: yesOrNo('Whether the drawdown was ever beyond the limit.'),
  breachedOn: day('The day on which the drawdown first exceeded the limit.').nullable(),
});

const drawdownFigures = z
  .object({
    maxDrawdown: money('Deepest fall of the running total trade by trade, positive.'),
    maxDrawdownEod: money('The same of the days’ closes.'),
    currentDrawdown: money('How far it is below its peak now, positive.'),
    peakEquity: money('The highest running total, at least zero.'),
    currentEquity: money('The running total now.'),
    maxDrawdownPct: percent(
      'Deepest fall of the peak with the starting balance; null without one, or over several accounts.',
    ).nullable(),
    longestRecoveredMs: figure(
      'Longest time from a high to its recovery, in ms; null over several accounts.',
    ).nullable(),
    currentUnderwaterMs: figure(
      'From the last high to the last trade, in ms, 0 at a high; null over several accounts.',
    ).nullable(),
    gauge: gauge
      .nullable()
      .describe('Measured over the whole history; null when no limit was asked about.'),
  })
  .meta({ id: 'DrawdownFigures' });

export type DrawdownFigures = z.output<typeof drawdownFigures>;

const drawdownGaugeData = z
  .object({ ...coverage, ...span, tradeCount, drawdown: drawdownFigures })
  .meta({ id: 'DrawdownGaugeData', description: 'Of the whole history.' });

export type DrawdownGaugeData = z.output<typeof drawdownGaugeData>;

const streakFigures = z
  .object({
    current: z.object({
      type: z.enum(['win', 'loss', 'none']).describe('`none` after a trade that made zero.'),
      length: count('Trades in a row.'),
    }),
    longestWin: count('Most winning trades in a row.'),
    longestLoss: count('Most losing trades in a row.'),
    recent: z
      .array(z.enum(['W', 'L', 'B']))
      .describe('Up to twenty last outcomes (won, lost, broke even), the oldest first.'),
  })
  .meta({ id: 'StreakFigures' });

export type StreakFigures = z.output<typeof streakFigures>;

const winStreakData = z
  .object({
    ...coverage,
    ...span,
    tradeCount,
    streak: streakFigures,
    currentPnl: money('What the current streak made; null over several accounts.').nullable(),
  })
  .meta({ id: 'WinStreakData' });

export type WinStreakData = z.output<typeof winStreakData>;

const calendarDay = z
  .object({ ...dayResult, wins: count('Winning trades.') })
  .meta({ id: 'CalendarDay' });

export type CalendarDay = z.output<typeof calendarDay>;

const monthlyCalendarData = z
  .object({
    ...coverage,
    month: month('That is shown, YYYY-MM.'),
    firstMonth: month('Of the first trade; null without one.').nullable(),
    lastMonth: month('Of the last trade, when that is later than the current month.').optional(),
    today: day('The day of asking.'),
    days: z.array(calendarDay).describe('Days with trades, the oldest first.'),
    totalPnl: money('P&L of the month.'),
    trades: count('Closed trades of the month.'),
    winDays: count('Days above zero.'),
    lossDays: count('Days below zero.'),
    flatDays: count('Days with trades that made exactly zero.'),
  })
  .meta({ id: 'MonthlyCalendarData' });

export type MonthlyCalendarData = z.output<typeof monthlyCalendarData>;

const recentTrade = z
  .object({
    id: text('Of the trade.'),
    account_id: id('acc', 'Of its account.'),
    nickname: text('What the account is called.'),
    symbol: text('Of a future the root (MES).'),
    direction: z.enum(directions),
    quantity: figure('Lots or contracts.'),
    entry_price: figure('Price at the entry.'),
    exit_price: figure('Price at the exit.'),
    entry_time: moment('When it was opened.'),
    exit_time: moment('When it was closed.'),
    pnl: money('What the account gained after commission, fees and swap.'),
    durationMs: figure('From entry to exit, in ms.'),
  })
  .meta({ id: 'RecentTrade' });

export type RecentTrade = z.output<typeof recentTrade>;

const recentTradesData = z
  .object({ ...coverage, trades: z.array(recentTrade).describe('Closed ones, the latest first.') })
  .meta({ id: 'RecentTradesData' });

export type RecentTradesData = z.output<typeof recentTradesData>;

const rawFigures = z
  .object({
    totalPnl: money('P&L of all.'),
    grossProfit: money('Sum of the winning trades.'),
    grossLoss: money('Sum of the losing trades: zero or below.'),
    totalCommission: money('Zero or below; already within the P&L.'),
    grossPnlBeforeCommission: money('P&L without the commission.'),
    wins: count('Winning trades.'),
    losses: count('Losing trades.'),
    breakeven: count('Trades that made exactly zero.'),
    winRate: percent('Winning trades of all.').nullable(),
    winRateExclBreakeven: percent('Winning trades of those that won or lost.').nullable(),
    avgPnl: money('P&L of a trade, on average.').nullable(),
    avgWin: money('Of a winning trade, on average.').nullable(),
    avgLoss: money('Of a losing trade, on average.').nullable(),
    bestTrade: money('P&L of the best.').nullable(),
    worstTrade: money('P&L of the worst.').nullable(),
    profitFactor: figure('What was won for each unit that was lost.').nullable(),
    riskReward: figure('Average win by average loss.').nullable(),
    expectancy: money('P&L to expect of a trade.').nullable(),
    expectancyR: figure('Expectancy in units of the average loss.').nullable(),
    stdTrade: money('Sample deviation of the trades’ P&L.').nullable(),
    sqn: figure('System quality number: √N · mean / deviation of the trades.').nullable(),
    kelly: figure('Share of the capital that Kelly’s formula would stake.').nullable(),
    avgDurationMs: figure('From entry to exit, on average, in ms.').nullable(),
  })
  .meta({ id: 'RawFigures' });

export type RawFigures = z.output<typeof rawFigures>;

const riskFigures = z
  .object({
    n: count('Days of the daily series.'),
    mean: money('Of a day.').nullable(),
    std: money('Sample deviation of a day.').nullable(),
    volAnnual: money('The deviation over a year of 252 trading days.').nullable(),
    sharpe: figure('Mean / deviation · √252.').nullable(),
    sortino: figure('Mean / downside deviation · √252.').nullable(),
    downsideDev: money('√(mean of min(x, 0)²) of a day.').nullable(),
    var95: money('Value at risk: the loss that 95 of 100 days don’t exceed.').nullable(),
    var99: money('The loss that 99 of 100 days don’t exceed.').nullable(),
    cvar95: money('Expected shortfall: the average loss of the worst days beyond 95 %.').nullable(),
    quantile05: money('The 5 % quantile of a day.').nullable(),
    parametricVar95: money('Value at risk as of a normal distribution.').nullable(),
    dailyProfitFactor: figure('What days won for each unit that days lost.').nullable(),
    maxDrawdown: money('Deepest fall trade by trade, positive.'),
    riskReward: figure('As in `raw`.').nullable(),
    profitFactor: figure('As in `raw`.').nullable(),
    expectancy: money('As in `raw`.').nullable(),
    sqn: figure('As in `raw`.').nullable(),
    kelly: figure('As in `raw`.').nullable(),
    recoveryFactor: figure('Total / deepest fall.').nullable(),
    calmar: figure('252 · mean of a day / deepest fall.').nullable(),
    ulcerDollar: money('√(mean of squared drawdowns) over the active days’ closes.').nullable(),
    ulcerPct: percent('The same of the peak with the starting balance.').nullable(),
    bestDay: money('P&L of the best day.').nullable(),
    worstDay: money('P&L of the worst day.').nullable(),
    activeDays: count('Days with trades.'),
    profitableDaysPct: percent('Active days above zero.').nullable(),
    bestDayPctOfProfit: percent('Consistency: the best day’s share of the total.').nullable(),
  })
  .meta({
    id: 'RiskFigures',
    description:
      'Of the daily series: Monday to Friday from the first active day to the last that has begun anywhere, and traded weekend days.',
  });

export type RiskFigures = z.output<typeof riskFigures>;

const riskMetricsData = z
  .object({
    ...coverage,
    ...span,
    stats,
    raw: rawFigures,
    drawdown: drawdownFigures,
    streak: streakFigures,
    risk: riskFigures,
    dailyPnl: days,
  })
  .meta({
    id: 'RiskMetricsData',
    description:
      'Every number PropTally knows about a period, not rounded. An undefined number is null.',
  });

export type RiskMetricsData = z.output<typeof riskMetricsData>;

/** The data of each widget. */
export const widgetData = {
  'stats-card': statsCardData,
  'performance-summary': performanceSummaryData,
  'equity-curve': equityCurveData,
  leaderboard: leaderboardData,
  'trade-heatmap': tradeHeatmapData,
  'instrument-breakdown': instrumentBreakdownData,
  'drawdown-gauge': drawdownGaugeData,
  'win-streak': winStreakData,
  'monthly-calendar': monthlyCalendarData,
  'risk-metrics': riskMetricsData,
  'recent-trades': recentTradesData,
} as const satisfies Record<WidgetName, z.ZodType>;

export type WidgetData = { [Name in WidgetName]: z.output<(typeof widgetData)[Name]> };

/** `GET /widgets/{widget}`: all that a widget needs, in one answer. */
export interface WidgetAnswer<Name extends WidgetName = WidgetName> {
  widget: Name;
  /** Raised by every write of this partner's data. */
  revision: number;
  branding: Branding;
  data: WidgetData[Name];
}

function answerOf<Name extends WidgetName>(name: Name) {
  return z.object({
    widget: z.literal(name),
    revision: count('Raised by every write of this partner’s data.'),
    branding,
    data: widgetData[name],
  });
}

const [first, ...others] = Object.keys(widgetData) as [WidgetName, ...WidgetName[]];

export const widgetAnswer = z
  .discriminatedUnion('widget', [answerOf(first), ...others.map(answerOf)])
  .meta({ id: 'WidgetAnswer' });
