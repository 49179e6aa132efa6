import { z } from 'zod';
import { written } from '../../shared/answers/json-schema.ts';
import { defaultPeriod, periods } from '../../shared/period.ts';
import {
  contenders,
  findWidget,
  type Parameter,
  type ParameterName,
  parameters,
  rankedStatuses,
  sorts,
  type Widget,
  widgetNames,
  widgets,
} from '../../shared/widgets.ts';
import { currency } from '../query.ts';
import type { WidgetQuery as DataQuery } from './widget-data/query.ts';

const { limit: limitOf, max_drawdown } = parameters;
const sortStandard = parameters.sort.standard;

/**
 * The parameters of a widget's data. Invalid ones are mended, so that a widget never breaks its
 * page.
 */
export const widgetQuery = z.object({
  widget: written(z.string(), { type: 'string', enum: widgetNames }).describe(
    'The name of the widget.',
  ),
  account_id: ofCatalogue('account_id', z.string().optional()),
  /** Absent: the current one. */
  attempt: ofCatalogue(
    'attempt',
    nearest(z.string(), parameters.attempt).transform(Math.trunc).optional().catch(undefined),
  ),
  firm_id: ofCatalogue('firm_id', z.string().min(1).optional().catch(undefined)),
  /** Absent: the widget's default. */
  period: ofCatalogue('period', z.enum(periods).optional().catch(undefined)),
  /** Absent: the current month. */
  month: ofCatalogue(
    'month',
    z
      .string()
      .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
      .optional()
      .catch(undefined),
  ),
  sort: ofCatalogue('sort', z.enum(sorts).catch(sortStandard)),
  by: ofCatalogue('by', z.enum(contenders).catch(parameters.by.standard)),
  status: ofCatalogue('status', z.enum(rankedStatuses).catch(parameters.status.standard)),
  limit: ofCatalogue(
    'limit',
    nearest(z.string(), limitOf).transform(Math.trunc).catch(Number(limitOf.standard)),
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

type WidgetQuery = z.output<typeof widgetQuery>;

/** The parameters of a widget, and those of its data that change nothing it shows. */
function parametersOf(name: string): readonly string[] {
  const shown = findWidget(name)?.parameters ?? [];
  return name === 'risk-metrics' ? [...shown, 'max_drawdown'] : shown;
}

/** The query as a widget takes it. */
export type TakenQuery = DataQuery & Pick<WidgetQuery, 'widget'>;

/**
 * The query without the parameters that the widget does not take, nor a currency beside an account,
 * which has its own, nor an attempt of all accounts together; and with its own default period and
 * maximum of rows. So queries with the same answer are the same.
 */
export function takenBy<Query extends WidgetQuery>(query: Query): Query & TakenQuery {
  const widget = findWidget(query.widget);
  const isOfOne = query.account_id !== undefined;
  const useless = isOfOne ? 'currency' : widget?.showsOthers ? null : 'attempt';
  const names = ['widget', ...parametersOf(query.widget)].filter((name) => name !== useless);
  const entries = Object.entries(query).filter(([name]) => names.includes(name));
  const taken = Object.fromEntries(entries) as Query & Partial<WidgetQuery>;
  return {
    ...taken,
    period: taken.period ?? widget?.period ?? defaultPeriod,
    sort: taken.sort ?? sortStandard,
    by: taken.by ?? parameters.by.standard,
    status: taken.status ?? parameters.status.standard,
    limit: Math.min(taken.limit ?? Number(limitOf.standard), widget?.mostRows ?? limitOf.most),
  };
}

/** Reads a number; one out of bounds becomes the nearest bound. */
function nearest(text: z.ZodType<string, string>, { least, most }: Bounds) {
  return text
    .refine((digits) => digits.trim() !== '' && !Number.isNaN(Number(digits)))
    .transform((digits) => Math.min(Math.max(Number(digits), least), most));
}

interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** Adds to a schema what the catalogue says of the parameter, for the API's document. */
export function ofCatalogue<Schema extends z.ZodType>(name: ParameterName, schema: Schema): Schema {
  const parameter: Parameter = parameters[name];
  const { standard } = parameter;
  const description = [parameter.description, ...exceptionsTo(name)].join(' ');
  if (parameter.kind !== 'number') {
    return schema.meta({ description, ...(standard !== undefined && { default: standard }) });
  }
  const { least, most } = parameter;
  return written(schema, {
    type: parameter.isWhole ? 'integer' : 'number',
    ...{ minimum: least, maximum: most, description },
    ...(standard !== undefined && { default: Number(standard) }),
  });
}

/** Sentences about the widgets with a default or a maximum of their own. */
function exceptionsTo(name: ParameterName): string[] {
  return widgetNames.flatMap((widget) => {
    const { parameters, period, mostRows }: Widget = widgets[widget];
    if (!parameters.includes(name)) return [];
    if (name === 'period' && period) return [`For \`${widget}\` the default is ${period}.`];
    return name === 'limit' && mostRows ? [`For \`${widget}\` at most ${mostRows}.`] : [];
  });
}
