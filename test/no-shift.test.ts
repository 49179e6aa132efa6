import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import { widgetNames } from '../shared/widgets.ts';
import { openBrowser, type Site, startSite } from './support/browser.ts';
import { startSlowLine } from './support/slow-line.ts';
import { type Scene as Figures, setScene as setFigures } from './widgets/scene.ts';

interface Scene {
  figures: Figures;
  /** The server, through a line on which everything comes in pieces. */
  slow: string;
  site: Site;
  /** A page `width` px wide that notes what moves on it. */
  newPage(width: number, height: number): Promise<Page>;
}

async function setScene(t: TestContext): Promise<Scene> {
  const figures = await setFigures();
  t.after(() => figures.stop());
  const slow = await startSlowLine(t, figures.address);
  const browser = await openBrowser(t);
  const newPage = async (width: number, height: number) => {
    const page = await browser.newPage({ viewport: { width, height } });
    await page.addInitScript(noteShifts);
    return page;
  };
  return { figures, slow, site: await startSite(t), newPage };
}

const noteShifts = `window.shifts = [];
new PerformanceObserver((list) => {
  for (const { value, sources } of list.getEntries()) {
    const moved = sources.map(({ previousRect, currentRect }) =>
      [previousRect, currentRect].map(({ x, y, width, height }) => [x, y, width, height]).join(' > '));
    shifts.push(value.toFixed(4) + ': ' + moved.join('; '));
  }
}).observe({ type: 'layout-shift', buffered: true });`;

/** What moved, once all widgets of a page stand still. */
async function shiftsOf(page: Page): Promise<string> {
  await page.waitForFunction(
    `[...document.querySelectorAll(${JSON.stringify(widgetNames.map((name) => `pt-${name}`).join())})].every(({ answer, hidden }) => answer || hidden)`,
    null,
    { timeout: 15_000 },
  );
  // Two frames, and what the observer is told after them.
  await page.evaluate(
    'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 100))))',
  );
  return ((await page.evaluate('shifts')) as string[]).join('\n');
}

test('on a slow line nothing moves', { concurrency: true }, async (t) => {
  const { figures, slow, site, newPage } = await setScene(t);
  const { key, accounts } = figures;

  void t.test('of a page with the snippets that README gives for elements', async () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const snippet = /```html\n(<link[^`]*<pt-[^`]*)```/
      .exec(readme)![1]!
      .replaceAll('https://stats.example.com', slow)
      .replaceAll('pt_…', key)
      .replaceAll('acc_…', accounts.busy);
    site.pages.set('/', `<!doctype html><h1>Firm</h1>${snippet}<p>What stands beneath.</p>`);
    const page = await newPage(800, 1_000);
    await page.goto(site.address);
    assert.equal(await shiftsOf(page), '');
  });

  const elements = widgetNames.map(
    (name) => `<pt-${name} account-id="${accounts.busy}"></pt-${name}>
<pt-${name} hidden></pt-${name}><p>What stands beneath.</p>`,
  );
  const resets = ['', '* { all: unset }', '*, ::before, ::after { all: unset }'];
  for (const script of ['widgets.js', 'loader.js'])
    for (const reset of resets)
      void t.test(`of a page with all elements from ${script}, ${reset || 'plain'}`, async () => {
        const path = `/${script}/${reset}`;
        site.pages.set(
          encodeURI(path),
          `<!doctype html><link rel="stylesheet" href="${slow}/widgets.css">
<style>${reset} p { display: block } pt-win-streak { height: 150px; margin: 20px }</style>
<script type="module" src="${slow}/${script}" data-key="${key}"></script>${elements.join('')}`,
        );
        const page = await newPage(400, 5_000);
        await page.goto(site.address + path);
        assert.equal(await shiftsOf(page), '');
      });
});
