import type { Tier } from './access.ts';
import { defaultPeriod, type Period, periods } from './period.ts';
import { leastRefresh, mostRefresh } from './refresh.ts';

/** The values that a leaderboard can be ordered by. */
export const sorts = ['pnl', 'win_rate', 'trades'] as const;
export type Sort = (typeof sorts)[number];

/** What a leaderboard ranks, and in which state accounts are ranked. */
export const contenders = ['account', 'user'] as const;
export type Contenders = (typeof contenders)[number];
export const rankedStatuses = ['active', 'all'] as const;
export type RankedStatus = (typeof rankedStatuses)[number];

export const themes = ['dark', 'light', 'auto'] as const;
export const palettes = ['cvd'] as const;

/** The values that a parameter takes. */
export type ParameterKind =
  | { readonly kind: 'text' }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  | {
      readonly kind: 'number';
      readonly least: number;
      readonly most: number;
      readonly isWhole?: boolean;
    }
  /** Six hex digits. */
  | { readonly kind: 'colour' }
  /** A tag of BCP 47. */
  | { readonly kind: 'language' }
  /** `YYYY-MM` */
  | { readonly kind: 'month' };

export type Parameter = ParameterKind & {
  /** Its name in forms. */
  readonly label: string;
  readonly description: string;
  /** The default; absent: none, or as in the description. */
  readonly standard?: string;
  /** Whether it changes the data, or only how they are shown. */
  readonly group: 'data' | 'look';
};

/** The parameters of an embed address; in kebab case they are the attributes of an element. */
export const parameters = {
  account_id: {
    kind: 'text',
    label: 'Account',
    description: 'The id of one account (a leaderboard marks it). Default: all accounts together.',
    group: 'data',
  },
  attempt: {
    kind: 'number',
    least: 1,
    most: 1_000_000,
    isWhole: true,
    label: 'Attempt',
    description:
      'Which attempt of the account: 1 for the first, and so on. Default: the current one.',
    group: 'data',
  },
  firm_id: {
    kind: 'text',
    label: 'Firm',
    description: 'The firm whose accounts are shown. Default: all firms.',
    group: 'data',
  },
  period: {
    kind: 'choice',
    values: periods,
    label: 'Period',
    description:
      'How many of the last days to cover, today included; 1y is a year, all is the whole history.',
    standard: defaultPeriod,
    group: 'data',
  },
  month: {
    kind: 'month',
    label: 'Month',
    description: 'The month to show, as YYYY-MM. Default: the current one.',
    group: 'data',
  },
  sort: {
    kind: 'choice',
    values: sorts,
    label: 'Order',
    description: 'What the accounts are ranked by.',
    standard: 'pnl',
    group: 'data',
  },
  by: {
    kind: 'choice',
    values: contenders,
    label: 'Ranked',
    description: 'Whether each account is ranked by itself, or each user with all its accounts.',
    standard: 'account',
    group: 'data',
  },
  status: {
    kind: 'choice',
    values: rankedStatuses,
    label: 'Accounts',
    description: 'active: closed accounts are not ranked; all: they are.',
    standard: 'active',
    group: 'data',
  },
  limit: {
    kind: 'number',
    least: 1,
    most: 100,
    isWhole: true,
    label: 'Rows',
    description: 'How many rows to show at most.',
    standard: '10',
    group: 'data',
  },
  max_drawdown: {
    kind: 'number',
    least: 0.01,
    most: 1e9,
    label: 'Drawdown limit',
    description:
      'How far the account may fall below its peak, in its currency. Default: the account’s own limit, if it has one.',
    group: 'data',
  },
  currency: {
    kind: 'text',
    label: 'Currency',
    description:
      'The currency, such as EUR, of the accounts to add up. Nothing is converted. Default: the firm’s own currency.',
    group: 'data',
  },
  theme: {
    kind: 'choice',
    values: themes,
    label: 'Theme',
    description: 'dark, light, or auto: as the visitor’s device is set.',
    standard: 'dark',
    group: 'look',
  },
  accent: {
    kind: 'colour',
    label: 'Accent',
    description:
      'The accent colour: six hex digits without #, such as 10b981. It is made lighter or darker where its contrast is too low.',
    group: 'look',
  },
  palette: {
    kind: 'choice',
    values: palettes,
    label: 'Palette',
    description:
      'cvd: blue and orange instead of green and red, for people with a colour vision deficiency.',
    group: 'look',
  },
  lang: {
    kind: 'language',
    label: 'Language',
    description:
      'The language of words, numbers and dates, such as de-DE. Default: the nearest lang attribute in the page, else the visitor’s language; in a frame always the visitor’s.',
    group: 'look',
  },
  timezone: {
    kind: 'text',
    label: 'Time zone',
    description:
      'The time zone of clock times, such as America/Chicago. Default: the visitor’s, and of live equity UTC.',
    group: 'look',
  },
  refresh: {
    kind: 'number',
    least: leastRefresh,
    most: mostRefresh,
    label: 'Refresh',
    description:
      'How many seconds after a response to request the data again, while the widget is in view.',
    group: 'look',
  },
  live: {
    kind: 'choice',
    values: ['on', 'off'],
    label: 'Live',
    description:
      'on: the widget is up to date a moment after a change; off: it is as old as its last request. Default: on for recent trades, off for the others.',
    group: 'look',
  },
} as const satisfies Record<string, Parameter>;

