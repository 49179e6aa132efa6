/** Decimals kept of a root, and read when a double is made: far more than a double holds. */
const decimals = 60;

type Exact = Fraction | bigint | number;

/** A fraction of whole numbers, in lowest terms: adding, multiplying and dividing lose nothing. */
export class Fraction {
  readonly numerator: bigint;
  /** Above zero. */
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

  /** Below, at or above zero as this is. */
  get sign(): number {
    return Number(this.numerator);
  }

  /** Below, at or above zero when this is less than, equal to or more than the other. */
  compare(other: Exact): number {
    const { numerator, denominator } = exact(other);
    return Number(this.numerator * denominator - numerator * this.denominator);
  }

  /** With so many decimals, one or more; halves away from zero. */
  toFixed(digits: number): string {
    const size = this.numerator < 0n ? -this.numerator : this.numerator;
    const scaled = 2n * size * 10n ** BigInt(digits);
    const rounded = (scaled + this.denominator) / (2n * this.denominator);
    const text = String(rounded).padStart(digits + 1, '0');
    const sign = this.numerator < 0n && rounded > 0n ? '-' : '';
    const point = text.length - digits;
    return `${sign}${text.slice(0, point)}.${text.slice(point)}`;
  }

  /** The nearest double there is. */
  toJSON(): number {
    return Number(this.toFixed(decimals));
  }
}

/** The very decimal number that is written, not the double that stands for it. */
export function exact(value: Exact | string): Fraction {
  if (value instanceof Fraction) return value;
  if (typeof value === 'bigint') return new Fraction(value, 1n);
  const [whole = '', decimal = ''] = String(value).split('.');
  return new Fraction(BigInt(whole + decimal), 10n ** BigInt(decimal.length));
}

export const zero = exact(0);

/** 0 for nothing. */
export function sum(values: Fraction[]): Fraction {
  return values.reduce((total, value) => total.plus(value), zero);
}

export function largest(first: Fraction, ...others: Fraction[]): Fraction {
  return others.reduce((most, value) => (value.compare(most) > 0 ? value : most), first);
}

export function smallest(first: Fraction, ...others: Fraction[]): Fraction {
  return others.reduce((least, value) => (value.compare(least) < 0 ? value : least), first);
}

/** Euclid’s; with the sign of b, so that a fraction’s denominator ends up above zero. */
function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x < 0n === b < 0n ? x : -x;
}

/** The largest whole number whose square is not larger: Newton’s way, from above. */
function wholeRoot(square: bigint): bigint {
  if (square === 0n) return 0n;
  let root = 10n ** BigInt(Math.ceil(String(square).length / 2));
  for (;;) {
    const next = (root + square / root) / 2n;
    if (next >= root) return root;
    root = next;
  }
}
