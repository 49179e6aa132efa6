import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { WidgetData } from '../../shared/answers/widgets.ts';
import { day } from '../../shared/time.ts';
import { type WidgetName, widgetNames } from '../../shared/widgets.ts';
import { drawStill } from '../../widgets/still.ts';
import { answerOf, sampleNow } from './answers.ts';

const offline = { status: 0, code: 'offline', now: sampleNow };

/** What a widget's picture says, in English, `isOld` after a refresh that failed. */
function say<Name extends WidgetName>(
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

  test('says its zone, also when it is old', () => {
    for (const isOld of [false, true]) assert.match(say('drawdown-gauge', {}, isOld), / Safe /);
    assert.match(say('drawdown-gauge', {}, true), /As of/);
  });

  test('after a breach says on which day, and never again that it is safe', () => {
    for (const isOld of [false, true]) {
      const text = say('drawdown-gauge', { drawdown: { ...drawdown, gauge } }, isOld);
      assert.match(text, /Breached on Oct 30, 2026/);
      assert.match(text, /Breached on 10\/30\/26/);
      assert.doesNotMatch(text, /Safe/);
    }
  });
});

describe('accounts in other currencies', () => {
  const accounts = { counted: 9, left_out: 3 };

  for (const widget of widgetNames)
    test(`that were left out are told by that of the others: ${widget}`, () => {
      const text = say(widget, { account: null, accounts } as Partial<WidgetData[WidgetName]>);
      assert.match(text, /All accounts in USD/);
      // A card that has no room for this says the currency alone.
      assert.match(text, / USD /);
    });

  test('are not spoken of where there are none', () => {
    for (const widget of widgetNames) {
      const others = { account: null, accounts: { counted: 9, left_out: 0 } };
      const text = say(widget, others as Partial<WidgetData[WidgetName]>);
      assert.equal(/All accounts in USD/.test(text), widget === 'leaderboard', widget);
    }
  });

  test('don’t change what an account is called, but on a leaderboard, which ranks all', () => {
    assert.doesNotMatch(say('stats-card', { accounts }), /USD/);
    assert.match(say('leaderboard', { accounts }), /All accounts in USD/);
  });
});

test('trades that broke even are told if there are any', () => {
  assert.match(say('stats-card', { breakeven: 3 }), /83 won · 59 lost · 3 even/);
  assert.doesNotMatch(say('stats-card'), /even/);
});

test('hours name their zone wherever they are told', () => {
  const { html } = drawStill({
    widget: 'trade-heatmap',
    parameters: { lang: 'en-US' },
    answer: answerOf('trade-heatmap'),
    refusal: null,
    now: sampleNow,
  });
  assert.match(html, /aria-label="Mon 08:00 UTC: /);
  assert.match(html, /<thead><tr><td>UTC</);
});

describe('recent trades', () => {
  const { trades } = answerOf('recent-trades').data;
  const aged = (days: number) =>
    say('recent-trades', { trades: [{ ...trades[0]!, exit_time: sampleNow - days * day }] });

  test('that are older than a month are dated', () => {
    assert.match(aged(30), /30 days ago/);
    assert.match(aged(31), /Oct 20, 2026/);
    assert.match(aged(800), /Sep 11, 2024/);
  });

  test('tell how long they were held, of one account and of all', () => {
    for (const account of [{ id: 'acc_1', nickname: 'Apex 50K' }, null])
      assert.match(say('recent-trades', { account }), /held 20 min.*Held.* 16 min /);
    assert.match(say('recent-trades', { account: null }), /Account.*Apex 50K/);
  });
});

test('risk of one day says how many days are missing', () => {
  const { risk } = answerOf('risk-metrics').data;
  const short = { ...risk, n: 1, sharpe: null, sortino: null };
  assert.match(say('risk-metrics', { risk: short }), /Not enough days: 1 more needed/);
  assert.doesNotMatch(say('risk-metrics'), /Not enough/);
});

describe('a curve', () => {
  const { equityCurve } = answerOf('equity-curve').data;
  const after = (first: string) =>
    say('equity-curve', {
      period: 'all',
      from: first,
      equityCurve: [{ ...equityCurve[0]!, day: first }, ...equityCurve],
    });

  test('over years of silence says that nothing was traded', () => {
    assert.match(after('2021-03-01'), /No trades/);
  });

  test('that ends in years of silence says so', () => {
    assert.match(say('equity-curve', { period: 'all', to: '2029-03-01' }), /No trades/);
    assert.doesNotMatch(say('equity-curve', { period: 'all', to: '2027-01-20' }), /No trades/);
  });

  test('that begins with years of silence says so', () => {
    assert.match(say('equity-curve', { period: 'all', from: '2024-03-01' }), /No trades/);
  });

  test('over a holiday says nothing', () => {
    assert.doesNotMatch(after('2026-09-21'), /No trades/);
  });
});
