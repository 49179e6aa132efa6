/** How strongly a cell is coloured: −4 to 4, 0 for none. */
export type HeatStep = number;

const strongest = 4;
/** A value below this part of the scale has no colour. */
const flatPart = 0.03;
const roundEnds = [1, 1.5, 2, 3, 4, 5, 6, 8];

/** The least round number that is not below any of these values, whatever their sign. */
export function heatEnd(values: readonly number[]): number {
  const most = Math.max(0, ...values.map(Math.abs)) || 1;
  const unit = 10 ** Math.floor(Math.log10(most));
  const end = roundEnds.find((times) => times * unit >= most) ?? 10;
  // Binary fractions drift off the round numbers.
  return Number((end * unit).toPrecision(2));
}

/** The step of a value on a scale with this end: equal steps on both sides of zero. */
export function heatStep(value: number, end: number): HeatStep {
  const share = Math.abs(value) / end;
  if (share < flatPart) return 0;
  return Math.sign(value) * Math.min(strongest, Math.floor(share * strongest) + 1);
}

/** The class in heat-styles.ts for a step. */
export function heatClass(step: HeatStep): string {
  return `heat${step}`;
}
