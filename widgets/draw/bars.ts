import { slotWidth } from './curve.ts';

/** A value and the slot it stands in, which may lie between two. */
export interface Bar {
  slot: number;
  value: number;
}

/** Bars up and down from a baseline, as paths for a `viewBox` of `width` × `height` that may be stretched. */
export interface Bars {
  /** Vertical strokes, to be drawn as wide as a bar. */
  up: string;
  down: string;
  /** y of the baseline. */
  baseline: number;
  width: number;
  height: number;
}

const height = 100;
/** A bar too small to be seen is not a day without one. */
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
 * The stroke that makes bars of 56 % of their place, between 3 and 16 px, in a container as wide as
 * the picture: gaps stay even where places are narrower than 3 px. `places` may be a fraction.
 */
export function barStroke(places: number): string {
  const share = (part: number) => `${Math.round((10_000 / places) * part) / 100}cqw`;
  return `min(16px,max(${share(0.56)},min(3px,${share(0.75)})))`;
}
