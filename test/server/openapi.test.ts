import assert from 'node:assert/strict';
import test from 'node:test';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import type { OpenApi } from '../../server/openapi.ts';
import { endpointOf } from '../../server/route.ts';
import { routes } from '../../server/routes/index.ts';
import { scopes } from '../../shared/access.ts';
import { refusalCodes } from '../../shared/refusals.ts';
import { type Parameter, parameters, widgetNames } from '../../shared/widgets.ts';
import { api } from '../support/api.ts';
import { holdExchange } from '../support/hold-exchange.ts';
import { startTestServer } from '../support/server.ts';

async function readDocument(t: test.TestContext) {
  const server = await startTestServer(t);
  const { status, text, headers } = await api(server, null).get('openapi.json');
  assert.equal(status, 200);
  assert.equal(headers.get('content-type'), 'application/json; charset=utf-8');
  return { text, document: JSON.parse(text) as OpenApi };
}

test('the API’s document is OpenAPI 3.1, and a public linter finds no problem in it', async (t) => {
  const { text, document } = await readDocument(t);
  assert.match(document.openapi, /^3\.1\./);
  const config = await createConfig({ extends: ['recommended'] });
  const problems = await lintFromString({ source: text, absoluteRef: '/openapi.json', config });
  assert.deepEqual(
    problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer]),
    [],
  );
});

test('the API’s document is sent compressed, and not again to a client that has it', async (t) => {
  const server = await startTestServer(t);
  const address = '/api/partner/openapi.json';
  for (const encoding of ['br', 'gzip']) {
    const { headers } = await server.get(address, { 'Accept-Encoding': encoding });
    assert.equal(headers.get('content-encoding'), encoding);
    assert.ok(Number(headers.get('content-length')) < 45_000, headers.get('content-length')!);
    assert.equal(headers.get('cache-control'), 'no-cache');
    const again = await server.get(address, { 'If-None-Match': headers.get('etag')! });
    assert.equal(again.status, 304);
  }
});

