import type { LitElement } from 'lit';
import { pageDocument } from '../core/page-document.ts';

/** How often ages are updated, in ms. */
const interval = 10_000;

const elements = new Set<LitElement>();
let timer: ReturnType<typeof setInterval> | undefined;

function updateAll(): void {
  if (pageDocument.hidden) return;
  for (const element of elements) element.requestUpdate();
}

/** Updates an element every ten seconds while the page is visible, and when it becomes visible. */
export function startUpdating(element: LitElement): void {
  elements.add(element);
  if (timer) return;
  timer = setInterval(updateAll, interval);
  pageDocument.addEventListener('visibilitychange', updateAll);
}

export function stopUpdating(element: LitElement): void {
  elements.delete(element);
  if (elements.size > 0) return;
  clearInterval(timer);
  timer = undefined;
  pageDocument.removeEventListener('visibilitychange', updateAll);
}
