import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { formatsOf } from '../../widgets/core/formats.ts';
import { heatEnd, heatStep } from '../../widgets/draw/heat.ts';
import { gridFormatsOf } from '../../widgets/draw/week.ts';
import { monthAfter, weeksOf } from '../../widgets/monthly-calendar/month.ts';
import { answerOf } from './answers.ts';

describe('a heat scale', () => {
  test('ends at the least round number that includes all values', () => {
    assert.deepEqual(
      [[325, -408.75, 552.5], [818.5], [0.07], [1], []].map(heatEnd),
      [600, 1000, 0.08, 1, 1],
    );
  });

  test('has the same steps on both sides of zero, and none near it', () => {
    const steps = [600, 599, 301, 299, 19, 17, 0, -17, -19, -299, -600].map((value) =>
      heatStep(value, 600),
    );
    assert.deepEqual(
      steps,
      [4, 4, 3, 2, 1, 0, 0, 0, -1, -2, -4].map((step) => step + 0),
    );
  });
});

describe('a month', () => {
  const august = {
    ...answerOf('monthly-calendar').data,
    month: '2026-08',
    days: [
      { day: '2026-08-01', pnl: 0.1, trades: 1, wins: 1 },
      { day: '2026-08-03', pnl: 0.1, trades: 1, wins: 1 },
      { day: '2026-08-04', pnl: 0.2, trades: 2, wins: 1 },
    ],
  };

  test('has up to six weeks, which begin as the language has it', () => {
    const sundays = weeksOf(august, 0);
    assert.deepEqual(
      sundays.map(({ cells }) =>
        cells
          .map(({ day }) => day.slice(8))
          .join(' ')
          .trim(),
      ),
      [
        '01',
        '02 03 04 05 06 07 08',
        '09 10 11 12 13 14 15',
        '16 17 18 19 20 21 22',
        '23 24 25 26 27 28 29',
        '30 31',
      ],
    );
    assert.equal(weeksOf({ ...august, month: '2026-02', days: [] }, 0).length, 4);
    assert.equal(weeksOf({ ...august, month: '2026-02', days: [] }, 1).length, 5);
  });

  test('has exact sums of weeks', () => {
    assert.deepEqual(
      weeksOf(august, 1)
        .slice(0, 2)
        .map(({ pnl, trades }) => [pnl, trades]),
      [
        [0.1, 1],
        [0.3, 3],
      ],
    );
  });

  test('is followed by the next, also at the end of a year', () => {
    assert.equal(monthAfter('2026-12', 1), '2027-01');
    assert.equal(monthAfter('2026-01', -1), '2025-12');
    assert.equal(monthAfter('2026-03', -1), '2026-02');
  });
});

describe('the formats of a grid', () => {
  test('begin the week on the language’s first day', () => {
    const firstOf = (language: string) => gridFormatsOf(formatsOf(language, 'USD')).week[0];
    assert.deepEqual(['en-US', 'de-DE', 'ar-EG'].map(firstOf), [0, 1, 6]);
  });

  test('round like money, and keep the fraction of small amounts', () => {
    const { signAndTiny } = gridFormatsOf(formatsOf('en-US', 'USD'));
    assert.deepEqual(
      [-507.5, 8.1, 0.3, 0, 1514.75, -1_234_567].map((amount) => signAndTiny(amount)[1]),
      ['−508', '+8', '+0.30', '0', '+1.5K', '−1.2M'],
    );
  });
});
