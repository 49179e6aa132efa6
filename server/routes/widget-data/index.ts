import type { WidgetData } from '../../../shared/answers/widgets.ts';
import type { WidgetName } from '../../../shared/widgets.ts';
import type { Asked } from '../../route.ts';
import { drawdownGauge } from './drawdown-gauge.ts';
import { equityCurve } from './equity-curve.ts';
import { instrumentBreakdown } from './instrument-breakdown.ts';
import { leaderboard } from './leaderboard.ts';
import { monthlyCalendar } from './monthly-calendar.ts';
import { performanceSummary } from './performance-summary.ts';
import type { WidgetQuery } from './query.ts';
import { recentTrades } from './recent-trades.ts';
import { riskMetrics } from './risk-metrics.ts';
import { statsCard } from './stats-card.ts';
import { tradeHeatmap } from './trade-heatmap.ts';
import { winStreak } from './win-streak.ts';

/** For each widget, the function that reads its data. It throws a 404 for an unknown account. */
export const widgetData: {
  readonly [Name in WidgetName]: (asked: Asked<WidgetQuery>) => Promise<WidgetData[Name]>;
} = {
  'stats-card': statsCard,
  'performance-summary': performanceSummary,
  'equity-curve': equityCurve,
  leaderboard,
  'trade-heatmap': tradeHeatmap,
  'instrument-breakdown': instrumentBreakdown,
  'drawdown-gauge': drawdownGauge,
  'win-streak': winStreak,
  'monthly-calendar': monthlyCalendar,
  'risk-metrics': riskMetrics,
  'recent-trades': recentTrades,
};
