import { curveHeight, shareBelowTop, slotWidth, thinned } from './curve.ts';

/**
 * What lies between the highest value so far and a curve, wherever that is below it, as a path in
 * the curve's view box. Each fall is closed by the level line from where it is made good back to
 * where it began.
 */
export function drawFalls(all: readonly number[], high: number, low: number): string {
  const values = thinned(all);
  const y = (value: number) => Math.round(curveHeight * shareBelowTop(value, high, low));
  const x = (slot: number) => slot * slotWidth + slotWidth / 2;
  let path = '';
  let peak = values[0]!;
  let peakSlot = 0;
  let falling = false;
  values.forEach((value, slot) => {
    if (value < peak) {
      if (!falling) path += `M${x(peakSlot)} ${y(peak)}L`;
      path += `${falling ? ' ' : ''}${x(slot)} ${y(value)}`;
      falling = true;
      return;
    }
    if (falling) {
      const before = values[slot - 1]!;
      const part = (peak - before) / (value - before);
      path += ` ${Math.round(100 * (x(slot - 1) + slotWidth * part)) / 100} ${y(peak)}z`;
    }
    falling = false;
    peak = value;
    peakSlot = slot;
  });
  return falling ? `${path}V${y(peak)}z` : path;
}
