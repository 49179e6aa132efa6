import { type WidgetAnswer, widgetAnswer } from '../../shared/answers/widgets.ts';
import { defaultPeriod } from '../../shared/period.ts';
import {
  widgets as catalogue,
  isWidgetName,
  parameters,
  type Widget,
  type WidgetName,
} from '../../shared/widgets.ts';
import { notFound } from '../refusal.ts';
import { type Asked, question } from '../route.ts';
import { presentBranding } from './branding.ts';
import { widgetData } from './widget-data/index.ts';
import type { WidgetQuery as DataQuery } from './widget-data/query.ts';
import { type WidgetQuery, widgetQuery } from './widget-query.ts';

export const widgets = question({
  name: 'readWidget',
  path: '/api/partner/widgets/:widget',
  summary: 'Reads all that a widget needs: its data, the branding and the revision.',
  keyParameter: 'api_key',
  reachedBy: 'script',
  // A back end may use the scopes of the figures behind it instead of `embed:read`.
  scopes: { ofOne: ['embed:read', 'stats:read'], ofAll: ['embed:read', 'stats:aggregate'] },
  query: widgetQuery,
  isForgiving: true,
  answers: {
    200: { means: 'The widget’s data, with the branding and the revision.', schema: widgetAnswer },
  },
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

/** The query with what is the widget's own: its period, and its maximum of rows. */
function asTakenBy(name: WidgetName, query: WidgetQuery): DataQuery {
  const widget: Widget = catalogue[name];
  const standard = widget.period ?? defaultPeriod;
  return {
    ...query,
    period: widget.parameters.includes('period') ? (query.period ?? standard) : standard,
    limit: Math.min(query.limit, widget.mostRows ?? parameters.limit.most),
  };
}
