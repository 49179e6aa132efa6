import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { build } from 'vite';

const folder = path.resolve(import.meta.dirname, '../../dist/widgets');

for (const mode of ['frames', 'script', 'loader', 'builder'])
  test(`${mode}: libraries are bundled as published`, async () => {
    const libraries = new Set<string>();
    const compare = {
      name: 'compare',
      enforce: 'post' as const,
      transform(code: string, id: string) {
        const [, library] = /node_modules\/(@lit\/[^/]+|[^/]+)/.exec(id) ?? [];
        if (!library) return;
        libraries.add(library);
        assert.equal(code, readFileSync(id, 'utf8'), id);
      },
    };
    await build({
      mode,
      logLevel: 'silent',
      plugins: [compare],
      build: { write: false, minify: false },
    });
    assert.ok(libraries.has('lit-html'), 'no library is bundled');
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
