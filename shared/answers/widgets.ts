import { z } from 'zod';
import { directions, tradeColumns } from '../trades.ts';
import { sorts, type WidgetName } from '../widgets.ts';
import { type Branding, branding } from './branding.ts';
import { count, day, figure, id, moment, money, month, percent, text, yesOrNo } from './fields.ts';
import { coverage, dayResult, days, instrumentFields, stats } from './stats.ts';

/** The first and the last day that a widget shows. */
const span = {
  from: day(
    'The first trading day that the widget shows. For the period `all` it is the first day with trades; null: there are none.',
  ).nullable(),
  to: day(
    'The last trading day that the widget shows: today, or the last day with trades if that is later.',
  ),
};

const tradeCount = count('The number of closed trades.');

const statsCardData = z
  .object({
    ...coverage,
    ...span,
    stats,
    wins: count('The number of winning trades.'),
    losses: count('The number of losing trades.'),
    breakeven: count('The number of trades with a P&L of exactly zero.'),
    grossProfit: money('The sum of the winning trades’ P&L.'),
    grossLoss: money('The sum of the losing trades’ P&L, zero or below.'),
    dailyPnl: days,
  })
  .meta({ id: 'StatsCardData' });

export type StatsCardData = z.output<typeof statsCardData>;

const instrumentFigures = z
  .object({
    ...instrumentFields,
    winRateRaw: percent('The share of trades that won, not rounded.'),
    profitFactor: figure(
      'Gross profit / |gross loss|, not rounded; null: there are wins and no losses.',
    ).nullable(),
  })
  .meta({ id: 'InstrumentFigures' });

export type InstrumentFigures = z.output<typeof instrumentFigures>;

const instruments = z
  .array(instrumentFigures)
  .describe('The instruments by total P&L, the largest first.');

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
    equity: money('The running total of P&L at the close of the day.'),
    peak: money('The highest running total at a close so far, at least zero.'),
    drawdown: money('How far the close is below the peak, zero or above.'),
  })
  .meta({ id: 'EquityPoint' });

export type EquityPoint = z.output<typeof equityPoint>;

const observedAt = moment('When the account was observed.');

const equityCurveData = z
  .object({
    ...coverage,
    ...span,
    totalPnl: money('The total P&L.'),
    tradeCount,
    maxDrawdown: money('The largest drawdown, trade by trade, zero or above.'),
    equityCurve: z.array(equityPoint).describe('The days with trades, the oldest first.'),
    live: z
      .object({ observedAt, equity: money('The total P&L with that of open positions.') })
      .nullable()
      .describe(
        'Where the curve stands by the account’s latest observation; null: there is none since the last trade was closed, or the figures are not of one account’s current attempt.',
      ),
  })
  .meta({ id: 'EquityCurveData' });

export type EquityCurveData = z.output<typeof equityCurveData>;

const leaderboardRow = z
  .object({
    rank: count('The rank: 1, 2, …'),
    account_id: id('acc', 'The account’s id; null: the row is a user’s.').nullable(),
    user_id: id('usr', 'By user: the user’s id; null: the account has no user.')
      .nullable()
      .optional(),
    nickname: text('The account’s name; the user’s, or else that of its oldest account.'),
    total_pnl: money('The net P&L of the account, or of the user’s accounts together.'),
    win_rate: percent('The share of trades that won, rounded to one decimal.'),
    trade_count: tradeCount,
  })
  .meta({ id: 'LeaderboardRow' });

export type LeaderboardRow = z.output<typeof leaderboardRow>;

const leaderboardData = z
  .object({
    ...coverage,
    ...span,
    sort: z.enum(sorts).describe('What the accounts or users are ranked by.'),
    total: count('The number of accounts or users that have a rank: those with trades.'),
    leaders: z.array(leaderboardRow).describe('Those with the first ranks, up to `limit`.'),
    own: leaderboardRow
      .nullable()
      .describe(
        'The account that was asked about or, by user, its user, whatever the rank; null: no account was asked about, or it has no rank.',
      ),
  })
  .meta({ id: 'LeaderboardData' });

export type LeaderboardData = z.output<typeof leaderboardData>;

