import type { Direction } from '../trades.ts';
import type { Sort, WidgetName } from '../widgets.ts';
import type { Coverage, DailyPnl, InstrumentStats, Stats } from './stats.ts';

/** `GET /api/partner/widgets/{widget}`: all that a widget needs, in one answer. */
export interface WidgetAnswer<Name extends WidgetName = WidgetName> {
  widget: Name;
  /** Raised by every write of this partner's data. */
  revision: number;
  branding: Branding;
  data: WidgetData[Name];
}

export interface WidgetData {
  'stats-card': StatsCardData;
  'performance-summary': PerformanceSummaryData;
  'equity-curve': EquityCurveData;
  leaderboard: LeaderboardData;
  'trade-heatmap': TradeHeatmapData;
  'instrument-breakdown': InstrumentBreakdownData;
  'drawdown-gauge': DrawdownGaugeData;
  'win-streak': WinStreakData;
  'monthly-calendar': MonthlyCalendarData;
  'risk-metrics': RiskMetricsData;
  'recent-trades': RecentTradesData;
}

export interface Branding {
  /** `#rrggbb` */
  primary_color: string | null;
  /** https */
  logo_url: string | null;
  /** Instead of `logo_url` on the light and on the dark theme; null: `logo_url`. */
  logo_url_light: string | null;
  logo_url_dark: string | null;
  company_name: string | null;
  hide_powered_by: boolean;
}

/** The days a widget's picture spans: of `all`, from the first trade. Null where there is none. */
interface Span {
  from: string | null;
  /** The day of asking, or the last with trades when that is later. */
  to: string;
}

export interface StatsCardData extends Coverage, Span {
  stats: Stats;
  wins: number;
  losses: number;
  breakeven: number;
  /** Sums of the winning and of the losing trades; the second is zero or below. */
  grossProfit: number;
  grossLoss: number;
  dailyPnl: DailyPnl[];
}

export interface PerformanceSummaryData extends Coverage, Span {
  stats: Stats;
  /** Days with trades, oldest first. */
  dailyPnl: DailyPnl[];
  instruments: InstrumentFigures[];
}

export interface EquityCurveData extends Coverage, Span {
  totalPnl: number;
  tradeCount: number;
  /** Deepest fall trade by trade, positive. */
  maxDrawdown: number;
  /** Days with trades, oldest first. */
  equityCurve: EquityPoint[];
}

/** A day's close. Peak and drawdown (positive) are those of the closes, the peak starting at zero. */
export interface EquityPoint extends DailyPnl {
  equity: number;
  peak: number;
  drawdown: number;
}

export interface LeaderboardData extends Coverage, Span {
  sort: Sort;
  /** How many accounts have a rank: those with trades. */
  total: number;
  /** The first of them, up to `limit`. */
  leaders: LeaderboardRow[];
  /** The account that was asked about, whatever its rank; null without one, or when it has none. */
  own: LeaderboardRow | null;
}

export interface LeaderboardRow {
  rank: number;
  account_id: string;
  nickname: string;
  total_pnl: number;
  /** Per cent, one decimal. */
  win_rate: number;
  trade_count: number;
}

export interface TradeHeatmapData extends Coverage, Span {
  tradeCount: number;
  /** The hours with trades, by day of the week and hour. */
  heatmap: HeatmapCell[];
}

/** The trades entered in an hour of the week. */
export interface HeatmapCell {
  /** 0 is Sunday. */
  dow: number;
  /** 0 to 23, UTC. */
  hour: number;
  pnl: number;
  trades: number;
  wins: number;
}

export interface InstrumentBreakdownData extends Coverage, Span {
  tradeCount: number;
  instruments: InstrumentFigures[];
}

/** By total P&L, largest first. */
export interface InstrumentFigures extends InstrumentStats {
  /** Unrounded, per cent. */
  winRateRaw: number;
  /** Unrounded; null when there are wins and no losses. */
  profitFactor: number | null;
}

/** Of the whole history. */
export interface DrawdownGaugeData extends Coverage, Span {
  tradeCount: number;
  drawdown: DrawdownFigures;
}

export interface WinStreakData extends Coverage, Span {
  tradeCount: number;
  streak: StreakFigures;
  /** What the current streak made; null over several accounts. */
  currentPnl: number | null;
}

