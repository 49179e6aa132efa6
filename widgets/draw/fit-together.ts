import { html, type TemplateResult } from 'lit';

/** One text in several lengths, the shortest first. */
export type Lengths = readonly string[];

/**
 * Draws the texts of many equal boxes in the same length: the longest for which all of them have room,
 * chosen by CSS. For a single text see `fitText`.
 */
export function fitTogether<Item>(
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

/** Words of which the widest is as wide as the widest of these texts: all digits have the same width. */
export function roomOf(texts: readonly string[]): string {
  const longest = Math.max(...texts.map((text) => text.length));
  const shapes = texts
    .filter((text) => text.length === longest)
    // Joined, as browsers differ in where they break between signs and units.
    .map((text) => [...text.replace(/\d/g, '0').replace(/\s/g, '\u00a0')].join('\u2060'));
  return [...new Set(shapes)].join(' ');
}
