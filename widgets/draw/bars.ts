import { slotWidth } from './curve.ts';

/** A value and its slot, which may be between two. */
export interface Bar {
  slot: number;
  value: number;
}

/** Bars up and down from a baseline, as paths in a `viewBox` of `width` × `height` that may be stretched. */
export interface Bars {
  /** Vertical strokes; the stroke width is that of a bar. */
  up: string;
  down: string;
  /** y of the baseline. */
  baseline: number;
  width: number;
  height: number;
}

const height = 100;
/** A smaller bar would look like a day without trades. */
const shortest = 3;

/** A value of 0 has no bar. */
export function drawBars(bars: readonly Bar[], slots: number): Bars {
  const values = bars.map(({ value }) => value);
  const high = Math.max(0, ...values);
  const low = Math.min(0, ...values);
  const scale = height / (high - low || 1);
  const baseline = high === low ? height / 2 : Math.round(high * scale);
  let up = '';
  let down = '';
  for (const { slot, value } of bars) {
    if (value === 0) continue;
    const length = Math.max(shortest, Math.round(Math.abs(value) * scale));
    const start = `M${slot * slotWidth + slotWidth / 2} ${baseline}v`;
    if (value > 0) up += `${start}-${length}`;
    else down += start + length;
  }
  return { up, down, baseline, width: slots * slotWidth, height };
}

/**
 * A stroke width of 56 % of each of so many `places`, between 3 and 16 px, in a container as wide as the
 * picture; there are gaps even where a place is narrower than 3 px. `places` may be a fraction.
 */
export function barStroke(places: number): string {
  const share = (part: number) => `${Math.round((10_000 / places) * part) / 100}cqw`;
  return `min(16px,max(${share(0.56)},min(3px,${share(0.75)})))`;
}
