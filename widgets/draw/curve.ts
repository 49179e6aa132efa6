/** A line over time, as paths for a `viewBox` of `width` × {@link curveHeight} that may be stretched. */
export interface Curve {
  line: string;
  /** Between the line and zero. */
  area: string;
  width: number;
  /** The values at the picture's upper and lower edge. */
  high: number;
  low: number;
}

export const curveHeight = 1000;

/** How wide a slot is in the units of a view box. Even, so that its middle is a whole number. */
export const slotWidth = 2;

/** Room above and below, so that neither a line nor its dot is cut off. */
const above = 0.06;
const below = 0.05;

/** More values than twice this are drawn by the lowest and the highest of so many parts: more than a card can show. */
const parts = 300;

/** What is drawn of values: all of them unless they are more than can be seen. */
export function thinned(values: readonly number[]): readonly number[] {
  const { length } = values;
  if (length <= 2 * parts) return values;
  const ends = Array.from({ length: parts }, (_, index) => {
    const [from, to] = [index, index + 1].map((at) => Math.floor((at * length) / parts));
    const part = values.slice(from, to);
    const [low, high] = [Math.min(...part), Math.max(...part)];
    return part.indexOf(low) < part.indexOf(high) ? [low, high] : [high, low];
  });
  return [values[0]!, ...ends.flat(), values.at(-1)!];
}

/** One slot for each value, the line straight between their middles. The first value is 0. */
export function drawCurve(all: readonly number[]): Curve {
  const values = thinned(all);
  const { high, low } = edgesOf(values);
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
    width: values.length * slotWidth,
    high,
    low,
  };
}

/** Where a value lies between the picture's edges: 0 at the upper, 1 at the lower. */
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
