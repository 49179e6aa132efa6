/** Plain statistics over whole numbers. Sums are exact; only the last step leaves the integers. */

/** n, the sum and the sum of squares of a sample of integers. */
export interface Moments {
  n: number;
  sum: bigint;
  squares: bigint;
}

export function momentsOf(values: readonly number[]): Moments {
  let sum = 0n;
  let squares = 0n;
  for (const value of values) {
    const exact = BigInt(value);
    sum += exact;
    squares += exact * exact;
  }
  return { n: values.length, sum, squares };
}

/** Null of an empty sample. */
export function mean({ n, sum }: Moments): number | null {
  return n === 0 ? null : Number(sum) / n;
}

/** Sample deviation (n − 1), exactly 0 when all values are equal; null below two values. */
export function deviation({ n, sum, squares }: Moments): number | null {
  if (n < 2) return null;
  const spread = BigInt(n) * squares - sum * sum;
  return Math.sqrt(Number(spread) / n / (n - 1));
}

/**
 * The quantile at `percent`, by linear interpolation between order statistics.
 * Hyndman & Fan (1996), type 7. `sorted` ascending and not empty.
 */
export function quantile(sorted: readonly number[], percent: number): number {
  const rank = (sorted.length - 1) * percent;
  const index = Math.floor(rank / 100);
  const lower = sorted[index]!;
  const upper = sorted[index + 1] ?? lower;
  return lower + ((upper - lower) * (rank % 100)) / 100;
}
