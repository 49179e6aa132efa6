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
import { describe, type TestContext, test } from 'node:test';
import { type ParameterName, parameters, widgetNames, widgets } from '../../shared/widgets.ts';
import { attributesOf, cssParts, cssProperties } from '../../widgets/build/package.ts';
import { languages } from '../../widgets/languages/index.ts';

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

  test('describes the custom properties and parts that the widgets have', () => {
    const core = path.join(root, 'widgets/core');
    const sources = readdirSync(core, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(path.join(core, name), 'utf8'))
      .join('\n');
    const used = [...new Set(sources.match(/--pt-\w+/g))].sort();
    assert.deepEqual(used, Object.keys(cssProperties).sort());
    for (const part of Object.keys(cssParts))
      assert.match(sources, new RegExp(`part="${part}"|'part', '${part}'`));
  });

  test('has a README, a licence and widgets.css, and depends on lit 3', () => {
    const { license, dependencies } = read('package.json');
    assert.equal(license, 'MIT');
    assert.match(readFileSync(path.join(folder, 'LICENSE'), 'utf8'), /MIT License/);
    assert.match(readFileSync(path.join(folder, 'README.md'), 'utf8'), /setCredential/);
    assert.match(dependencies.lit, /^\^3\./);
    for (const name of widgetNames)
      assert.match(
        readFileSync(path.join(folder, 'widgets.css'), 'utf8'),
        new RegExp(`pt-${name}`),
      );
  });

  test('contains no schema library, and neither do the other scripts for browsers', () => {
    for (const built of [folder, path.join(root, 'dist/widgets')]) {
      for (const name of readdirSync(built, { recursive: true, encoding: 'utf8' })) {
        if (!/\.(js|ts)$/.test(name)) continue;
        assert.doesNotMatch(readFileSync(path.join(built, name), 'utf8'), /_zod|'zod'/, name);
      }
    }
    const types = readFileSync(path.join(folder, 'types/shared/answers/all.d.ts'), 'utf8');
    assert.match(types, /export interface StatsCardData \{/);
  });

  test('has a file for each language, which is loaded on demand', () => {
    const assets = readdirSync(path.join(folder, 'assets'));
    const entries = ['index', ...widgetNames].map((name) =>
      readFileSync(path.join(folder, `${name}.js`), 'utf8'),
    );
    for (const language of Object.keys(languages)) {
      const [file] = assets.filter((name) => name.startsWith(`${language}-`));
      assert.ok(file, language);
      const texts = [
        ...entries,
        ...assets.map((name) => readFileSync(path.join(folder, 'assets', name), 'utf8')),
      ];
      const importing = texts.filter((text) => text.includes(file));
      assert.ok(importing.length > 0, `${file} is not loaded`);
      for (const text of importing)
        assert.match(text, new RegExp(`import\\(.\\./(assets/)?${file.replace('.', '\\.')}.\\)`));
    }
  });

  test('has entries that can be imported by Node', (context) => {
    const page = makePage(context);
    const entries = Object.entries(read('package.json').exports as Record<string, object | string>);
    const imports = entries
      .filter(([, target]) => typeof target === 'object')
      .map(([name], number) => `import * as m${number} from '@proptally/widgets${name.slice(1)}';`);
    const call = `m0.setCredential({ base: 'https://stats.example.com', key: 'pt_1' });`;
    writeFileSync(path.join(page, 'page.mjs'), [...imports, call].join('\n'));
    const { status, stderr } = spawnSync(process.execPath, ['page.mjs'], {
      cwd: page,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    assert.ok(imports.length > 13);
  });

  // All files in one run, as starting the compiler takes the most time.
  test('type-checks in strict TypeScript, in React’s TSX and in Vue, as do the documentation’s examples', (context) => {
    const files = {
      'elements.ts': elementsPage,
      'Example.tsx': exampleOf('tsx'),
      'Page.tsx': reactPage,
      'Example.vue': exampleOf('vue'),
      'Page.vue': vuePage,
    };
    assert.equal(checkTypes(makePage(context), files), '');
  });

  test('lets them find misspelled names', (context) => {
    const errors = checkTypes(makePage(context), {
      'elements.ts': elementsPage.replace('accountId', 'acountId'),
      'credential.ts': elementsPage.replace("key: 'pt_1'", "kee: 'pt_1'"),
      // JSX accepts any name with a hyphen.
      'Page.tsx': reactPage.replace('accountId', 'acountId'),
      'Page.vue': vuePage.replace(':account-id', ':acount-id'),
    });
    for (const wrong of ['elements.ts', 'kee', 'Page.tsx', 'Page.vue'])
      assert.match(errors, new RegExp(wrong));
  });
});

/** The documentation's example in a language. */
function exampleOf(language: string): string {
  const page = readFileSync(path.join(root, 'docs/embed.md'), 'utf8');
  return new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'ms').exec(page)![1]!;
}

