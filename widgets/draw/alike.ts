import { html, nothing, type TemplateResult } from 'lit';

/** One text in several lengths, the shortest first. */
export type Lengths = readonly string[];

/**
 * Draws the texts of many equal boxes so that all give way together: each is as long as all of its
 * kind have room for, by style alone. `fitting` decides for a text alone.
 */
export function alike<Item>(
  items: readonly Item[],
  lengthsOf: (item: Item) => Lengths,
): (item: Item) => TemplateResult {
  const all = items.map(lengthsOf);
  const rooms = all[0]?.map((_, index) => roomOf(all.map((lengths) => lengths[index]!)));
  return (item) => {
    const [shortest, ...longer] = lengthsOf(item);
    return longer.reduce(
      (inner, text, index) =>
        html`<span class="fit"><i aria-hidden="true">${inner}</i><span data-room=${rooms![index + 1]!}>${text}</span></span>`,
      html`${shortest}`,
    );
  };
}

/**
 * A table's cell that can be pointed at and chosen: a button over what it shows, as a button's name
 * would have to hold that; `text` says it in full. The first takes the focus.
 */
export function drawItem(
  id: string,
  name: string,
  isFirst: boolean,
  text: string,
  content: TemplateResult,
  current: 'date' | typeof nothing = nothing,
): TemplateResult {
  return html`<td class=${name} data-near=${id} aria-current=${current}><div aria-hidden="true">${content}</div><div role="button" data-item=${id} tabindex=${isFirst ? 0 : -1} aria-label=${text}></div></td>`;
}

/** Words the widest of which is as wide as the widest text: figures are all equally wide. */
export function roomOf(texts: readonly string[]): string {
  const longest = Math.max(...texts.map((text) => text.length));
  const shapes = texts
    .filter((text) => text.length === longest)
    // Joined, as browsers break amid signs and units in places of their own.
    .map((text) => [...text.replace(/\d/g, '0').replace(/\s/g, '\u00a0')].join('\u2060'));
  return [...new Set(shapes)].join(' ');
}
