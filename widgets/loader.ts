import { define } from './core/define.ts';

/** The elements by tag: what to load, and the height that is kept free until it is there. */
const elements: Record<string, { height: number; load(): Promise<CustomElementConstructor> }> = {
  'pt-equity-curve': {
    height: 300,
    load: async () => (await import('./equity-curve/equity-curve.ts')).EquityCurve,
  },
  'pt-stats-card': {
    height: 280,
    load: async () => (await import('./stats-card/stats-card.ts')).StatsCard,
  },
};

/** How near to the view, in px, a widget is when it is loaded. */
const margin = 200;

const tags = Object.keys(elements).join();

const sight = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      sight.unobserve(target);
      void load(target.localName);
    }
  },
  { rootMargin: `${margin}px` },
);

async function load(tag: string): Promise<void> {
  try {
    define(tag, await elements[tag]!.load());
  } catch {
    // Without a connection the room stays empty; the next widget of its kind in view tries again.
  }
}

function watch(root: ParentNode): void {
  for (const element of root.querySelectorAll(tags))
    if (!customElements.get(element.localName)) sight.observe(element);
}

function keepRoom(): void {
  const sheet = new CSSStyleSheet();
  for (const [tag, { height }] of Object.entries(elements))
    sheet.insertRule(`${tag}:not(:defined){display:block;height:${height}px}`);
  document.adoptedStyleSheets.push(sheet);
}

keepRoom();
watch(document);
new MutationObserver((records) => {
  if (records.some(({ addedNodes }) => addedNodes.length)) watch(document);
}).observe(document, { childList: true, subtree: true });
