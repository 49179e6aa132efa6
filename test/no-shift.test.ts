import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import type { Frame, Page } from 'playwright-core';
import { widgetNames, widgets } from '../shared/widgets.ts';
import { openBrowser, type Site, startSite } from './support/browser.ts';
import { startSlowLine } from './support/slow-line.ts';
import { type Scene as Figures, setScene as setFigures } from './widgets/scene.ts';

interface Scene {
  figures: Figures;
  /** The origin of the server behind a proxy that sends every body in small pieces. */
  slow: string;
  site: Site;
  /** Opens a page of this size in px that records its layout shifts. */
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

const tags = widgetNames.map((name) => `pt-${name}`).join();

/** Whether every widget of a page shows its final state: its answer in its language, or in a shell why there is none. */
const isSettled = `[...document.querySelectorAll('${tags}')].every(({ answer, shadowRoot, hidden, role }) =>
  (answer && shadowRoot.querySelector('[lang]')) || hidden || (role && !document.getElementById('answer')))`;

/** The layout shifts of a page, once all its widgets show their final state. */
async function shiftsOf(page: Page | Frame): Promise<string> {
  for (let tries = 0; !(await page.evaluate(isSettled)); tries++) {
    assert.ok(tries < 200, 'the widgets show nothing');
    await page.waitForTimeout(100);
  }
  // The observer gets its entries only after a frame is drawn.
  await page.waitForTimeout(300);
  const shifts = (await page.evaluate('shifts')) as string[];
  return shifts.join('\n');
}

test('on a slow connection nothing shifts', { concurrency: true }, async (t) => {
  const { figures, slow, site, newPage } = await setScene(t);
  const { key, accounts } = figures;

  void t.test('on a page with the snippets of docs/embed.md for elements', async () => {
    const guide = readFileSync(new URL('../docs/embed.md', import.meta.url), 'utf8');
    const snippet = /```html\n(<link[^`]*<pt-[^`]*)```/
      .exec(guide)![1]!
      .replaceAll('https://stats.example.com', slow)
      .replaceAll('pt_…', key)
      .replaceAll('acc_…', accounts.busy);
    site.pages.set('/', `<!doctype html><h1>Firm</h1>${snippet}<p>What stands beneath.</p>`);
    const page = await newPage(800, 1_000);
    await page.goto(site.address);
    assert.equal(await shiftsOf(page), '');
  });

  for (const widget of widgetNames)
    void t.test(`in the shell of ${widget}, with figures, without, or refused`, async () => {
      for (const [account, encoding, lang] of [
        [accounts.busy, 'identity', 'en'],
        [accounts.busy, 'br', 'ar'],
        [accounts.empty, 'br', 'de'],
        ['acc_none', 'br', 'ja'],
        [accounts.live, 'br', 'fr'],
      ] as const) {
        const page = await newPage(400, widgets[widget].height);
        await page.setExtraHTTPHeaders({ 'Accept-Encoding': encoding });
        await page.goto(
          `${slow}/embed/partner/${widget}?key=${key}&account_id=${account}&lang=${lang}`,
        );
        assert.equal(await shiftsOf(page), '', `${account} in ${encoding}, ${lang}`);
        assert.ok(await page.locator('h1, h2').first().isVisible());
        await page.close();
      }
    });

  void t.test('in a shell whose frame embed.js makes as high as all its rows', async () => {
    const frames = ['leaderboard', 'recent-trades'].map(
      (name) =>
        `<iframe src="${slow}/embed/partner/${name}?key=${key}&account_id=${accounts.busy}&limit=25" width="400" height="400" style="display: block"></iframe>`,
    );
    site.pages.set(
      '/frames',
      `<!doctype html><script src="${slow}/embed.js" async></script>${frames.join('')}`,
    );
    const page = await newPage(500, 3_000);
    await page.goto(`${site.address}/frames`);
    for (const frame of page.frames().slice(1)) assert.equal(await shiftsOf(frame), '');
    for (const frame of await page.locator('iframe').all())
      assert.ok((await frame.boundingBox())!.height > 420);
  });

  const elements = widgetNames.map(
    (name) => `<pt-${name} account-id="${accounts.busy}"></pt-${name}>
<pt-${name} hidden></pt-${name}><p>What stands beneath.</p>`,
  );
  const resets = ['', '* { all: unset }', '*, ::before, ::after { all: unset }'];
  for (const [script, lang] of [
    ['widgets.js', 'fr'],
    ['loader.js', 'en'],
  ] as const)
    for (const reset of resets)
      void t.test(`on a page with all elements from ${script}, ${reset || 'plain'}`, async () => {
        const path = `/${script}/${reset}`;
        site.pages.set(
          encodeURI(path),
          `<!doctype html><html lang="${lang}"><link rel="stylesheet" href="${slow}/widgets.css">
<style>${reset} p { display: block } pt-win-streak { height: 150px; margin: 20px }</style>
<script type="module" src="${slow}/${script}" data-key="${key}"></script>${elements.join('')}`,
        );
        const page = await newPage(400, 5_000);
        await page.goto(site.address + path);
        assert.equal(await shiftsOf(page), '');
      });
});
