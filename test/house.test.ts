import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';

const root = path.join(import.meta.dirname, '..');

/** The layers of the server, lowest first: each may import from itself and from those before it. */
const layers = [
  ['shared/'],
  ['server/analytics/'],
  ['server/store/'],
  ['server/events/'],
  ['server/records/'],
  [
    'server/headers.ts',
    'server/refusal.ts',
    'server/answers.ts',
    'server/query.ts',
    'server/cursor.ts',
    'server/csv.ts',
  ],
  [
    'server/access/',
    'server/embed/',
    'server/export/',
    'server/ingest/',
    'server/mail/',
    'server/pages/',
  ],
  ['server/body.ts', 'server/fields.ts'],
  [
    'server/target.ts',
    'server/route.ts',
    'server/route-refusals.ts',
    'server/openapi.ts',
    'server/router.ts',
    'server/answering.ts',
    'server/writing.ts',
    'server/operation.ts',
    'server/threads/failures.ts',
    'server/threads/thread.ts',
    'server/threads/replying.ts',
    'server/threads/sender-thread.ts',
    'server/webhook-tests.ts',
    'server/deliverer.ts',
    'server/served-webhook.ts',
    'server/threads/readers.ts',
    'server/threads/writer-thread.ts',
    'server/threads/importer-thread.ts',
    'server/imports.ts',
    'server/streams.ts',
    'server/waiting-clients.ts',
    'server/known-answers.ts',
    'server/serve-route.ts',
    'server/errors.ts',
  ],
  ['server/routes/'],
  [
    'server/operations.ts',
    'server/app.ts',
    'server/serve.ts',
    'server/threads/reader.ts',
    'server/threads/writer.ts',
    'server/threads/importer.ts',
    'server/threads/sender.ts',
  ],
  ['server/commands/', 'demo/'],
  ['server/main.ts'],
];

/** An import or export of a schema of answers that is not of types alone. */
const valueImport = /^(?:import|export) (?!type )[^;]*'[./]*(?:shared\/)?answers\/[^';]*'/m;

function layerOf(file: string): number {
  return layers.findIndex((places) => places.some((place) => file.startsWith(place)));
}

interface Import {
  from: string;
  /** A file of the project, or the name of a package. */
  to: string;
}

function filesOf(folder: string) {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => {
      const from = path.posix.join(folder, name.split(path.sep).join('/'));
      return { from, text: readFileSync(path.join(root, from), 'utf8') };
    });
}

function importsOf(folder: string): Import[] {
  return filesOf(folder).flatMap(({ from, text }) => {
    const imports = text.matchAll(
      /(?:^(?:import|export)\b[^;]*?from |^import |import\()'([^']+)'/gm,
    );
    return [...imports].map(([, target = '']) => ({
      from,
      to: target.startsWith('.')
        ? path.posix.join(path.posix.dirname(from), target)
        : target
            .split('/')
            .slice(0, target.startsWith('@') ? 2 : 1)
            .join('/'),
    }));
  });
}

test('each layer of the server imports only from itself and from those below', () => {
  const imports = [...importsOf('server'), ...importsOf('demo')];
  assert.ok(imports.length > 100);
  for (const { from, to } of imports) {
    if (!/^(server|demo|shared)\//.test(to)) continue;
    assert.ok(layerOf(from) >= 0, `${from} is in no layer`);
    assert.ok(layerOf(to) >= 0, `${to} is in no layer`);
    assert.ok(layerOf(to) <= layerOf(from), `${from} imports from a layer above: ${to}`);
  }
});

test('of the widgets the server imports still.ts alone, and only in server/embed/', () => {
  for (const { from, to } of [...importsOf('server'), ...importsOf('demo')]) {
    if (!to.startsWith('widgets/')) continue;
    assert.equal(to, 'widgets/still.ts', from);
    assert.match(from, /^server\/embed\//);
  }
});

test('shared/ and server/analytics/ import only shared/ and themselves, but for zod in the schemas of answers', () => {
  for (const { from, to } of importsOf('shared')) {
    if (!(from.startsWith('shared/answers/') && to === 'zod')) assert.match(to, /^shared\//, from);
  }
  for (const { from, text } of filesOf('shared')) {
    if (!from.startsWith('shared/answers/')) assert.doesNotMatch(text, valueImport, from);
  }
  for (const { from, to } of importsOf('server/analytics')) {
    assert.match(to, /^(shared|server\/analytics)\//, from);
  }
});

test('the program that calculates the golden numbers imports nothing that they test', () => {
  for (const { from, to } of importsOf('test/golden')) {
    assert.match(to, /^(test\/golden\/|node:|temporal-polyfill$)/, from);
  }
});

const libraries: Record<string, string> = {
  'widgets/still.ts': '@lit-labs/ssr',
  'widgets/draw/line.ts': 'uplot',
  'widgets/core/lazy/event-stream.ts': 'eventsource-parser',
};

test('widgets import only shared/ and lit, besides a library in one file each', () => {
  for (const { from, to } of importsOf('widgets')) {
    if (from.startsWith('widgets/build/')) continue;
    if (/^(widgets|shared)\//.test(to) || to === 'lit') continue;
    // The builder shows code for other pages, which has imports of its own.
    if (from === 'widgets/builder/snippets.ts' && to.startsWith('@proptally/')) continue;
    assert.equal(libraries[from], to, from);
  }
});

test('widgets import only types from the schemas of answers', () => {
  for (const { from, text } of filesOf('widgets')) {
    if (!from.startsWith('widgets/build/')) assert.doesNotMatch(text, valueImport, from);
  }
});

test('the JavaScript client imports nothing but its own files', () => {
  const imports = importsOf('clients/js');
  assert.ok(imports.length > 10);
  for (const { from, to } of imports) assert.match(to, /^clients\/js\//, from);
});

test('no file imports itself by way of others, counting imports of types and dynamic imports', () => {
  const targets = new Map<string, string[]>();
  for (const { from, to } of ['shared', 'server', 'widgets', 'clients'].flatMap(importsOf))
    targets.set(from, [...(targets.get(from) ?? []), to]);
  const clear = new Set<string>();
  const follow = (file: string, way: string[]) => {
    assert.ok(!way.includes(file), [...way.slice(way.indexOf(file)), file].join(' → '));
    if (clear.has(file)) return;
    for (const target of targets.get(file) ?? []) follow(target, [...way, file]);
    clear.add(file);
  };
  for (const file of targets.keys()) follow(file, []);
});

test('the store imports neither HTTP nor zod, and shared/, analytics, access, routes and ingest read no clock and no random source', () => {
  for (const { from, to } of importsOf('server/store')) {
    assert.ok(!['koa', '@koa/router', 'node:http', 'zod'].includes(to), `${from} imports ${to}`);
  }
  for (const folder of [
    'shared',
    'server/analytics',
    'server/access',
    'server/events',
    'server/records',
    'server/routes',
    'server/ingest',
  ]) {
    for (const name of readdirSync(path.join(root, folder), {
      recursive: true,
      encoding: 'utf8',
    })) {
      if (!name.endsWith('.ts')) continue;
      const text = readFileSync(path.join(root, folder, name), 'utf8');
      assert.doesNotMatch(
        text,
        /Date\.now|new Date\(\)|Math\.random|randomBytes/,
        `${folder}/${name}`,
      );
    }
  }
});
