import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { build } from 'vite';

const folder = path.resolve(import.meta.dirname, '../../dist/widgets');

for (const mode of ['frames', 'script', 'loader', 'builder'])
  test(`${mode}: libraries are bundled as they are published`, async () => {
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
    assert.ok(libraries.has('lit-html'), 'no library was seen');
  });

test('what the script tag loads later imports nothing of it: pages write its address in many ways', () => {
  const script = readFileSync(path.join(folder, 'widgets.js'), 'utf8');
  const later = [...script.matchAll(/(?:import|retried)\([`"'](.+?)[`"']\)/g)].map(
    ([, name]) => name!,
  );
  assert.ok(later.length > 1, 'nothing is loaded later');
  for (const name of later)
    assert.doesNotMatch(readFileSync(path.join(folder, name), 'utf8'), /widgets\.js/, name);
});
