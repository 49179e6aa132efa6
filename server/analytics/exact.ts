/** Quotients and square roots of integers of any size, rounded only once, to the nearest double. */

/** The bits that are computed: more than a double has, so the last ones only affect rounding. */
const precision = 72;

/** numerator / denominator; the denominator is above zero. */
export function ratio(numerator: bigint, denominator: bigint): number {
  if (numerator < 0n) return -ratio(-numerator, denominator);
  const shift = Math.max(0, precision + bitsOf(denominator) - bitsOf(numerator));
  const scaled = numerator << BigInt(shift);
  const quotient = scaled / denominator;
  return nearest(quotient, quotient * denominator === scaled, shift);
}

/** √(numerator / denominator); the numerator is not below zero, the denominator above it. */
export function root(numerator: bigint, denominator: bigint): number {
  const shift = Math.max(0, precision + Math.ceil((bitsOf(denominator) - bitsOf(numerator)) / 2));
  const scaled = numerator << BigInt(2 * shift);
  const square = scaled / denominator;
  const whole = wholeRoot(square);
  return nearest(whole, whole * whole * denominator === scaled, shift);
}

/** The double nearest to `bits` / 2^shift or, if that is not exact, to a value slightly above. */
function nearest(bits: bigint, isExact: boolean, shift: number): number {
  return Number(isExact ? bits : bits | 1n) * 2 ** -shift;
}

/** The square root rounded down to an integer, by Newton's method from above. */
function wholeRoot(square: bigint): bigint {
  if (square === 0n) return 0n;
  let root = 1n << BigInt(Math.ceil(bitsOf(square) / 2));
  for (;;) {
    const next = (root + square / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** How many bits a number above zero has, or up to three more. */
function bitsOf(number: bigint): number {
  return number.toString(16).length * 4;
}
