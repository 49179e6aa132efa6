import { html, svg, type TemplateResult } from 'lit';

export const clockIcon = svg`<circle cx="8" cy="8" r="5.5"/><path d="M8 4.8V8l2.2 1.4"/>`;

/** An icon of 16 × 16 px in the colour of the text around it. */
export function drawIcon(icon: TemplateResult): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${icon}</svg>`;
}
