import { html, nothing, svg, type TemplateResult } from 'lit';

/** What stands in a card that has no figures: a line that says so, and one that says what to do. */
export interface Notice {
  /** SVG in a box of 16 × 16, drawn by its strokes. */
  icon: TemplateResult;
  title: string;
  hint: string;
}

export const chartIcon = svg`<path d="M2.5 13.5h11M3 10.5 6 8l2 1.2 2.5-3.4 1.2.8L13.5 4"/>`;
export const clockIcon = svg`<circle cx="8" cy="8" r="5.5"/><path d="M8 4.8V8l2.2 1.4"/>`;
export const offlineIcon = svg`<path d="M2 6.4a9 9 0 0 1 3-1.9m3-.5a9 9 0 0 1 6 2.4M4.5 9a5.4 5.4 0 0 1 2.4-1.3m2.6.1A5.4 5.4 0 0 1 11.5 9M8 12v.1M2.5 2.5l11 11"/>`;

/** An icon of 16 px in the colour of the text around it. */
export function drawIcon(icon: TemplateResult): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${icon}</svg>`;
}

/** `ground` is what stays of the widget's picture beneath the notice. */
export function drawNotice(
  { icon, title, hint }: Notice,
  ground: TemplateResult | typeof nothing = nothing,
): TemplateResult {
  return html`<div class="notice" role="status">
    <span class="disc">${drawIcon(icon)}</span>
    <strong>${title}</strong>
    <p>${hint}</p>
  </div>${ground}`;
}
