/** Plain statistics over integers. All results are exact: integers, or fractions of integers. */

/** The size, the sum and the sum of squares of a sample of integers. */
export interface Moments {
  n: number;
  sum: bigint;
  squares: bigint;
}

/** The moments of `values` and a number of further values that are zero. */
export function momentsOf(values: readonly number[], zeros = 0): Moments {
  let sum = 0n;
  let squares = 0n;
  for (const value of values) {
    const exact = BigInt(value);
    sum += exact;
    squares += exact * exact;
  }
  return { n: values.length + zeros, sum, squares };
}

/** A fraction: numerator and denominator; the denominator is above zero. */
export type Fraction = readonly [bigint, bigint];

/** Sample variance (n − 1), exactly 0 when all values are equal; null below two values. */
export function variance({ n, sum, squares }: Moments): Fraction | null {
  if (n < 2) return null;
  return [BigInt(n) * squares - sum * sum, BigInt(n) * BigInt(n - 1)];
}

/**
 * The quantile at `percent` of n values, by linear interpolation between order statistics.
 * Hyndman & Fan (1996), type 7. `at` returns the values in ascending order; n is at least 1.
 */
export function quantile(n: number, at: (index: number) => number, percent: number): Fraction {
  const rank = (n - 1) * percent;
  const index = Math.floor(rank / 100);
  const part = BigInt(rank % 100);
  const lower = BigInt(at(index));
  const upper = part === 0n ? lower : BigInt(at(index + 1));
  return [100n * lower + (upper - lower) * part, 100n];
}
