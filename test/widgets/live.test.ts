import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { minute } from '../../shared/time.ts';
import { languages } from '../../widgets/languages/index.ts';
import { drawStill } from '../../widgets/still.ts';
import { answerOf, liveAnswers, sampleNow } from './answers.ts';

type Answer = Parameters<typeof drawStill>[0]['answer'];

/** Without styles, which would only hide what differs. */
function draw(answer: NonNullable<Answer>, parameters: { lang?: string; timezone?: string } = {}) {
  const { html } = drawStill({
    ...{ widget: answer.widget, answer, refusal: null, now: sampleNow },
    parameters: { lang: 'en-US', ...parameters },
  });
  return html.replace(/<style>.*<\/style>/s, '');
}

const [curve, gauge] = liveAnswers();

/** The share of the plot at which a line ends, and the values of its attributes. */
function attributesOf(html: string, part: RegExp): Record<string, string> {
  const [tag = ''] = part.exec(html) ?? [];
  return Object.fromEntries(
    [...tag.matchAll(/ ([a-z0-9]+)="?([^" >]+)/g)].map(([, name, value]) => [name!, value!]),
  );
}

describe('live equity', () => {
  test('is what the curve goes on to, dotted, with its value and time; the total stays that of closed trades', () => {
    const html = draw(curve);
    assert.match(html, /\+\$3,847\.50/);
    assert.match(html, /Live<\/span><\/span><span class="note gain">\+\$2,597\.25/);
    assert.match(html, /<text class="last"[^>]*>\$2,597</);
    assert.match(html, /now"[^>]*>20:00 UTC</);
    const label = /role="img" aria-label="([^"]*)"/.exec(html)![1]!;
    assert.match(label, /\+\$3,847\.50.*, Live \+\$2,597\.25, As of 20:00 UTC$/);
    const ahead = attributesOf(html, /<line class="ahead"[^>]*>/);
    const dot = attributesOf(html, /<circle class="dot"[^>]*>/);
    assert.deepEqual([ahead.x2, ahead.y2], [dot.cx, dot.cy]);
    assert.ok(Number.parseFloat(ahead.y2!) > Number.parseFloat(ahead.y1!), 'it leads downwards');
    assert.doesNotMatch(draw(answerOf('equity-curve')), /class="ahead"|Live|UTC/);
  });

  test('begins where the line of closed trades ends', () => {
    const html = draw(curve);
    const [, width, height] = /class="curve" viewBox="0 0 ([\d.]+) (\d+)"/.exec(html)!;
    const [, path] = /<path class="line"[^>]* d="([^"]*)"/.exec(html)!;
    const [, x, y, steps] = /^M(\d+) (\d+)l(.*)$/.exec(path!)!;
    const numbers = steps!.split(' ').map(Number);
    const sum = (from: number) =>
      numbers.reduce((total, number, index) => total + (index % 2 === from ? number : 0), 0);
    const end = [(Number(x) + sum(0)) / Number(width), (Number(y) + sum(1)) / Number(height)];
    const { x1, y1 } = attributesOf(html, /<line class="ahead"[^>]*>/);
    assert.ok(Math.abs(Number.parseFloat(x1!) / 100 - end[0]!) < 1e-3, `${x1} ${end[0]}`);
    assert.ok(Math.abs(Number.parseFloat(y1!) / 100 - end[1]!) < 1e-3, `${y1} ${end[1]}`);
  });

  test('takes the place of the drawdown of closed trades in the gauge, and says of when it is', () => {
    const html = draw(gauge);
    assert.match(html, /Current drawdown, As of 20:00 UTC /);
    assert.match(html, /−\$1,575\.50/);
    assert.match(html, /aria-valuenow="?63\.02/);
    assert.match(html, /<span class="when ">20:00 UTC<\/span><span class="zone caution"/);
    assert.match(html, /\$924\.50/);
    assert.doesNotMatch(html, /\$325\.25/);
    assert.doesNotMatch(draw(answerOf('drawdown-gauge')), /As of|UTC/);
  });

  test('is a breach while it exceeds the limit', () => {
    const live = gauge.data.live!;
    const breached = { ...live.gauge!, used: 101, everBreached: true };
    const html = draw(answerOf('drawdown-gauge', { live: { ...live, gauge: breached } }));
    assert.match(html, /zone breached/);
  });

  test('is shown of an account without trades', () => {
    const observedAt = sampleNow - minute;
    const html = draw(
      answerOf('equity-curve', {
        ...{ tradeCount: 0, totalPnl: 0, maxDrawdown: 0, equityCurve: [] },
        // A Saturday, which has no place on the axis of an account that was not traded then.
        ...{ period: 'all', from: null, to: '2026-11-21' },
        live: { observedAt, equity: -12.5 },
      }),
    );
    assert.match(html, /<text class="last"[^>]*>−\$13</);
    assert.match(html, /Nov 20, 20:59 UTC/);
  });

  test('has its time in the zone that is named, and its date when that is not the last day shown', () => {
    const zoned = draw(curve, { timezone: 'Asia/Tokyo' });
    assert.match(zoned, /As of Nov 21, 05:00"/);
    assert.match(draw(gauge, { timezone: 'America/Chicago' }), /As of 14:00 /);
    assert.match(draw(curve, { lang: 'de-DE' }), /20:00 UTC/);
  });

  for (const lang of Object.keys(languages))
    test(`is named in ${lang}`, () => {
      assert.doesNotMatch(draw(curve, { lang }), /undefined/);
      assert.match(draw(curve, { lang }), /20:00/);
    });
});
