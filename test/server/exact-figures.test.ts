import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import {
  type ActiveDay,
  closesOf,
  dailySeries,
  presentClose,
} from '../../server/analytics/daily.ts';
import { describeDrawdown, gaugeDrawdown } from '../../server/analytics/drawdown.ts';
import { ratio, root } from '../../server/analytics/exact.ts';
import { describeRisk } from '../../server/analytics/risk.ts';
import { RunBuilder } from '../../server/analytics/run.ts';
import { describeStats, describeTrades } from '../../server/analytics/stats.ts';
import { measureFalls, WayBuilder } from '../../server/analytics/way.ts';
import { weekday } from '../../shared/day.ts';
import { average, toDecimal } from '../../shared/money.ts';

/** The quotient of two whole numbers, the second above zero. */
type Exact = readonly [bigint, bigint];

/** The exact value of a double. */
function fractionOf(double: number): Exact {
  let top = double;
  let bottom = 1n;
  while (!Number.isInteger(top)) [top, bottom] = [top * 2, bottom * 2n];
  return [BigInt(top), bottom];
}

const buffer = new DataView(new ArrayBuffer(8));

/** The next double above one that is not negative, or (with −1) the next below it. */
function beside(double: number, step: 1n | -1n): number {
  if (double === 0) return Number(step) * Number.MIN_VALUE;
  buffer.setFloat64(0, double);
  buffer.setBigInt64(0, buffer.getBigInt64(0) + step);
  return buffer.getFloat64(0);
}

function middle(one: number, other: number): Exact {
  const [[a, b], [c, d]] = [fractionOf(one), fractionOf(other)];
  return [a * d + c * b, 2n * b * d];
}

function isBetween([low, lowBottom]: Exact, [top, bottom]: Exact, [high, highBottom]: Exact) {
  return low * bottom <= top * lowBottom && top * highBottom <= high * bottom;
}

/** Asserts that no other double is nearer to the quotient. */
function assertNearest(double: number | null, [top, bottom]: Exact, what: string): void {
  assert.ok(double !== null && !Object.is(double, -0), what);
  const [size, sign] = [Math.abs(double), top < 0n ? -1 : 1];
  assert.ok(double === 0 ? top === 0n : Math.sign(double) === sign, `${what}: sign`);
  const exact: Exact = [top < 0n ? -top : top, bottom];
  const [low, high] = [middle(beside(size, -1n), size), middle(size, beside(size, 1n))];
  assert.ok(isBetween(low, exact, high), `${what}: ${double}`);
}

/** Asserts the same for the square root of the quotient, with the sign of `sign`. */
function assertNearestRoot(
  double: number | null,
  [top, bottom]: Exact,
  sign: bigint,
  what: string,
) {
  assert.ok(double !== null && !Object.is(double, -0), what);
  if (top === 0n || sign === 0n) return assert.equal(double, 0, what);
  assert.equal(Math.sign(double), sign < 0n ? -1 : 1, `${what}: sign`);
  const size = Math.abs(double);
  const square = ([a, b]: Exact): Exact => [a * a, b * b];
  const low = square(middle(beside(size, -1n), size));
  const high = square(middle(size, beside(size, 1n)));
  assert.ok(isBetween(low, [top, bottom], high), `${what}: ${double}`);
}

const largest = 10n ** 14n;
const amount = fc.oneof(
  fc.bigInt({ min: -largest, max: largest }),
  fc.bigInt({ min: -99_999n, max: 99_999n }),
  fc.constantFrom(0n, 1n, -1n),
);
const amounts = fc.array(amount, { minLength: 1, maxLength: 40 });

const sumOf = (values: readonly bigint[]) => values.reduce((sum, value) => sum + value, 0n);
const squaresOf = (values: readonly bigint[]) => sumOf(values.map((value) => value * value));
const unit = 10_000n;

