import type {
  EquityCurveData,
  RiskMetricsData,
  StatsCardData,
  WidgetData,
} from '../../shared/answers/widgets.ts';
import { formatDay } from '../../shared/day.ts';
import { fromDecimal, toDecimal } from '../../shared/money.ts';
import type { WidgetName } from '../../shared/widgets.ts';
import { type ActiveDay, closesOf, presentClose } from '../analytics/daily.ts';
import { describeDrawdown, gaugeDrawdown } from '../analytics/drawdown.ts';
import { describeRisk } from '../analytics/risk.ts';
import { emptyRun, joinRuns, type Run, type Tally, totalPnl } from '../analytics/run.ts';
import { describeStats, describeTrades } from '../analytics/stats.ts';
import { describeStreak } from '../analytics/streak.ts';
import { measureFalls } from '../analytics/way.ts';
import type { Asked } from '../route.ts';
import { type DayOf, readRuns, readSymbols, readTallies, readWays } from '../store/days.ts';
import { type Covered, cover, type PeriodQuery } from './coverage.ts';
import { presentDay, sumOf } from './stats.ts';

/** What a widget may be asked, whichever it is. */
export interface WidgetQuery extends PeriodQuery {
  /** In the account's currency. */
  max_drawdown?: number | undefined;
}

/** A widget's data: throws a 404 for an unknown account. */
export const widgetData: {
  readonly [Name in WidgetName]: (asked: Asked<WidgetQuery>) => Promise<WidgetData[Name]>;
} = {
  'stats-card': statsCard,
  'equity-curve': equityCurve,
  'risk-metrics': riskMetrics,
};

async function statsCard(asked: Asked<WidgetQuery>): Promise<StatsCardData> {
  const covered = await cover(asked);
  const { subject, span, coverage } = covered;
  const days = await readTallies(asked.database.read, subject, span);
  const symbols = await readSymbols(asked.database.read, subject, span);
  const tally = sumOf(days);
  return {
    ...coverage,
    ...presentSpan(covered, days, asked),
    stats: describeStats(tally, symbols.length),
    wins: tally.wins,
    losses: tally.losses,
    breakeven: tally.trades - tally.wins - tally.losses,
    grossProfit: toDecimal(tally.grossProfit),
    grossLoss: toDecimal(tally.grossLoss),
    dailyPnl: days.map(presentDay),
  };
}

async function equityCurve(asked: Asked<WidgetQuery>): Promise<EquityCurveData> {
  const covered = await cover(asked);
  const days = await readRuns(asked.database, covered.subject, covered.span);
  const run = joinDays(days);
  return {
    ...covered.coverage,
    ...presentSpan(covered, days, asked),
    totalPnl: toDecimal(totalPnl(run)),
    tradeCount: run.trades,
    maxDrawdown: toDecimal(run.fall),
    equityCurve: closesOf(days.map(activeDay)).map(presentClose),
  };
}

async function riskMetrics(asked: Asked<WidgetQuery>): Promise<RiskMetricsData> {
  const covered = await cover(asked);
  const { subject, span, coverage } = covered;
  const runs = await readRuns(asked.database, subject, span);
  const symbols = await readSymbols(asked.database.read, subject, span);
  const run = joinDays(runs);
  const raw = describeTrades(run);
  const days = runs.map(activeDay);
  const startingBalance = subject.kind === 'account' ? subject.account.starting_balance : null;
  return {
    ...coverage,
    ...presentSpan(covered, runs, asked),
    stats: describeStats(run, symbols.length),
    raw,
    drawdown: {
      ...describeDrawdown(run, days, await falls(asked, covered, runs)),
      gauge: await gauge(asked, covered),
    },
    streak: describeStreak(run),
    risk: describeRisk({ days, raw, maxDrawdown: run.fall, startingBalance }),
  };
}

async function falls(
  { database }: Asked<WidgetQuery>,
  { subject, span }: Covered,
  runs: DayOf<Run>[],
) {
  if (subject.kind !== 'account') return null;
  const ways = await readWays(database.read, subject.account, span);
  const days = ways.map((way, index) => ({ way, run: runs[index]!.of }));
  return measureFalls(days, subject.account.starting_balance);
}

async function gauge({ query, database }: Asked<WidgetQuery>, { subject }: Covered) {
  if (query.max_drawdown === undefined) return null;
  const history = await readRuns(database, subject, { from: null, to: null });
  return gaugeDrawdown(joinDays(history), fromDecimal(query.max_drawdown));
}

function joinDays(days: readonly DayOf<Run>[]): Run {
  return days.reduce((joined, day) => joinRuns(joined, day.of), emptyRun);
}

function activeDay({ day, of }: DayOf<Tally>): ActiveDay {
  return { day, pnl: totalPnl(of), trades: of.trades };
}

/** The days a picture spans: of the whole history, from the first day with trades. */
function presentSpan(
  { span }: Covered,
  days: readonly { day: number }[],
  { today }: Asked<WidgetQuery>,
) {
  const from = span.from ?? days[0]?.day ?? null;
  return { from: from === null ? null : formatDay(from), to: formatDay(today) };
}
