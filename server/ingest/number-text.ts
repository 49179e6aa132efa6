import type { Units } from '../../shared/money.ts';

const zero = 48;
const minus = 45;
const plus = 43;
const point = 46;

/**
 * The exact amount that a plain decimal number stands for: `-12.5` is -125 000. NaN for any other
 * text, and for more than four decimals unless the further ones are zeros.
 */
export function parseAmount(text: string): Units {
  let units = 0;
  let digits = 0;
  let decimals = -1;
  const sign = text.charCodeAt(0);
  for (let i = sign === minus || sign === plus ? 1 : 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= zero && code <= zero + 9) {
      digits++;
      if (decimals < 4) {
        units = units * 10 + (code - zero);
        if (decimals >= 0) decimals++;
      } else if (code !== zero) return Number.NaN;
    } else if (code === point && decimals === -1) decimals = 0;
    else return Number.NaN;
  }
  if (digits === 0) return Number.NaN;
  units *= 10 ** (4 - Math.max(decimals, 0));
  return sign === minus && units !== 0 ? -units : units;
}

/**
 * {@link parseAmount} for files of programs that compute money in binary floating point: an amount
 * that is within a millionth of a multiple of 0.0001 is rounded to it (`0.06000000001` is 600).
 */
export function parseNoisyAmount(text: string): Units {
  const units = parseAmount(text);
  if (!Number.isNaN(units)) return units;
  if (/^-?\d(?:\.\d+)?e-\d+$/i.test(text)) return Math.abs(Number(text)) <= 1e-6 ? 0 : Number.NaN;
  const parts = /^([+-]?\d+\.\d{4})(\d+)$/.exec(text);
  if (parts === null) return Number.NaN;
  const below = Math.abs(parseAmount(parts[1]!));
  const rest = Number(`0.${parts[2]}`);
  if (rest > 0.01 && rest < 0.99) return Number.NaN;
  const nearest = below + Math.round(rest);
  return text.startsWith('-') && nearest !== 0 ? -nearest : nearest;
}

/**
 * Parses a decimal number, with or without an exponent. NaN for any other text; a number that is
 * too large may become Infinity.
 */
export function parseNumber(text: string): number {
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return Number.NaN;
  // Turns -0 into 0.
  return Number(text) + 0;
}

/** Removes the blanks between thousands, as in `1 416.01`; returns other texts unchanged. */
export function withoutGroups(text: string): string {
  return /^-?\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:\.\d+)?$/.test(text)
    ? text.replace(/[ \u00a0\u202f]/g, '')
    : text;
}
