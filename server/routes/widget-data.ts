import type {
  CalendarDay,
  DrawdownFigures,
  DrawdownGaugeData,
  EquityCurveData,
  HeatmapCell,
  InstrumentBreakdownData,
  InstrumentFigures,
  LeaderboardData,
  LeaderboardRow,
  MonthlyCalendarData,
  PerformanceSummaryData,
  RecentTrade,
  RecentTradesData,
  RiskMetricsData,
  StatsCardData,
  TradeHeatmapData,
  WidgetData,
  WinStreakData,
} from '../../shared/answers/widgets.ts';
import { daysOfMonth, formatDay, monthOf } from '../../shared/day.ts';
import { fromDecimal, toDecimal } from '../../shared/money.ts';
import type { Sort, WidgetName } from '../../shared/widgets.ts';
import { type ActiveDay, closesOf, presentClose } from '../analytics/daily.ts';
import { describeDrawdown, findBreach, gaugeDrawdown } from '../analytics/drawdown.ts';
import { describeRisk } from '../analytics/risk.ts';
import { emptyRun, joinRuns, type Run, type Tally, totalPnl } from '../analytics/run.ts';
import { describeStats, describeTrades, profitFactor, winRate } from '../analytics/stats.ts';
import { describeStreak } from '../analytics/streak.ts';
import { measureFalls } from '../analytics/way.ts';
import type { Asked } from '../route.ts';
import { countAccounts } from '../store/accounts.ts';
import { type Part, readParts } from '../store/breakdowns.ts';
import {
  always,
  type DayOf,
  type Ends,
  endsOf,
  readEnds,
  readRuns,
  readTallies,
  readWays,
  type Span,
} from '../store/days.ts';
import { type Ranked, readRankedEnds, readRanks } from '../store/ranks.ts';
import { latestTrades, type NamedTrade, sumOfLatest } from '../store/trades.ts';
import { type Covered, cover, knownAccount, nameOf, type PeriodQuery, spanOf } from './coverage.ts';
import { presentDay, presentInstrument, sumOf } from './stats.ts';

/** What a widget may be asked, whichever it is. */
export interface WidgetQuery extends PeriodQuery {
  firm_id?: string | undefined;
  /** `YYYY-MM`; absent: the current one. */
  month?: string | undefined;
  sort: Sort;
  limit: number;
  /** In the account's currency. */
  max_drawdown?: number | undefined;
}

/** A widget's data: throws a 404 for an unknown account. */
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

async function statsCard(asked: Asked<WidgetQuery>): Promise<StatsCardData> {
  const covered = await cover(asked);
  const { subject, span, coverage } = covered;
  const days = await readTallies(asked.database.read, subject, span);
  const symbols = await readParts(asked.database.read, 'symbol', subject, span);
  const tally = sumOf(days);
  return {
    ...coverage,
    ...presentSpan(span, endsOf(days), asked),
    stats: describeStats(tally, symbols.length),
    wins: tally.wins,
    losses: tally.losses,
    breakeven: tally.trades - tally.wins - tally.losses,
    grossProfit: toDecimal(tally.grossProfit),
    grossLoss: toDecimal(tally.grossLoss),
    dailyPnl: days.map(presentDay),
  };
}

async function performanceSummary(asked: Asked<WidgetQuery>): Promise<PerformanceSummaryData> {
  const covered = await cover(asked);
  const { subject, span, coverage } = covered;
  const days = await readTallies(asked.database.read, subject, span);
  const symbols = await readParts(asked.database.read, 'symbol', subject, span);
  return {
    ...coverage,
    ...presentSpan(span, endsOf(days), asked),
    stats: describeStats(sumOf(days), symbols.length),
    dailyPnl: days.map(presentDay),
    instruments: presentInstruments(symbols),
  };
}

async function equityCurve(asked: Asked<WidgetQuery>): Promise<EquityCurveData> {
  const covered = await cover(asked);
  const days = await readRuns(asked.database, covered.subject, covered.span);
  const run = joinDays(days);
  return {
    ...covered.coverage,
    ...presentSpan(covered.span, endsOf(days), asked),
    totalPnl: toDecimal(totalPnl(run)),
    tradeCount: run.trades,
    maxDrawdown: toDecimal(run.fall),
    equityCurve: closesOf(days.map(activeDay)).map(presentClose),
  };
}

