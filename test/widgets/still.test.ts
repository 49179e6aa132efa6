import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Branding } from '../../shared/answers/branding.ts';
import type { MonthlyCalendarData } from '../../shared/answers/widgets.ts';
import { formatDay } from '../../shared/day.ts';
import { widgetNames, widgets } from '../../shared/widgets.ts';
import type { Refusal } from '../../widgets/core/refusal.ts';
import { documentStyle, drawStill } from '../../widgets/still.ts';
import { answerOf } from './answers.ts';

/** In characters: with styles, with a curve as detailed as can be seen and a table as long as can be read. */
const longest = 50_000;

const now = Date.parse('2026-11-20T15:42:00Z');

function draw(changes: Partial<Parameters<typeof drawStill>[0]> = {}): string {
  return drawStill({
    widget: 'stats-card',
    parameters: { lang: 'en-US' },
    answer: answerOf('stats-card'),
    refusal: null,
    now,
    ...changes,
  }).html;
}

describe('a still', () => {
  test('contains the figures', () => {
    const html = draw();
    for (const part of ['+$3,847.50', '58.5%', '83 won · 59 lost', '1.82', '142', 'Apex 50K'])
      assert.ok(html.includes(part), part);
  });

  test('writes figures in the given language', () => {
    assert.ok(draw({ parameters: { lang: 'de-DE' } }).includes('+3.847,50\u00a0$'));
    assert.ok(draw({ parameters: { lang: 'ar' } }).includes('dir="rtl"'));
  });

  test('shows an infinite profit factor as such', () => {
    const { stats } = answerOf('stats-card').data;
    const answer = answerOf('stats-card', { stats: { ...stats, profitFactor: null } });
    assert.ok(draw({ answer }).includes('∞'));
  });

  test('of a curve without trades has a picture on a Saturday, too', () => {
    const answer = answerOf('equity-curve', {
      ...{ tradeCount: 0, totalPnl: 0, maxDrawdown: 0, equityCurve: [] },
      ...{ period: 'all', from: null, to: '2026-11-21' },
    });
    assert.match(draw({ widget: 'equity-curve', answer }), /No trades/);
  });

  test('of a calendar offers future months if they have trades', () => {
    const isLast = (changes: Partial<MonthlyCalendarData>) => {
      const answer = answerOf('monthly-calendar', changes);
      const html = draw({ widget: 'monthly-calendar', answer });
      return /<button(?=[^>]* aria-label="Next month")[^>]* disabled/.test(html);
    };
    assert.ok(isLast({}));
    assert.ok(!isLast({ lastMonth: '2026-12' }));
    assert.ok(isLast({ month: '2026-12', lastMonth: '2026-12' }));
  });

  describe('of a long history is no longer than can be seen and read', () => {
    const histories: Record<string, number[]> = {
      'two trades, eighty years apart': [0, 20_872],
      'a trade a year for eighty years': Array.from({ length: 81 }, (_, year) => year * 260),
      'a trade on every weekday of sixty years': Array.from({ length: 15_000 }, (_, day) => day),
    };
    for (const [name, weekdays] of Object.entries(histories))
      for (const widget of ['equity-curve', 'performance-summary', 'risk-metrics'] as const)
        test(`${widget} of ${name}`, (context) => {
          const days = weekdays.map((number, index) => {
            const day = formatDay(4 + 7 * Math.floor(number / 5) + (number % 5));
            const equity = 100 * (index % 97);
            return {
              day,
              pnl: 12.5 + index,
              trades: 1,
              equity,
              peak: 9600,
              drawdown: 9600 - equity,
            };
          });
          const [from, to] = [days[0]!.day, days.at(-1)!.day];
          const changes = { period: 'all', from, to, dailyPnl: days, equityCurve: days } as object;
          const { length } = draw({ widget, answer: answerOf(widget, changes) });
          context.diagnostic(`${length} characters`);
          assert.ok(length < longest, `${length} characters`);
        });
  });

  test('rounds an instrument’s average by its exact sum', () => {
    const [instrument] = answerOf('instrument-breakdown').data.instruments;
    // Three cents and a half a trade; 0.105 / 3 is a little less.
    const instruments = [{ ...instrument!, trades: 3, total_pnl: 0.105 }];
    const answer = answerOf('instrument-breakdown', { tradeCount: 3, instruments });
    const html = draw({ widget: 'instrument-breakdown', answer });
    assert.match(html, /\+\$0\.04/);
    assert.doesNotMatch(html, /\+\$0\.03/);
  });

  test('escapes parameters and branding', () => {
    const evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>';
    const answer = answerOf('stats-card', { account: { id: 'a', nickname: evil } });
    answer.branding.company_name = evil;
    answer.branding.logo_url = `https://x.test/${evil}`;
    answer.branding.logo_url_light = `https://y.test/${evil}`;
    answer.branding.primary_color = '#fff;}</style><script>' as string;
    for (const theme of [evil, 'auto']) {
      const parameters = { lang: `en"${evil}`, theme, palette: evil, accent: evil };
      const html = draw({ answer, parameters });
      assert.ok(
        !/<script|<img src=x|onerror=alert\(1\)>(?!")/.test(html.replaceAll('&gt;', '')),
        html,
      );
    }
  });

  for (const widget of widgetNames)
    test(`of ${widget} escapes nicknames, symbols and company names`, () => {
      const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>\u202e`;
      const spoiled = JSON.parse(
        JSON.stringify(answerOf(widget), (name, value) =>
          ['nickname', 'symbol', 'company_name'].includes(name) ? evil : value,
        ),
      );
      spoiled.branding.company_name = evil;
      const html = draw({ widget, answer: spoiled });
      const tags = html.replace(/"[^"]*"/g, '""').match(/<(script|img)|<[^>]*\son\w+=/g);
      assert.equal(tags, null);
    });

  const [plain, light, dark] = ['plain', 'light', 'dark'].map((name) => `https://x.test/${name}`);
  const logosUnder = (theme: string, branding: Partial<Branding>) => {
    const answer = answerOf('stats-card');
    Object.assign(answer.branding, branding);
    const html = draw({ answer, parameters: { theme } });
    return [...html.matchAll(/<(?:source|img)\b[^>]*>/g)].map(([tag]) => {
      const address = / src(?:set)?="([^"]*)"/.exec(tag)?.[1] ?? '';
      return [/media="([^"]*)"/.exec(tag)?.[1], address].filter(Boolean).join(' ');
    });
  };

  test('shows the logo of its theme, and under auto that of the visitor’s setting', () => {
    const branding = { logo_url: plain!, logo_url_light: light!, logo_url_dark: dark! };
    assert.deepEqual(logosUnder('light', branding), [light]);
    assert.deepEqual(logosUnder('dark', branding), [dark]);
    assert.deepEqual(logosUnder('neon', branding), [dark]);
    assert.deepEqual(logosUnder('auto', branding), [
      `(prefers-color-scheme:light) ${light}`,
      `(prefers-color-scheme:dark) ${dark}`,
      '',
    ]);
  });

  test('shows the common logo where its theme has none of its own', () => {
    for (const theme of ['light', 'dark', 'auto'])
      assert.deepEqual(logosUnder(theme, { logo_url: plain! }), [plain]);
    assert.deepEqual(logosUnder('light', { logo_url: plain!, logo_url_dark: dark! }), [plain]);
    assert.deepEqual(logosUnder('light', { logo_url_dark: dark! }), []);
    assert.deepEqual(logosUnder('auto', { logo_url: plain!, logo_url_dark: dark! }), [
      `(prefers-color-scheme:light) ${plain}`,
      `(prefers-color-scheme:dark) ${dark}`,
      '',
    ]);
  });

  test('returns its styles for the content policy, the partner’s colour separately', () => {
    const answer = answerOf('equity-curve');
    answer.branding.primary_color = '#f59e0b';
    const { html, styles } = drawStill({
      widget: 'equity-curve',
      parameters: {},
      answer,
      refusal: null,
      now,
    });
    assert.deepEqual(
      [...html.matchAll(/<style>(.*?)<\/style>/gs)].map(([, text]) => text),
      styles,
    );
    assert.equal(styles.length, 2);
    assert.match(styles[1]!, /^\.box\{(--[\w-]+:light-dark\(#[0-9a-f]{6},#[0-9a-f]{6}\);?)+\}$/);
    assert.ok(!/ style=/.test(html));
  });

  const refusals: [Omit<Refusal, 'now'>, says: string][] = [
    [{ status: 401, code: 'missing_key' }, 'A key is missing'],
    [{ status: 403, code: 'invalid_key' }, 'This key was refused'],
    [{ status: 403, code: 'missing_scope' }, 'This key can’t open widgets'],
    [{ status: 403, code: 'tier_required' }, 'Not part of this plan'],
    [{ status: 403, code: 'origin_not_allowed' }, 'This site isn’t allowed'],
    [{ status: 403, code: 'invalid_token' }, 'This view has ended'],
    [{ status: 403, code: 'outside_token' }, 'This token doesn’t open this'],
    [{ status: 404, code: 'not_found' }, 'This account wasn’t found'],
    [{ status: 400, code: 'invalid_parameters' }, 'This can’t be shown'],
    [
      { status: 429, code: 'daily_limit_reached', limit: 10_000 },
      '10,000 of 10,000 requests used. Data returns at midnight UTC, in 8 h 18 min.',
    ],
    [{ status: 429, code: 'too_many_requests', retryAfter: 5 }, 'Too many requests'],
    [{ status: 503, code: 'storage_unavailable' }, 'No answer from PropTally'],
  ];
  for (const [refusal, says] of refusals)
    test(`says of ${refusal.status} ${refusal.code}: ${says}`, () => {
      for (const widget of widgetNames) {
        const html = draw({ widget, answer: null, refusal: { ...refusal, now } });
        assert.ok(html.includes(says), html);
        assert.ok(
          html.includes(`>${widgets[widget].title}</h2>`),
          'not the heading of the catalogue',
        );
        assert.ok(html.includes(`Code ${refusal.status}`));
      }
    });

  test('has a document in the theme’s colour scheme', () => {
    assert.match(documentStyle('auto', 280), /color-scheme:light dark/);
    assert.match(documentStyle('neon', 280), /color-scheme:dark/);
  });
});
