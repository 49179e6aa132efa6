import assert from 'node:assert/strict';
import test from 'node:test';
import { startSite } from '../support/browser.ts';
import { setScene } from '../widgets/scene.ts';
import { installedBrowsers } from './installed.ts';
import { measure, type Part } from './measure.ts';
import { openChromium } from './puppeteer.ts';

/** The greatest difference between the boxes of two browsers, in px. */
const tolerance = 2;

const scene = await setScene();
test.after(() => scene.stop());

/** All widgets, each in a box of this width. */
function page(width: number, attributes: string): string {
  const names = Object.keys(scene.heights);
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Firm</title>
<style>body { display: flex; flex-wrap: wrap; gap: 8px } div { width: ${width}px }</style>
<script type="module" src="${scene.address}/widgets.js" data-key="${scene.key}"></script>
${names.map((name) => `<div><pt-${name} account-id="${scene.accounts.busy}" ${attributes}></pt-${name}></div>`).join('')}`;
}

const pages = [260, 400].flatMap((width) =>
  ['theme="dark"', 'theme="light"', 'lang="ar"'].map((attributes) => ({ width, attributes })),
);

test('all widgets have the same layout as in Chromium', async (t) => {
  const site = await startSite(t);
  const chromium = await openChromium();
  t.after(() => chromium.close());
  for (const { name, open } of installedBrowsers()) {
    const browser = await open();
    t.after(() => browser.close());
    for (const { width, attributes } of pages)
      await t.test(`${browser.name}: ${width} px, ${attributes}`, async () => {
        const path = `/${width}-${attributes}`;
        site.pages.set(encodeURI(path), page(width, attributes));
        await Promise.all([chromium.open(site.address + path), browser.open(site.address + path)]);
        const [expected, seen] = await Promise.all([chromium.run(measure), browser.run(measure)]);
        const problems = Object.keys(expected).flatMap((widget) =>
          differences(expected[widget]!, seen[widget]!).map((line) => `${widget}${line}`),
        );
        assert.equal(problems.join('\n'), '', name);
      });
  }
});

function differences(expected: Part[], seen: Part[]): string[] {
  if (expected.length !== seen.length) {
    const at = expected.findIndex(({ name }, index) => name !== seen[index]?.name);
    return [` has ${seen[at]?.name} in place of ${expected[at]?.name}`];
  }
  return expected.flatMap(({ name, text, isForeign, box }, index) => {
    const other = seen[index]!;
    if (text !== other.text) return [`${name} says ${other.text}, not ${text}`];
    if (isForeign) return [];
    const isOff = box.some((edge, side) => Math.abs(edge - other.box[side]!) > tolerance);
    return isOff
      ? [`${name} ${text} is at ${other.box.map(Math.round)}, not ${box.map(Math.round)}`]
      : [];
  });
}
