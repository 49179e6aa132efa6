import { html, nothing, type TemplateResult } from 'lit';

/**
 * A cell of a grid that can be pointed at and chosen. Its button, labelled by `label`, lies over the
 * content, because the accessible name of a button around it would have to repeat the content.
 */
export function drawGridCell(
  id: string,
  name: string,
  isFirst: boolean,
  label: string,
  content: TemplateResult,
  current: 'date' | typeof nothing = nothing,
): TemplateResult {
  return html`<td class=${name} data-near=${id} aria-current=${current}><div aria-hidden="true">${content}</div><div role="button" data-item=${id} tabindex=${isFirst ? 0 : -1} aria-label=${label}></div></td>`;
}
