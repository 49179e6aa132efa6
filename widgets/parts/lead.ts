import { html, nothing, type TemplateResult } from 'lit';
import { said } from '../core/figure.ts';

/** The one number of a widget with, beside it, what it is (`isName`: its name once more) and a second line about it. */
export function lead(
  name: string,
  figure: string,
  first: unknown,
  second: unknown,
  isName = false,
): TemplateResult {
  return html`<div class="lead">${said(name)}<p class="hero" part="value">${figure} </p><div><p aria-hidden=${isName || nothing}>${first} </p><p>${second}</p></div></div>`;
}
