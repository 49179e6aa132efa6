import { html, nothing, type TemplateResult } from 'lit';
import { drawHiddenName } from '../core/figure.ts';

/** The main figure of a widget, and two lines about it at its side; `isName`: the first line repeats its name. */
export function drawLead(
  name: string,
  figure: string,
  first: unknown,
  second: unknown,
  isName = false,
): TemplateResult {
  return html`<div class="lead">${drawHiddenName(name)}<p class="hero" part="value">${figure} </p><div><p aria-hidden=${isName || nothing}>${first} </p><p>${second}</p></div></div>`;
}
