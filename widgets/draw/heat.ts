/** How strongly a cell is coloured: −4 to 4, 0 for none. */
export type HeatStep = number;

const strongest = 4;
/** Below this part of the scale a value is as good as none. */
const flatPart = 0.03;
const roundEnds = [1, 1.5, 2, 3, 4, 5, 6, 8];

/** The round number at which a scale ends that all these values fit on, on both sides of zero. */
export function heatEnd(values: readonly number[]): number {
  const most = Math.max(0, ...values.map(Math.abs)) || 1;
  const unit = 10 ** Math.floor(Math.log10(most));
  const end = roundEnds.find((times) => times * unit >= most) ?? 10;
  // A product of fractions drifts off the round numbers.
  return Number((end * unit).toPrecision(2));
}

/** Equal steps up to the scale's end, alike on both sides of zero. */
export function heatStep(value: number, end: number): HeatStep {
  const share = Math.abs(value) / end;
  if (share < flatPart) return 0;
  return Math.sign(value) * Math.min(strongest, Math.floor(share * strongest) + 1);
}

/** The class of core's heat styles that colours a step. */
export function heatClass(step: HeatStep): string {
  return `heat${step}`;
}