export interface MonthlyCalendarData extends Coverage {
  /** YYYY-MM */
  month: string;
  /** The month of the first trade; null without one. */
  firstMonth: string | null;
  /** The month of the last trade, when that is later than the current one. */
  lastMonth?: string;
  /** YYYY-MM-DD, the day of asking. */
  today: string;
  /** Days with trades, oldest first. */
  days: CalendarDay[];
  totalPnl: number;
  trades: number;
  winDays: number;
  lossDays: number;
  flatDays: number;
}

export interface CalendarDay extends DailyPnl {
  wins: number;
}

export interface RecentTradesData extends Coverage {
  /** Closed ones, the latest first. */
  trades: RecentTrade[];
}

export interface RecentTrade {
  id: string;
  account_id: string;
  nickname: string;
  symbol: string;
  direction: Direction;
  quantity: number;
  entry_price: number;
  exit_price: number;
  /** Epoch ms. */
  entry_time: number;
  exit_time: number;
  pnl: number;
  durationMs: number;
}

/**
 * Every number PropTally knows about a period, unrounded; what each means stands in the reference.
 * An undefined number is null.
 */
export interface RiskMetricsData extends Coverage, Span {
  stats: Stats;
  raw: RawFigures;
  drawdown: DrawdownFigures;
  streak: StreakFigures;
  risk: RiskFigures;
  /** Days with trades, oldest first. */
  dailyPnl: DailyPnl[];
}

export interface RawFigures {
  totalPnl: number;
  grossProfit: number;
  grossLoss: number;
  totalCommission: number;
  grossPnlBeforeCommission: number;
  wins: number;
  losses: number;
  breakeven: number;
  winRate: number | null;
  winRateExclBreakeven: number | null;
  avgPnl: number | null;
  avgWin: number | null;
  avgLoss: number | null;
  bestTrade: number | null;
  worstTrade: number | null;
  profitFactor: number | null;
  riskReward: number | null;
  expectancy: number | null;
  /** Expectancy in units of the average loss. */
  expectancyR: number | null;
  /** Sample deviation of the trades' pnl. */
  stdTrade: number | null;
  sqn: number | null;
  kelly: number | null;
  avgDurationMs: number | null;
}

export interface DrawdownFigures {
  maxDrawdown: number;
  /** Of the days' closes. */
  maxDrawdownEod: number;
  currentDrawdown: number;
  peakEquity: number;
  currentEquity: number;
  /** Per cent of the peak with the starting balance; null without one, or over several accounts. */
  maxDrawdownPct: number | null;
  /** Longest time from a high to its recovery; null over several accounts. */
  longestRecoveredMs: number | null;
  /** From the last high to the last trade, 0 at a high; null over several accounts. */
  currentUnderwaterMs: number | null;
  /** Measured over the whole history; null when no limit was asked about. */
  gauge: {
    limit: number;
    used: number;
    usedClamped: number;
    remaining: number;
    everBreached: boolean;
    /** The day on which the drawdown first exceeded the limit. */
    breachedOn: string | null;
  } | null;
}

export interface StreakFigures {
  current: { type: 'win' | 'loss' | 'none'; length: number };
  longestWin: number;
  longestLoss: number;
  /** Up to twenty last outcomes, oldest first. */
  recent: ('W' | 'L' | 'B')[];
}

/** Of the daily series: Monday to Friday from the first active day to the last that has begun anywhere, and traded weekend days. */
export interface RiskFigures {
  n: number;
  mean: number | null;
  std: number | null;
  volAnnual: number | null;
  sharpe: number | null;
  sortino: number | null;
  downsideDev: number | null;
  var95: number | null;
  var99: number | null;
  cvar95: number | null;
  quantile05: number | null;
  parametricVar95: number | null;
  dailyProfitFactor: number | null;
  maxDrawdown: number;
  riskReward: number | null;
  profitFactor: number | null;
  expectancy: number | null;
  sqn: number | null;
  kelly: number | null;
  recoveryFactor: number | null;
  calmar: number | null;
  ulcerDollar: number | null;
  ulcerPct: number | null;
  bestDay: number | null;
  worstDay: number | null;
  activeDays: number;
  profitableDaysPct: number | null;
  /** Consistency: the best day's share of the total, in per cent. */
  bestDayPctOfProfit: number | null;
}
