import type { LitElement } from 'lit';
import { pageDocument } from '../core/page-document.ts';

/** How often ages are told anew, in ms. */
const pause = 10_000;

const elements = new Set<LitElement>();
let timer: ReturnType<typeof setInterval> | undefined;

function tell(): void {
  if (pageDocument.hidden) return;
  for (const each of elements) each.requestUpdate();
}

/** Draws an element anew every ten seconds while the page can be seen, and when it comes back. */
export function keepTime(element: LitElement): void {
  elements.add(element);
  if (timer) return;
  timer = setInterval(tell, pause);
  pageDocument.addEventListener('visibilitychange', tell);
}

export function forgetTime(element: LitElement): void {
  elements.delete(element);
  if (elements.size > 0) return;
  clearInterval(timer);
  timer = undefined;
  pageDocument.removeEventListener('visibilitychange', tell);
}
