import { z } from 'zod';
import { written } from '../../shared/answers/json-schema.ts';
import { type WidgetAnswer, widgetAnswer } from '../../shared/answers/widgets.ts';
import { defaultPeriod, periods } from '../../shared/period.ts';
import {
  widgets as catalogue,
  isWidgetName,
  type Parameter,
  type ParameterName,
  parameters,
  sorts,
  type Widget,
  type WidgetName,
  widgetNames,
} from '../../shared/widgets.ts';
import { currency } from '../query.ts';
import { notFound } from '../refusal.ts';
import { type Asked, question } from '../route.ts';
import { presentBranding } from './branding.ts';
import { widgetData } from './widget-data/index.ts';
import type { WidgetQuery as DataQuery } from './widget-data/query.ts';

const { limit, max_drawdown } = parameters;

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

/** A parameter of widgets, in the document as the catalogue has it. */
export function ofCatalogue<Schema extends z.ZodType>(name: ParameterName, schema: Schema): Schema {
  const parameter: Parameter = parameters[name];
  const { standard } = parameter;
  const description = [parameter.description, ...exceptionsTo(name)].join(' ');
  if (parameter.kind !== 'number') {
    return schema.meta({ description, ...(standard !== undefined && { default: standard }) });
  }
  const { least, most } = parameter;
  const type = name === 'limit' ? 'integer' : 'number';
  return written(schema, {
    ...{ type, minimum: least, maximum: most, description },
    ...(standard !== undefined && { default: Number(standard) }),
  });
}

/** Where the default or the bounds are a widget's own. */
function exceptionsTo(name: ParameterName): string[] {
  return widgetNames.flatMap((widget) => {
    const { parameters, period, mostRows }: Widget = catalogue[widget];
    if (!parameters.includes(name)) return [];
    if (name === 'period' && period) return [`Of \`${widget}\` the default is ${period}.`];
    return name === 'limit' && mostRows ? [`Of \`${widget}\` at most ${mostRows}.`] : [];
  });
}

/** The parameters of a widget's data. Bad ones are mended: a widget never breaks its host's page. */
export const widgetQuery = z.object({
  widget: written(z.string(), { type: 'string', enum: widgetNames }),
  account_id: ofCatalogue('account_id', z.string().optional()),
  firm_id: ofCatalogue('firm_id', z.string().min(1).optional().catch(undefined)),
  /** Absent, it is the widget's own. */
  period: ofCatalogue('period', z.enum(periods).optional().catch(undefined)),
  /** Absent, it is the current one. */
  month: ofCatalogue(
    'month',
    z
      .string()
      .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
      .optional()
      .catch(undefined),
  ),
  sort: ofCatalogue('sort', z.enum(sorts).catch(parameters.sort.standard)),
  limit: ofCatalogue(
    'limit',
    nearest(z.string(), limit).transform(Math.trunc).catch(Number(limit.standard)),
  ),
  max_drawdown: ofCatalogue(
    'max_drawdown',
    nearest(
      z.string().refine((digits) => Number(digits) > 0),
      max_drawdown,
    )
      .optional()
      .catch(undefined),
  ),
  currency: ofCatalogue('currency', currency.optional().catch(undefined)),
});

export type WidgetQuery = z.output<typeof widgetQuery>;

export const widgets = question({
  name: 'readWidget',
  path: '/api/partner/widgets/:widget',
  summary: 'All that a widget needs: its data, the branding, the revision.',
  keyParameter: 'api_key',
  reachedBy: 'script',
  // A back end reads the data with the scopes that open the figures behind it.
  scopes: { ofOne: ['embed:read', 'stats:read'], ofAll: ['embed:read', 'stats:aggregate'] },
  query: widgetQuery,
  isForgiving: true,
  answers: { 200: { means: 'The widget’s data.', schema: widgetAnswer } },
  refusals: { 404: ['not_found'] },
  answer: async (asked) => ({ status: 200, body: await answerWidget(asked) }),
});

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
