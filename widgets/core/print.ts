import { WidgetElement } from './element.ts';
import { askAtOnce } from './later/ask.ts';
import * as states from './later/states.ts';
import { answerQueries } from './paper.ts';
import { watched } from './sight.ts';

/**
 * Paper shows what nobody has scrolled to, too. Printing waits for no promise, so what isn't answered
 * yet is asked for while the page stands still, and drawn there and then. For a server that doesn't
 * answer nothing stands still: the first question that fails is the last.
 */
function drawUnseen(): void {
  const elements = [...watched()] as WidgetElement[];
  if (!navigator.onLine || elements.some(({ refusal }) => refusal?.status === 0)) return;
  WidgetElement.states ??= states;
  for (const element of elements) {
    if (element.answer || element.refusal || !element.checkVisibility()) continue;
    const outcome = askAtOnce(element);
    if (!outcome) return;
    const { answer, refusal } = outcome;
    if (answer) element.show(answer, Date.now());
    else element.refusal = refusal;
    // biome-ignore lint/complexity/useLiteralKeys: it is protected
    element['performUpdate']();
  }
}

let prepare = () => {};

/** Has something done first, whenever the page is printed. */
export function beforePrinting(work: () => void): void {
  prepare = work;
}

function print(): void {
  prepare();
  drawUnseen();
  if (!CSS.supports('-moz-appearance', 'none')) return;
  const drawn = ([...watched()] as WidgetElement[]).filter(({ hasUpdated }) => hasUpdated);
  addEventListener('afterprint', answerQueries(drawn), { once: true });
}

// On a server nothing is printed.
globalThis.addEventListener?.('beforeprint', print);
