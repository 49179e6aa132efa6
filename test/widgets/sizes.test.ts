import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { brotliCompressSync, constants } from 'node:zlib';
import { efforts } from '../../server/answers.ts';
import { readFiles } from '../../server/embed/files.ts';
import { drawShell } from '../../server/embed/shell.ts';
import { type WidgetName, widgetNames } from '../../shared/widgets.ts';
import { pluralOf } from '../../widgets/core/plural.ts';
import { languages } from '../../widgets/languages/index.ts';
import { answerOf, sampleNow } from './answers.ts';

const folder = path.resolve(import.meta.dirname, '../../dist/widgets');

const files = readFiles(folder);

/** The bytes of files after brotli 11, as they are sent. */
function sizeOf(files: readonly string[]): number {
  return files.reduce(
    (sum, file) => sum + brotliCompressSync(readFileSync(path.join(folder, file))).length,
    0,
  );
}

/** With the script for the curve's canvas, which is loaded when a visitor points at it. */
function withLine(files: readonly string[]): string[] {
  const texts = files.map((file) => readFileSync(path.join(folder, file), 'utf8'));
  return [
    ...files,
    ...(texts.join().match(/line-[\w-]+\.js/g) ?? []).map((name) => `assets/${name}`),
  ];
}

/** The bytes of a shell's document, as the server compresses what it makes for one request. */
function shellSize(widget: WidgetName): number {
  const request = {
    ...{ widget, parameters: { lang: 'en-US' }, answer: answerOf(widget), refusal: null },
    now: sampleNow,
  };
  const around = { frameAncestors: '*', publicUrl: 'https://stats.example.com', files };
  const { body } = drawShell(request, around);
  const params = { [constants.BROTLI_PARAM_QUALITY]: efforts.quick.quality };
  return brotliCompressSync(body as string, { params }).length;
}

const kibibyte = 1024;

/** A part of the budget is to stay free. */
function fits(context: TestContext, size: number, budget: number, free = 0.05): void {
  context.diagnostic(`${size}`);
  assert.ok(size <= budget * (1 - free), `${size} bytes`);
}

describe('sizes, brotli', () => {
  for (const widget of widgetNames) {
    const { script, imports } = files.frames[widget]!;
    const scripts = withLine([script, ...imports]);
    const withShell = { 'stats-card': 15_000, 'equity-curve': 46_000 }[widget as string];
    if (withShell)
      test(`${widget} with its shell: ${withShell}`, (context) =>
        fits(
          context,
          sizeOf(scripts) + shellSize(widget),
          withShell,
          widget === 'stats-card' ? 0.02 : 0.05,
        ));
    else
      test(`${widget}: ${12.5 * kibibyte}`, (context) =>
        fits(context, sizeOf(scripts), 12.5 * kibibyte));
  }

  test('all widgets in the script tag, uPlot included: 59 KiB', (context) =>
    fits(context, sizeOf(withLine(['widgets.js'])), 59 * kibibyte, 0.004));

  const budgets: Record<string, number> = {
    'loader.js': 1_000,
    'widgets.css': 400,
    'embed.js': 1_000,
    'builder.js': 12_000,
    'trader.js': 1_000,
  };
  for (const [file, budget] of Object.entries(budgets))
    test(`${file}: ${budget}`, (context) => fits(context, sizeOf([file]), budget));
});

test('the words of another language are a file of at most 4,000 bytes, and in no script', async (context) => {
  const assets = readdirSync(path.join(folder, 'assets')).map((name) => `assets/${name}`);
  const scripts = [
    'widgets.js',
    'loader.js',
    ...Object.values(files.frames).flatMap(({ script, imports }) => [script, ...imports]),
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
  assert.deepEqual(Object.keys(files.frames).sort(), [...widgetNames].sort());
});
