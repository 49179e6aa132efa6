import { z } from 'zod';
import { type WidgetAnswer, widgetAnswer } from '../../shared/answers/widgets.ts';
import {
  widgets as catalogue,
  isLive,
  isWidgetName,
  type WidgetName,
} from '../../shared/widgets.ts';
import { notFound } from '../refusal.ts';
import { type Asked, question } from '../route.ts';
import { presentBranding } from './branding.ts';
import { widgetData } from './widget-data/index.ts';
import { type TakenQuery, takenBy, widgetQuery } from './widget-query.ts';

export const widgets = question({
  name: 'readWidget',
  path: '/api/partner/widgets/:widget',
  summary: 'Reads all that a widget needs: its data, the branding and the revision.',
  keyParameter: 'api_key',
  reachedBy: 'script',
  // A back end may use the scopes of the figures behind it instead of `embed:read`.
  scopes: { ofOne: ['embed:read', 'stats:read'], ofAll: ['embed:read', 'stats:aggregate'] },
  query: widgetQuery.extend({
    stream: z
      .string()
      .optional()
      .describe('The id of an open stream, after whose messages questions are not counted.'),
  }),
  isForgiving: true,
  reduce: (query) => takenBy(query),
  isLive: ({ widget = '' }) => isLive(widget),
  answers: {
    200: { means: 'The widget’s data, with the branding and the revision.', schema: widgetAnswer },
  },
  refusals: { 404: ['not_found'] },
  answer: async (asked) => ({ status: 200, body: await answerWidget(asked) }),
});

/** Throws a 404 for an unknown widget or account. */
export async function answerWidget(asked: Asked<TakenQuery>): Promise<WidgetAnswer> {
  const { partner, revision, query } = asked;
  const name = query.widget;
  if (!isWidgetName(name)) {
    throw notFound(`There is no such widget. There are ${Object.keys(catalogue).join(', ')}.`);
  }
  return {
    widget: name,
    revision,
    branding: presentBranding(partner),
    data: await widgetData[name](asked),
  } satisfies WidgetAnswer<WidgetName>;
}
