import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { Demo } from '../demo/fill.ts';
import { renderDashboard } from '../demo/pages/dashboard.ts';
import { pageStyles } from '../demo/pages/styles.ts';
import { openBrowser } from './support/browser.ts';

const heights = readFileSync(
  path.resolve(import.meta.dirname, '../dist/widgets/widgets.css'),
  'utf8',
);

test('the demo’s widgets fill their rows at every width, each as wide as it needs', async (context) => {
  const browser = await openBrowser(context);
  const page = await browser.newPage();
  const demo = { accounts: [], accountId: 'acc_1', publishableKey: 'pt_1' } as unknown as Demo;
  await page.setContent(
    renderDashboard(demo).replace('</head>', `<style>${heights}${pageStyles}</style></head>`),
  );
  for (const width of [320, 360, 480, 559, 560, 768, 999, 1000, 1024, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    const { grid, boxes, overflow } = await page.evaluate(() => {
      const around = document.querySelector('.grid')!;
      return {
        grid: around.getBoundingClientRect().width,
        boxes: [...around.children].map((child) => {
          const { top, width, height } = child.getBoundingClientRect();
          return { top, width, height };
        }),
        overflow: document.documentElement.scrollWidth - innerWidth,
      };
    });
    const rows = Map.groupBy(boxes, ({ top }) => top);
    assert.ok(overflow <= 0, `${width} px: reaches ${overflow} px beyond the page`);
    assert.equal(boxes.length, 11);
    if (width < 560) assert.equal(rows.size, 11, `${width} px: more than one column`);
    for (const row of rows.values()) {
      const filled = row.reduce((sum, box) => sum + box.width, 16 * (row.length - 1));
      assert.ok(Math.abs(filled - grid) < 1, `${width} px: a hole in a row`);
      assert.equal(new Set(row.map(({ height }) => height)).size, 1, `${width} px: a ragged row`);
      for (const box of row)
        assert.ok(box.width >= 240, `${width} px: a widget of ${box.width} px`);
    }
  }
});
