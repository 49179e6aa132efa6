// Before Lit is run.
import './core/window-names.ts';

import type { WidgetName } from '../shared/widgets.ts';
import { define } from './core/define.ts';
import './core/all-languages.ts';
import { pageDocument } from './core/page-document.ts';
import { defineWhenPrinting } from './core/print.ts';
import { reservedSpaceStyles } from './reserved-space.ts';

export { setCredential } from './core/lazy/credential.ts';

type Tag = `pt-${WidgetName}`;

/** The module of each element. Its only export is the element's class. */
const modules: Record<Tag, () => Promise<Record<string, CustomElementConstructor>>> = {
  'pt-stats-card': () => import('./stats-card/stats-card.ts'),
  'pt-performance-summary': () => import('./performance-summary/performance-summary.ts'),
  'pt-equity-curve': () => import('./equity-curve/equity-curve.ts'),
  'pt-leaderboard': () => import('./leaderboard/leaderboard.ts'),
  'pt-trade-heatmap': () => import('./trade-heatmap/trade-heatmap.ts'),
  'pt-instrument-breakdown': () => import('./instrument-breakdown/instrument-breakdown.ts'),
  'pt-drawdown-gauge': () => import('./drawdown-gauge/drawdown-gauge.ts'),
  'pt-win-streak': () => import('./win-streak/win-streak.ts'),
  'pt-monthly-calendar': () => import('./monthly-calendar/monthly-calendar.ts'),
  'pt-risk-metrics': () => import('./risk-metrics/risk-metrics.ts'),
  'pt-recent-trades': () => import('./recent-trades/recent-trades.ts'),
};

const tags = Object.keys(modules).join();

/** How near to the viewport a widget is loaded. */
const rootMargin = '200px';

const observer = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      observer.unobserve(target);
      void load(target, define);
    }
  },
  { rootMargin },
);

async function load({ localName }: Element, use: typeof define): Promise<void> {
  try {
    const [element] = Object.values(await modules[localName as Tag]());
    use(localName, element!);
  } catch {
    // Without a connection the space stays empty; the next widget of this kind in view tries again.
  }
}

/** Soon, in a browser without requestIdleCallback; an element of the page may have that name. */
const whenIdle = (work: () => void) =>
  (typeof requestIdleCallback === 'function' ? requestIdleCallback : setTimeout)(work);

function onceLoaded(work: () => void): void {
  if (pageDocument.readyState === 'complete') work();
  else addEventListener('load', work);
}

function watch(root: ParentNode): void {
  for (const element of root.querySelectorAll(tags)) {
    if (customElements.get(element.localName)) continue;
    observer.observe(element);
    onceLoaded(() => whenIdle(() => load(element, defineWhenPrinting)));
  }
}

// For a page that doesn't link widgets.css.
const sheet = new CSSStyleSheet();
sheet.replaceSync(reservedSpaceStyles);
pageDocument.adoptedStyleSheets.push(sheet);

watch(pageDocument);
new MutationObserver((records) => {
  if (records.some(({ addedNodes }) => addedNodes.length)) watch(pageDocument);
}).observe(globalThis.document, { childList: true, subtree: true });
