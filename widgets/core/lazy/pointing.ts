import type { LitElement } from 'lit';

/** Between an item and its tooltip, and between that and the card's edge, in px. */
const gap = 6;

/**
 * Moves through the items of a widget's picture (each a `data-item` with an `aria-label`) by pointer,
 * touch and arrow keys, and shows the label of each in a tooltip. The items are one tab stop together
 * (roving tabindex): the picture gives the first of them a tabindex of 0. `target` is where the visitor
 * is already, `key` the key that was pressed there while this code was loaded.
 */
export function startPointing(element: LitElement, target: EventTarget | null, key?: string): void {
  if (!started.has(element)) listen(element, target);
  started.add(element);
  // Where earlier keys have moved to.
  const item = key && itemAt((element.renderRoot as ShadowRoot).activeElement);
  if (item) move(item, key, element);
}

const started = new WeakSet<LitElement>();

function listen(element: LitElement, target: EventTarget | null): void {
  const section = element.renderRoot.querySelector('section')!;
  // Not by page-document.ts: this file imports nothing of the script that loads it.
  const tip = Document.prototype.createElement.call(section.ownerDocument, 'div');
  tip.className = 'tip';
  tip.setAttribute('part', 'tooltip');
  tip.setAttribute('aria-hidden', 'true');
  tip.hidden = true;
  section.append(tip);

  const show = (item: HTMLElement | null) => {
    const text = item?.ariaLabel;
    tip.hidden = !text;
    if (!item || !text) return;
    tip.textContent = text;
    tip.dataset.near = item.dataset.item;
    place(tip, item, section);
  };
  const listeners: Record<string, (event: Event) => unknown> = {
    pointerover: ({ target: over }) => show(itemAt(over)),
    // A finger leaves when it is lifted; the tooltip stays to be read.
    pointerleave: (event) => (event as PointerEvent).pointerType === 'touch' || show(null),
    focusin: ({ target: focused }) => show(itemAt(focused)),
    focusout: () => show(null),
    keydown: (event) => press(event as KeyboardEvent, element, () => show(null)),
  };
  for (const [type, listener] of Object.entries(listeners))
    section.addEventListener(type, listener);
  element.addEventListener(
    'pt-load',
    () => void element.updateComplete.then(() => keepTabStop(element)),
  );
  show(itemAt(target));
}

/** A place that is no item names the nearest one by `data-near`. */
function itemAt(target: EventTarget | null | undefined): HTMLElement | null {
  const found = target instanceof Element && target.closest<HTMLElement>('[data-item],[data-near]');
  if (!found) return null;
  const { near } = found.dataset;
  return near === undefined
    ? found
    : (found.getRootNode() as ParentNode).querySelector(`[data-item="${near}"]`);
}

const itemsOf = (element: LitElement) => [
  ...element.renderRoot.querySelectorAll<HTMLElement>('[data-item]'),
];

/** When the item that was the tab stop is gone the first one becomes it. */
function keepTabStop(element: LitElement): void {
  const items = itemsOf(element);
  if (items[0] && !items.some(({ tabIndex }) => tabIndex === 0)) items[0].tabIndex = 0;
}

function press(event: KeyboardEvent, element: LitElement, hide: () => void): void {
  const item = itemAt(event.target);
  if (!item) return;
  const { key } = event;
  if (!move(item, key, element)) {
    if (key === 'Escape') hide();
    else if (!key.startsWith('Arrow')) return;
  }
  event.preventDefault();
}

/** Moves the focus to the next item in a key's direction, if there is one. */
function move(item: HTMLElement, key: string, element: LitElement): boolean {
  const items = itemsOf(element).filter((one) => one.checkVisibility());
  const next = nextItem(item, key, items);
  if (!next) return false;
  item.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
  return true;
}

/** The nearest item in a key's direction; one straight ahead goes before others. */
function nextItem(
  item: HTMLElement,
  key: string,
  items: readonly HTMLElement[],
): HTMLElement | undefined {
  if (key === 'Home') return items[0];
  if (key === 'End') return items.at(-1);
  const direction = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[
    key
  ];
  if (!direction) return undefined;
  const [dx, dy] = direction as [number, number];
  const [x, y] = centreOf(item);
  let best: HTMLElement | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const other of items) {
    const [otherX, otherY] = centreOf(other);
    const ahead = (otherX - x) * dx + (otherY - y) * dy;
    const aside = Math.abs((otherX - x) * dy) + Math.abs((otherY - y) * dx);
    const distance = ahead + 4 * aside;
    if (ahead > 1 && aside < ahead * 4 && distance < least) {
      best = other;
      least = distance;
    }
  }
  return best;
}

function centreOf(item: HTMLElement): [number, number] {
  const { left, top, width, height } = item.getBoundingClientRect();
  return [left + width / 2, top + height / 2];
}

/** Puts the tooltip above an item, or below it where there is no room, and within the card. */
function place(tip: HTMLElement, item: HTMLElement, section: HTMLElement): void {
  const card = section.getBoundingClientRect();
  const box = item.getBoundingClientRect();
  const { offsetWidth, offsetHeight } = tip;
  const middle = box.left - card.left + (box.width - offsetWidth) / 2;
  const x = Math.max(gap, Math.min(middle, card.width - offsetWidth - gap));
  const above = box.top - card.top - offsetHeight - gap;
  const y = above < gap ? box.bottom - card.top + gap : above;
  tip.style.translate = `${x}px ${y}px`;
}