async function leaderboard(asked: Asked<WidgetQuery>): Promise<LeaderboardData> {
  const { query, partner } = asked;
  const database = asked.database.read;
  const { account_id, firm_id: firm, sort, limit, period } = query;
  const account =
    account_id === undefined ? null : await knownAccount(account_id, partner.id, asked.database);
  const currency = account?.currency ?? query.currency ?? partner.currency;
  const span = spanOf(period, asked);
  const ranked = { partnerId: partner.id, currency, firm, span };
  const ranks = await readRanks(database, { ...ranked, sort, limit, own: account?.id });
  const own = ranks.find((ranked) => ranked.account_id === account?.id);
  return {
    account: account && nameOf(account),
    currency,
    accounts: await countAccounts(database, partner.id, currency, firm),
    period,
    ...presentSpan(span, await readRankedEnds(database, ranked), asked),
    sort,
    total: ranks[0]?.total ?? 0,
    leaders: ranks.slice(0, limit).map(presentRank),
    own: own ? presentRank(own) : null,
  };
}

function presentRank({ rank, account_id, nickname, pnl, wins, trades }: Ranked): LeaderboardRow {
  return {
    rank,
    account_id,
    nickname,
    total_pnl: toDecimal(pnl),
    win_rate: winRate(wins, trades),
    trade_count: trades,
  };
}

async function tradeHeatmap(asked: Asked<WidgetQuery>): Promise<TradeHeatmapData> {
  const covered = await cover(asked);
  const { subject, span, coverage } = covered;
  const hours = await readParts(asked.database.read, 'hour', subject, span);
  const ends = await readEnds(asked.database.read, subject, span);
  return {
    ...coverage,
    ...presentSpan(span, ends, asked),
    tradeCount: countTrades(hours),
    heatmap: hours.map(presentHour),
  };
}

function presentHour({ key, trades, wins, ...sums }: Part<number>): HeatmapCell {
  return {
    dow: Math.floor(key / 24),
    hour: key % 24,
    pnl: toDecimal(sums.gross_profit + sums.gross_loss),
    trades,
    wins,
  };
}

async function instrumentBreakdown(asked: Asked<WidgetQuery>): Promise<InstrumentBreakdownData> {
  const covered = await cover(asked);
  const { subject, span, coverage } = covered;
  const symbols = await readParts(asked.database.read, 'symbol', subject, span);
  const ends = await readEnds(asked.database.read, subject, span);
  return {
    ...coverage,
    ...presentSpan(span, ends, asked),
    tradeCount: countTrades(symbols),
    instruments: presentInstruments(symbols),
  };
}

function countTrades(parts: readonly Part[]): number {
  return parts.reduce((count, { trades }) => count + trades, 0);
}

/** By total P&L, largest first; equal ones by symbol, as they come. */
function presentInstruments(symbols: readonly Part<string>[]): InstrumentFigures[] {
  const pnl = (sums: Part) => sums.gross_profit + sums.gross_loss;
  return symbols
    .toSorted((a, b) => pnl(b) - pnl(a))
    .map((sums) => ({
      ...presentInstrument(sums),
      winRateRaw: (100 * sums.wins) / sums.trades,
      profitFactor: profitFactor(sums.gross_profit, sums.gross_loss),
    }));
}

async function drawdownGauge(asked: Asked<WidgetQuery>): Promise<DrawdownGaugeData> {
  const covered = await cover(asked);
  const runs = await readRuns(asked.database, covered.subject, covered.span);
  const run = joinDays(runs);
  return {
    ...covered.coverage,
    ...presentSpan(covered.span, endsOf(runs), asked),
    tradeCount: run.trades,
    drawdown: await drawdownOf(asked, covered, runs, run),
  };
}

async function winStreak(asked: Asked<WidgetQuery>): Promise<WinStreakData> {
  const covered = await cover(asked);
  const { subject, span, coverage } = covered;
  const runs = await readRuns(asked.database, subject, span);
  const run = joinDays(runs);
  const streak = describeStreak(run);
  const { length } = streak.current;
  return {
    ...coverage,
    ...presentSpan(span, endsOf(runs), asked),
    tradeCount: run.trades,
    streak,
    currentPnl:
      subject.kind === 'account'
        ? toDecimal(await sumOfLatest(asked.database.read, subject.account, span.to, length))
        : null,
  };
}

