/** Statistics of exact values; null where there are too few of them, or a divisor is zero. */

import { exact, type Fraction, largest, smallest, sum } from './fraction.ts';

export function ratio(value: Fraction, divisor: Fraction | number): Fraction | null {
  return exact(divisor).sign === 0 ? null : value.over(divisor);
}

export function mean(values: Fraction[]): Fraction | null {
  return ratio(sum(values), values.length);
}

export function bestOf([first, ...others]: Fraction[]): Fraction | null {
  return first ? largest(first, ...others) : null;
}

export function worstOf([first, ...others]: Fraction[]): Fraction | null {
  return first ? smallest(first, ...others) : null;
}

export function percentage(part: number, whole: number): Fraction | null {
  return ratio(exact(100 * part), whole);
}

/** The standard deviation of a sample, which divides by n − 1; null for fewer than two values. */
export function deviation(values: Fraction[]): Fraction | null {
  if (values.length < 2) return null;
  const squares = sum(values.map(squareOf));
  // Floating point would lose digits in this difference; fractions don’t.
  return squares
    .minus(squareOf(sum(values)).over(values.length))
    .over(values.length - 1)
    .root();
}

export function rootMeanSquare(values: Fraction[]): Fraction | null {
  return mean(values.map(squareOf))?.root() ?? null;
}

function squareOf(value: Fraction): Fraction {
  return value.times(value);
}

/** Interpolates between the two nearest values (Hyndman & Fan 1996, type 7). */
export function quantile(sorted: Fraction[], share: Fraction): Fraction | null {
  if (sorted.length === 0) return null;
  const place = share.times(sorted.length - 1);
  const below = wholePart(place);
  const left = sorted[below]!;
  const right = sorted[below + 1] ?? left;
  return left.plus(right.minus(left).times(place.minus(below)));
}

export function wholePart(value: Fraction): number {
  return Number(value.numerator / value.denominator);
}