const heatmapCell = z
  .object({
    dow: z
      .int()
      .min(0)
      .max(6)
      .describe('The day of the week of the trading day of the entry; 0 is Sunday.'),
    hour: z
      .int()
      .min(0)
      .max(23)
      .describe('The hours from the day’s start to the entry by the clock of `day_zone`, whole.'),
    pnl: money('The net P&L of the closed trades that were entered in this hour.'),
    trades: count('The number of these trades.'),
    wins: count('The number of these trades that won.'),
  })
  .meta({ id: 'HeatmapCell' });

export type HeatmapCell = z.output<typeof heatmapCell>;

const tradeHeatmapData = z
  .object({
    ...coverage,
    ...span,
    tradeCount,
    day_zone: text('The time zone of the trading days, such as America/Chicago.'),
    day_start: text(
      'When the trading days begin by the clock of `day_zone`, `HH:MM`. Those that begin at 12:00 or later have the date on which they end.',
    ),
    heatmap: z
      .array(heatmapCell)
      .describe('The hours with trades, sorted by day of the week and hour.'),
  })
  .meta({ id: 'TradeHeatmapData' });

export type TradeHeatmapData = z.output<typeof tradeHeatmapData>;

const instrumentBreakdownData = z
  .object({ ...coverage, ...span, tradeCount, instruments })
  .meta({ id: 'InstrumentBreakdownData' });

export type InstrumentBreakdownData = z.output<typeof instrumentBreakdownData>;

const gauge = z.object({
  limit: money('The limit: that of `max_drawdown`, or else the account’s own.'),
  used: percent('The current drawdown as a share of the limit.'),
  usedClamped: percent('The same as `used`, but at most 100.'),
  remaining: money('How much is left until the limit is reached, zero or above.'),
  everBreached: yesOrNo('Whether the drawdown ever exceeded the limit.'),
  breachedOn: day(
    'The first day on which the drawdown exceeded the limit; null: it never did.',
  ).nullable(),
});

const drawdownFigures = z
  .object({
    maxDrawdown: money(
      'The largest drawdown: the deepest fall of the running total from its peak, trade by trade, zero or above.',
    ),
    maxDrawdownEod: money('The same, measured at the days’ closes only.'),
    currentDrawdown: money('How far the running total is below its peak now, zero or above.'),
    peakEquity: money('The highest running total of P&L, at least zero.'),
    currentEquity: money('The running total of P&L now.'),
    maxDrawdownPct: percent(
      'The deepest fall as a share of its peak plus the starting balance; null: there is no starting balance, or several accounts are covered.',
    ).nullable(),
    longestRecoveredMs: figure(
      'The longest time from a peak until it was reached again, in ms; null for several accounts.',
    ).nullable(),
    currentUnderwaterMs: figure(
      'The time from the last peak to the last trade, in ms; 0 at a peak, null for several accounts.',
    ).nullable(),
    gauge: gauge
      .nullable()
      .describe('The drawdown against the limit, over the whole history; null without a limit.'),
  })
  .meta({ id: 'DrawdownFigures', description: 'The drawdown of the running total of P&L.' });

export type DrawdownFigures = z.output<typeof drawdownFigures>;

const liveDrawdown = z
  .object({
    observedAt,
    currentEquity: money('The running total of P&L with that of open positions.'),
    currentDrawdown: money(
      'How far that is below the peak, which closed trades alone raise; zero or above.',
    ),
    maxDrawdown: money('The largest drawdown by closed trades, or this one if it is larger.'),
    gauge: gauge
      .nullable()
      .describe(
        'The live drawdown against the limit, breached also while it exceeds that; null without a limit.',
      ),
  })
  .meta({ id: 'LiveDrawdown' });

const drawdownGaugeData = z
  .object({
    ...coverage,
    ...span,
    tradeCount,
    drawdown: drawdownFigures,
    live: liveDrawdown
      .nullable()
      .describe(
        'What takes the place of the figures of closed trades by the account’s latest observation; null: there is none since the last trade was closed, or the figures are not of one account’s current attempt.',
      ),
  })
  .meta({ id: 'DrawdownGaugeData', description: 'The drawdown of the whole history.' });

export type DrawdownGaugeData = z.output<typeof drawdownGaugeData>;

