import type { EquityPoint, WidgetAnswer, WidgetData } from '../../shared/answers/widgets.ts';
import { day, hour, minute } from '../../shared/time.ts';
import type { WidgetName } from '../../shared/widgets.ts';

/** The results of 22 weekdays, with the number of trades of each. */
const days: readonly (readonly [day: string, pnl: number, trades: number])[] = [
  ['2026-10-22', 150, 5],
  ['2026-10-23', -350, 9],
  ['2026-10-26', 57.5, 8],
  ['2026-10-27', -183.75, 4],
  ['2026-10-28', -125, 9],
  ['2026-10-29', 799, 10],
  ['2026-10-30', 640, 9],
  ['2026-11-02', -507.5, 4],
  ['2026-11-03', -283.75, 6],
  ['2026-11-04', 766.25, 8],
  ['2026-11-05', 818.5, 8],
  ['2026-11-06', 721.25, 8],
  ['2026-11-09', 364.5, 5],
  ['2026-11-10', 335, 6],
  ['2026-11-11', 58.5, 3],
  ['2026-11-12', 158.75, 4],
  ['2026-11-13', -172.75, 9],
  ['2026-11-16', 385, 3],
  ['2026-11-17', 525, 6],
  ['2026-11-18', 141.75, 8],
  ['2026-11-19', -482.75, 9],
  ['2026-11-20', 32, 1],
];

const coverage = {
  account: { id: 'acc_1', nickname: 'Apex 50K' },
  currency: 'USD',
  accounts: { counted: 1, left_out: 0 },
  period: '30d',
  from: '2026-10-22',
  to: '2026-11-20',
} as const;

function curve(): EquityPoint[] {
  let equity = 0;
  let peak = 0;
  return days.map(([day, pnl, trades]) => {
    equity += pnl;
    peak = Math.max(peak, equity);
    return { day, pnl, trades, equity, peak, drawdown: peak - equity };
  });
}

const dailyPnl = days.map(([day, pnl, trades]) => ({ day, pnl, trades }));

const stats = {
  tradeCount: 142,
  winRate: 58.5,
  avgPnl: 27.1,
  totalPnl: 3847.5,
  bestTrade: 450,
  worstTrade: -180.25,
  profitFactor: 1.82,
  instrumentsTraded: 4,
};

const instruments = (
  [
    ['ES', 85, 61.2, 2450, 1.9],
    ['NQ', 31, 54.8, 1186.25, 1.7],
    ['GC', 10, 60, 375.75, 1.6],
    ['CL', 16, 50, -164.5, 0.9],
  ] as const
).map(([symbol, trades, win_rate, total_pnl, profitFactor]) => ({
  symbol,
  trades,
  win_rate,
  winRateRaw: win_rate,
  total_pnl,
  profitFactor,
}));

const leaders = (
  [
    ['Riverbend 150K', 9412, 63.1, 168],
    ['Opening Bell', 6980.25, 57.4, 211],
    ['Tape Reader', 5125.5, 61.9, 97],
    ['Apex 50K', 3847.5, 58.5, 142],
    ['Quiet Size', 3610, 66.2, 71],
    ['Second Entry', 2944.75, 54.8, 186],
    ['Globex Owl', 2187, 51.3, 119],
    ['Fade & Hold', 1406.4, 49.7, 153],
    ['Kestrel 25K', 656, 52.2, 46],
    ['North Pit', -213.25, 47.5, 80],
  ] as const
).map(([nickname, total_pnl, win_rate, trade_count], index) => ({
  rank: index + 1,
  account_id: `acc_${(index + 8) % 10}`,
  nickname,
  total_pnl,
  win_rate,
  trade_count,
}));

/** Monday to Friday, 8 to 15 o'clock; null where nothing was traded. */
const hours: readonly (readonly (number | null)[])[] = [
  [325, 99, -125, 198, -25, -56, -113, null],
  [-408.75, 150, 520, -120, 78, 155, -75, 86],
  [531, 552.5, -121, -148, 224, -153, 58, -98],
  [470, 339, -227, 59, 519, 103, 116, null],
  [416, 195, 314, 68, null, 11, -95, 26],
];

const heatmap = hours.flatMap((row, index) =>
  row.flatMap((pnl, column) =>
    pnl === null
      ? []
      : [
          {
            dow: index + 1,
            hour: column + 8,
            pnl,
            trades: 1 + ((index + column * 3) % 9),
            wins: 1,
          },
        ],
  ),
);

const drawdown = {
  maxDrawdown: 791.25,
  maxDrawdownEod: 758.75,
  currentDrawdown: 325.25,
  peakEquity: 4172.75,
  currentEquity: 3847.5,
  maxDrawdownPct: 1.57,
  longestRecoveredMs: day,
  currentUnderwaterMs: hour,
  gauge: {
    limit: 2500,
    used: 13.01,
    usedClamped: 13.01,
    remaining: 2174.75,
    everBreached: false,
    breachedOn: null,
  },
};

const streak = {
  current: { type: 'win', length: 3 },
  longestWin: 10,
  longestLoss: 6,
  recent: [...'LWLWWLLWWLLLWLLLLWWW'] as ('W' | 'L')[],
} as const;

