import { html, nothing, type TemplateResult } from 'lit';
import { fitText, signOf } from '../core/figure.ts';
import type { Formats } from '../core/formats.ts';

/** A figure with its name, a qualifier after the name, and an explanation on hover. */
export type Pair = readonly [
  name: unknown,
  figure: unknown,
  qualifier?: string,
  explanation?: string,
];

/** Figures with their names: as `rows` between hairlines, or as `metrics` with the name above. */
export function drawPairs(kind: 'rows' | 'metrics', pairs: readonly Pair[]): TemplateResult {
  return html`<dl class=${kind}>${pairs.map(
    ([name, figure, qualifier, explanation]) =>
      html`<div><dt title=${explanation ?? nothing}>${name}${
        qualifier ? html` <span>${qualifier}</span>` : nothing
      }</dt> <dd>${figure}</dd></div>`,
  )}</dl>`;
}

/** A profit or loss in its colour, shortened where it has no room. */
export function drawGain(amount: number, formats: Formats): TemplateResult {
  return html`<b class=${signOf(amount)}>${fitText(gainLengths(amount, formats))}</b>`;
}

/** A profit or loss in several lengths, the longest first. */
export function gainLengths(
  amount: number,
  { gain, wholeGain, shortGain, tinyGain }: Formats,
): string[] {
  return [gain, wholeGain, shortGain, shortGain, tinyGain].map((write) => write(amount));
}

const skeleton = html`<p class="skeleton"></p>`;

/** Placeholders of pairs. */
export function drawPairsSkeleton(kind: 'rows' | 'metrics', count: number): TemplateResult {
  return html`<div class=${kind}>${Array(count).fill(html`<div>${skeleton}${skeleton}</div>`)}</div>`;
}
