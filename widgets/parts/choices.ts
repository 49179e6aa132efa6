import type { LitElement } from 'lit';

/** An element with items that a visitor can choose. */
export interface ItemHost extends LitElement {
  /** The item of a `data-item` was chosen. */
  select(item: string): void;
  /** A button of the picture was pressed. */
  press(value: string): void;
}

/**
 * Tells an element what a visitor chooses in its picture. The code that points at items and moves
 * through them is loaded at the first event; that event counts even before the code is there.
 */
export function listenForChoices(element: ItemHost, root: EventTarget): void {
  let isLoaded = false;
  const listener = (event: Event) => {
    const { type, target, key, repeat } = event as KeyboardEvent;
    const load = async () => {
      (await import('../core/lazy/pointing.ts')).startPointing(element, target, key);
      isLoaded = true;
    };
    // After a failure the next event tries again.
    if (!isLoaded) load().catch(() => {});
    const find = (selector: string) => (target as Element).closest?.<HTMLElement>(selector);
    if (type === 'click') {
      const button = find('button') as HTMLButtonElement | null;
      if (button?.value) element.press(button.value);
    }
    const item = find('[data-item],[data-near]');
    // An arrow key moves the focus, even if only when that code is there, and must not scroll the page.
    if (item && /^Arrow/.test(key)) event.preventDefault();
    if (!item || !(type === 'click' || /^( |Enter)$/.test(key))) return;
    event.preventDefault();
    if (!repeat) element.select((item.dataset.item ?? item.dataset.near)!);
  };
  // Not by pointerover, which also fires when a widget appears beneath a pointer at rest.
  for (const type of ['pointermove', 'focusin', 'click', 'keydown'])
    root.addEventListener(type, listener);
}
