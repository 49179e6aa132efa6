import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { CDPSession, Page } from 'playwright-core';
import { type WidgetName, widgetNames } from '../shared/widgets.ts';
import { openBrowser } from './support/browser.ts';
import { type Scene, setScene } from './widgets/scene.ts';

interface AccessibleNode {
  role: string;
  name: string;
  /** In reading order. */
  children: AccessibleNode[];
}

interface AxNode {
  nodeId: string;
  ignored: boolean;
  role?: { value: string };
  name?: { value: string };
  childIds?: string[];
}

interface Seen {
  tree: AccessibleNode;
  /** Neighbouring texts without a space between them, each pair joined. */
  runTogether: string[];
}

/** Patterns of figures, each with its name right before it. */
const money = '[+−]?\\$[\\d,.]+K?';
const named: Record<WidgetName, string[]> = {
  'stats-card': [`Total P&L ${money}`, 'Win rate [\\d.]+%', 'Profit factor [\\d.]+', 'Trades \\d+'],
  'performance-summary': [`Total P&L ${money}`, `Best trade ${money}`, `Worst trade ${money}`],
  'equity-curve': [`Total P&L ${money}`, `[Mm]ax drawdown ${money}`],
  leaderboard: ['Rank #\\d+ of \\d+ traders'],
  'trade-heatmap': [`Best hour, UTC ${money}`, `Worst hour, UTC ${money}`],
  'instrument-breakdown': ['Most traded [\\d.]+% of trades in \\w+'],
  'drawdown-gauge': [`Current drawdown ${money}`, `Left ${money}`, `Worst (so far )?${money}`],
  'win-streak': ['Current streak \\d+ wins', 'Longest winning \\d+', 'Longest losing \\d+'],
  'monthly-calendar': [`Total P&L ${money}`],
  'risk-metrics': ['Sharpe ratio [\\d.]+', 'Sortino ratio (annualised )?[\\d.]+'],
  'recent-trades': [`P&L ${money}`],
};