function runOf(results: readonly bigint[], begin = 0) {
  const [run, way] = [new RunBuilder(), new WayBuilder()];
  for (const [index, pnl] of results.entries()) {
    const entry_time = begin + index;
    const trade = { entry_time, exit_time: entry_time + 1, pnl: Number(pnl), commission: 0 };
    run.add(trade);
    way.add(trade);
  }
  return { run: run.finish(), way: way.finish() };
}

test('quotients and roots of whole numbers are the nearest doubles', () => {
  const whole = fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n });
  const positive = fc.oneof(
    fc.bigInt({ min: 1n, max: 2n ** 200n }),
    fc.bigInt({ min: 1n, max: 9n }),
  );
  fc.assert(
    fc.property(whole, positive, (top, bottom) => {
      assertNearest(ratio(top, bottom), [top, bottom], 'ratio');
      const size = top < 0n ? -top : top;
      assertNearestRoot(root(size, bottom), [size, bottom], 1n, 'root');
    }),
    { numRuns: 2_000 },
  );
  assert.ok(Object.is(ratio(0n, 7n), 0) && Object.is(root(0n, 7n), 0));
  assert.deepEqual([ratio(1n, 2n), ratio(-9n, 3n), root(9n, 4n)], [0.5, -3, 1.5]);
});

test('every figure of trades is the double nearest to the exact one', () => {
  fc.assert(
    fc.property(amounts, (results) => {
      const figures = describeTrades(runOf(results).run);
      const n = BigInt(results.length);
      const wins = results.filter((pnl) => pnl > 0n);
      const losses = results.filter((pnl) => pnl < 0n);
      const [w, l] = [BigInt(wins.length), BigInt(losses.length)];
      const [gain, loss, total] = [sumOf(wins), -sumOf(losses), sumOf(results)];
      const spread = n * squaresOf(results) - total * total;

      assertNearest(figures.avgPnl, [total, n * unit], 'avgPnl');
      assertNearest(figures.winRate, [100n * w, n], 'winRate');
      if (w > 0n) assertNearest(figures.avgWin, [gain, w * unit], 'avgWin');
      if (l > 0n) {
        assertNearest(figures.avgLoss, [-loss, l * unit], 'avgLoss');
        assertNearest(figures.profitFactor, [gain, loss], 'profitFactor');
        assertNearest(figures.riskReward, [gain * l, (w || 1n) * loss], 'riskReward');
        assertNearest(figures.expectancyR, [total * l, n * loss], 'expectancyR');
      } else assert.deepEqual([figures.riskReward, figures.expectancyR], [null, null]);
      if (w > 0n && l > 0n) {
        // p − (1 − p) / r, as a single quotient.
        const [r, q] = [gain * l, w * loss];
        assertNearest(figures.kelly, [w * r - l * q, (w + l) * r], 'kelly');
      } else assert.equal(figures.kelly, null);
      if (n >= 2n) {
        const deviation: Exact = [spread, n * (n - 1n) * unit * unit];
        assertNearestRoot(figures.stdTrade, deviation, 1n, 'stdTrade');
      }
      if (n >= 2n && spread > 0n) {
        assertNearestRoot(figures.sqn, [total * total * (n - 1n), spread], total, 'sqn');
      } else assert.equal(figures.sqn, null);
    }),
    { numRuns: 400 },
  );
});

/** Active days in order, some of them long after the one before. */
const days: fc.Arbitrary<ActiveDay[]> = fc
  .array(
    fc.tuple(fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 400 })), amount),
    {
      minLength: 1,
      maxLength: 30,
    },
  )
  .map((steps) => {
    let day = 20_000;
    return steps.map(([step, pnl]) => {
      day += step;
      return { day, pnl: Number(pnl), trades: 1 };
    });
  });

/** The daily series as it is defined, day by day. */
function seriesByHand(days: readonly ActiveDay[], latest: number): bigint[] {
  const counted = days.filter(({ day }) => day <= latest);
  const results = new Map(counted.map(({ day, pnl }) => [day, BigInt(pnl)]));
  const series: bigint[] = [];
  for (let day = counted[0]?.day ?? 0; day <= (counted.at(-1)?.day ?? -1); day++) {
    const pnl = results.get(day);
    if (pnl !== undefined) series.push(pnl);
    else if (weekday(day) >= 1 && weekday(day) <= 5) series.push(0n);
  }
  return series;
}

