import { curveHeight, downsampled, shareBelowTop, slotWidth } from './curve.ts';

/**
 * The areas between a curve and the highest value so far, as a path in the curve's view box. Each is
 * closed by a level line from where the fall is recovered back to where it began.
 */
export function drawFalls(all: readonly number[], high: number, low: number): string {
  const values = downsampled(all);
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
