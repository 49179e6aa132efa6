import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { WidgetData } from '../../shared/answers/widgets.ts';
import { day } from '../../shared/time.ts';
import { type WidgetName, widgetNames } from '../../shared/widgets.ts';
import { drawStill } from '../../widgets/still.ts';
import { answerOf, sampleNow } from './answers.ts';

const offline = { status: 0, code: 'offline', now: sampleNow } as const;

/** The text of a widget's still in English; `isOld`: after a refresh that failed. */
function textOf<Name extends WidgetName>(
  widget: Name,
  changes: Partial<WidgetData[Name]> = {},
  isOld = false,
): string {
  const { html } = drawStill({
    widget,
    parameters: { lang: 'en-US', timezone: 'UTC' },
    answer: answerOf(widget, changes),
    refusal: isOld ? offline : null,
    now: sampleNow,
  });
  return html
    .replace(/<style>.*?<\/style>/gs, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
}

describe('a drawdown gauge', () => {
  const { drawdown } = answerOf('drawdown-gauge').data;
  const gauge = { ...drawdown.gauge!, everBreached: true, breachedOn: '2026-10-30' };

  test('shows its zone, also when it is old', () => {
    for (const isOld of [false, true]) assert.match(textOf('drawdown-gauge', {}, isOld), / Safe /);
    assert.match(textOf('drawdown-gauge', {}, true), /As of/);
  });

  test('after a breach shows the day, and is never safe again', () => {
    for (const isOld of [false, true]) {
      const text = textOf('drawdown-gauge', { drawdown: { ...drawdown, gauge } }, isOld);
      assert.match(text, /Breached on Oct 30, 2026/);
      assert.match(text, /Breached on 10\/30\/26/);
      assert.doesNotMatch(text, /Safe/);
    }
  });
});

describe('accounts in other currencies', () => {
  const accounts = { counted: 9, left_out: 3 };

  for (const widget of widgetNames)
    test(`that are left out are made known by the currency of the others: ${widget}`, () => {
      const text = textOf(widget, { account: null, accounts } as Partial<WidgetData[WidgetName]>);
      assert.match(text, /All accounts in USD/);
      // A narrow card shows the currency alone.
      assert.match(text, / USD /);
    });

  test('are not mentioned where there are none', () => {
    for (const widget of widgetNames) {
      const others = { account: null, accounts: { counted: 9, left_out: 0 } };
      const text = textOf(widget, others as Partial<WidgetData[WidgetName]>);
      assert.equal(/All accounts in USD/.test(text), widget === 'leaderboard', widget);
    }
  });

  test('change nothing for a single account, but on a leaderboard, which ranks all', () => {
    assert.doesNotMatch(textOf('stats-card', { accounts }), /USD/);
    assert.match(textOf('leaderboard', { accounts }), /All accounts in USD/);
  });
});

test('trades that broke even are shown if there are any', () => {
  assert.match(textOf('stats-card', { breakeven: 3 }), /83 won · 59 lost · 3 even/);
  assert.doesNotMatch(textOf('stats-card'), /even/);
});

describe('a heatmap', () => {
  type Settings = Pick<WidgetData['trade-heatmap'], 'day_zone' | 'day_start'>;
  const cells = [-500, 25, 300, -75].map((pnl, index) => ({
    ...{ dow: 1, hour: [0, 6, 7, 23][index]!, pnl, trades: 1, wins: pnl > 0 ? 1 : 0 },
  }));
  const htmlOf = (settings: Settings, lang = 'en-US', heatmap = cells) =>
    drawStill({
      ...{ widget: 'trade-heatmap', parameters: { lang }, refusal: null, now: sampleNow },
      answer: answerOf('trade-heatmap', { ...settings, heatmap }),
    }).html;
  const placeIn = (html: string) => /<thead><tr><td>([^<]*)</.exec(html)?.[1];

  /** The hours from the first to the last one with trades. */
  const hoursIn = (html: string) =>
    [...html.matchAll(/<th scope="col"[^>]*>([^<]*)</g)].map(([, hour]) => hour);

  test('shows hours with their zone', () => {
    const html = htmlOf({ day_zone: 'UTC', day_start: '00:00' });
    assert.equal(placeIn(html), 'UTC');
    assert.deepEqual(hoursIn(html).slice(0, 3), ['00:00', '01:00', '02:00']);
    assert.match(html, /aria-label="P&amp;L by day of the week and hour \(UTC\)"/);
    assert.match(html, /aria-label="Mon 06:00 UTC: \+\$25\.00, 1 trade"/);
    assert.match(html, /Best hour, UTC /);
  });

  test('begins with the first hour of the trading day, and names the day of one that began on the date before', () => {
    const html = htmlOf({ day_zone: 'America/Chicago', day_start: '17:00' });
    assert.equal(placeIn(html), 'Chicago');
    assert.deepEqual(hoursIn(html).slice(0, 2), ['17:00', '18:00']);
    assert.deepEqual(hoursIn(html).slice(6, 9), ['23:00', '00:00', '01:00']);
    assert.match(html, /aria-label="P&amp;L by day of the week and hour \(Chicago\)"/);
    assert.match(
      html,
      /"Sun 17:00 Chicago \(trading day Monday\): −\$500\.00, 1 trade, Worst hour"/,
    );
    assert.match(html, /"Sun 23:00 Chicago \(trading day Monday\): /);
    assert.match(html, /"Mon 00:00 Chicago: \+\$300\.00, 1 trade, Best hour"/);
    assert.match(html, /"Mon 16:00 Chicago: /);
    assert.match(html, /Worst hour, Chicago .*>Sun 17:00</s);
  });

  test('names the day also of hours after the midnight that follows it', () => {
    const html = htmlOf({ day_zone: 'Asia/Kathmandu', day_start: '05:45' });
    assert.deepEqual(hoursIn(html).slice(0, 2), ['05:45', '06:45']);
    assert.match(html, /"Mon 05:45 Kathmandu: /);
    assert.match(html, /"Tue 04:45 Kathmandu \(trading day Monday\): /);
  });

  test('calls a zone by its city, or by its distance from UTC', () => {
    for (const [day_zone, place] of [
      ['America/New_York', 'New York'],
      ['America/Argentina/Buenos_Aires', 'Buenos Aires'],
      ['America/Port-au-Prince', 'Port-au-Prince'],
      ['+02:00', 'UTC+02:00'],
      ['-10:00', 'UTC-10:00'],
    ] as const)
      assert.equal(placeIn(htmlOf({ day_zone, day_start: '00:00' })), place);
  });

  test('labels no hour where a long name of its zone stands', () => {
    const classesIn = (day_zone: string) =>
      [
        ...htmlOf({ day_zone, day_start: '00:00' }).matchAll(/<th scope="col" class="([^"]*)"/g),
      ].map(([, names]) => names!);
    const labelled = (names: string[], card: string) =>
      names.flatMap((name, hour) => (name.split(' ').includes(card) ? [hour] : []));
    assert.deepEqual(labelled(classesIn('UTC'), 'few'), [0, 8, 16]);
    assert.deepEqual(labelled(classesIn('Asia/Kathmandu'), 'few'), [8, 16]);
    assert.deepEqual(labelled(classesIn('America/Argentina/Buenos_Aires'), 'few'), [16]);
    assert.deepEqual(
      labelled(classesIn('Asia/Kathmandu'), 'many'),
      [4, 6, 8, 10, 12, 14, 16, 18, 20, 22],
    );
  });

  test('names the day in each language', () => {
    for (const [lang, text] of [
      ['de', 'Chicago (Handelstag Montag)'],
      ['es', 'Chicago (sesión del lunes)'],
      ['fr', 'Chicago (séance du lundi)'],
      ['pt-BR', 'Chicago (pregão de segunda-feira)'],
      ['ja', 'Chicago（月曜日の取引日）'],
      ['ar', 'Chicago (يوم تداول الاثنين)'],
    ] as const) {
      const html = htmlOf({ day_zone: 'America/Chicago', day_start: '17:00' }, lang);
      assert.ok(html.includes(text), [...html.matchAll(/aria-label="[^"]*"/g)].slice(0, 3).join());
    }
  });
});

describe('recent trades', () => {
  const { trades } = answerOf('recent-trades').data;
  const aged = (days: number) =>
    textOf('recent-trades', { trades: [{ ...trades[0]!, exit_time: sampleNow - days * day }] });

  test('that are older than a month are dated', () => {
    assert.match(aged(30), /30 days ago/);
    assert.match(aged(31), /Oct 20, 2026/);
    assert.match(aged(800), /Sep 11, 2024/);
  });

  test('show how long they were held, of one account and of all', () => {
    for (const account of [{ id: 'acc_1', nickname: 'Apex 50K' }, null])
      assert.match(textOf('recent-trades', { account }), /held 20 min.*Held.* 16 min /);
    assert.match(textOf('recent-trades', { account: null }), /Account.*Apex 50K/);
  });
});

test('risk metrics of one day say how many days are missing', () => {
  const { risk } = answerOf('risk-metrics').data;
  const short = { ...risk, n: 1, sharpe: null, sortino: null };
  assert.match(textOf('risk-metrics', { risk: short }), /Not enough days: 1 more needed/);
  assert.doesNotMatch(textOf('risk-metrics'), /Not enough/);
});

describe('a curve', () => {
  const { equityCurve } = answerOf('equity-curve').data;
  const after = (first: string) =>
    textOf('equity-curve', {
      period: 'all',
      from: first,
      equityCurve: [{ ...equityCurve[0]!, day: first }, ...equityCurve],
    });

  test('says that nothing was traded for years', () => {
    assert.match(after('2021-03-01'), /No trades/);
  });

  test('says so also at its end', () => {
    assert.match(textOf('equity-curve', { period: 'all', to: '2029-03-01' }), /No trades/);
    assert.doesNotMatch(textOf('equity-curve', { period: 'all', to: '2027-01-20' }), /No trades/);
  });

  test('says so also at its beginning', () => {
    assert.match(textOf('equity-curve', { period: 'all', from: '2024-03-01' }), /No trades/);
  });

  test('doesn’t say so of a holiday', () => {
    assert.doesNotMatch(after('2026-09-21'), /No trades/);
  });
});
