import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { type WidgetName, widgetNames } from '../../shared/widgets.ts';
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

/** With what draws the curve on a canvas, which these load when a visitor points at it. */
function withLine(files: readonly string[]): string[] {
  const texts = files.map((file) => readFileSync(path.join(folder, file), 'utf8'));
  return [
    ...files,
    ...(texts.join().match(/line-[\w-]+\.js/g) ?? []).map((name) => `assets/${name}`),
  ];
}

function shellSize(widget: WidgetName): number {
  const answer = answerOf(widget);
  const parameters = { lang: 'en-US' };
  const { html } = drawStill({ widget, parameters, answer, refusal: null, now: sampleNow });
  return brotliCompressSync(html + JSON.stringify(answer)).length;
}

const kibibyte = 1024;

/** Of a budget some stays free. */
function fits(context: TestContext, size: number, budget: number, free = 0.05): void {
  context.diagnostic(`${size}`);
  assert.ok(size <= budget * (1 - free), `${size} bytes`);
}

describe('sizes, brotli', () => {
  for (const widget of widgetNames) {
    const { script, imports } = manifest[widget];
    const scripts = withLine([script, ...imports]);
    const withShell = { 'stats-card': 15_000, 'equity-curve': 46_000 }[widget as string];
    if (withShell)
      test(`${widget} with its shell: ${withShell}`, (context) =>
        fits(context, sizeOf(scripts) + shellSize(widget), withShell));
    else
      test(`${widget}: ${12.5 * kibibyte}`, (context) =>
        fits(
          context,
          sizeOf(scripts),
          12.5 * kibibyte,
          widget === 'performance-summary' ? 0.035 : undefined,
        ));
  }

  test('all eleven in the script tag, uPlot included: 58 KiB', (context) =>
    fits(context, sizeOf(withLine(['widgets.js'])), 58 * kibibyte, 0.025));

  const budgets: Record<string, number> = {
    'loader.js': 1_000,
    'widgets.css': 400,
    'embed.js': 1_000,
    'builder.js': 12_000,
  };
  for (const [file, budget] of Object.entries(budgets))
    test(`${file}: ${budget}`, (context) => fits(context, sizeOf([file]), budget));
});

test('every widget of the catalogue has a script for its shell', () => {
  assert.deepEqual(Object.keys(manifest).sort(), [...widgetNames].sort());
});
