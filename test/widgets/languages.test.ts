import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TranslatedLanguage } from '../../shared/language.ts';
import { periods } from '../../shared/period.ts';
import { widgetNames } from '../../shared/widgets.ts';
import { english as states } from '../../widgets/core/lazy/state-words.ts';
import { pluralOf } from '../../widgets/core/plural.ts';
import type { Refusal } from '../../widgets/core/refusal.ts';
import { english as common } from '../../widgets/core/words.ts';
import { english as outcomes } from '../../widgets/draw/outcomes.ts';
import { languages } from '../../widgets/languages/index.ts';
import type { Words } from '../../widgets/languages/words.ts';
import { english as days } from '../../widgets/parts/day-table.ts';
import { drawStill } from '../../widgets/still.ts';
import { answerOf, sampleNow } from './answers.ts';

const ofWidgets = widgetNames.map(async (name) => [
  name,
  (await import(`../../widgets/${name}/words.ts`)).english,
]);
const english = {
  common,
  states,
  days,
  outcomes,
  ...Object.fromEntries(await Promise.all(ofWidgets)),
};

const names = Object.keys(languages);

async function wordsOf(name: string): Promise<Words> {
  const { words } = await languages[name]!();
  return words(pluralOf(name));
}

/** Every text of a table by its path; those with figures have the `given` ones. */
function textsOf(words: unknown, given: readonly unknown[], path = ''): [path: string, string][] {
  if (typeof words === 'string') return [[path, words]];
  if (typeof words === 'function') {
    if (path === '.states.nothingYet')
      return periods.map((period) => [`${path} ${period}`, words(period)]);
    return textsOf(words(...given), given, path);
  }
  return Object.entries(words as object).flatMap(([name, value]) =>
    textsOf(value, given, `${path}.${name}`),
  );
}

/** Figures for the texts, each recognisable. */
const many = [100, '‹1›', '‹2›', '‹3›'];
const figuresIn = (text: string) => [...new Set(text.match(/100|‹\d›/g))].sort().join(' ');

/** Texts in several lengths: a language may have fewer of them. */
const lengths =
  /\.(best|worst|average|profitFactor|trades|winRate|sharpe|annualised|longest\w+)\.\d$/;

for (const name of names)
  describe(`the words of ${name}`, () => {
    test('have all texts of English, with the same figures', async () => {
      const texts = new Map(textsOf(await wordsOf(name), many));
      for (const [path, text] of textsOf(english, many)) {
        const other = texts.get(path) ?? '';
        if (!other && lengths.test(path)) continue;
        assert.ok(other.trim(), path);
        assert.equal(figuresIn(other), figuresIn(text), `${path}: ${other}`);
      }
    });

    test('are complete for any count', async () => {
      const words = await wordsOf(name);
      for (const count of [0, 1, 2, 3, 11, 21, 100, 1_000_000])
        for (const [path, text] of textsOf(words, [count, `${count}`, count, `${count}`]))
          assert.ok(text.trim() && !/undefined|NaN/.test(text), `${path} of ${count}: ${text}`);
    });

    test('are not the English ones', async () => {
      const same = new Set(textsOf(english, many).map(([, text]) => text));
      const texts = textsOf(await wordsOf(name), many).map(([, text]) => text);
      const left = texts.filter((text) => same.has(text) && /\p{L}{3}/u.test(text));
      assert.ok(left.length < texts.length / 10, left.join('\n'));
    });
  });

test('words have the plural forms of their language', async () => {
  const counts = [0, 1, 2, 5, 11, 100];
  const expected = {
    ar: ['0 صفقة', 'صفقة واحدة', 'صفقتان', '5 صفقات', '11 صفقة', '100 صفقة'],
    de: ['0 Trades', '1 Trade', '2 Trades', '5 Trades', '11 Trades', '100 Trades'],
    es: counts.map((count) => `${count} ${count === 1 ? 'operación' : 'operaciones'}`),
    fr: counts.map((count) => `${count} ${count < 2 ? 'trade' : 'trades'}`),
    ja: counts.map((count) => `${count}取引`),
    'pt-BR': counts.map((count) => `${count} ${count < 2 ? 'operação' : 'operações'}`),
  } satisfies Record<Exclude<TranslatedLanguage, 'en'>, string[]>;
  for (const [name, texts] of Object.entries(expected)) {
    const { ofTrades } = (await wordsOf(name)).common;
    assert.deepEqual(
      counts.map((count) => ofTrades(count, `${count}`)),
      texts,
    );
  }
});

test('words are those of the language in all its regions, and English for one without words', () => {
  const spoken = (lang: string) => {
    const answer = answerOf('stats-card');
    const request = { answer, refusal: null, now: sampleNow };
    const { html } = drawStill({ widget: 'stats-card', parameters: { lang }, ...request });
    return /<section[^>]* lang="([^"]*)"/.exec(html)![1];
  };
  for (const [lang, words] of Object.entries({
    de: 'de',
    'de-AT': 'de',
    'es-419': 'es',
    'fr-CA': 'fr',
    pt: 'pt-BR',
    'pt-PT': 'pt-BR',
    'ar-EG': 'ar',
    'en-GB': 'en',
    // Languages with numbers and dates, and no words: Amharic and Burmese.
    am: 'en',
    my: 'en',
  }))
    assert.equal(spoken(lang), words, lang);
});

/** The same in every language: our name, the zone, currencies, symbols, abbreviations of figures, a scope. */
const international = /^(PropTally|UTC|USD|US|ID|SQN|VaR|PF|DD|embed|read|ES|NQ|CL|GC)$/;

const nicknames = new RegExp(
  answerOf('leaderboard')
    .data.leaders.map(({ nickname }) => nickname.replace('&', '&amp;'))
    .join('|'),
  'g',
);

describe('no text is missing in the tables', () => {
  const codes: [status: number, code: Refusal['code']][] = [
    [0, 'offline'],
    [0, 'unreachable'],
    [400, 'invalid_parameters'],
    [401, 'missing_key'],
    [403, 'invalid_key'],
    [403, 'missing_scope'],
    [403, 'origin_not_allowed'],
    [403, 'tier_required'],
    [403, 'outside_token'],
    [403, 'invalid_token'],
    [404, 'not_found'],
    [429, 'daily_limit_reached'],
    [429, 'too_many_requests'],
    [503, 'storage_unavailable'],
  ];
  const refusals = codes.map(([status, code]) => ({ status, code, now: sampleNow, limit: 1_000 }));

  // In languages with other scripts an English word can be recognised.
  for (const lang of ['ar', 'ja'])
    for (const widget of widgetNames)
      test(`${widget} in ${lang}`, () => {
        const answer = answerOf(widget);
        const request = { widget, parameters: { lang, timezone: 'UTC' }, now: sampleNow };
        const stills = [
          { answer, refusal: null },
          { answer, refusal: refusals[0]! },
          ...refusals.map((refusal) => ({ answer: null, refusal })),
        ].map((state) => drawStill({ ...request, ...state }));
        for (const { html, title } of stills) {
          const labels = html.matchAll(/ (?:aria-label|aria-valuetext|title)="([^"]*)"/g);
          const texts = html.replace(/<style>.*?<\/style>/gs, '').replace(/<[^>]*>/g, ' ');
          const shown = [title, texts, ...[...labels].map(([, label]) => label)].join(' ');
          const words = shown
            .replace(nicknames, '')
            .replace(/&#?\w+;/g, ' ')
            .match(/[A-Za-z]+/g);
          assert.deepEqual(
            words!.filter((word) => !international.test(word)),
            [],
          );
        }
      });
});
