import type { EquityPoint, WidgetAnswer, WidgetData } from '../../shared/answers/widgets.ts';
import type { WidgetName } from '../../shared/widgets.ts';

/** Results of 22 weekdays, with the number of trades of each: a month like any other. */
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

const data: Partial<WidgetData> = {
  'stats-card': {
    ...coverage,
    stats: {
      tradeCount: 142,
      winRate: 58.5,
      avgPnl: 27.1,
      totalPnl: 3847.5,
      bestTrade: 450,
      worstTrade: -180.25,
      profitFactor: 1.82,
      instrumentsTraded: 4,
    },
    wins: 83,
    losses: 59,
    breakeven: 0,
    grossProfit: 8539.5,
    grossLoss: -4692,
    dailyPnl: days.map(([day, pnl, trades]) => ({ day, pnl, trades })),
  },
  'equity-curve': {
    ...coverage,
    totalPnl: 3847.5,
    tradeCount: 142,
    maxDrawdown: 791.25,
    equityCurve: curve(),
  },
};

/** A widget's answer of a profitable month, without a server behind it. */
export function answerOf<Name extends WidgetName>(
  widget: Name,
  changes: Partial<WidgetData[Name]> = {},
): WidgetAnswer<Name> {
  const branding = {
    primary_color: null,
    logo_url: null,
    company_name: null,
    hide_powered_by: false,
  };
  return {
    widget,
    revision: 1,
    branding,
    data: { ...(data[widget] as WidgetData[Name]), ...changes },
  };
}
