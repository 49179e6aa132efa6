/**
 * An amount of money in ten-thousandths of its currency: 12.5 dollars are 125 000. All arithmetic is in
 * these integers; decimal numbers are for the API alone.
 */
export type Units = number;

export const unitsPerWhole = 10_000;

/** The amount as a decimal number, exact to the last digit of a double. */
export function toDecimal(units: Units): number {
  return units / unitsPerWhole;
}

/** The inverse of {@link toDecimal}, for exact sums of decimal numbers. */
export function fromDecimal(decimal: number): Units {
  return Math.round(decimal * unitsPerWhole);
}

/** The average of a decimal sum: divided once, and so rounded once. */
export function average(sum: number, count: number): number {
  return fromDecimal(sum) / (count * unitsPerWhole);
}

/** One decimal amount in per cent of another: divided once, and so rounded once. */
export function share(part: number, whole: number): number {
  return (100 * fromDecimal(part)) / fromDecimal(whole);
}

/**
 * numerator / denominator rounded to `decimals`, halves away from zero. Computed with integers, as
 * a binary fraction could be slightly above or below a half. The denominator is positive.
 */
export function roundedRatio(numerator: number, denominator: number, decimals: number): number {
  const scale = 10 ** decimals;
  const top = 2n * BigInt(Math.abs(numerator)) * BigInt(scale) + BigInt(denominator);
  const rounded = Number(top / (2n * BigInt(denominator))) / scale;
  return numerator < 0 && rounded !== 0 ? -rounded : rounded;
}