export type ParameterName = keyof typeof parameters;

/** The name of a parameter that changes the data. */
export type DataParameter = {
  [Name in ParameterName]: (typeof parameters)[Name]['group'] extends 'data' ? Name : never;
}[ParameterName];

export interface Widget {
  /** The heading of its card. */
  readonly title: string;
  readonly description: string;
  /** The documented height in px, at which it needs no scroll bar. */
  readonly height: number;
  /** The smallest tier that includes it. */
  readonly tier: Tier;
  readonly parameters: readonly ParameterName[];
  /** The default period; absent: that of the parameter. */
  readonly period?: Period;
  /** The most rows; absent: those of the parameter. */
  readonly mostRows?: number;
  /** Whether it shows how long ago something was, so that an answer is soon out of date. */
  readonly isTimely?: boolean;
  /** Whether it shows what its account was last observed to be worth. */
  readonly isLive?: boolean;
  /** Whether it also shows accounts other than the given one. */
  readonly showsOthers?: boolean;
}

const lookParameters = [
  'theme',
  'accent',
  'palette',
  'lang',
  'timezone',
  'refresh',
  'live',
] as const;
const ofAccount = ['account_id', 'attempt'] as const;
const ofPeriod = [...ofAccount, 'period', 'currency', ...lookParameters] as const;

/** The catalogue: everything that exists for each widget is made from it. */
export const widgets = {
  'stats-card': {
    title: 'Overview',
    description: 'Total P&L with win rate, profit factor and number of trades.',
    height: 280,
    tier: 'starter',
    parameters: ofPeriod,
  },
  'performance-summary': {
    title: 'Performance',
    description: 'Total P&L and its curve, the best and worst trade, and the top instruments.',
    height: 380,
    tier: 'starter',
    parameters: ofPeriod,
  },
  'equity-curve': {
    title: 'Equity curve',
    description: 'Cumulative P&L with its drawdowns, and the daily results below.',
    height: 300,
    tier: 'starter',
    parameters: ofPeriod,
    isLive: true,
  },
  leaderboard: {
    title: 'Leaderboard',
    description: 'The accounts ranked by P&L, win rate or number of trades.',
    height: 400,
    tier: 'growth',
    parameters: [
      ...ofAccount,
      'firm_id',
      'by',
      'status',
      'sort',
      'limit',
      'period',
      'currency',
      ...lookParameters,
    ],
    period: 'all',
    showsOthers: true,
  },
  'trade-heatmap': {
    title: 'Best and worst hour',
    description: 'P&L by day of the week and hour of entry.',
    height: 200,
    tier: 'growth',
    parameters: ofPeriod,
  },
  'instrument-breakdown': {
    title: 'Instruments',
    description: 'How often each instrument was traded, with its win rate and P&L.',
    height: 260,
    tier: 'growth',
    parameters: ofPeriod,
  },
  'drawdown-gauge': {
    title: 'Drawdown',
    description: 'The current drawdown against the limit, and the largest so far.',
    height: 180,
    tier: 'growth',
    parameters: [...ofAccount, 'max_drawdown', 'currency', ...lookParameters],
    period: 'all',
    isLive: true,
  },
  'win-streak': {
    title: 'Streak',
    description: 'How many trades were won or lost in a row, and the latest results in order.',
    height: 240,
    tier: 'growth',
    parameters: ofPeriod,
  },
  'monthly-calendar': {
    title: 'Calendar',
    description: 'The P&L of a month: a cell for each day, and the sum of each week.',
    height: 380,
    tier: 'growth',
    parameters: [...ofAccount, 'month', 'currency', ...lookParameters],
    period: 'all',
  },
  'risk-metrics': {
    title: 'Risk',
    description:
      'Sharpe and Sortino ratio, drawdown, value at risk, expectancy and other figures of risk.',
    height: 320,
    tier: 'growth',
    parameters: ofPeriod,
  },
  'recent-trades': {
    title: 'Recent trades',
    description: 'The latest closed trades.',
    height: 420,
    tier: 'growth',
    parameters: [...ofAccount, 'limit', 'currency', ...lookParameters],
    period: 'all',
    mostRows: 25,
    isTimely: true,
  },
} as const satisfies Record<string, Widget>;

export type WidgetName = keyof typeof widgets;

export const widgetNames = Object.keys(widgets) as WidgetName[];

export function isWidgetName(name: string): name is WidgetName {
  return Object.hasOwn(widgets, name);
}

export function findWidget(name: string): Widget | null {
  return isWidgetName(name) ? widgets[name] : null;
}

/** The attribute of an element that gives a parameter. */
export function attributeOf(name: string): string {
  return name.replaceAll('_', '-');
}

/** Whether a widget shows how long ago something was. */
export function isTimely(name: string): boolean {
  return findWidget(name)?.isTimely ?? false;
}

/** Whether a widget shows what its account was last observed to be worth. */
export function isLive(name: string): boolean {
  return findWidget(name)?.isLive ?? false;
}

/** The name of the class of a widget's element. */
export function elementName(widget: WidgetName): string {
  return widget.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
