import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import type { WidgetAnswer } from '../../shared/answers/widgets.ts';
import type { WidgetName } from '../../shared/widgets.ts';
import { widgets } from '../../shared/widgets.ts';
import { words } from '../../widgets/core/words.ts';
import { drawable, drawStill } from '../../widgets/still.ts';
import { answerOf } from './answers.ts';

const folder = path.resolve(import.meta.dirname, '../../dist/widgets');

interface FrameFiles {
  script: string;
  imports: string[];
}

const manifest = JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')) as Record<
  WidgetName,
  FrameFiles
>;

/** Bytes after brotli 11, as they go over the wire, of a file and of what it loads later on. */
function sizeOf(files: readonly string[]): number {
  return files.reduce(
    (sum, file) => sum + brotliCompressSync(readFileSync(path.join(folder, file))).length,
    0,
  );
}

/** What a script imports when it runs: all it needs to draw everything it can. */
function laterOf(file: string): string[] {
  const text = readFileSync(path.join(folder, file), 'utf8');
  return [...text.matchAll(/import\(`\.\/(?:assets\/)?(line-[\w-]+\.js)`\)/g)].map(
    ([, name]) => `assets/${name}`,
  );
}

function shellSize(widget: WidgetName, answer: WidgetAnswer): number {
  const { html } = drawStill({
    widget,
    parameters: { lang: 'en-US' },
    answer,
    refusal: null,
  });
  return brotliCompressSync(html + JSON.stringify(answer)).length;
}

describe('sizes, brotli', () => {
  const budgets: [WidgetName, script: number, shell: number][] = [
    ['stats-card', 10 * 1024, 14_600],
    ['equity-curve', 31 * 1024, 40_000],
  ];
  for (const [widget, script, shell] of budgets)
    test(`${widget}: script ${script}, with its shell ${shell}`, (context) => {
      const { script: entry, imports } = manifest[widget];
      const scripts = sizeOf([entry, ...imports, ...laterOf(entry)]);
      const all = scripts + shellSize(widget, answerOf(widget));
      context.diagnostic(`${widget}: script ${scripts}, with its shell ${all}`);
      assert.ok(scripts <= script, `the script has ${scripts} bytes`);
      assert.ok(all <= shell, `script and shell have ${all} bytes`);
    });

  test('loader.js 800, widgets.js 18,000', (context) => {
    const [loader, all] = [sizeOf(['loader.js']), sizeOf(['widgets.js'])];
    context.diagnostic(`loader.js ${loader}, widgets.js ${all}`);
    assert.ok(loader <= 800, `loader.js has ${loader} bytes`);
    assert.ok(all <= 18_000, `widgets.js has ${all} bytes`);
  });
});

test('a card is headed as the catalogue says', () => {
  for (const name of Object.keys(widgets) as WidgetName[])
    assert.equal(words.titles[name], widgets[name].title);
});

test('every shell that can be drawn has its script', () => {
  assert.deepEqual(Object.keys(manifest).sort(), [...drawable].sort());
});
