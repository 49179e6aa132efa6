import { nothing, svg, type TemplateResult } from 'lit';
import { type Curve, curveHeight, shareBelowTop } from './curve.ts';

/**
 * The area and the line of a curve for its view box, in the colours of curve-styles.ts above and below
 * zero. `nearZero`: half a line's width, as a share of the picture's height: a line along zero has the
 * colour of neither side. `between` is drawn over the area and under the line.
 */
export function drawCurvePaths(
  { line, area, high, low }: Curve,
  nearZero: number,
  between: TemplateResult | typeof nothing = nothing,
): TemplateResult {
  const zero = Math.round(1000 * shareBelowTop(0, high, low)) / 1000;
  const [above, below] = [zero - nearZero, zero + nearZero];
  return svg`<linearGradient id="a" x2="0" y2=${curveHeight} gradientUnits="userSpaceOnUse"><stop class="rise" stop-opacity=".3"/><stop class="rise" offset=${zero} stop-opacity=".02"/><stop class="sink" offset=${zero} stop-opacity=".04"/><stop class="sink" offset="1" stop-opacity=".34"/></linearGradient>
    <linearGradient id="l" x2="0" y2=${curveHeight} gradientUnits="userSpaceOnUse"><stop class="line-rise" offset=${above}/><stop class="line-flat" offset=${above}/><stop class="line-flat" offset=${below}/><stop class="line-sink" offset=${below}/></linearGradient>
    <path fill="url(#a)" d=${area}/>${between}<path class="line" stroke="url(#l)" d=${line}/>`;
}
