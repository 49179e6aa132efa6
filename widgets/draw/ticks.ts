/** The round numbers at which an axis is marked. */
export interface AxisTicks {
  /** Two to four, zero among them. */
  coarse: number[];
  /** Halfway between those, for larger pictures; none where they would be too many. */
  fine: number[];
}

const mostCoarse = 4;
const mostInAll = 6;

/** For an axis from `low` (at most zero) to `high` (at least zero); the two differ. */
export function axisTicks(low: number, high: number): AxisTicks {
  let step = 10 ** Math.floor(Math.log10((high - low) / mostCoarse));
  for (const factor of [2, 2.5, 2]) {
    if (countOf(low, high, step) <= mostCoarse) break;
    step *= factor;
  }
  const coarse: number[] = [];
  const fine: number[] = [];
  // In half steps, counted in integers and rounded: binary fractions drift off the round numbers.
  // Adding 0 turns -0 into 0.
  for (let half = Math.ceil((2 * low) / step); half <= (2 * high) / step; half++)
    (half % 2 ? fine : coarse).push(Number(((half * step) / 2).toPrecision(12)) + 0);
  return { coarse, fine: coarse.length + fine.length > mostInAll ? [] : fine };
}

function countOf(low: number, high: number, step: number): number {
  return Math.floor(high / step) - Math.ceil(low / step) + 1;
}
