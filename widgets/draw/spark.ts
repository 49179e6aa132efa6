import { html, type TemplateResult } from 'lit';
import { curveHeight, drawCurve, shareBelowTop } from './curve.ts';

/** Half a line's width, as a share of the picture's height: a line along zero has the colour of neither sign. */
const nearZero = 0.017;

/** A curve without axes but for a zero line; it fills its box. The first value is 0. */
export function drawSpark(values: readonly number[]): TemplateResult {
  const { line, area, width, high, low } = drawCurve(values);
  const share = (value: number) => Math.round(1000 * shareBelowTop(value, high, low)) / 1000;
  const last = values.at(-1)!;
  const zero = share(0);
  const level = zero * curveHeight;
  const [above, below] = [zero - nearZero, zero + nearZero];
  // From the middle of the first slot to that of the last.
  return html`<svg class="spark" aria-hidden="true"><svg viewBox="1 0 ${width - 2} ${curveHeight}" preserveAspectRatio="none">
    <linearGradient id="a" x2="0" y2=${curveHeight} gradientUnits="userSpaceOnUse"><stop class="rise" stop-opacity=".3"/><stop class="rise" offset=${zero} stop-opacity=".02"/><stop class="sink" offset=${zero} stop-opacity=".04"/><stop class="sink" offset="1" stop-opacity=".34"/></linearGradient>
    <linearGradient id="l" x2="0" y2=${curveHeight} gradientUnits="userSpaceOnUse"><stop class="rise" offset=${above}/><stop class="level" offset=${above}/><stop class="level" offset=${below}/><stop class="sink" offset=${below}/></linearGradient>
    <path fill="url(#a)" d=${area}/>
    <path class="zero" d="M1 ${level}H${width - 1}"/>
    <path class="line" stroke="url(#l)" d=${line}/>
  </svg><circle class="dot ${last > 0 ? 'gain' : last < 0 ? 'loss' : ''}" cx="100%" cy="${share(last) * 100}%" r="3.5"/></svg>`;
}
