import { html, nothing, type TemplateResult } from 'lit';
import { fitting, signOf } from '../core/figure.ts';
import type { Formats } from '../core/formats.ts';

/** What a figure is called, the figure, and what is to be known about it: beside it, and on hover. */
export type Pair = readonly [
  name: unknown,
  figure: unknown,
  qualifier?: string,
  explanation?: string,
];

/** Figures with their names: as `rows` beneath hairlines, or as `metrics`, the name above. */
export function drawPairs(kind: 'rows' | 'metrics', pairs: readonly Pair[]): TemplateResult {
  return html`<dl class=${kind}>${pairs.map(
    ([name, figure, qualifier, explanation]) =>
      html`<div><dt title=${explanation ?? nothing}>${name}${
        qualifier ? html` <span>${qualifier}</span>` : nothing
      }</dt> <dd>${figure}</dd></div>`,
  )}</dl>`;
}

/** A coloured figure of profit or loss that is shortened where it has no room. */
export function drawGain(amount: number, formats: Formats): TemplateResult {
  return html`<b class=${signOf(amount)}>${fitting(gainSteps(amount, formats))}</b>`;
}

/** A figure of profit or loss from the longest to the shortest. */
export function gainSteps(
  amount: number,
  { gain, wholeGain, shortGain, tinyGain }: Formats,
): string[] {
  return [gain, wholeGain, shortGain, shortGain, tinyGain].map((write) => write(amount));
}

const bone = html`<p class="bone"></p>`;

/** The boxes of pairs that aren't known yet. */
export function bonePairs(kind: 'rows' | 'metrics', count: number): TemplateResult {
  return html`<div class=${kind}>${Array(count).fill(html`<div>${bone}${bone}</div>`)}</div>`;
}