test('every route is an operation of the document, with its kind, security, scopes, answers and refusals', async (t) => {
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

test('the document says which scopes and tiers a caller needs', async (t) => {
  const { document } = await readDocument(t);
  const access = (path: string, method = 'get') => {
    const { 'x-scopes': scopes, 'x-tiers': tiers, description } = document.paths[path]![method]!;
    return { scopes, tiers, description };
  };
  assert.deepEqual(access('/api/partner/accounts'), {
    scopes: ['accounts:list'],
    tiers: undefined,
    description: 'Needs the scope `accounts:list`.',
  });
  assert.deepEqual(access('/api/partner/stats').scopes, {
    ofOne: ['stats:read'],
    ofAll: ['stats:aggregate'],
  });
  assert.match(
    access('/api/partner/embed-tokens', 'post').description as string,
    /Needs the scope `embed:read`\. A key that has `embed:read` alone is refused/,
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
  assert.match(
    description as string,
    /\(except for `leaderboard`\), else `embed:read` or `stats:agg/,
  );
});

test('the document names every code of a refusal', async (t) => {
  const { text } = await readDocument(t);
  // No route answers with these.
  const others = ['method_not_allowed'];
  for (const code of refusalCodes) {
    if (!others.includes(code))
      assert.match(text, new RegExp(`\\\\\`${code}\\\\\`:|\`${code}\``), code);
  }
});

test('the document has parameters and bodies as the server accepts them', async (t) => {
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
  for (const operation of Object.values(document.paths).flatMap(Object.values)) {
    for (const { name, required, schema } of operation.parameters as typeof parameters)
      assert.ok(!(required && 'default' in schema), `${operation.operationId} ${name}`);
  }
  const { requestBody } = document.paths['/api/partner/keys']!.post! as unknown as {
    requestBody: { required: boolean; content: Record<string, { schema: { properties: object } }> };
  };
  assert.equal(requestBody.required, false);
  const { properties } = requestBody.content['application/json']!.schema;
  assert.deepEqual(Object.keys(properties), [
    ...['label', 'scopes', 'preset', 'expires_at', 'allowed_origins'],
  ]);
});

test('the document describes every parameter and every field of a body', async (t) => {
  const { document } = await readDocument(t);
  for (const { operationId, ...operation } of Object.values(document.paths).flatMap(
    Object.values,
  )) {
    const { parameters, requestBody } = operation as unknown as {
      parameters: { name: string; description?: string }[];
      requestBody?: { content: Record<string, { schema: { properties?: object } }> };
    };
    const fields = Object.values(requestBody?.content ?? {}).flatMap(({ schema }) =>
      Object.entries(schema.properties ?? {}).map(([name, field]) => ({ name, ...field })),
    );
    for (const { name, description } of [...parameters, ...fields])
      assert.ok(description, `${operationId} ${name}`);
  }
});

interface FieldSchema {
  description?: string;
  $ref?: string;
}

test('the document describes every field of an answer, in its place or where it refers to', async (t) => {
  const { document } = await readDocument(t);
  const { schemas } = document.components;
  const described = Object.keys(schemas).filter((id) => schemas[id]!.description);
  const addresses = new Set(described.map((id) => `#/components/schemas/${id}`));
  let fields = 0;
  const walk = (schema: { properties?: Record<string, FieldSchema> }, place: string) => {
    for (const [name, { description, $ref = '' }] of Object.entries(schema.properties ?? {})) {
      fields += 1;
      assert.ok(description || addresses.has($ref), `${place} ${name}`);
    }
    for (const [name, part] of Object.entries(schema))
      if (typeof part === 'object') walk(part, `${place} ${name}`);
  };
  walk(schemas as object, '');
  assert.ok(fields > 300, `${fields} fields`);
});

test('the document has the parameters of widgets from the catalogue, and says that invalid values are replaced', async (t) => {
  const { document } = await readDocument(t);
  const { parameters: taken, description } = document.paths['/embed/partner/{widget}']!.get! as {
    parameters?: { name: string; description?: string; schema: Record<string, unknown> }[];
    description?: string;
  };
  assert.match(description!, /An invalid value is replaced/);
  assert.match(
    description!,
    /unknown `widget`, `account_id` or `attempt` gets a 404, and a cred.* a 400/,
  );
  const find = (wanted: string) => taken!.find(({ name }) => name === wanted)!;
  assert.deepEqual(find('widget').schema.enum, widgetNames);
  for (const [name, parameter] of Object.entries(parameters) as [string, Parameter][]) {
    const { description, schema } = find(name);
    assert.ok(description!.startsWith(parameter.description), name);
    assert.equal(String(schema.default), String(parameter.standard), name);
    if (parameter.kind !== 'number') continue;
    assert.deepEqual([schema.minimum, schema.maximum], [parameter.least, parameter.most], name);
  }
});

test('the document allows unknown fields in answers, but not in the bodies of requests', async (t) => {
  const { document } = await readDocument(t);
  assert.doesNotMatch(JSON.stringify(document.components.schemas), /"additionalProperties":false/);
  const { requestBody } = document.paths['/api/partner/branding']!.put! as unknown as {
    requestBody: { content: Record<string, { schema: { additionalProperties: boolean } }> };
  };
  assert.equal(requestBody.content['application/json']!.schema.additionalProperties, false);
});

test('an exchange that the document does not allow makes a test fail', () => {
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    ...{ 'x-request-id': 'x', 'x-ratelimit-limit': '1', 'x-ratelimit-remaining': '1' },
    ...{ 'ratelimit-policy': 'x', ratelimit: 'x' },
  };
  const good = {
    ...{ method: 'GET', path: '/api/partner/origins', query: '', sent: '' },
    ...{ status: 200, headers: new Headers(headers), body: '{"allowed_origins":[]}' },
  };
  holdExchange(good);
  const sent = { ...good, method: 'PUT', sent: '{"allowed_origins":["https://a.example"]}' };
  holdExchange(sent);
  const page = {
    ...{ ...good, path: '/api/partner/audit', query: 'limit=1' },
    body: '{"entries":[],"next":null}',
  };
  holdExchange(page);
  const withHeader = (name: string, value: string) => new Headers({ ...headers, [name]: value });
  const bare = new Headers(headers);
  bare.delete('ratelimit');
  const code = JSON.stringify({ error: 'No.', code: 'key_in_use' });
  for (const [what, bad] of [
    ['another field', { ...good, body: '{"allowed_origins":[],"more":1}' }],
    ['a field that is missing', { ...good, body: '{}' }],
    ['another type', { ...good, body: '{"allowed_origins":[1]}' }],
    ['another status', { ...good, status: 201 }],
    ['another media type', { ...good, headers: withHeader('content-type', 'text/html') }],
    ['a header that is missing', { ...good, headers: bare }],
    ['a header of its own', { ...good, headers: withHeader('x-more', '1') }],
    ['a file name', { ...good, headers: withHeader('content-disposition', 'attachment') }],
    ['a header that is no number', { ...good, headers: withHeader('x-ratelimit-limit', 'one') }],
    ['a code that belongs to another route', { ...good, status: 400, body: code }],
    ['a parameter out of bounds that was taken', { ...page, query: 'limit=201' }],
    ['a parameter that is no number', { ...page, query: 'limit=x' }],
    ['a body that was taken', { ...sent, sent: '{"allowed_origins":["a.example"]}' }],
    ['a field of a body that was taken', { ...sent, sent: '{"allowed_origins":[],"more":1}' }],
    ['no body, where one is needed', { ...sent, sent: '' }],
  ] as const) {
    assert.throws(() => holdExchange(bad), { name: 'AssertionError' }, what);
  }
});
