import type { WidgetName } from '../shared/widgets.ts';
import { define } from './core/define.ts';

export { setCredential } from './core/page.ts';

type Load = () => Promise<CustomElementConstructor>;

/** The elements: the height that is kept free until one is there, and what to load. */
const elements: Record<WidgetName, readonly [height: number, load: Load]> = {
  'stats-card': [280, async () => (await import('./stats-card/stats-card.ts')).StatsCard],
  'performance-summary': [
    380,
    async () => (await import('./performance-summary/performance-summary.ts')).PerformanceSummary,
  ],
  'equity-curve': [300, async () => (await import('./equity-curve/equity-curve.ts')).EquityCurve],
  leaderboard: [400, async () => (await import('./leaderboard/leaderboard.ts')).Leaderboard],
  'trade-heatmap': [
    200,
    async () => (await import('./trade-heatmap/trade-heatmap.ts')).TradeHeatmap,
  ],
  'instrument-breakdown': [
    260,
    async () =>
      (await import('./instrument-breakdown/instrument-breakdown.ts')).InstrumentBreakdown,
  ],
  'drawdown-gauge': [
    180,
    async () => (await import('./drawdown-gauge/drawdown-gauge.ts')).DrawdownGauge,
  ],
  'win-streak': [240, async () => (await import('./win-streak/win-streak.ts')).WinStreak],
  'monthly-calendar': [
    380,
    async () => (await import('./monthly-calendar/monthly-calendar.ts')).MonthlyCalendar,
  ],
  'risk-metrics': [320, async () => (await import('./risk-metrics/risk-metrics.ts')).RiskMetrics],
  'recent-trades': [
    420,
    async () => (await import('./recent-trades/recent-trades.ts')).RecentTrades,
  ],
};

/** How near to the view, in px, a widget is when it is loaded. */
const margin = 200;

const nameOf = (element: Element) => element.localName.slice(3) as WidgetName;

const tags = Object.keys(elements)
  .map((name) => `pt-${name}`)
  .join();

const sight = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      sight.unobserve(target);
      void load(target);
    }
  },
  { rootMargin: `${margin}px` },
);

async function load(element: Element): Promise<void> {
  try {
    define(element.localName, await elements[nameOf(element)][1]());
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
  for (const [name, [height]] of Object.entries(elements))
    sheet.insertRule(`pt-${name}:not(:defined){display:block;height:${height}px}`);
  document.adoptedStyleSheets.push(sheet);
}

keepRoom();
watch(document);
new MutationObserver((records) => {
  if (records.some(({ addedNodes }) => addedNodes.length)) watch(document);
}).observe(globalThis.document, { childList: true, subtree: true });
