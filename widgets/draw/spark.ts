import { html, svg, type TemplateResult } from 'lit';
import { signOf } from '../core/figure.ts';
import { curveHeight, drawCurve, shareBelowTop } from './curve.ts';
import { drawCurvePaths } from './curve-paths.ts';

/** Half a line's width, as a share of the picture's height. */
const nearZero = 0.017;

/** A curve without axes but for a zero line; it fills its box. The first value is 0. */
export function drawSpark(values: readonly number[]): TemplateResult {
  const curve = drawCurve(values);
  const { width, high, low } = curve;
  const share = (value: number) => Math.round(1000 * shareBelowTop(value, high, low)) / 1000;
  const last = values.at(-1)!;
  const zeroLine = svg`<path class="zero" d="M1 ${share(0) * curveHeight}H${width - 1}"/>`;
  // From the middle of the first slot to that of the last.
  return html`<svg class="spark" aria-hidden="true"><svg viewBox="1 0 ${width - 2} ${curveHeight}" preserveAspectRatio="none">${drawCurvePaths(curve, nearZero, zeroLine)}</svg><circle class="dot ${signOf(last)}" cx="100%" cy="${share(last) * 100}%" r="3.5"/></svg>`;
}
