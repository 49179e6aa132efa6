import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chooseUsableLanguage } from '../../widgets/core/all-languages.ts';
import { formatsOf } from '../../widgets/core/formats.ts';
import { accentOf } from '../../widgets/core/lazy/accent.ts';
import { drawBars } from '../../widgets/draw/bars.ts';
import { drawCurve } from '../../widgets/draw/curve.ts';
import { dateMarks } from '../../widgets/draw/dates.ts';
import { drawFalls } from '../../widgets/draw/falls.ts';
import { axisTicks } from '../../widgets/draw/ticks.ts';
import { daysOf } from '../../widgets/equity-curve/days.ts';
import { resultsOf } from '../../widgets/equity-curve/results.ts';
import { answerOf } from './answers.ts';

describe('an axis', () => {
  test('has ticks at round numbers, with zero', () => {
    assert.deepEqual(axisTicks(-500, 4200), { coarse: [0, 2000, 4000], fine: [1000, 3000] });
    assert.deepEqual(axisTicks(-0.31, 0.05).coarse, [-0.3, -0.2, -0.1, 0]);
    for (const high of [0.01, 7, 123, 99_999, 1.3e9]) {
      const { coarse, fine } = axisTicks(-high / 3, high);
      assert.ok(coarse.includes(0) && coarse.length >= 2 && coarse.length <= 4, `${high}`);
      assert.ok(coarse.length + fine.length <= 6);
    }
  });

  test('has dates at even distances, from the first day to the last', () => {
    const slots = (room: string) =>
      dateMarks(1, 22, 41, 52)
        .filter((mark) => mark.room.includes(room))
        .map(({ slot }) => slot)
        .sort((one, other) => one - other);
    assert.deepEqual(slots('many'), [1, 4, 7, 10, 13, 16, 19, 22]);
    assert.deepEqual(slots('some'), [1, 8, 15, 22]);
    assert.deepEqual(slots('few'), [1, 12, 22]);
    assert.deepEqual(dateMarks(1, 1, 41, 52), [{ slot: 1, room: 'few some many' }]);
  });
});

describe('a curve', () => {
  test('closes the area of each fall at the level where it began', () => {
    const values = [0, 100, 50, 150, 120];
    const { line, high, low } = drawCurve(values);
    const falls = drawFalls(values, high, low);
    assert.equal(falls.split('M').length - 1, 2);
    assert.match(falls, /^M3 (\d+)L5 \d+ 6 \1zM7 (\d+)L9 \d+V\2z$/);
    assert.match(line, /^M1 \d+l2 -\d+ 2 \d+ 2 -\d+ 2 \d+$/);
  });

  test('of zeros alone is in the middle', () => {
    assert.equal(drawCurve([0, 0]).line, 'M1 500l2 0');
  });
});

test('bars go up and down from their baseline', () => {
  const bars = drawBars(
    [
      { slot: 1, value: 30 },
      { slot: 2, value: -10 },
      { slot: 3, value: 0 },
    ],
    4,
  );
  assert.deepEqual(bars, {
    up: 'M3 75v-75',
    down: 'M5 75v25',
    baseline: 75,
    width: 8,
    height: 100,
  });
});

describe('the days of a curve', () => {
  test('are the weekdays, and the weekend days that were traded', () => {
    const traded = (day: string) => ({ day, pnl: 1, trades: 1, equity: 1, peak: 1, drawdown: 0 });
    const days = daysOf({
      ...answerOf('equity-curve').data,
      from: '2026-11-12',
      to: '2026-11-17',
      equityCurve: [traded('2026-11-12'), traded('2026-11-15')],
    });
    assert.deepEqual(
      days.map(({ day, traded: made }) => [day, made !== null]),
      [
        ['2026-11-12', true],
        ['2026-11-13', false],
        ['2026-11-15', true],
        ['2026-11-16', false],
        ['2026-11-17', false],
      ],
    );
  });

  test('are summed up by weeks and months where they are many, exactly', () => {
    const year = (from: string) =>
      daysOf({ ...answerOf('equity-curve').data, from, to: '2026-11-20', equityCurve: [] }).map(
        (day) => ({ ...day, traded: { pnl: 0.1, trades: 1 } }),
      );
    const weeks = resultsOf(year('2025-11-24'));
    assert.equal(weeks.name, 'weekly');
    assert.deepEqual([weeks.bars.length, weeks.bars[0]!.value], [52, 0.5]);
    assert.equal(resultsOf(year('2021-11-20')).name, 'monthly');
  });
});

describe('formats', () => {
  test('have a typographic minus, a sign and the currency', () => {
    const { gain, money, shortGain, ratio, axis } = formatsOf('en-US', 'USD');
    assert.equal(gain(3847.5), '+$3,847.50');
    assert.equal(gain(-0.01), '−$0.01');
    assert.equal(gain(0), '$0.00');
    assert.equal(money(-0), '$0.00');
    assert.equal(shortGain(1_234_567), '+$1.23M');
    assert.equal(axis(2000), '$2K');
    assert.equal(ratio(null), '∞');
    assert.equal(formatsOf('ja-JP', 'JPY').gain(577_204), '+￥577,204');
  });

  test('are those of the first usable language', () => {
    assert.equal(chooseUsableLanguage('!!', 'en-US@posix', null, 'de-AT'), 'de-AT');
    assert.equal(chooseUsableLanguage('', undefined), 'en');
  });

  test('have the digits of the language, whatever the region or the tag', () => {
    const digitsOf = (language: string) => {
      const { percent, weekday } = formatsOf(language, 'USD');
      const one = percent(1000).match(/\p{Nd}/u)![0];
      assert.ok(weekday('2026-11-11').includes(one + one), language);
      return one;
    };
    assert.deepEqual(
      ['ar', 'ar-EG', 'ar-SA', 'ar-u-nu-arab', 'he', 'ur', 'hi', 'th-u-ca-buddhist'].map(digitsOf),
      Array(8).fill('1'),
    );
    assert.deepEqual(['fa', 'bn', 'mr'].map(digitsOf).join(''), '۱১१');
  });
});

describe('an accent', () => {
  test('is mended to a sufficient contrast', () => {
    const { '--accent-mark': mark, '--accent': text } = accentOf('#F59E0B')!;
    assert.equal(mark, 'light-dark(#c88109,#f59e0b)');
    assert.equal(text, 'light-dark(#a36907,#f59e0b)');
    assert.match(accentOf('000000')!['--accent'], /^light-dark\(#000000,#[6-9a-f]/);
  });

  test('is six hex digits and nothing else', () => {
    for (const text of ['red', 'fff', 'f59e0b;', 'url(x)', '', null, undefined])
      assert.equal(accentOf(text), null);
  });
});