describe('what a screen reader says', () => {
  let scene: Scene;
  let page: Page;
  let tools: CDPSession;

  const closings: (() => unknown)[] = [];
  before(async () => {
    scene = await setScene();
    const browser = await openBrowser({ after: (close: () => unknown) => closings.push(close) });
    page = await browser.newPage();
    tools = await page.context().newCDPSession(page);
    await tools.send('Accessibility.enable');
  });
  after(async () => {
    for (const close of closings) await close();
    await scene.stop();
  });

  /** Opens a shell, and waits until its script has drawn it. */
  async function open(
    widget: WidgetName,
    account: string,
    width: number,
    isOld = false,
    lang = 'en-US',
  ) {
    await page.setViewportSize({ width, height: scene.heights[widget]! });
    const query = new URLSearchParams({ key: scene.key, account_id: account, lang });
    if (widget === 'drawdown-gauge') query.set('max_drawdown', '2500');
    await page.goto(`${scene.address}/embed/partner/${widget}?${query}`);
    await page.waitForFunction(
      ([name, old]) => {
        const element = document.querySelector(name as string) as
          | (HTMLElement & { answer?: unknown; refusal?: unknown; updateComplete: unknown })
          | null;
        if (!element?.answer) return false;
        if (old) element.refusal ??= { status: 0, code: 'offline', now: Date.now() };
        return element.updateComplete;
      },
      [`pt-${widget}`, isOld] as const,
    );
  }

  const placeOfFocus = () =>
    page.evaluate(() => {
      let focused = document.activeElement!;
      while (focused.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
      const { x, y } = focused.getBoundingClientRect();
      return { x, y };
    });

  async function readTree(): Promise<AccessibleNode> {
    const { nodes } = (await tools.send('Accessibility.getFullAXTree')) as { nodes: AxNode[] };
    const all = new Map(nodes.map((node) => [node.nodeId, node]));
    const read = ({ ignored, role, name, childIds = [] }: AxNode): AccessibleNode[] => {
      const kind = ignored ? 'none' : (role?.value ?? 'none');
      const inner = kind === 'StaticText' ? [] : childIds.flatMap((id) => read(all.get(id)!));
      return kind === 'none' || kind === 'generic'
        ? inner
        : [{ role: kind, name: name?.value ?? '', children: inner }];
    };
    return { role: 'document', name: '', children: read(nodes[0]!) };
  }

  const seen = new Map<string, Promise<Seen>>();

  /** What a screen reader finds in a widget, read once for all tests. */
  function see(
    ...state: [WidgetName, account: string, width: number, isOld: boolean]
  ): Promise<Seen> {
    const key = state.join();
    if (!seen.has(key)) seen.set(key, look(...state));
    return seen.get(key)!;
  }

  async function look(widget: WidgetName, account: string, width: number, isOld: boolean) {
    await open(widget, account, width, isOld);
    return { tree: await readTree(), runTogether: await page.evaluate(joined, `pt-${widget}`) };
  }

  for (const widget of widgetNames) {
    test(`${widget}: each figure follows its name, also when the answer is old`, async () => {
      for (const width of [260, 400, 900])
        for (const isOld of [false, true]) {
          const { tree } = await see(widget, scene.accounts.busy, width, isOld);
          const text = textsOf(tree).join(' ').replace(/\s+/g, ' ');
          for (const pattern of named[widget])
            assert.match(text, new RegExp(pattern), `${width} px`);
        }
    });

    test(`${widget}: lists, tables, grids and buttons have names, and nothing is empty`, async () => {
      const { busy, empty } = scene.accounts;
      for (const [account, isOld] of [
        [busy, false],
        [busy, true],
        [empty, false],
      ] as const) {
        const { tree } = await see(widget, account, 400, isOld);
        for (const { role, name, children } of allOf(tree)) {
          if (/^(grid|table|list|button|image|application|meter|columnheader)$/.test(role))
            assert.ok(name.trim(), `${role} without a name`);
          if (/^(term|definition|rowheader|paragraph)$/.test(role))
            assert.ok(
              name.trim() || textsOf({ role, name, children }).join('').trim(),
              `empty ${role}`,
            );
          if (role === 'DescriptionList') {
            const kinds = children.map((child) => child.role).join(' ');
            assert.match(kinds, /^(term( definition)+ ?)+$/);
          }
        }
      }
    });

    test(`${widget}: no two words run together`, async () => {
      for (const width of [260, 400, 900]) {
        const { runTogether } = await see(widget, scene.accounts.busy, width, false);
        assert.deepEqual(runTogether, [], `${width} px`);
      }
    });
  }

  for (const widget of ['trade-heatmap', 'monthly-calendar'] as const)
    test(`${widget}: the cells that can be chosen are buttons`, async () => {
      await open(widget, scene.accounts.busy, 400);
      const cells = await page.locator('[data-item]').count();
      const buttons = allOf(await readTree()).filter(
        ({ role, name }) => role === 'button' && /: .*trade/.test(name),
      );
      assert.equal(buttons.length, cells);
    });

  for (const lang of ['en-US', 'de-DE', 'ar'])
    test(`arrow keys start at the first item and move in the direction they show: ${lang}`, async () => {
      for (const widget of ['trade-heatmap', 'monthly-calendar', 'leaderboard'] as const) {
        await open(widget, scene.accounts.busy, 400, false, lang);
        assert.ok(await page.evaluate(stopsAtFirst, `pt-${widget}`), `${widget} starts elsewhere`);
        const items = page.locator('[data-item]');
        await items.nth(Math.floor((await items.count()) / 2)).focus();
        for (const [key, axis, way] of [
          ['ArrowDown', 'y', 1],
          ['ArrowUp', 'y', -1],
          ['ArrowRight', 'x', 1],
          ['ArrowLeft', 'x', -1],
        ] as const) {
          if (axis === 'x' && widget === 'leaderboard') continue;
          const before = await placeOfFocus();
          await page.keyboard.press(key);
          await page.waitForFunction(isElsewhere, [`pt-${widget}`, before] as const);
          const after = await placeOfFocus();
          assert.ok((after[axis] - before[axis]) * way > 0, `${widget}: ${key}`);
        }
      }
    });

  test('arrow keys start at the first day of a curve', async () => {
    await open('equity-curve', scene.accounts.busy, 400);
    const chart = page.locator('.chart[tabindex]');
    await chart.focus();
    await page.keyboard.press('ArrowRight');
    await page.locator('.tip:not([hidden])').waitFor();
    const first = await page
      .locator('.visually-hidden tbody tr, .visually-hidden tr')
      .nth(1)
      .locator('th')
      .textContent();
    assert.equal(await page.locator('.tip strong').textContent(), first);
  });

  test('trade-heatmap: the best and the worst hour are named as such', async () => {
    await open('trade-heatmap', scene.accounts.busy, 400);
    const names = allOf(await readTree()).map(({ role, name }) => (role === 'button' ? name : ''));
    for (const end of ['Best hour', 'Worst hour'])
      assert.equal(names.filter((name) => name.endsWith(`, ${end}`)).length, 1);
  });
});

function allOf(node: AccessibleNode): AccessibleNode[] {
  return [node, ...node.children.flatMap(allOf)];
}

function textsOf({ role, name, children }: AccessibleNode): string[] {
  return /StaticText|image|application|button/.test(role) ? [name] : children.flatMap(textsOf);
}

/** Runs in the page: neighbouring inline texts without a space between them. */
function joined(selector: string): string[] {
  const root = document.querySelector(selector)!.shadowRoot!;
  const texts: Text[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode as Text;
    const { parentElement } = text;
    const isRead =
      text.data.trim() &&
      !parentElement!.closest('style, [aria-hidden], svg') &&
      parentElement!.checkVisibility({ visibilityProperty: true });
    if (isRead || !text.data.trim()) texts.push(text);
  }
  const found: string[] = [];
  const isInline = (from: Text, around: Node) => {
    for (let at: Element | null = from.parentElement; at && at !== around; at = at.parentElement)
      if (getComputedStyle(at).display !== 'inline') return false;
    return true;
  };
  let last: Text | undefined;
  for (const text of texts) {
    if (last && /\w$/.test(last.data) && /^[\w+−$]/.test(text.data)) {
      const range = document.createRange();
      range.setStart(last, 0);
      range.setEnd(text, 0);
      const around = range.commonAncestorContainer;
      if (isInline(last, around) && isInline(text, around)) found.push(last.data + text.data);
    }
    last = text;
  }
  return found;
}

function stopsAtFirst(selector: string): boolean {
  const items = document.querySelector(selector)!.shadowRoot!.querySelectorAll('[data-item]');
  return items[0]!.matches('[tabindex="0"]');
}

function isElsewhere([selector, { x, y }]: readonly [string, { x: number; y: number }]): boolean {
  const place = document
    .querySelector(selector)!
    .shadowRoot!.activeElement!.getBoundingClientRect();
  return place.x !== x || place.y !== y;
}
