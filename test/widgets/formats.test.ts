import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Formats, formatsOf } from '../../widgets/core/formats.ts';
import { gridFormatsOf } from '../../widgets/draw/week.ts';

const languages =
  'en-US en-IN de-DE de-CH ja-JP ko-KR zh-CN fr-FR es-ES it-IT nl-NL pl-PL pt-BR ru-RU sv-SE hi-IN bn-BD ar ar-EG fa-IR he ne';
const currencies = ['USD', 'EUR', 'JPY', 'KWD', 'INR', 'XXX'];

const writers: Record<string, (formats: Formats, value: number) => string> = {
  money: ({ money }, value) => money(value),
  gain: ({ gain }, value) => gain(value),
  whole: ({ whole }, value) => whole(value),
  wholeGain: ({ wholeGain }, value) => wholeGain(value),
  shortGain: ({ shortGain }, value) => shortGain(value),
  tinyGain: ({ tinyGain }, value) => tinyGain(value),
  axis: ({ axis }, value) => axis(value),
  count: ({ count }, value) => count(value),
  ratio: ({ ratio }, value) => ratio(value),
  percent: ({ percent }, value) => percent(value),
  cell: (formats, value) => gridFormatsOf(formats).signAndTiny(value)[1]!,
};

const formats = fc
  .tuple(fc.constantFrom(...languages.split(' ')), fc.constantFrom(...currencies))
  .map(([language, currency]) => formatsOf(language, currency));

/** Amounts as on the wire, of every size. */
const amount = fc
  .tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.integer({ min: -4, max: 11 }))
  .map(([part, size]) => Math.round(part * 10 ** size * 10_000) / 10_000);

const digits = (text: string) => [...text.matchAll(/\p{Nd}/gu)].length;
const hasSign = (text: string) => /[+\-−]/.test(text);

describe('a figure', () => {
  for (const [name, write] of Object.entries(writers))
    test(`that rounds to zero has no sign: ${name}`, () => {
      fc.assert(
        fc.property(formats, fc.double({ min: -1e-5, max: 1e-5, noNaN: true }), (of, value) => {
          assert.ok(!hasSign(write(of, value)), write(of, value));
          assert.ok(!hasSign(write(of, -0)), write(of, -0));
        }),
      );
      fc.assert(
        fc.property(formats, amount, (of, value) => {
          const text = write(of, value);
          // Each digit is a zero, in whatever script.
          const isZero = [...text.matchAll(/\p{Nd}/gu)].every(([digit]) => /^[0٠۰०০]$/.test(digit));
          if (isZero) assert.ok(!hasSign(text), text);
        }),
      );
    });

  test('of profit has a plus, of loss a minus, in every length', () => {
    fc.assert(
      fc.property(formats, amount, (of, value) => {
        for (const write of [of.gain, of.wholeGain, of.shortGain, of.tinyGain]) {
          const text = write(value);
          if (hasSign(text)) assert.equal(/\+/.test(text), value > 0, text);
        }
      }),
    );
  });

  test('in a shorter format is never longer', () => {
    fc.assert(
      fc.property(formats, amount, (of, value) => {
        const lengths = [of.gain, of.wholeGain, of.shortGain].map((write) => write(value).length);
        assert.deepEqual(
          lengths.toSorted((one, other) => other - one),
          lengths,
        );
      }),
    );
  });

  test('loses digits only to a unit', () => {
    assert.equal(formatsOf('de-DE', 'USD').shortGain(361_234.5), '+361.235\u00a0$');
    assert.equal(formatsOf('de-DE', 'USD').tinyGain(96_504.92), '+96.505');
    assert.equal(formatsOf('ja-JP', 'USD').shortGain(2_345.6), '+$2,346');
  });

  test('of money has the currency’s decimals or none; with a unit it has three digits or is round', () => {
    const dollars = formatsOf('en-US', 'USD');
    assert.deepEqual(
      [0.3, 27.1, 63.7, 1604.3, 2000, 12_345, 1_240_000].map((value) => dollars.shortGain(value)),
      ['$0', '+$27', '+$64', '+$1,604', '+$2K', '+$12.3K', '+$1.24M'],
    );
    for (const [currency, own] of [
      ['USD', 2],
      ['JPY', 0],
      ['KWD', 3],
    ] as const)
      fc.assert(
        fc.property(amount, (value) => {
          const { money, gain, whole, wholeGain } = formatsOf('en-US', currency);
          for (const write of [money, gain])
            assert.equal(/\.(\d+)/.exec(write(value))?.[1]?.length ?? 0, own, write(value));
          for (const write of [whole, wholeGain]) assert.ok(!write(value).includes('.'));
        }),
      );
    fc.assert(
      fc.property(formats, amount, (of, value) => {
        if (Math.abs(value) < 1_000)
          assert.ok(digits(of.shortGain(value)) <= 4, of.shortGain(value));
      }),
    );
  });
});
