import type { LitElement } from 'lit';

/** Between an item and what is said of it, and between that and the card's edge, in px. */
const gap = 6;

/**
 * Moves through the items of a widget's picture (each a `data-item` with an `aria-label`) by pointer,
 * touch and arrow keys, and shows what each is. The items are one focus stop together: the picture
 * gives the first of them a tabindex of 0. `target` is where the visitor is already, `key` what was
 * pressed there before this code was.
 */
export function attendTo(element: LitElement, target: EventTarget | null, key?: string): void {
  if (!attended.has(element)) listen(element, target);
  attended.add(element);
  // Where the keys before it have moved to.
  const item = key && itemAt((element.renderRoot as ShadowRoot).activeElement);
  if (item) move(item, key, element);
}

const attended = new WeakSet<LitElement>();

function listen(element: LitElement, target: EventTarget | null): void {
  const section = element.renderRoot.querySelector('section')!;
  // By itself: what is loaded later imports nothing of the script that loads it.
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
    // A finger leaves when it is lifted, and what it pointed at should stay to be read.
    pointerleave: (event) => (event as PointerEvent).pointerType === 'touch' || show(null),
    focusin: ({ target: focused }) => show(itemAt(focused)),
    focusout: () => show(null),
    keydown: (event) => press(event as KeyboardEvent, element, () => show(null)),
  };
  for (const [type, listener] of Object.entries(listeners))
    section.addEventListener(type, listener);
  element.addEventListener(
    'pt-load',
    () => void element.updateComplete.then(() => keepStop(element)),
  );
  show(itemAt(target));
}

/** What is no item itself, but nearest to one, stands for that by `data-near`. */
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

/** An item that was the focus stop may be gone: the first one is it then. */
function keepStop(element: LitElement): void {
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

/** To the next item by a key, if there is one. */
function move(item: HTMLElement, key: string, element: LitElement): boolean {
  const items = itemsOf(element).filter((one) => one.checkVisibility());
  const next = neighbour(item, key, items);
  if (!next) return false;
  item.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
  return true;
}

/** Of the items beyond `item` in a key's direction the nearest, one straight ahead before all others. */
function neighbour(
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

/** Above an item, beneath it where there is no room, and within the card. */
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
