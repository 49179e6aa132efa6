import { html, nothing, type TemplateResult } from 'lit';
import type { Formats } from './formats.ts';

/**
 * A text that gives way to a shorter one where it doesn't fit, by style alone: the long one covers
 * the short one, and wraps out of sight when its line is too narrow for it. The long one is what is
 * read aloud, and what a pointer at rest is shown.
 */
export function fitting(
  long: string,
  short: string,
  after: TemplateResult | typeof nothing = nothing,
): TemplateResult {
  if (long.length <= short.length) return html`<span class="whole">${long}${after}</span>`;
  return html`<span class="fit" title=${long}><i aria-hidden="true">${short}${after}</i><span>${long}${after}</span></span>`;
}

/** The one number of a widget of money, with a triangle that says its sign once more. */
export function hero(amount: number, formats: Formats): TemplateResult {
  return html`<p class="hero">${fitting(
    formats.gain(amount),
    formats.shortGain(amount),
    amount === 0
      ? nothing
      : html`<svg class=${amount > 0 ? 'up' : 'down'} viewBox="0 0 10 10" aria-hidden="true"><path d="M5 1.5 9 8.5H1z"/></svg>`,
  )}</p>`;
}
