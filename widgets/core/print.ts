import { define } from './define.ts';
import { accentNames, accentOf } from './lazy/accent.ts';
import { answerControllers, createAnswerController } from './lazy/answer-controller.ts';
import { drawNothingYet, drawRefusal } from './lazy/states.ts';
import { provide } from './on-demand.ts';

// From the start: nothing can be loaded while a page is printed, or after it has gone offline.
provide({
  accent: { accentNames, accentOf },
  controller: { createAnswerController },
  states: { drawNothingYet, drawRefusal },
});

/**
 * Draws the widgets that nobody has scrolled to. Printing waits for no promise, so their answers are
 * requested synchronously. The first request that fails is the last, not to block the page for a
 * server that is down.
 */
function drawUnanswered(): void {
  const controllers = [...answerControllers];
  if (!navigator.onLine || controllers.some(({ host }) => host.refusal?.status === 0)) return;
  for (const controller of controllers) {
    const { host } = controller;
    if (host.answer || host.refusal || !host.checkVisibility()) continue;
    if (!controller.loadSync()) return;
    // biome-ignore lint/complexity/useLiteralKeys: it is protected
    host['performUpdate']();
  }
}

/** Elements whose code is loaded, but which were not in view yet. */
const undefinedElements = new Map<string, CustomElementConstructor>();

/** Registers an element when the page is printed. */
export function defineWhenPrinting(name: string, element: CustomElementConstructor): void {
  undefinedElements.set(name, element);
}

let firefoxPrint: typeof import('./lazy/firefox-print.ts') | undefined;

/** Ahead of printing, which waits for nothing. */
async function loadFirefoxPrint(): Promise<void> {
  try {
    firefoxPrint = await import('./lazy/firefox-print.ts');
  } catch {
    // Without a connection cards are printed as Firefox lays them out.
  }
}

function print(): void {
  for (const [name, element] of undefinedElements) define(name, element);
  drawUnanswered();
  if (!firefoxPrint) return;
  const drawn = [...answerControllers]
    .map(({ host }) => host)
    .filter(({ hasUpdated }) => hasUpdated);
  addEventListener('afterprint', firefoxPrint.inlineContainerQueries(drawn), { once: true });
}

// A server has no listeners.
globalThis.addEventListener?.('beforeprint', print);
if (globalThis.CSS?.supports('-moz-appearance', 'none')) void loadFirefoxPrint();
