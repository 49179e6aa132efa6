import type { WidgetName } from '../shared/widgets.ts';
import { define } from './core/define.ts';
import { whenIdle } from './core/idle.ts';
import { beforePrinting } from './core/print.ts';
import { roomStyles } from './room.ts';

export { setCredential } from './core/later/page.ts';

type Load = () => Promise<CustomElementConstructor>;

/** What to load of each element. */
const elements: Record<WidgetName, Load> = {
  'stats-card': async () => (await import('./stats-card/stats-card.ts')).StatsCard,
  'performance-summary': async () =>
    (await import('./performance-summary/performance-summary.ts')).PerformanceSummary,
  'equity-curve': async () => (await import('./equity-curve/equity-curve.ts')).EquityCurve,
  leaderboard: async () => (await import('./leaderboard/leaderboard.ts')).Leaderboard,
  'trade-heatmap': async () => (await import('./trade-heatmap/trade-heatmap.ts')).TradeHeatmap,
  'instrument-breakdown': async () =>
    (await import('./instrument-breakdown/instrument-breakdown.ts')).InstrumentBreakdown,
  'drawdown-gauge': async () => (await import('./drawdown-gauge/drawdown-gauge.ts')).DrawdownGauge,
  'win-streak': async () => (await import('./win-streak/win-streak.ts')).WinStreak,
  'monthly-calendar': async () =>
    (await import('./monthly-calendar/monthly-calendar.ts')).MonthlyCalendar,
  'risk-metrics': async () => (await import('./risk-metrics/risk-metrics.ts')).RiskMetrics,
  'recent-trades': async () => (await import('./recent-trades/recent-trades.ts')).RecentTrades,
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
    define(element.localName, await elements[nameOf(element)]());
  } catch {
    // Without a connection the room stays empty; the next widget of its kind in view tries again.
  }
}

/** What is loaded and was not in sight yet. */
const ready = new Map<string, CustomElementConstructor>();

/** Paper shows that too: its code is loaded as well, in the page's idle time, for printing doesn't wait. */
async function prepare(element: Element): Promise<void> {
  try {
    ready.set(element.localName, await elements[nameOf(element)]());
  } catch {
    // Without a connection it isn't printed.
  }
}

beforePrinting(() => {
  for (const [name, element] of ready) define(name, element);
});

function onceLoaded(work: () => void): void {
  if (document.readyState === 'complete') work();
  else addEventListener('load', work);
}

function watch(root: ParentNode): void {
  for (const element of root.querySelectorAll(tags)) {
    if (customElements.get(element.localName)) continue;
    sight.observe(element);
    onceLoaded(() => whenIdle(() => prepare(element)));
  }
}

/** Of a page that doesn't link widgets.css. */
function keepRoom(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(roomStyles);
  document.adoptedStyleSheets.push(sheet);
}

keepRoom();
watch(document);
new MutationObserver((records) => {
  if (records.some(({ addedNodes }) => addedNodes.length)) watch(document);
}).observe(globalThis.document, { childList: true, subtree: true });
