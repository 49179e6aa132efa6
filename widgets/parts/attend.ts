import type { LitElement } from 'lit';

/** What a visitor can point at and choose in. */
export interface Attended extends LitElement {
  /** The item that a `data-item` of the picture stands for was chosen. */
  select(item: string): void;
  /** A button of the picture was pressed. */
  press(value: string): void;
}

/**
 * Tells an element what is chosen in its picture. What points at items and moves through them is
 * loaded when a visitor comes; the first click or key counts, whenever that code is there.
 */
export function attend(element: Attended, root: EventTarget): void {
  let isLoaded = false;
  const listener = (event: Event) => {
    const { type, target, key, repeat } = event as KeyboardEvent;
    const load = async () => {
      (await import('../core/later/pointing.ts')).attendTo(element, target, key);
      isLoaded = true;
    };
    // Where that fails, the next one tries again.
    if (!isLoaded) load().catch(() => {});
    const find = (selector: string) => (target as Element).closest?.<HTMLElement>(selector);
    if (type === 'click') {
      const button = find('button') as HTMLButtonElement | null;
      if (button?.value) element.press(button.value);
    }
    const item = find('[data-item],[data-near]');
    // It moves, if only once that code is there: the page doesn't scroll by it.
    if (item && /^Arrow/.test(key)) event.preventDefault();
    if (!item || !(type === 'click' || /^( |Enter)$/.test(key))) return;
    event.preventDefault();
    if (!repeat) element.select((item.dataset.item ?? item.dataset.near)!);
  };
  // A pointer that rests where the widget appears points at nothing, so not by pointerover.
  for (const type of ['pointermove', 'focusin', 'click', 'keydown'])
    root.addEventListener(type, listener);
}
