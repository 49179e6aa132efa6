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

/** One slot for each value, the line straight between their middles. The first value is 0. */
export function drawCurve(values: readonly number[]): Curve {
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
