/** Round numbers at which an axis from `low` to `high` is marked. */
export interface RoundMarks {
  /** Two to four, zero among them. */
  coarse: number[];
  /** Those between them, for a larger picture; none where they would be many. */
  fine: number[];
}

const mostMarks = 4;
const mostInAll = 6;

/** `low` is zero or below, `high` zero or above, and they differ. */
export function roundMarks(low: number, high: number): RoundMarks {
  let step = 10 ** Math.floor(Math.log10((high - low) / mostMarks));
  for (const factor of [2, 2.5, 2]) {
    if (countOf(low, high, step) <= mostMarks) break;
    step *= factor;
  }
  const coarse: number[] = [];
  const fine: number[] = [];
  // Half steps, counted in whole numbers and rounded: fractions drift off the round ones. Adding 0
  // takes the sign off a negative zero.
  for (let half = Math.ceil((2 * low) / step); half <= (2 * high) / step; half++)
    (half % 2 ? fine : coarse).push(Number(((half * step) / 2).toPrecision(12)) + 0);
  return { coarse, fine: coarse.length + fine.length > mostInAll ? [] : fine };
}

function countOf(low: number, high: number, step: number): number {
  return Math.floor(high / step) - Math.ceil(low / step) + 1;
}