const streakFigures = z
  .object({
    current: z
      .object({
        type: z
          .enum(['win', 'loss', 'none'])
          .describe('`none`: the last trade had a P&L of exactly zero, or there are no trades.'),
        length: count('The number of trades in the current streak.'),
      })
      .describe('The streak that the last trade belongs to.'),
    longestWin: count('The most winning trades in a row.'),
    longestLoss: count('The most losing trades in a row.'),
    recent: z
      .array(z.enum(['W', 'L', 'B']))
      .describe(
        'The last outcomes, up to twenty, the oldest first: W (won), L (lost) or B (broke even).',
      ),
  })
  .meta({ id: 'StreakFigures', description: 'Trades in a row that won or lost.' });

export type StreakFigures = z.output<typeof streakFigures>;

const winStreakData = z
  .object({
    ...coverage,
    ...span,
    tradeCount,
    streak: streakFigures,
    currentPnl: money('The P&L of the current streak; null for several accounts.').nullable(),
  })
  .meta({ id: 'WinStreakData' });

export type WinStreakData = z.output<typeof winStreakData>;

const calendarDay = z
  .object({ ...dayResult, wins: count('The number of winning trades on the day.') })
  .meta({ id: 'CalendarDay' });

export type CalendarDay = z.output<typeof calendarDay>;

const monthlyCalendarData = z
  .object({
    ...coverage,
    month: month('The month that is shown.'),
    firstMonth: month('The month of the first trade; null: there are no trades.').nullable(),
    lastMonth: month(
      'The month of the last trade, if that is later than the current month; otherwise absent.',
    ).optional(),
    today: day('The trading day that is under way.'),
    days: z.array(calendarDay).describe('The days with trades, the oldest first.'),
    totalPnl: money('The P&L of the month.'),
    trades: count('The number of trades that were closed in the month.'),
    winDays: count('The number of days with a P&L above zero.'),
    lossDays: count('The number of days with a P&L below zero.'),
    flatDays: count('The number of days with trades and a P&L of exactly zero.'),
  })
  .meta({ id: 'MonthlyCalendarData' });

export type MonthlyCalendarData = z.output<typeof monthlyCalendarData>;

const recentTrade = z
  .object({
    id: text('The trade’s id.'),
    account_id: id('acc', 'The id of the trade’s account.'),
    nickname: text('The account’s name.'),
    symbol: text('The symbol; for a future its root, such as MES.'),
    direction: z.enum(directions).describe(tradeColumns.direction.description),
    quantity: figure('The number of contracts, lots or shares.'),
    entry_price: figure('The average price at which the trade was opened.'),
    exit_price: figure('The average price at which the trade was closed.'),
    entry_time: moment('When the trade was opened.'),
    exit_time: moment('When the trade was closed.'),
    pnl: money('The net P&L: what the account gained after commission, fees and swap.'),
    durationMs: figure('The time from entry to exit, in ms.'),
  })
  .meta({ id: 'RecentTrade' });

export type RecentTrade = z.output<typeof recentTrade>;

const recentTradesData = z
  .object({
    ...coverage,
    trades: z.array(recentTrade).describe('The latest closed trades, the last one first.'),
  })
  .meta({ id: 'RecentTradesData' });

export type RecentTradesData = z.output<typeof recentTradesData>;

const rawFigures = z
  .object({
    totalPnl: money('The total P&L.'),
    grossProfit: money('The sum of the winning trades’ P&L.'),
    grossLoss: money('The sum of the losing trades’ P&L, zero or below.'),
    totalCommission: money('The total commission, zero or below; the P&L includes it already.'),
    grossPnlBeforeCommission: money('The total P&L before commission.'),
    wins: count('The number of winning trades.'),
    losses: count('The number of losing trades.'),
    breakeven: count('The number of trades with a P&L of exactly zero.'),
    winRate: percent('The share of trades that won.').nullable(),
    winRateExclBreakeven: percent(
      'The share of winners among the trades that won or lost.',
    ).nullable(),
    avgPnl: money('The average P&L of a trade.').nullable(),
    avgWin: money('The average P&L of a winning trade.').nullable(),
    avgLoss: money('The average P&L of a losing trade, below zero.').nullable(),
    bestTrade: money('The P&L of the best trade.').nullable(),
    worstTrade: money('The P&L of the worst trade.').nullable(),
    profitFactor: figure('Gross profit / |gross loss|.').nullable(),
    riskReward: figure('Average win / |average loss|.').nullable(),
    expectancy: money('The P&L to expect of a trade: the average.').nullable(),
    expectancyR: figure('Expectancy / |average loss|.').nullable(),
    stdTrade: money('The sample standard deviation of the trades’ P&L.').nullable(),
    sqn: figure(
      'The system quality number: √N · mean / standard deviation of the trades’ P&L.',
    ).nullable(),
    kelly: figure('The fraction of the capital that Kelly’s formula would stake.').nullable(),
    avgDurationMs: figure('The average time from entry to exit, in ms.').nullable(),
  })
  .meta({ id: 'RawFigures', description: 'Figures of the closed trades, not rounded.' });

