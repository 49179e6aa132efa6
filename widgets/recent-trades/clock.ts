import type { LitElement } from 'lit';

/** How often ages are told anew, in ms. */
const pause = 30_000;

const elements = new Set<LitElement>();
let timer: ReturnType<typeof setInterval> | undefined;

/** Draws an element anew every half minute while the page can be seen, one timer for all. */
export function keepTime(element: LitElement): void {
  elements.add(element);
  timer ??= setInterval(() => {
    if (document.hidden) return;
    for (const each of elements) each.requestUpdate();
  }, pause);
}

export function forgetTime(element: LitElement): void {
  elements.delete(element);
  if (elements.size > 0) return;
  clearInterval(timer);
  timer = undefined;
}
