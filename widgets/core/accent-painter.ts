import { load } from './on-demand.ts';

type Accents = readonly (string | null | undefined)[];

/** Sets the colours of a card's accent, the first usable of several, whenever they change. */
export class AccentPainter {
  #painted = '';

  /** Notes that the card has the colours of these already, as one drawn by the server has. */
  skip(accents: Accents): void {
    this.#painted = accents.join();
  }

  async update(root: ParentNode, accents: Accents): Promise<void> {
    if (accents.join() === this.#painted) return;
    this.skip(accents);
    const { accentNames, accentOf } = await load('accent');
    const [first, second] = accents;
    const properties = accentOf(first) ?? accentOf(second);
    const { style } = root.querySelector<HTMLElement>('.box')!;
    for (const name of accentNames) {
      if (properties) style.setProperty(name, properties[name]);
      else style.removeProperty(name);
    }
  }
}
