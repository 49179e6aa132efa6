import { z } from 'zod';
import { defaultLanguage } from '../../shared/language.ts';
import { isLive, isTimely, isWidgetName, palettes, themes } from '../../shared/widgets.ts';
import { htmlType, json } from '../answers.ts';
import { isKnownZone, knownLanguage } from '../embed/language.ts';
import { drawShell } from '../embed/shell.ts';
import { mendQuery } from '../query.ts';
import { question } from '../route.ts';
import { ofCatalogue, takenBy, widgetQuery } from './widget-query.ts';
import { answerWidget } from './widgets.ts';

/** The parameters of a widget's look that also apply to a refusal. */
const pictureQuery = z.object({
  theme: ofCatalogue('theme', z.enum(themes).optional().catch(undefined)),
  accent: ofCatalogue(
    'accent',
    z
      .string()
      .regex(/^[0-9a-fA-F]{6}$/)
      .optional()
      .catch(undefined),
  ),
  palette: ofCatalogue('palette', z.enum(palettes).optional().catch(undefined)),
});

/**
 * The parameters of an embed address: those of the data, of the look, and of language and time
 * zone.
 */
const embedQuery = widgetQuery.extend({
  ...pictureQuery.shape,
  timezone: ofCatalogue('timezone', z.string().refine(isKnownZone).optional().catch(undefined)),
  lang: ofCatalogue(
    'lang',
    z
      .string()
      .transform((tag) => knownLanguage(tag) ?? undefined)
      .optional(),
  ),
  refresh: ofCatalogue('refresh', ofScript()),
  live: ofCatalogue('live', ofScript()),
});

/** What only the script uses: the document is the same. */
function ofScript() {
  return z
    .string()
    .optional()
    .transform(() => undefined);
}

function inLanguage<Query extends { lang?: string | undefined }>(query: Query, language: string) {
  return { ...query, lang: query.lang ?? language };
}

export const embed = question({
  name: 'showWidget',
  path: '/embed/partner/:widget',
  summary: 'Shows a widget as an HTML page, for an iframe.',
  keyParameter: 'key',
  reachedBy: 'frame',
  scopes: ['embed:read'],
  query: embedQuery,
  isForgiving: true,
  reduce: (query) => takenBy(query),
  speaks: ({ lang }) => lang === undefined,
  isTimely: ({ widget = '' }) => isTimely(widget),
  isLive: ({ widget = '' }) => isLive(widget),
  answers: { 200: { means: 'The page, with the widget already drawn in it.', type: htmlType } },
  refusals: { 404: ['not_found'] },
  answer: async (asked) => {
    const { query, language, moment } = asked;
    const answer = await answerWidget(asked);
    const parameters = inLanguage(query, language);
    const request = { widget: answer.widget, parameters, answer, refusal: null, now: moment };
    return { status: 200, ...drawShell(request, asked) };
  },
  refuse: (refusal, { raw, path, language, now, admission, publicUrl, files }) => {
    const name = path.widget ?? '';
    if (!isWidgetName(name)) return json(refusal.body);
    const parameters =
      language === null
        ? { ...mendQuery(pictureQuery, raw, {}), lang: defaultLanguage }
        : inLanguage(mendQuery(embedQuery, raw, path), language);
    const { status, code, headers } = refusal;
    const retryAfter = Number(headers['Retry-After']) || undefined;
    const why = { status, code, now, retryAfter, limit: admission?.limit };
    return drawShell(
      { widget: name, parameters, answer: null, refusal: why, now },
      // A refusal shows nothing private, so any page may frame it.
      { frameAncestors: '*', publicUrl, files },
    );
  },
});
