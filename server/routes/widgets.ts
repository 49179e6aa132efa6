import { z } from 'zod';
import type { WidgetAnswer } from '../../shared/answers/widgets.ts';
import { defaultPeriod, periods } from '../../shared/period.ts';
import { widgets as catalogue, isWidgetName, type WidgetName } from '../../shared/widgets.ts';
import { json } from '../answers.ts';
import { currency } from '../query.ts';
import { notFound } from '../refusal.ts';
import { type Asked, route } from '../route.ts';
import type { Partner } from '../store/partners.ts';
import { widgetData } from './widget-data.ts';

/** The parameters of a widget's data. Bad ones are mended: a widget never breaks its host's page. */
export const widgetQuery = z.object({
  widget: z.string(),
  account_id: z.string().optional(),
  period: z.enum(periods).catch(defaultPeriod).default(defaultPeriod),
  currency: currency.optional().catch(undefined),
  max_drawdown: z.coerce.number().positive().max(1e9).optional().catch(undefined),
});

export type WidgetQuery = z.output<typeof widgetQuery>;

export const widgets = route({
  method: 'GET',
  path: '/api/partner/widgets/:widget',
  summary: 'All that a widget needs: its data, the branding, the revision.',
  keyParameter: 'api_key',
  scope: () => 'embed:read',
  tier: ({ widget }) => widgetTier(widget),
  query: widgetQuery,
  isForgiving: true,
  answer: async (asked) => json(await answerWidget(asked)),
});

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
    data: await widgetData[name](asked),
  } satisfies WidgetAnswer<WidgetName>;
}

function presentBranding(partner: Partner): WidgetAnswer['branding'] {
  return {
    primary_color: partner.primary_color,
    logo_url: partner.logo_url,
    company_name: partner.company_name,
    hide_powered_by: partner.hide_powered_by === 1,
  };
}
