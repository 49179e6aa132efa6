import { svg, type TemplateResult } from 'lit';

/** Where caution and danger begin, in per cent. */
export const caution = 50;
export const danger = 80;

/** Half circles whose lengths count as 100: the track, and the ring of zones around it. */
const track = 'M10.5 88.5a78 78 0 0 1 156 0';
const ring = 'M1.25 88.5a87.25 87.25 0 0 1 174.5 0';

/** Half of the gap between two zones, and of the tick that marks the worst drawdown. */
const halfGap = 0.5;

/** The track alone. */
export const emptyArc = part('track', track, 0, 100);

/** How much of the limit is used, and was used at worst, in per cent. */
export function drawArc(used: number, worst: number, zone: string): TemplateResult[] {
  return [
    part('safe', ring, 0, caution - halfGap),
    part('caution', ring, caution + halfGap, danger - halfGap),
    part('danger', ring, danger + halfGap, 100),
    emptyArc,
    part(`used ${zone}`, track, 0, Math.min(used, 100)),
    part('tick', track, Math.min(worst, 100) - 2 * halfGap, Math.min(worst, 100)),
  ];
}

/** The part of a half circle from one per cent to another. */
function part(name: string, path: string, from: number, to: number): TemplateResult {
  const start = Math.max(from, 0);
  return svg`<path class=${name} d=${path} pathLength="100" stroke-dasharray="0 ${start} ${to - start} 200"/>`;
}
