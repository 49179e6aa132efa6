import assert from 'node:assert/strict';
import test from 'node:test';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import type { OpenApi } from '../../server/openapi.ts';
import { endpointOf } from '../../server/route.ts';
import { routes } from '../../server/routes/index.ts';
import { scopes } from '../../shared/access.ts';
import { refusalCodes } from '../../shared/refusals.ts';
import { widgetNames } from '../../shared/widgets.ts';
import { api } from '../support/api.ts';
import { holdAnswer } from '../support/held.ts';
import { startTestServer } from '../support/server.ts';

async function readDocument(t: test.TestContext) {
  const server = await startTestServer(t);
  const { status, text, headers } = await api(server, null).get('openapi.json');
  assert.equal(status, 200);
  assert.equal(headers.get('content-type'), 'application/json; charset=utf-8');
  return { text, document: JSON.parse(text) as OpenApi };
}

test('the document of the API is OpenAPI 3.1, and a public linter has nothing to say of it', async (t) => {
  const { text, document } = await readDocument(t);
  assert.match(document.openapi, /^3\.1\./);
  const config = await createConfig({ extends: ['recommended'] });
  const problems = await lintFromString({ source: text, absoluteRef: '/openapi.json', config });
  assert.deepEqual(
    problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer]),
    [],
  );
});

test('every route is an operation, with its kind, its rights, its answers and its refusals', async (t) => {
  const { document } = await readDocument(t);
  const ids = new Set<string>();
  for (const route of routes) {
    const operation = document.paths[endpointOf(route)]?.[route.method.toLowerCase()];
    assert.ok(operation, route.name);
    ids.add(operation.operationId);
    assert.equal(operation['x-kind'], route.kind, route.name);
    for (const status of [...Object.keys(route.answers), '400', '429', '500', '503']) {
      assert.ok(operation.responses[status], `${route.name} ${status}`);
    }
    if (route.kind === 'open') {
      assert.deepEqual(operation.security, [], route.name);
      continue;
    }
    assert.ok((operation.security as object[]).length > 0, route.name);
    for (const scope of Object.values(operation['x-scopes'] ?? []).flat())
      assert.ok(scopes.includes(scope as never), route.name);
  }
  assert.equal(ids.size, routes.length, 'Two routes have one name');
  const count = Object.values(document.paths).flatMap((path) => Object.keys(path)).length;
  assert.equal(count, routes.length);
});

test('what a caller needs of scopes and tiers stands in the document', async (t) => {
  const { document } = await readDocument(t);
  const access = (path: string, method = 'get') => {
    const { 'x-scopes': scopes, 'x-tiers': tiers, description } = document.paths[path]![method]!;
    return { scopes, tiers, description };
  };
  assert.deepEqual(access('/api/partner/accounts'), {
    scopes: ['accounts:list'],
    tiers: undefined,
    description: 'Needs `accounts:list`.',
  });
  assert.deepEqual(access('/api/partner/stats').scopes, {
    ofOne: ['stats:read'],
    ofAll: ['stats:aggregate'],
  });
  assert.match(
    access('/api/partner/embed-tokens', 'post').description as string,
    /needs `embed:read`, and may not have `embed:read` alone/,
  );
  for (const path of ['/api/partner/widgets/{widget}', '/embed/partner/{widget}']) {
    const tiers = access(path).tiers as Record<string, string>;
    assert.deepEqual(Object.keys(tiers), widgetNames);
    assert.deepEqual([tiers['stats-card'], tiers['risk-metrics']], ['starter', 'growth']);
  }
  const { scopes, description } = access('/api/partner/widgets/{widget}');
  assert.deepEqual(scopes, {
    ofOne: ['embed:read', 'stats:read'],
    ofAll: ['embed:read', 'stats:aggregate'],
  });
  assert.match(description as string, /but for `leaderboard`; else `embed:read` or `stats:agg/);
});

test('every code of a refusal is one that some route names', async (t) => {
  const { text } = await readDocument(t);
  // Of these no route is to blame.
  const others = ['method_not_allowed'];
  for (const code of refusalCodes) {
    if (!others.includes(code))
      assert.match(text, new RegExp(`\\\\\`${code}\\\\\`:|\`${code}\``), code);
  }
});

test('parameters and bodies stand in it as they are taken', async (t) => {
  const { document } = await readDocument(t);
  const trades = document.paths['/api/partner/trades']!.get!;
  const parameters = trades.parameters as { name: string; required: boolean; schema: object }[];
  const find = (wanted: string) => parameters.find(({ name }) => name === wanted)!;
  assert.equal(find('account_id').required, true);
  assert.deepEqual(find('limit').schema, {
    type: 'integer',
    minimum: 1,
    maximum: 100,
    default: 50,
  });
  const { requestBody } = document.paths['/api/partner/keys']!.post! as unknown as {
    requestBody: { required: boolean; content: Record<string, { schema: { properties: object } }> };
  };
  assert.equal(requestBody.required, false);
  const { properties } = requestBody.content['application/json']!.schema;
  assert.deepEqual(Object.keys(properties), [
    ...['label', 'scopes', 'preset', 'expires_at', 'allowed_origins'],
  ]);
});

test('an answer that the document does not have is found out', () => {
  const headers = new Headers({
    'content-type': 'application/json; charset=utf-8',
    ...{ 'x-request-id': 'x', 'x-ratelimit-limit': '1', 'x-ratelimit-remaining': '1' },
    ...{ 'ratelimit-policy': 'x', ratelimit: 'x' },
  });
  const origins = { method: 'GET', path: '/api/partner/origins', headers };
  const good = { ...origins, status: 200, body: '{"allowed_origins":[]}' };
  holdAnswer(good);
  const refused = { error: 'No.', code: 'key_in_use' };
  const bare = new Headers(headers);
  bare.delete('ratelimit');
  for (const [what, bad] of [
    ['another field', { ...good, body: '{"allowed_origins":[],"more":1}' }],
    ['a field that is missing', { ...good, body: '{}' }],
    ['another type', { ...good, body: '{"allowed_origins":[1]}' }],
    ['another status', { ...good, status: 201 }],
    [
      'another media type',
      {
        ...good,
        headers: new Headers({ ...Object.fromEntries(headers), 'content-type': 'text/html' }),
      },
    ],
    ['a header that is missing', { ...good, headers: bare }],
    [
      'a code that belongs to another route',
      { ...good, status: 400, body: JSON.stringify(refused) },
    ],
  ] as const) {
    assert.throws(() => holdAnswer(bad), { name: 'AssertionError' }, what);
  }
});
