/** Decimals calculated of a root, and of a fraction that becomes a double: far more than a double holds. */
const decimals = 60;

type Exact = Fraction | bigint | number;

/** A fraction of whole numbers, in lowest terms: adding, multiplying and dividing lose nothing. */
export class Fraction {
  readonly numerator: bigint;
  /** Always positive. */
  readonly denominator: bigint;

  constructor(numerator: bigint, denominator: bigint) {
    if (denominator === 0n) throw new RangeError('A fraction has no denominator of zero');
    const divisor = greatestCommonDivisor(numerator, denominator);
    this.numerator = numerator / divisor;
    this.denominator = denominator / divisor;
  }

  plus(other: Exact): Fraction {
    const { numerator, denominator } = exact(other);
    return new Fraction(
      this.numerator * denominator + numerator * this.denominator,
      this.denominator * denominator,
    );
  }

  minus(other: Exact): Fraction {
    const { numerator, denominator } = exact(other);
    return new Fraction(
      this.numerator * denominator - numerator * this.denominator,
      this.denominator * denominator,
    );
  }

  times(other: Exact): Fraction {
    const { numerator, denominator } = exact(other);
    return new Fraction(this.numerator * numerator, this.denominator * denominator);
  }

  over(other: Exact): Fraction {
    const { numerator, denominator } = exact(other);
    return new Fraction(this.numerator * denominator, this.denominator * numerator);
  }

  /** √this, cut off after 60 decimals. */
  root(): Fraction {
    const scale = 10n ** BigInt(decimals);
    return new Fraction(
      wholeRoot(this.numerator * this.denominator * scale ** 2n),
      this.denominator * scale,
    );
  }

  /** Negative, zero or positive, as this fraction is. */
  get sign(): number {
    return Number(this.numerator);
  }

  /** Negative, zero or positive when this is less than, equal to or greater than the other. */
  compare(other: Exact): number {
    const { numerator, denominator } = exact(other);
    return Number(this.numerator * denominator - numerator * this.denominator);
  }

  /** Rounds to so many decimals, at least one; halves away from zero. */
  toFixed(digits: number): string {
    const size = this.numerator < 0n ? -this.numerator : this.numerator;
    const scaled = 2n * size * 10n ** BigInt(digits);
    const rounded = (scaled + this.denominator) / (2n * this.denominator);
    const text = String(rounded).padStart(digits + 1, '0');
    const sign = this.numerator < 0n && rounded > 0n ? '-' : '';
    const point = text.length - digits;
    return `${sign}${text.slice(0, point)}.${text.slice(point)}`;
  }

  /** The nearest double. */
  toJSON(): number {
    return Number(this.toFixed(decimals));
  }
}

/** The decimal number as it is written, not the double nearest to it. */
export function exact(value: Exact | string): Fraction {
  if (value instanceof Fraction) return value;
  if (typeof value === 'bigint') return new Fraction(value, 1n);
  const [whole = '', decimal = ''] = String(value).split('.');
  return new Fraction(BigInt(whole + decimal), 10n ** BigInt(decimal.length));
}

export const zero = exact(0);

/** The sum of the values; 0 where there are none. */
export function sum(values: Fraction[]): Fraction {
  return values.reduce((total, value) => total.plus(value), zero);
}

export function largest(first: Fraction, ...others: Fraction[]): Fraction {
  return others.reduce((most, value) => (value.compare(most) > 0 ? value : most), first);
}

export function smallest(first: Fraction, ...others: Fraction[]): Fraction {
  return others.reduce((least, value) => (value.compare(least) < 0 ? value : least), first);
}

/** Euclid’s algorithm. The result has the sign of b, so that a fraction’s denominator becomes positive. */
function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x < 0n === b < 0n ? x : -x;
}

/** The largest whole number whose square is at most `square`: Newton’s method, from above. */
function wholeRoot(square: bigint): bigint {
  if (square === 0n) return 0n;
  let root = 10n ** BigInt(Math.ceil(String(square).length / 2));
  for (;;) {
    const next = (root + square / root) / 2n;
    if (next >= root) return root;
    root = next;
  }
}
