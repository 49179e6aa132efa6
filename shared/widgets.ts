import type { Tier } from './access.ts';

/** A parameter of a widget: of its embed address, and in kebab case an attribute of its element. */
export const parameters = {
  account_id: 'One account; without it all of them together.',
  period: '7d, 30d, 90d, 1y or all. Default: 30d.',
  currency: 'Which accounts to put together: those in this currency. Default: the firm’s own.',
  theme: 'dark, light or auto (the visitor’s setting). Default: dark.',
  accent: 'A colour as six hex digits without #, such as 10b981.',
  palette: 'cvd: blue and orange instead of green and red.',
  lang: 'Language of numbers and dates, such as de-DE. Default: the visitor’s.',
} as const;

export type Parameter = keyof typeof parameters;

export interface Widget {
  /** What its card is headed. */
  readonly title: string;
  readonly description: string;
  /** The height in px it is documented with and fits without a scroll bar. */
  readonly height: number;
  /** The smallest tier that may open it. */
  readonly tier: Tier;
  readonly parameters: readonly Parameter[];
}

const all = Object.keys(parameters) as Parameter[];

/** The catalogue: everything that is made for each widget is made from this. */
export const widgets = {
  'stats-card': {
    title: 'Overview',
    description: 'Total P&L with win rate, profit factor and number of trades.',
    height: 280,
    tier: 'starter',
    parameters: all,
  },
  'equity-curve': {
    title: 'Equity curve',
    description: 'Cumulative P&L with its drawdowns and the daily results beneath.',
    height: 300,
    tier: 'starter',
    parameters: all,
  },
  'risk-metrics': {
    title: 'Risk',
    description: 'Sharpe and Sortino ratio, drawdown, value at risk, expectancy and the rest.',
    height: 320,
    tier: 'growth',
    parameters: all,
  },
} as const satisfies Record<string, Widget>;

export type WidgetName = keyof typeof widgets;

export function isWidgetName(name: string): name is WidgetName {
  return Object.hasOwn(widgets, name);
}
