import { z } from 'zod';
import { json } from '../answers.ts';
import { knownLanguage } from '../embed/language.ts';
import { drawnWidgets, drawShell, isDrawn } from '../embed/shell.ts';
import { mendQuery } from '../query.ts';
import { notFound } from '../refusal.ts';
import { route } from '../route.ts';
import { answerWidget, widgetQuery, widgetTier } from './widgets.ts';

/** The parameters of an embed address: the data's and the picture's. */
const embedQuery = widgetQuery.extend({
  theme: z.enum(['dark', 'light', 'auto']).optional().catch(undefined),
  accent: z
    .string()
    .regex(/^[0-9a-f]{6}$/i)
    .optional()
    .catch(undefined),
  palette: z.literal('cvd').optional().catch(undefined),
  lang: z
    .string()
    .transform((tag) => knownLanguage(tag) ?? undefined)
    .optional(),
});

export const embed = route({
  method: 'GET',
  path: '/embed/partner/:widget',
  summary: 'A widget as a document of its own, for an iframe.',
  keyParameter: 'key',
  scope: () => 'embed:read',
  tier: ({ widget }) => widgetTier(widget),
  query: embedQuery,
  isForgiving: true,
  speaks: true,
  answer: async (asked) => {
    const { query, language, files } = asked;
    if (!isDrawn(query.widget)) {
      throw notFound(`There is no such widget. There are ${drawnWidgets.join(', ')}.`);
    }
    const answer = await answerWidget(asked);
    const parameters = { ...query, lang: query.lang ?? language };
    return drawShell({ widget: query.widget, parameters, answer, refusal: null }, files);
  },
  refuse: (refusal, { raw, path, language, now, admission, files }) => {
    const name = path.widget ?? '';
    if (!isDrawn(name)) return json(refusal.body);
    const query = mendQuery(embedQuery, raw, path);
    const { status, code } = refusal;
    const limit = admission && { resetsAt: admission.resetsAt, limit: admission.limit };
    const parameters = { ...query, lang: query.lang ?? language };
    return drawShell(
      { widget: name, parameters, answer: null, refusal: { status, code, now, ...limit } },
      files,
    );
  },
});
