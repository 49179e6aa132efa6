import type { WidgetName } from '../shared/widgets.ts';
import type { WidgetElement } from './core/element.ts';
import { DrawdownGauge } from './drawdown-gauge/drawdown-gauge.ts';
import { EquityCurve } from './equity-curve/equity-curve.ts';
import { InstrumentBreakdown } from './instrument-breakdown/instrument-breakdown.ts';
import { Leaderboard } from './leaderboard/leaderboard.ts';
import { MonthlyCalendar } from './monthly-calendar/monthly-calendar.ts';
import { PerformanceSummary } from './performance-summary/performance-summary.ts';
import { RecentTrades } from './recent-trades/recent-trades.ts';
import { RiskMetrics } from './risk-metrics/risk-metrics.ts';
import { StatsCard } from './stats-card/stats-card.ts';
import { TradeHeatmap } from './trade-heatmap/trade-heatmap.ts';
import { WinStreak } from './win-streak/win-streak.ts';

/** The element of each widget of the catalogue. */
export const elements = {
  'stats-card': StatsCard,
  'performance-summary': PerformanceSummary,
  'equity-curve': EquityCurve,
  leaderboard: Leaderboard,
  'trade-heatmap': TradeHeatmap,
  'instrument-breakdown': InstrumentBreakdown,
  'drawdown-gauge': DrawdownGauge,
  'win-streak': WinStreak,
  'monthly-calendar': MonthlyCalendar,
  'risk-metrics': RiskMetrics,
  'recent-trades': RecentTrades,
} as const satisfies { [Name in WidgetName]: new () => WidgetElement<Name> };