test('every figure of the daily series is the double nearest to the exact one', () => {
  fc.assert(
    fc.property(days, fc.integer({ min: 0, max: 3_000 }), (days, reach) => {
      const latest = 20_000 + reach;
      const { run } = runOf(days.map(({ pnl }) => BigInt(pnl)));
      const risk = describeRisk({
        days,
        latest,
        raw: describeTrades(run),
        maxDrawdown: run.fall,
        startingBalance: 123_456_789,
      });
      const series = seriesByHand(days, latest);
      const n = BigInt(series.length);
      assert.equal(risk.n, series.length);
      const total = sumOf(days.map(({ pnl }) => BigInt(pnl)));
      const fall = BigInt(run.fall);
      if (fall > 0n) assertNearest(risk.recoveryFactor, [total, fall], 'recoveryFactor');
      const closes = closesOf(days);
      const falls = closes.map(({ drawdown }) => BigInt(drawdown));
      const m = BigInt(days.length);
      assertNearestRoot(risk.ulcerDollar, [squaresOf(falls), m * unit * unit], 1n, 'ulcerDollar');
      const percents = closes.reduce<Exact>(
        ([top, bottom], { drawdown, peak }) => {
          const capital = (123_456_789n + BigInt(peak)) ** 2n;
          return [top * capital + (100n * BigInt(drawdown)) ** 2n * bottom, bottom * capital];
        },
        [0n, 1n],
      );
      assertNearestRoot(risk.ulcerPct, [percents[0], m * percents[1]], 1n, 'ulcerPct');
      const best = BigInt(days.reduce((most, { pnl }) => Math.max(most, pnl), -Infinity));
      if (best > 0n && total > 0n) {
        assertNearest(risk.bestDayPctOfProfit, [100n * best, total], 'bestDayPctOfProfit');
      }
      if (n === 0n)
        return assert.deepEqual([risk.mean, risk.var95, risk.calmar], [null, null, null]);

      const sum = sumOf(series);
      assertNearest(risk.mean, [sum, n * unit], 'mean');
      const spread = n * squaresOf(series) - sum * sum;
      const down = squaresOf(series.filter((pnl) => pnl < 0n));
      assertNearestRoot(risk.downsideDev, [down, n * unit * unit], 1n, 'downsideDev');
      if (n < 2n) return assert.deepEqual([risk.sharpe, risk.var95], [null, null]);
      const squaredUnits = n * (n - 1n) * unit * unit;
      assertNearestRoot(risk.std, [spread, squaredUnits], 1n, 'std');
      assertNearestRoot(risk.volAnnual, [252n * spread, squaredUnits], 1n, 'volAnnual');
      if (spread > 0n) {
        assertNearestRoot(risk.sharpe, [252n * sum * sum * (n - 1n), n * spread], sum, 'sharpe');
      }
      if (down > 0n) assertNearestRoot(risk.sortino, [252n * sum * sum, n * down], sum, 'sortino');
      if (fall > 0n) assertNearest(risk.calmar, [252n * sum, n * fall], 'calmar');

      const sorted = series.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
      const quantile = (percent: bigint): Exact => {
        const rank = (n - 1n) * percent;
        const [lower, upper] = [
          sorted[Number(rank / 100n)]!,
          sorted[Number(rank / 100n) + 1] ?? 0n,
        ];
        return [lower * (100n - (rank % 100n)) + upper * (rank % 100n), 100n * unit];
      };
      const loss = ([top, bottom]: Exact): Exact => [top < 0n ? -top : 0n, bottom];
      assertNearest(risk.quantile05, quantile(5n), 'quantile05');
      assertNearest(risk.var95, loss(quantile(5n)), 'var95');
      assertNearest(risk.var99, loss(quantile(1n)), 'var99');
      const worst = sorted.slice(0, Math.floor((series.length - 1) / 20) + 1);
      assertNearest(risk.cvar95, loss([sumOf(worst), BigInt(worst.length) * unit]), 'cvar95');
    }),
    { numRuns: 400 },
  );
});