export type RawFigures = z.output<typeof rawFigures>;

const riskFigures = z
  .object({
    n: count('The number of days in the daily series.'),
    mean: money('The mean P&L of a day.').nullable(),
    std: money('The sample standard deviation of the days’ P&L.').nullable(),
    volAnnual: money(
      'The standard deviation for a year of 252 trading days: `std` · √252.',
    ).nullable(),
    sharpe: figure('The Sharpe ratio: mean / standard deviation · √252.').nullable(),
    sortino: figure('The Sortino ratio: mean / downside deviation · √252.').nullable(),
    downsideDev: money(
      'The downside deviation: √(mean of min(x, 0)²) over the days’ P&L.',
    ).nullable(),
    var95: money(
      'The value at risk at 95 %: the loss that 95 of 100 days don’t exceed, zero or above.',
    ).nullable(),
    var99: money(
      'The value at risk at 99 %: the loss that 99 of 100 days don’t exceed, zero or above.',
    ).nullable(),
    cvar95: money(
      'The expected shortfall at 95 %: the average loss on the worst 5 % of the days, zero or above.',
    ).nullable(),
    quantile05: money('The 5 % quantile of the days’ P&L.').nullable(),
    parametricVar95: money(
      'The value at risk at 95 % if the days’ P&L followed a normal distribution.',
    ).nullable(),
    dailyProfitFactor: figure('Sum of the winning days / |sum of the losing days|.').nullable(),
    maxDrawdown: money('The largest drawdown, trade by trade, zero or above.'),
    riskReward: figure('The same as in `raw`.').nullable(),
    profitFactor: figure('The same as in `raw`.').nullable(),
    expectancy: money('The same as in `raw`.').nullable(),
    sqn: figure('The same as in `raw`.').nullable(),
    kelly: figure('The same as in `raw`.').nullable(),
    recoveryFactor: figure('Total P&L / largest drawdown.').nullable(),
    calmar: figure('The Calmar ratio: 252 · mean P&L of a day / largest drawdown.').nullable(),
    ulcerDollar: money(
      'The Ulcer index in money: √(mean of squared drawdowns) over the closes of the days with trades.',
    ).nullable(),
    ulcerPct: percent(
      'The Ulcer index with each drawdown as a share of its peak plus the starting balance.',
    ).nullable(),
    bestDay: money('The P&L of the best day.').nullable(),
    worstDay: money('The P&L of the worst day.').nullable(),
    activeDays: count('The number of days with trades.'),
    profitableDaysPct: percent(
      'The share of the days with trades that have a P&L above zero.',
    ).nullable(),
    bestDayPctOfProfit: percent('Consistency: the best day’s share of the total P&L.').nullable(),
  })
  .meta({
    id: 'RiskFigures',
    description:
      'Figures of the daily series. It has each Monday to Friday from the first day with trades to the last one that has begun in any time zone, with zero for days without trades, and the weekend days with trades.',
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
      'Every figure of a period. Except in `stats`, figures are not rounded, and an undefined one is null.',
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
    widget: z.literal(name).describe('The widget’s name.'),
    revision: count('A number that is raised by every write of what the answer depends on.'),
    branding,
    data: widgetData[name].describe('What the widget shows.'),
  });
}

const [first, ...others] = Object.keys(widgetData) as [WidgetName, ...WidgetName[]];

export const widgetAnswer = z
  .discriminatedUnion('widget', [answerOf(first), ...others.map(answerOf)])
  .meta({ id: 'WidgetAnswer' });
