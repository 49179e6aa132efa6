import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { type WidgetName, widgetNames } from '../../shared/widgets.ts';
import { pluralOf } from '../../widgets/core/plural.ts';
import { languages } from '../../widgets/languages/index.ts';
import { drawStill } from '../../widgets/still.ts';
import { answerOf, sampleNow } from './answers.ts';

const folder = path.resolve(import.meta.dirname, '../../dist/widgets');

interface FrameFiles {
  script: string;
  imports: string[];
}

const manifest = JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')) as Record<
  WidgetName,
  FrameFiles
>;

/** Bytes of files after brotli 11, as they go over the wire. */
function sizeOf(files: readonly string[]): number {
  return files.reduce(
    (sum, file) => sum + brotliCompressSync(readFileSync(path.join(folder, file))).length,
    0,
  );
}

/** What draws the curve on a canvas, which a script loads when it has drawn everything else. */
const line = readdirSync(path.join(folder, 'assets'))
  .filter((name) => name.startsWith('line-'))
  .map((name) => `assets/${name}`);

function laterOf(widget: WidgetName): string[] {
  return widget === 'equity-curve' ? line : [];
}

function shellSize(widget: WidgetName): number {
  const answer = answerOf(widget);
  const parameters = { lang: 'en-US' };
  const { html } = drawStill({ widget, parameters, answer, refusal: null, now: sampleNow });
  return brotliCompressSync(html + JSON.stringify(answer)).length;
}

const kibibyte = 1024;

describe('sizes, brotli', () => {
  const shells: Partial<Record<WidgetName, number>> = {
    'stats-card': 14_600,
    'equity-curve': 40_000,
    'performance-summary': 16_500,
  };
  for (const widget of widgetNames) {
    const script = (widget === 'equity-curve' ? 31 : 11) * kibibyte;
    const shell = shells[widget] ?? 16_000;
    test(`${widget}: script ${script}, with its shell ${shell}`, (context) => {
      const { script: entry, imports } = manifest[widget];
      const size = sizeOf([entry, ...imports, ...laterOf(widget)]);
      const all = size + shellSize(widget);
      context.diagnostic(`${widget}: script ${size}, with its shell ${all}`);
      assert.ok(size <= script, `the script has ${size} bytes`);
      assert.ok(all <= shell, `script and shell have ${all} bytes`);
    });
  }

  test('all eleven in the script tag, uPlot included: 46 KiB', (context) => {
    assert.equal(line.length, 1);
    const size = sizeOf(['widgets.js', ...line]);
    context.diagnostic(`${size}`);
    assert.ok(size <= 46 * kibibyte, `they have ${size} bytes`);
  });

  const budgets: Record<string, number> = {
    'loader.js': 1_100,
    'widgets.css': 400,
    'embed.js': 1_000,
    'builder.js': 12_000,
  };
  for (const [file, budget] of Object.entries(budgets))
    test(`${file}: ${budget}`, (context) => {
      const size = sizeOf([file]);
      context.diagnostic(`${size}`);
      assert.ok(size <= budget, `it has ${size} bytes`);
    });
});

test('another language is a file of its own, of at most 4,000 bytes, and in no script', async (context) => {
  const assets = readdirSync(path.join(folder, 'assets')).map((name) => `assets/${name}`);
  const scripts = [
    'widgets.js',
    'loader.js',
    ...widgetNames.flatMap((widget) => [manifest[widget].script, ...manifest[widget].imports]),
  ].map((file) => readFileSync(path.join(folder, file), 'utf8'));
  for (const [name, load] of Object.entries(languages)) {
    const { totalPnl } = (await load()).words(pluralOf(name)).common;
    // One of the shells' scripts, one of the elements'.
    const files = assets.filter((file) => file.startsWith(`assets/${name}-`));
    assert.equal(files.length, 2, files.join());
    for (const file of files) {
      assert.ok(readFileSync(path.join(folder, file), 'utf8').includes(totalPnl), file);
      const size = sizeOf([file]);
      context.diagnostic(`${file}: ${size}`);
      assert.ok(size <= 4_000, `${file} has ${size} bytes`);
    }
    for (const script of scripts) assert.ok(!script.includes(`\`${totalPnl}\``), name);
  }
});

test('every widget of the catalogue has a script for its shell', () => {
  assert.deepEqual(Object.keys(manifest).sort(), [...widgetNames].sort());
});
