/**
 * An amount of money as a whole number of ten-thousandths of its currency: 12.5 dollars are 125 000.
 * Everything inside counts in these; a decimal number appears only on the wire.
 */
export type Units = number;

export const unitsPerWhole = 10_000;

/** The decimal number that tells an amount on the wire. Exact to the last decimal a double can show. */
export function toDecimal(units: Units): number {
  return units / unitsPerWhole;
}

/** The amount behind a decimal number that came from {@link toDecimal}, so that sums of such numbers stay exact. */
export function fromDecimal(decimal: number): Units {
  return Math.round(decimal * unitsPerWhole);
}

/** What each of so many has of a decimal sum: divided once, and so rounded once. */
export function average(sum: number, count: number): number {
  return fromDecimal(sum) / (count * unitsPerWhole);
}

/** What part of one decimal amount another is, in per cent: divided once, and so rounded once. */
export function share(part: number, whole: number): number {
  return (100 * fromDecimal(part)) / fromDecimal(whole);
}

/**
 * numerator / denominator rounded to `decimals`, halves away from zero, decided on the integers
 * themselves so that no binary fraction tips a half. The denominator is positive.
 */
export function roundedRatio(numerator: number, denominator: number, decimals: number): number {
  const scale = 10 ** decimals;
  const top = 2n * BigInt(Math.abs(numerator)) * BigInt(scale) + BigInt(denominator);
  const rounded = Number(top / (2n * BigInt(denominator))) / scale;
  return numerator < 0 && rounded !== 0 ? -rounded : rounded;
}
