import assert from 'node:assert/strict';
import test from 'node:test';
import { openBrowser, startSite } from '../support/browser.ts';
import { setScene } from './scene.ts';

type Preference = { forcedColors?: 'active'; contrast?: 'more' };

test('more contrast makes lines and words stronger, and forced colours give cells an outline', async (t) => {
  const scene = await setScene();
  t.after(() => scene.stop());
  const [browser, site] = [await openBrowser(t), await startSite(t)];
  const names = ['stats-card', 'trade-heatmap', 'monthly-calendar'];
  site.pages.set(
    '/',
    `<!doctype html><script type="module" src="${scene.address}/widgets.js" data-key="${scene.key}"></script>${names
      .map((name) => `<pt-${name} account-id="${scene.accounts.busy}" palette="cvd"></pt-${name}>`)
      .join('')}`,
  );
  const open = async (preference: Preference) => {
    const page = await browser.newPage(preference);
    await page.goto(`${site.address}/`);
    const read = (selector: string, name: string) =>
      page
        .locator(selector)
        .first()
        .evaluate(
          (element, property) => getComputedStyle(element).getPropertyValue(property),
          name,
        );
    await page.locator('pt-monthly-calendar .heat1').first().waitFor();
    return read;
  };
  const usual = await open({});
  const strong = await open({ contrast: 'more' });
  for (const [selector, property] of [
    ['pt-stats-card .detail', 'color'],
    ['pt-stats-card footer', 'color'],
    ['pt-stats-card section', 'border-top-color'],
  ] as const)
    assert.notEqual(await strong(selector, property), await usual(selector, property), selector);

  const forced = await open({ forcedColors: 'active' });
  const ink = await forced('pt-stats-card h2', 'color');
  assert.equal(await forced('pt-stats-card .up', 'fill'), ink);
  for (const name of ['trade-heatmap', 'monthly-calendar'])
    for (const cell of ['.heat1', '.heat-1'])
      assert.equal(await forced(`pt-${name} td${cell}`, 'outline-style'), 'solid', name + cell);
  assert.equal(await forced('pt-monthly-calendar [aria-current]', 'outline-style'), 'solid');
});
