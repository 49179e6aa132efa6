import { html, nothing, type TemplateResult } from 'lit';
import type { Formats } from './formats.ts';
import { commonWordsOf } from './words.ts';

/**
 * The longest of these texts that fits, chosen by CSS: a longer one leaves no width for the shorter one,
 * and wraps out of sight where its line is too narrow. The longest is the one for screen readers and on
 * hover. A text that is repeated is one size smaller.
 */
export function fitText(
  [long, ...others]: readonly string[],
  after: TemplateResult | typeof nothing = nothing,
): TemplateResult {
  const shorter = others.filter((other) => other === long || other.length < long!.length);
  if (!shorter[0]) return html`<span class="whole">${long}${after}</span>`;
  return html`<span class="fit" title=${long}><i class=${shorter[0] === long ? 'smaller' : nothing} aria-hidden="true">${fitText(shorter, after)}</i><span>${long}${after}</span></span>`;
}

/** A figure's name for screen readers, where the card shows what it is by its place or by words after it. */
export function drawHiddenName(name: string): TemplateResult {
  return html`<p class="visually-hidden">${name} </p>`;
}

/** The main figure of a widget, an amount of money, with a triangle for its sign. */
export function drawHero(amount: number, formats: Formats): TemplateResult {
  return html`${drawHiddenName(commonWordsOf(formats).totalPnl)}<p class="hero" part="value">${drawHeroText(formats.gain(amount), formats.shortGain(amount), drawArrow(amount))}</p>`;
}

/** A big figure: long, short, or short in a smaller size. */
export function drawHeroText(
  long: string,
  short: string,
  after?: TemplateResult | typeof nothing,
): TemplateResult {
  return fitText([long, short, short, short], after);
}

/** A triangle for an amount's sign. */
export function drawArrow(amount: number): TemplateResult | typeof nothing {
  if (amount === 0) return nothing;
  return html`<svg class=${amount > 0 ? 'up' : 'down'} viewBox="0 0 10 10" aria-hidden="true"><path d="M5 1.5 9 8.5H1z"/></svg>`;
}

/** The class that colours a figure of profit or loss. */
export function signOf(amount: number): 'gain' | 'loss' | typeof nothing {
  return amount > 0 ? 'gain' : amount < 0 ? 'loss' : nothing;
}
