import { html, nothing, type TemplateResult } from 'lit';
import type { Formats } from './formats.ts';
import { commonWordsOf } from './words.ts';

/**
 * A text that gives way to the next, shorter one where it doesn't fit, by style alone: the long one
 * covers the short one, and wraps out of sight when its line is too narrow for it. The long one is
 * what is read aloud, and what a pointer at rest is shown. A text given once more is one size smaller.
 */
export function fitting(
  [long, ...others]: readonly string[],
  after: TemplateResult | typeof nothing = nothing,
): TemplateResult {
  const shorter = others.filter((other) => other === long || other.length < long!.length);
  if (!shorter[0]) return html`<span class="whole">${long}${after}</span>`;
  return html`<span class="fit" title=${long}><i class=${shorter[0] === long ? 'smaller' : nothing} aria-hidden="true">${fitting(shorter, after)}</i><span>${long}${after}</span></span>`;
}

/** What a figure is called, for those who hear it: on the card its place says so, or words behind it. */
export function said(name: string): TemplateResult {
  return html`<p class="unseen">${name} </p>`;
}

/** The one number of a widget of money, with a triangle that says its sign once more. */
export function hero(amount: number, formats: Formats): TemplateResult {
  return html`${said(commonWordsOf(formats).totalPnl)}<p class="hero" part="value">${drawSteps(formats.gain(amount), formats.shortGain(amount), arrow(amount))}</p>`;
}

/** A big figure: long, short, and the short one in smaller sizes. */
export function drawSteps(
  long: string,
  short: string,
  after?: TemplateResult | typeof nothing,
): TemplateResult {
  return fitting([long, short, short, short], after);
}

/** A triangle that says an amount's sign. */
export function arrow(amount: number): TemplateResult | typeof nothing {
  if (amount === 0) return nothing;
  return html`<svg class=${amount > 0 ? 'up' : 'down'} viewBox="0 0 10 10" aria-hidden="true"><path d="M5 1.5 9 8.5H1z"/></svg>`;
}

/** The class that colours a figure of profit or loss. */
export function signOf(amount: number): 'gain' | 'loss' | typeof nothing {
  return amount > 0 ? 'gain' : amount < 0 ? 'loss' : nothing;
}
