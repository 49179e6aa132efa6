import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { limitsOf } from '../server/body.ts';
import { formats } from '../server/ingest/formats.ts';
import type { Operation } from '../server/openapi.ts';
import { document } from '../server/routes/index.ts';
import { tiers } from '../shared/access.ts';
import { translatedLanguages } from '../shared/language.ts';
import { tradeFields } from '../shared/trades.ts';
import { readTables } from './support/markdown.ts';
import { answerOf } from './widgets/answers.ts';

const root = path.join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

const { paths } = document;

/** The inputs of an operation in the OpenAPI document: query parameters and fields of a JSON body. */
function namesOf({ parameters, requestBody }: Operation): string[] {
  const { content } = (requestBody ?? {}) as {
    content?: { 'application/json'?: { schema: { properties: object } } };
  };
  return [
    ...(parameters as { name: string; in: string }[])
      .filter((parameter) => parameter.in === 'query')
      .map(({ name }) => name),
    ...Object.keys(content?.['application/json']?.schema.properties ?? {}),
  ];
}

test('the tables of routes in docs/api.md have every route, with its parameters, body fields and scopes', () => {
  const documented = new Set<string>();
  for (const { columns, rows } of readTables(read('docs/api.md'))) {
    if (columns[0] !== 'route') continue;
    for (const row of rows) {
      const [, method = '', address = ''] = /^`(\w+) (\/\S+)`$/.exec(row[0]!)!;
      const route = `/api/partner${address}`;
      const operation = paths[route]?.[method.toLowerCase()];
      assert.ok(operation, `There is no ${method} ${route}`);
      documented.add(`${method} ${route}`);
      const taken = row[columns.length === 3 && columns[1] === 'scope' ? 2 : 1]!;
      for (const name of namesOf(operation)) {
        assert.ok(taken.includes(`\`${name}\``), `${method} ${address} says nothing of ${name}`);
      }
      if (columns[1] !== 'scope') continue;
      const scopes = [...new Set(Object.values(operation['x-scopes'] ?? []).flat())];
      const named = [...row[1]!.matchAll(/`(\w+:\w+)`/g)].map(([, scope]) => scope!);
      assert.deepEqual(named.toSorted(), scopes.toSorted(), `${method} ${address}`);
    }
  }
  const all = Object.entries(paths).flatMap(([route, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${route}`),
  );
  const ofApi = all.filter((name) => name.includes(' /api/'));
  assert.deepEqual([...documented].sort(), ofApi.sort());
});

test('docs/api.md says when each status of an error is sent, and how large a body may be', () => {
  const text = read('docs/api.md');
  const table = readTables(text).find(({ columns }) => columns[0] === 'status')!;
  const explained = new Set(table.rows.flatMap(([statuses = '']) => statuses.match(/\d+/g) ?? []));
  const operations = Object.values(paths).flatMap(Object.values) as Operation[];
  const sent = new Set(operations.flatMap(({ responses }) => Object.keys(responses)));
  for (const status of sent) {
    if (Number(status) >= 400) assert.ok(explained.has(status), status);
  }
  const [managing = '', signingIn = ''] = text.split('\n## Manage\n')[1]!.split('\n## Sign in\n');
  assert.ok(managing.includes(`${limitsOf('known').bytes / 1024 ** 2} MiB`));
  assert.ok(signingIn.includes(`${limitsOf('anonymous').bytes / 1024} KiB`));
});

test('every format has a row in docs/import.md, and every tier one in docs/api.md', () => {
  const firstCells = (file: string, column: string) =>
    readTables(read(file)).flatMap(({ columns, rows }) =>
      columns[0] === column ? rows.map(([name]) => name!.replaceAll('`', '')) : [],
    );
  const names = formats.map(({ name }) => name);
  assert.deepEqual(firstCells('docs/import.md', '`--format`').sort(), [...names, 'auto'].sort());
  assert.deepEqual(firstCells('docs/api.md', 'tier'), [...tiers]);
});

test('the section on plain CSV in docs/import.md names every field of a trade', () => {
  const [, guide = ''] = read('docs/import.md').split('## Plain CSV');
  for (const field of tradeFields) assert.ok(guide.includes(`\`${field}\``), field);
});

test('docs/numbers.md defines every number of the risk metrics', () => {
  const defined = readTables(read('docs/numbers.md')).flatMap(({ rows }) =>
    rows.flatMap(([names = '']) => names.match(/\w+/g) ?? []),
  );
  const { stats, raw, drawdown, streak, risk } = answerOf('risk-metrics').data;
  for (const figures of [stats, raw, drawdown, drawdown.gauge, streak, risk]) {
    for (const [name, value] of Object.entries(figures ?? {}))
      if (value === null || typeof value === 'number') assert.ok(defined.includes(name), name);
  }
});

test('docs/embed.md names every language that widgets have words in', () => {
  const row = read('docs/embed.md')
    .split('\n')
    .find((line) => line.startsWith('| `lang` |'));
  const names = new Intl.DisplayNames('en', { type: 'language', languageDisplay: 'standard' });
  for (const tag of translatedLanguages) assert.ok(row?.includes(names.of(tag)!), tag);
});

test('every link within the documentation leads to a file and a heading that exist', () => {
  const pages = [
    'README.md',
    'CHANGELOG.md',
    ...readdirSync(path.join(root, 'docs')).map((name) => `docs/${name}`),
  ].filter((name) => name.endsWith('.md'));
  for (const page of pages) {
    for (const [, target = ''] of read(page).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue;
      const [file = '', anchor] = target.split('#');
      const place = file === '' ? page : path.posix.join(path.posix.dirname(page), file);
      const text = readFileSync(path.join(root, place), 'utf8');
      if (anchor) assert.ok(anchorsOf(text).includes(anchor), `${page}: ${target}`);
    }
  }
});

/** The anchors that GitHub gives to the headings of a text. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test('README.md has at most 120 lines, the commands for demo and tests, a picture, and links to the pages of docs/', () => {
  const readme = read('README.md');
  assert.ok(readme.split('\n').length <= 120);
  assert.match(readme, /npm ci && npm run demo/);
  assert.match(readme, /npm ci && npm test/);
  assert.match(readme, /!\[[^\]]+\]\(docs\//);
  for (const page of ['embed', 'api', 'clients', 'numbers', 'import', 'operate', 'develop'])
    assert.match(readme, new RegExp(`\\(docs/${page}\\.md\\)`));
});
