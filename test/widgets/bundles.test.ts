import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { build } from 'vite';

const folder = path.resolve(import.meta.dirname, '../../dist/widgets');

/** But for `document`: the build gives libraries one without the page's names (host-page.ts). */
for (const [mode, library] of Object.entries({
  frames: 'lit-html',
  script: 'lit-html',
  loader: 'lit-html',
  builder: 'lit-html',
  package: 'uplot',
}))
  test(`${mode}: the code of libraries is bundled as published`, async () => {
    const libraries = new Set<string>();
    const compare = {
      name: 'compare',
      enforce: 'post' as const,
      transform(code: string, id: string) {
        const [, name] = /node_modules\/(@lit\/[^/]+|[^/]+)/.exec(id) ?? [];
        if (!name) return;
        libraries.add(name);
        assert.equal(code, readFileSync(id, 'utf8'), id);
      },
    };
    await build({
      mode,
      logLevel: 'silent',
      plugins: [compare],
      build: { write: false, minify: false },
    });
    assert.ok(libraries.has(library), `${library} is not bundled`);
  });

test('what the script tag loads on demand does not import it: a page may load it from an address of its own', () => {
  const script = readFileSync(path.join(folder, 'widgets.js'), 'utf8');
  const onDemand = [...script.matchAll(/(?:import|retried)\([`"'](.+?)[`"']\)/g)].map(
    ([, name]) => name!,
  );
  assert.ok(onDemand.length > 1, 'nothing is loaded on demand');
  for (const name of onDemand)
    assert.doesNotMatch(readFileSync(path.join(folder, name), 'utf8'), /widgets\.js/, name);
});