/** The folder of a firm's page, with the package and the frameworks. */
function makePage(context: TestContext): string {
  const page = mkdtempSync(path.join(tmpdir(), 'proptally-test-'));
  context.after(() => rmSync(page, { recursive: true, force: true }));
  const link = (target: string, name: string) => {
    mkdirSync(path.dirname(path.join(page, 'node_modules', name)), { recursive: true });
    symlinkSync(target, path.join(page, 'node_modules', name), 'junction');
  };
  link(folder, '@proptally/widgets');
  for (const name of ['lit', 'react', '@types/react', 'vue'])
    link(path.join(root, 'node_modules', name), name);
  return page;
}

/** The errors of strict TypeScript in these files, some of which may be Vue's. */
function checkTypes(page: string, files: Record<string, string>): string {
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(page, name), text);
  const options = {
    compilerOptions: {
      noEmit: true,
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: true,
      module: 'esnext',
      moduleResolution: 'bundler',
      target: 'es2022',
      lib: ['es2023', 'dom', 'dom.iterable'],
      types: [],
      jsx: 'react-jsx',
    },
    vueCompilerOptions: { strictTemplates: true },
    files: Object.keys(files),
  };
  writeFileSync(path.join(page, 'tsconfig.json'), JSON.stringify(options));
  const run = `require('vue-tsc').run(require.resolve('typescript-5/lib/tsc'))`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', run, 'vue-tsc', '-p', page], {
    cwd: root,
    encoding: 'utf8',
  });
  return stdout + stderr;
}

/** The parameters that only some widgets have. */
const ownParameters: readonly ParameterName[] = [
  'period',
  'firm_id',
  'by',
  'status',
  'sort',
  'limit',
  'max_drawdown',
  'month',
];

test('docs/embed.md agrees with the catalogue of widgets and parameters', () => {
  const page = readFileSync(path.join(root, 'docs/embed.md'), 'utf8');
  for (const [name, { height, tier, parameters: names }] of Object.entries(widgets)) {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\` | ${height} |`));
    assert.ok(row, `${name}: ${height}`);
    assert.match(row, new RegExp(`\\| ${tier} \\|`), name);
    for (const own of ownParameters)
      assert.equal(
        row.includes(`\`${own}\``),
        (names as readonly string[]).includes(own),
        `${own} of ${name}`,
      );
  }
  for (const name of Object.keys(parameters)) assert.ok(page.includes(`| \`${name}\``), name);
  for (const property of Object.keys(cssProperties)) assert.ok(page.includes(`\`${property}\``));
});

const reactPage = `import { createRef, useRef } from 'react';
import '@proptally/widgets';
import '@proptally/widgets/react';
import type { Leaderboard } from '@proptally/widgets/leaderboard';
import type { StatsCard } from '@proptally/widgets/stats-card';
const board = createRef<Leaderboard>();
export function Page({ accounts, own }: { accounts: readonly string[]; own?: string | undefined }) {
  const card = useRef<StatsCard>(null);
  return (
    <main>
      <pt-stats-card ref={card} account-id={own} theme="light" className="card" style={{ height: 280 }} onClick={() => card.current?.reload()} />
      <pt-leaderboard ref={board} limit={25} sort="pnl" token={async () => ({ token: 'pte_1' })} />
      <pt-stats-card ref={(element) => void element?.reload()} accountId={own} lang="de" hidden />
      {accounts.map((account) => (
        <pt-equity-curve key={account} account-id={account} period="90d" onpt-select={({ detail }) => detail.item} onpt-error={({ detail }) => detail.status.toFixed()} />
      ))}
    </main>
  );
}
`;

const vuePage = `<script setup lang="ts">
import { ref } from 'vue';
import '@proptally/widgets';
import '@proptally/widgets/vue';
import type { StatsCard } from '@proptally/widgets/stats-card';
defineProps<{ accounts: string[]; own?: string }>();
const card = ref<StatsCard | null>(null);
</script>
<template>
  <pt-stats-card ref="card" :account-id="own" theme="light" class="card" @click="card?.reload()" @pt-load="({ detail }) => detail.data.stats.totalPnl.toFixed()" />
  <pt-equity-curve v-for="account in accounts" :key="account" :account-id="account" period="90d" @pt-error="({ detail }) => detail.status.toFixed()" />
</template>
`;

const elementsPage = `import { setCredential } from '@proptally/widgets/stats-card';
setCredential({ base: 'https://stats.example.com', key: 'pt_1' });
setCredential({ base: 'https://stats.example.com', token: async () => 'pte_1' });
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
