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

test('hours are shown with their zone', () => {
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