test('shares of a peak and of a limit are the doubles nearest to the exact ones', () => {
  const positive = fc.integer({ min: 1, max: 1e14 });
  fc.assert(
    fc.property(amounts, positive, positive, (results, startingBalance, limit) => {
      const { run, way } = runOf(results);
      const { maxDrawdownPct } = measureFalls([{ readWay: () => way, run }], startingBalance);
      let [equity, peak] = [0n, 0n];
      let deepest: Exact = [0n, 1n];
      for (const pnl of results) {
        equity += pnl;
        if (equity > peak) peak = equity;
        const capital = BigInt(startingBalance) + peak;
        if ((peak - equity) * deepest[1] > deepest[0] * capital) deepest = [peak - equity, capital];
      }
      assertNearest(maxDrawdownPct, [100n * deepest[0], deepest[1]], 'maxDrawdownPct');
      const { used } = gaugeDrawdown(run, limit);
      assertNearest(used, [100n * (peak - equity), BigInt(limit)], 'used');
    }),
    { numRuns: 400 },
  );
});

test('falls over several days are those of all their trades in order', () => {
  const day = fc.array(fc.bigInt({ min: -5n, max: 5n }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(fc.array(day, { minLength: 1, maxLength: 8 }), fc.nat(20), (days, balance) => {
      const measure = (parts: bigint[][]) => {
        let begin = 0;
        const made = parts.map((results) => {
          const { run, way } = runOf(results, begin);
          begin += results.length;
          return { run, readWay: () => way };
        });
        return measureFalls(made, balance);
      };
      assert.deepEqual(measure(days), measure([days.flat()]));
    }),
    { numRuns: 2_000 },
  );
});

test('an average of a sum in an answer is the double nearest to the exact one', () => {
  // As a decimal number, a sum of up to some 2e15 ten-thousandths is exact.
  const sum = fc.integer({ min: -2e15, max: 2e15 });
  fc.assert(
    fc.property(sum, fc.integer({ min: 1, max: 1e6 }), (units, count) => {
      const exact: Exact = [BigInt(units), BigInt(count) * unit];
      assertNearest(average(toDecimal(units), count), exact, 'average');
    }),
    { numRuns: 2_000 },
  );
  assert.equal(average(3.015, 3), 1.005);
});

/** Every number of an answer. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value ? Object.values(value).flatMap(numbersIn) : [];
}

test('no figure is minus zero', () => {
  const result = fc.constantFrom(0n, 0n, 1n, -1n, 50n, -50n);
  fc.assert(
    fc.property(fc.array(result, { maxLength: 6 }), (results) => {
      const { run, way } = runOf(results);
      const days = results.map((pnl, day) => ({ day, pnl: Number(pnl), trades: 1 }));
      const raw = describeTrades(run);
      const falls = measureFalls(results.length > 0 ? [{ readWay: () => way, run }] : [], 100);
      const input = { days, latest: 9, raw, maxDrawdown: run.fall, startingBalance: 100 };
      const figures = [
        ...[raw, falls, describeStats(run, 1), gaugeDrawdown(run, 100), describeRisk(input)],
        ...[describeDrawdown(run, days, falls), closesOf(days).map(presentClose)],
      ];
      for (const number of numbersIn(figures)) assert.ok(!Object.is(number, -0));
    }),
  );
});

test('idle days of a series are counted, not stored', () => {
  const active = [3, 18_000].map((day) => ({ day, pnl: 1, trades: 1 }));
  const { results, idle } = dailySeries(active, 20_000);
  assert.deepEqual(
    [results.length, results.length + idle],
    [2, seriesByHand(active, 20_000).length],
  );
});
