/** Registers an element, or leaves the one that a second copy of the script registered before. */
export function define(name: string, element: CustomElementConstructor): void {
  if (!customElements.get(name)) customElements.define(name, element);
}
