import { define } from './define.ts';
import { accentNames, accentOf } from './later/accent.ts';
import { askings, startAsking } from './later/asking.ts';
import { drawNothingYet, drawRefusal } from './later/states.ts';
import { bring } from './on-demand.ts';

// Of printing nothing can be loaded, nor by a page that has gone offline.
bring({
  accent: { accentNames, accentOf },
  asking: { startAsking },
  states: { drawNothingYet, drawRefusal },
});

/**
 * Paper shows what nobody has scrolled to, too. Printing waits for no promise, so what isn't answered
 * yet is asked for while the page stands still, and drawn there and then. For a server that doesn't
 * answer nothing stands still: the first question that fails is the last.
 */
function drawUnseen(): void {
  const all = [...askings];
  if (!navigator.onLine || all.some(({ host }) => host.refusal?.status === 0)) return;
  for (const asking of all) {
    const { host } = asking;
    if (host.answer || host.refusal || !host.checkVisibility()) continue;
    if (!asking.atOnce()) return;
    // biome-ignore lint/complexity/useLiteralKeys: it is protected
    host['performUpdate']();
  }
}

/** What is loaded and was not in sight yet. */
const unseen = new Map<string, CustomElementConstructor>();

/** Paper shows what nobody has scrolled to. */
export function defineWhenPrinting(name: string, element: CustomElementConstructor): void {
  unseen.set(name, element);
}

let paper: typeof import('./later/paper.ts') | undefined;

/** For Firefox alone, and before it prints: printing waits for nothing. */
async function loadPaper(): Promise<void> {
  try {
    paper = await import('./later/paper.ts');
  } catch {
    // Without a connection cards are printed as Firefox lays them out.
  }
}

function print(): void {
  for (const [name, element] of unseen) define(name, element);
  drawUnseen();
  if (!paper) return;
  const drawn = [...askings].map(({ host }) => host).filter(({ hasUpdated }) => hasUpdated);
  addEventListener('afterprint', paper.answerQueries(drawn), { once: true });
}

// On a server nothing is printed.
globalThis.addEventListener?.('beforeprint', print);
if (globalThis.CSS?.supports('-moz-appearance', 'none')) void loadPaper();
