import { need } from './on-demand.ts';

type Accents = readonly (string | null | undefined)[];

/** The first usable one of a card's accents, in which it is painted when they have become others. */
export class Paint {
  #painted = '';

  /** Something else has painted the card in these. */
  isOf(accents: Accents): void {
    this.#painted = accents.join();
  }

  async update(root: ParentNode, accents: Accents): Promise<void> {
    if (accents.join() === this.#painted) return;
    this.isOf(accents);
    const { accentNames, accentOf } = await need('accent');
    const [first, second] = accents;
    const properties = accentOf(first) ?? accentOf(second);
    const { style } = root.querySelector<HTMLElement>('.box')!;
    for (const name of accentNames) {
      if (properties) style.setProperty(name, properties[name]);
      else style.removeProperty(name);
    }
  }
}
