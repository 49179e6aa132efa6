import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderDashboard } from '../demo/pages/dashboard.ts';
import { pageStyles } from '../demo/pages/styles.ts';
import { widgetNames, widgets } from '../shared/widgets.ts';
import { reservedSpaceStyles } from '../widgets/reserved-space.ts';
import { openBrowser } from './support/browser.ts';

test('the demo’s dashboard has every widget in its documented width and height, and no holes', async (t) => {
  const page = await (await openBrowser(t)).newPage();
  const html = renderDashboard({
    accounts: [{ id: 'acc_1', nickname: 'Apex 50K' }],
    accountId: 'acc_1',
    key: 'pt_1',
    publishableKey: 'pt_2',
    email: 'demo@example.com',
  } as unknown as Parameters<typeof renderDashboard>[0]);
  await page.setContent(
    html.replace('</head>', `<style>${reservedSpaceStyles}${pageStyles}</style></head>`),
  );
  const cells = page.locator(widgetNames.map((name) => `pt-${name}`).join());
  for (const width of [320, 360, 480, 559, 560, 768, 999, 1000, 1024, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    const boxes = await cells.evaluateAll((elements) =>
      elements.map((element) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        return { name: element.localName.slice(3) as keyof typeof widgets, x, y, width, height };
      }),
    );
    const rows = Map.groupBy(boxes, ({ y }) => y);
    if (width < 560) assert.equal(rows.size, widgetNames.length, `one column at ${width} px`);
    for (const { name, ...box } of boxes) {
      assert.ok(box.width >= 240, `${name} is ${box.width} px wide at ${width} px`);
      assert.ok(box.height >= widgets[name].height, `${name} is ${box.height} px high at ${width}`);
    }
    for (const row of rows.values()) {
      const names = row.map(({ name }) => name).join();
      assert.equal(new Set(row.map(({ height }) => height)).size, 1, `${names} at ${width} px`);
      const last = row.at(-1)!;
      const right = await page
        .locator('.grid')
        .evaluate((grid) => grid.getBoundingClientRect().right);
      assert.ok(Math.abs(last.x + last.width - right) < 1, `a hole beside ${names} at ${width} px`);
    }
    const scrolled = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(scrolled <= width, `the page is ${scrolled} px wide at ${width} px`);
  }
});
