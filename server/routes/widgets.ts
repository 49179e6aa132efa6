import { z } from 'zod';
import type { Scope } from '../../shared/access.ts';
import { type WidgetAnswer, widgetAnswer } from '../../shared/answers/widgets.ts';
import { defaultPeriod, periods } from '../../shared/period.ts';
import {
  widgets as catalogue,
  isWidgetName,
  parameters,
  sorts,
  type Widget,
  type WidgetName,
} from '../../shared/widgets.ts';
import { currency, type RawQuery } from '../query.ts';
import { notFound } from '../refusal.ts';
import { type Asked, question } from '../route.ts';
import { presentBranding } from './branding.ts';
import { widgetData } from './widget-data/index.ts';
import type { WidgetQuery as DataQuery } from './widget-data/query.ts';

const { sort, limit, max_drawdown } = parameters;

/** A number as text, brought to the nearest within bounds. */
function nearest(text: z.ZodType<string, string>, { least, most }: Bounds) {
  return text
    .refine((digits) => digits.trim() !== '' && !Number.isNaN(Number(digits)))
    .transform((digits) => Math.min(Math.max(Number(digits), least), most));
}

interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** The parameters of a widget's data. Bad ones are mended: a widget never breaks its host's page. */
export const widgetQuery = z.object({
  widget: z.string(),
  account_id: z.string().optional(),
  firm_id: z.string().min(1).optional().catch(undefined),
  /** Absent, it is the widget's own. */
  period: z.enum(periods).optional().catch(undefined),
  /** Absent, it is the current one. */
  month: z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
    .optional()
    .catch(undefined),
  sort: z.enum(sorts).catch(sort.standard),
  limit: nearest(z.string(), limit).transform(Math.trunc).catch(Number(limit.standard)),
  max_drawdown: nearest(
    z.string().refine((digits) => Number(digits) > 0),
    max_drawdown,
  )
    .optional()
    .catch(undefined),
  currency: currency.optional().catch(undefined),
});

export type WidgetQuery = z.output<typeof widgetQuery>;

export const widgets = question({
  name: 'readWidget',
  path: '/api/partner/widgets/:widget',
  summary: 'All that a widget needs: its data, the branding, the revision.',
  keyParameter: 'api_key',
  reachedBy: 'script',
  scope: scopesOfWidget,
  tier: ({ widget }) => widgetTier(widget),
  query: widgetQuery,
  isForgiving: true,
  answers: { 200: { means: 'The widget’s data.', schema: widgetAnswer } },
  refusals: { 404: ['not_found'] },
  answer: async (asked) => ({ status: 200, body: await answerWidget(asked) }),
});

/** A back end reads the data with the scopes that open the figures behind it. */
function scopesOfWidget(query: RawQuery, { widget = '' }: { widget?: string }): readonly Scope[] {
  const { showsOthers }: Partial<Widget> = isWidgetName(widget) ? catalogue[widget] : {};
  const isOfOne = query.has('account_id') && !showsOthers;
  return isOfOne ? ofOneAccount : ofAllAccounts;
}

const ofOneAccount: readonly Scope[] = ['embed:read', 'stats:read'];
const ofAllAccounts: readonly Scope[] = ['embed:read', 'stats:aggregate'];

export function widgetTier(name: string | undefined) {
  return name !== undefined && isWidgetName(name) ? catalogue[name].tier : null;
}

/** Throws a 404 for an unknown widget or account. */
export async function answerWidget(asked: Asked<WidgetQuery>): Promise<WidgetAnswer> {
  const { partner, query } = asked;
  const name = query.widget;
  if (!isWidgetName(name)) {
    throw notFound(`There is no such widget. There are ${Object.keys(catalogue).join(', ')}.`);
  }
  return {
    widget: name,
    revision: partner.revision,
    branding: presentBranding(partner),
    data: await widgetData[name]({ ...asked, query: asTakenBy(name, query) }),
  } satisfies WidgetAnswer<WidgetName>;
}

/** The question as the widget takes it: its own period, and no more rows than it has. */
function asTakenBy(name: WidgetName, query: WidgetQuery): DataQuery {
  const widget: Widget = catalogue[name];
  const standard = widget.period ?? defaultPeriod;
  return {
    ...query,
    period: widget.parameters.includes('period') ? (query.period ?? standard) : standard,
    limit: Math.min(query.limit, widget.mostRows ?? limit.most),
  };
}