async function monthlyCalendar(asked: Asked<WidgetQuery>): Promise<MonthlyCalendarData> {
  const { subject, coverage } = await cover(asked);
  const current = monthOf(asked.today);
  const { first, last } = await readEnds(asked.database.read, subject, always);
  const lastMonth = monthOf(Math.max(asked.today, last ?? asked.today));
  let { month = current } = asked.query;
  if (month > lastMonth) month = lastMonth;
  const days = await readTallies(asked.database.read, subject, daysOfMonth(month));
  const tally = sumOf(days);
  const results = days.map(({ of }) => totalPnl(of));
  return {
    ...coverage,
    month,
    firstMonth: first === null ? null : monthOf(first),
    ...(lastMonth > current && { lastMonth }),
    today: formatDay(asked.today),
    days: days.map(presentCalendarDay),
    totalPnl: toDecimal(totalPnl(tally)),
    trades: tally.trades,
    winDays: results.filter((pnl) => pnl > 0).length,
    lossDays: results.filter((pnl) => pnl < 0).length,
    flatDays: results.filter((pnl) => pnl === 0).length,
  };
}

function presentCalendarDay(day: DayOf<Tally>): CalendarDay {
  return { ...presentDay(day), wins: day.of.wins };
}

async function riskMetrics(asked: Asked<WidgetQuery>): Promise<RiskMetricsData> {
  const covered = await cover(asked);
  const { subject, span, coverage } = covered;
  const runs = await readRuns(asked.database, subject, span);
  const symbols = await readParts(asked.database.read, 'symbol', subject, span);
  const run = joinDays(runs);
  const raw = describeTrades(run);
  const days = runs.map(activeDay);
  const startingBalance = subject.kind === 'account' ? subject.account.starting_balance : null;
  return {
    ...coverage,
    ...presentSpan(span, endsOf(runs), asked),
    stats: describeStats(run, symbols.length),
    raw,
    drawdown: await drawdownOf(asked, covered, runs, run),
    streak: describeStreak(run),
    risk: describeRisk({
      days,
      latest: asked.latest,
      raw,
      maxDrawdown: run.fall,
      startingBalance,
    }),
    dailyPnl: runs.map(presentDay),
  };
}

async function recentTrades(asked: Asked<WidgetQuery>): Promise<RecentTradesData> {
  const { subject, coverage } = await cover(asked);
  const trades = await latestTrades(asked.database.read, subject, asked.query.limit);
  return { ...coverage, trades: trades.map(presentTrade) };
}

function presentTrade(trade: NamedTrade): RecentTrade {
  const { entry_time, exit_time } = trade;
  return {
    id: trade.id,
    account_id: trade.account_id,
    nickname: trade.nickname,
    symbol: trade.symbol,
    direction: trade.direction,
    quantity: trade.quantity,
    entry_price: trade.entry_price,
    exit_price: trade.exit_price,
    entry_time,
    exit_time,
    pnl: toDecimal(trade.pnl),
    durationMs: exit_time - entry_time,
  };
}

/** `run`: all of `runs` as one. */
async function drawdownOf(
  asked: Asked<WidgetQuery>,
  covered: Covered,
  runs: DayOf<Run>[],
  run: Run,
): Promise<DrawdownFigures> {
  return {
    ...describeDrawdown(run, runs.map(activeDay), await falls(asked, covered, runs)),
    gauge: await gauge(asked, covered, runs, run),
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

async function gauge(
  { query, database }: Asked<WidgetQuery>,
  { subject, span }: Covered,
  runs: DayOf<Run>[],
  run: Run,
) {
  if (query.max_drawdown === undefined) return null;
  const limit = fromDecimal(query.max_drawdown);
  const days = span === always ? runs : await readRuns(database, subject, always);
  const history = span === always ? run : joinDays(days);
  const breachedOn = history.fall > limit ? findBreach(days, limit) : null;
  return { ...gaugeDrawdown(history, limit), breachedOn };
}

function joinDays(days: readonly DayOf<Run>[]): Run {
  return days.reduce((joined, day) => joinRuns(joined, day.of), emptyRun);
}

function activeDay({ day, of }: DayOf<Tally>): ActiveDay {
  return { day, pnl: totalPnl(of), trades: of.trades };
}

/**
 * The days a picture spans: of the whole history, from the first day with trades; to the day of
 * asking, or beyond it to the last with trades.
 */
function presentSpan(span: Span, { first, last }: Ends, { today }: Asked<WidgetQuery>) {
  const from = span.from ?? first;
  return {
    from: from === null ? null : formatDay(from),
    to: formatDay(Math.max(today, last ?? today)),
  };
}
