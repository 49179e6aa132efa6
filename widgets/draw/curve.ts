/** A line over time, as paths in a `viewBox` of `width` × {@link curveHeight} that may be stretched. */
export interface Curve {
  line: string;
  /** Between the line and zero. */
  area: string;
  width: number;
  /** The values at the picture's upper and lower edge. */
  high: number;
  low: number;
}

/** Where a curve goes on to, so many slots after its last value. */
export interface Ahead {
  value: number;
  slots: number;
}

export const curveHeight = 1000;

/** In units of the view box; even, so that the middle of a slot is a whole number. */
export const slotWidth = 2;

/** Shares of the range that are left free, so that neither line nor dot is cut off. */
const above = 0.06;
const below = 0.05;

/** More than twice as many values are more than can be seen: the lowest and the highest of so many parts are drawn. */
const parts = 300;

/** The values that are drawn: all of them unless they are too many to be seen. */
export function downsampled(values: readonly number[]): readonly number[] {
  const size = values.length / parts;
  if (size <= 2) return values;
  const drawn = [values[0]!];
  for (let from = 0; from < values.length; from += Math.ceil(size)) {
    const part = values.slice(from, from + Math.ceil(size));
    const [low, high] = [Math.min(...part), Math.max(...part)];
    drawn.push(...(part.indexOf(low) < part.indexOf(high) ? [low, high] : [high, low]));
  }
  return [...drawn, values.at(-1)!];
}

/**
 * Each value has a slot, and the line is straight between the middles of slots. The first value is 0.
 * What is ahead has room in the picture, but is not drawn.
 */
export function drawCurve(all: readonly number[], ahead?: Ahead): Curve {
  const values = downsampled(all);
  const { high, low } = edgesOf(ahead ? [...values, ahead.value] : values);
  const room = ahead ? (ahead.slots / all.length) * values.length : 0;
  const y = (value: number) => Math.round(curveHeight * shareBelowTop(value, high, low));
  const x = (slot: number) => slot * slotWidth + slotWidth / 2;
  let last = y(0);
  let steps = '';
  for (const value of values.slice(1)) {
    const next = y(value);
    steps += `${steps && ' '}${slotWidth} ${next - last}`;
    last = next;
  }
  const line = `M${x(0)} ${y(0)}l${steps}`;
  return {
    line,
    area: `${line}V${y(0)}z`,
    width: (values.length + room) * slotWidth,
    high,
    low,
  };
}

/** The place of a value between the picture's edges: 0 at the upper, 1 at the lower one. */
export function shareBelowTop(value: number, high: number, low: number): number {
  return (high - value) / (high - low);
}

function edgesOf(values: readonly number[]): { high: number; low: number } {
  const highest = Math.max(0, ...values);
  const lowest = Math.min(0, ...values);
  if (highest === lowest) return { high: 1, low: -1 };
  const range = highest - lowest;
  return { high: highest + range * above, low: lowest - range * below };
}