/** The present of the sample answers. */
export const sampleNow = Date.parse('2026-11-20T21:00:00Z');

const trades = (
  [
    ['ES', 'short', 2, 62.5, 3, 20],
    ['NQ', 'short', 1, 60, 62, 10],
    ['CL', 'long', 1, 35, 190, 16],
    ['NQ', 'long', 1, -100, 64, 11],
    ['ES', 'short', 2, -120, 1500, 5],
    ['ES', 'long', 3, -67.5, 1510, 6],
    ['ES', 'long', 3, -52.5, 1530, 7],
    ['ES', 'long', 1, 68.75, 1560, 13],
    ['NQ', 'long', 1, -117.5, 1600, 29],
    ['ES', 'long', 2, -46.25, 2900, 65],
  ] as const
).map(([symbol, direction, quantity, pnl, minutesAgo, held], index) => ({
  id: `t${index}`,
  account_id: 'acc_1',
  nickname: 'Apex 50K',
  symbol,
  direction,
  quantity,
  entry_price: 5250.25 + index,
  exit_price: 5254.5 + index,
  entry_time: sampleNow - (minutesAgo + held) * minute,
  exit_time: sampleNow - minutesAgo * minute,
  pnl,
  durationMs: held * minute,
}));

const november = days.filter(([day]) => day.startsWith('2026-11'));
const risk = {
  n: 22,
  mean: 174.89,
  std: 410.7,
  volAnnual: 6519.6,
  sharpe: 6.76,
  sortino: 14.77,
  downsideDev: 187.9,
  var95: 476.35,
  var99: 502.3,
  cvar95: 495.13,
  quantile05: -476.35,
  parametricVar95: 500.6,
  dailyProfitFactor: 2.81,
  maxDrawdown: 791.25,
  riskReward: 1.29,
  profitFactor: 1.82,
  expectancy: 27.095,
  sqn: 2.4,
  kelly: 0.26,
  recoveryFactor: 4.86,
  calmar: 55.7,
  ulcerDollar: 302.4,
  ulcerPct: 0.6,
  bestDay: 818.5,
  worstDay: -507.5,
  activeDays: 22,
  profitableDaysPct: 68.2,
  bestDayPctOfProfit: 21.3,
};
const raw = { wins: 83, losses: 59, breakeven: 0 } as WidgetData['risk-metrics']['raw'];

const data: WidgetData = {
  'stats-card': {
    ...coverage,
    stats,
    wins: 83,
    losses: 59,
    breakeven: 0,
    grossProfit: 8539.5,
    grossLoss: -4692,
    dailyPnl,
  },
  'performance-summary': { ...coverage, stats, dailyPnl, instruments },
  'equity-curve': {
    ...coverage,
    totalPnl: 3847.5,
    tradeCount: 142,
    maxDrawdown: 791.25,
    equityCurve: curve(),
    live: null,
  },
  leaderboard: { ...coverage, sort: 'pnl', total: 250, leaders, own: leaders[3]! },
  'trade-heatmap': { ...coverage, tradeCount: 142, day_zone: 'UTC', day_start: '00:00', heatmap },
  'instrument-breakdown': { ...coverage, tradeCount: 142, instruments },
  'drawdown-gauge': { ...coverage, period: 'all', tradeCount: 142, drawdown, live: null },
  'win-streak': { ...coverage, tradeCount: 142, streak, currentPnl: 157.5 },
  'monthly-calendar': {
    ...coverage,
    period: 'all',
    month: '2026-11',
    firstMonth: '2026-05',
    today: '2026-11-20',
    days: november.map(([day, pnl, trades]) => ({ day, pnl, trades, wins: 1 })),
    totalPnl: 2985.25,
    trades: 89,
    winDays: 11,
    lossDays: 4,
    flatDays: 0,
  },
  'risk-metrics': { ...coverage, stats, raw, drawdown, streak, risk, dailyPnl },
  'recent-trades': { ...coverage, period: 'all', trades },
};

/** A widget's answer for a profitable month, made without a server. */
export function answerOf<Name extends WidgetName>(
  widget: Name,
  changes: Partial<WidgetData[Name]> = {},
): WidgetAnswer<Name> {
  const branding = {
    primary_color: null,
    logo_url: null,
    logo_url_light: null,
    logo_url_dark: null,
    company_name: null,
    hide_powered_by: false,
  };
  return {
    widget,
    revision: 1,
    branding,
    data: { ...data[widget], ...changes },
  };
}

/** The answers of the widgets that show live equity, with a loss of an hour ago that is still open. */
export function liveAnswers() {
  const observedAt = sampleNow - hour;
  const { gauge } = drawdown;
  const live = {
    ...{ observedAt, currentEquity: 2_597.25, currentDrawdown: 1_575.5, maxDrawdown: 1_575.5 },
    gauge: { ...gauge, used: 63.02, usedClamped: 63.02, remaining: 924.5 },
  };
  return [
    answerOf('equity-curve', { live: { observedAt, equity: 2_597.25 } }),
    answerOf('drawdown-gauge', { live }),
  ] as const;
}
