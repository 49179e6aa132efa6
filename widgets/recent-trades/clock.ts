import type { LitElement } from 'lit';

/** How often ages are told anew, in ms. */
const pause = 30_000;

const elements = new Set<LitElement>();
let timer: ReturnType<typeof setInterval> | undefined;

/** Draws an element anew every half minute, while it is in the page and the page can be seen. */
export function keepTime(element: LitElement): void {
  elements.add(element);
  timer ??= setInterval(tick, pause);
}

function tick(): void {
  if (document.hidden) return;
  for (const element of elements)
    if (element.isConnected) element.requestUpdate();
    else elements.delete(element);
  if (elements.size) return;
  clearInterval(timer);
  timer = undefined;
}
