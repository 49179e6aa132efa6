import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { parameters, widgetNames, widgets } from '../../shared/widgets.ts';
import { attributesOf, cssParts, cssProperties } from '../../widgets/build/package.ts';

const root = path.resolve(import.meta.dirname, '../..');
const folder = path.join(root, 'dist/npm');
const read = (name: string) => JSON.parse(readFileSync(path.join(folder, name), 'utf8'));

describe('the npm package', () => {
  test('has an entry for each widget, and one for all', () => {
    const { exports } = read('package.json') as { exports: Record<string, { default?: string }> };
    for (const name of ['.', ...widgetNames.map((widget) => `./${widget}`)])
      assert.ok(readFileSync(path.join(folder, exports[name]!.default!)).length > 0, name);
  });

  test('describes its elements by a manifest', () => {
    const { modules } = read('custom-elements.json') as {
      modules: { declarations: { tagName: string; attributes: { name: string }[] }[] }[];
    };
    assert.deepEqual(
      modules.map(({ declarations: [element] }) => [
        element!.tagName,
        element!.attributes.map(({ name }) => name),
      ]),
      widgetNames.map((widget) => [`pt-${widget}`, Object.keys(attributesOf(widget))]),
    );
  });

  test('names no property or part for styling that the widgets do not have', () => {
    const core = path.join(root, 'widgets/core');
    const sources = readdirSync(core)
      .map((name) => readFileSync(path.join(core, name), 'utf8'))
      .join('\n');
    const used = [...new Set(sources.match(/--pt-\w+/g))].sort();
    assert.deepEqual(used, Object.keys(cssProperties).sort());
    for (const part of Object.keys(cssParts))
      assert.match(sources, new RegExp(`part="${part}"|'part', '${part}'`));
  });

  test('has types for elements, their properties and events', () => {
    const page = mkdtempSync(path.join(tmpdir(), 'proptally-test-'));
    try {
      mkdirSync(path.join(page, 'node_modules/@proptally'), { recursive: true });
      symlinkSync(folder, path.join(page, 'node_modules/@proptally/widgets'), 'junction');
      symlinkSync(
        path.join(root, 'node_modules/lit'),
        path.join(page, 'node_modules/lit'),
        'junction',
      );
      writeFileSync(path.join(page, 'right.ts'), page1);
      writeFileSync(path.join(page, 'wrong.ts'), page1.replace('accountId', 'acountId'));
      const check = (file: string) =>
        spawnSync(
          path.join(root, 'node_modules/.bin/tsc'),
          [
            '--noEmit',
            '--strict',
            '--skipLibCheck',
            '--module',
            'esnext',
            '--moduleResolution',
            'bundler',
            '--target',
            'es2022',
            '--lib',
            'es2023,dom,dom.iterable',
            '--types',
            '',
            file,
          ],
          { cwd: page, encoding: 'utf8' },
        ).stdout;
      assert.equal(check('right.ts'), '');
      assert.match(check('wrong.ts'), /acountId/);
    } finally {
      rmSync(page, { recursive: true, force: true });
    }
  });
});

test('the README tells of each widget and parameter what the catalogue says', () => {
  const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
  for (const [name, { height, tier, parameters: names }] of Object.entries(widgets)) {
    const row = readme.split('\n').find((line) => line.startsWith(`| \`${name}\` | ${height} |`));
    assert.ok(row, `${name}: ${height}`);
    assert.match(row, new RegExp(`\\| ${tier} \\|`), name);
    for (const own of ['period', 'firm_id', 'sort', 'limit', 'max_drawdown', 'month'] as const)
      assert.equal(
        row.includes(`\`${own}\``),
        (names as readonly string[]).includes(own),
        `${own} of ${name}`,
      );
  }
  for (const name of Object.keys(parameters)) assert.ok(readme.includes(`| \`${name}\``), name);
  for (const property of Object.keys(cssProperties)) assert.ok(readme.includes(`\`${property}\``));
});

const page1 = `import '@proptally/widgets/stats-card';
import type { StatsCard } from '@proptally/widgets/stats-card';
const card = document.querySelector('pt-stats-card')!;
card.accountId = 'acc_1';
card.period = '7d';
card.token = 'pte_1';
card.token = async () => ({ token: 'pte_1', expires_at: 1 });
const same: StatsCard = card;
card.addEventListener('pt-load', ({ detail }) => { const name: string = detail.widget; name; });
card.addEventListener('pt-error', ({ detail }) => { const status: number = detail.status; status; });
card.addEventListener('pt-select', ({ detail }) => { detail.item; });
same.reload();
`;
