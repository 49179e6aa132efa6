import assert from 'node:assert/strict';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { jsonType } from '../../server/answers.ts';
import type { OpenApiResponse, Operation } from '../../server/openapi.ts';
import { endpointOf } from '../../server/route.ts';
import { document, routes } from '../../server/routes/index.ts';
import type { JsonSchema } from '../../shared/answers/json-schema.ts';

/** A request and its response. */
export interface Exchange {
  method: string;
  /** The path of the address, without the query. */
  path: string;
  query: string;
  /** The body of the request; empty where it had none. */
  sent: string;
  status: number;
  headers: Headers;
  body: string;
}

/** The API's document with one stricter rule: no undeclared fields, which clients must otherwise tolerate. */
const api = structuredClone(document);
Object.values(api.components.schemas).forEach(close);

function close(schema: unknown): void {
  if (typeof schema !== 'object' || schema === null) return;
  if ('properties' in schema) Object.assign(schema, { additionalProperties: false, ...schema });
  Object.values(schema).forEach(close);
}

const ajv = new Ajv2020({
  strict: false,
  // Validating the document itself takes a while, and a linter does it in another test.
  ...{ meta: false, validateSchema: false },
  code: { optimize: false },
});
formats.default(ajv);
// The names of zones are checked where they are sent (document-client.test.ts), cursors by the tests
// of lists.
ajv.addFormat('time-zone', true);
ajv.addFormat('webhook-url', true);
ajv.addFormat('cursor', true);
ajv.addSchema(api, 'api');

const operations = routes.map((route) => ({
  method: route.method,
  path: new RegExp(`^${route.path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`),
  pointer: `#/paths/${inPointer(endpointOf(route))}/${route.method.toLowerCase()}`,
  isForgiving: route.kind === 'question' && route.isForgiving === true,
}));

/** Checks an exchange against the API's document; at an address that it doesn't have, only the body of errors. */
export function holdExchange(exchange: Exchange): void {
  const { method, path, status } = exchange;
  const asked = method === 'HEAD' ? 'GET' : method;
  const operation = operations.find((one) => one.method === asked && one.path.test(path));
  // These requests reach no route: preflights, unknown addresses, other methods.
  if (!operation) {
    if (status >= 400 && method !== 'HEAD')
      holdBody(exchange, jsonType, '#/components/schemas/ErrorAnswer');
    return;
  }
  if (status < 300) {
    // Invalid parameters are mended here, so they may have any value.
    if (!operation.isForgiving) holdParameters(exchange, operation);
    // With `partial`, trades that are not as they should be are refused one by one.
    if (!/(^|&)partial=true/.test(exchange.query)) holdSent(exchange, operation.pointer);
  }
  holdAnswer(exchange, `${operation.pointer}/responses/${status}`);
}

function holdAnswer(exchange: Exchange, place: string): void {
  const declared = find<OpenApiResponse | { $ref: string }>(place);
  assert.ok(declared, `${nameOf(exchange)} is not in the document`);
  const pointer = '$ref' in declared ? declared.$ref : place;
  const { content = {}, headers = {} } = find<OpenApiResponse>(pointer)!;
  holdHeaders(exchange, headers as Record<string, DeclaredHeader>);
  if (exchange.method === 'HEAD' || Object.keys(content).length === 0) {
    assert.equal(exchange.body, '', `${nameOf(exchange)} has a body`);
    return;
  }
  const type = exchange.headers.get('content-type') ?? '';
  assert.ok(type in content, `${nameOf(exchange)} is ${type}, not ${Object.keys(content)}`);
  if (type === jsonType) holdBody(exchange, type, `${pointer}/content/${inPointer(type)}/schema`);
}

function nameOf({ method, path, status }: Exchange): string {
  return `${method} ${path} -> ${status}`;
}

/** Escapes a name for a JSON pointer. */
function inPointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The part of the document at a JSON pointer. */
function find<Found>(pointer: string): Found | undefined {
  let found: unknown = api;
  for (const name of pointer.slice(2).split('/')) {
    const key = name.replaceAll('~1', '/').replaceAll('~0', '~');
    found = (found as Record<string, unknown> | undefined)?.[key];
  }
  return found as Found | undefined;
}

type DeclaredHeader = { schema: JsonSchema } | { $ref: string };

/** Headers of HTTP and for browsers, which the document need not declare. */
const ofEveryAnswer = new Set([
  ...['connection', 'date', 'keep-alive', 'transfer-encoding'],
  ...['allow', 'cache-control', 'content-encoding', 'content-length', 'content-type', 'vary'],
  ...['access-control-allow-origin', 'access-control-expose-headers'],
  ...['content-security-policy', 'referrer-policy', 'refresh'],
  ...['cross-origin-embedder-policy', 'cross-origin-resource-policy'],
  ...['strict-transport-security', 'x-accel-buffering', 'x-content-type-options'],
]);

/** Headers of what counts against a quota: not every refusal does, nor what a stream lets through. */
const ofQuota = /^(X-)?RateLimit/;
/** Only the answer of a repeated request has it. */
const ofRepeated = 'Idempotent-Replayed';

function holdHeaders(exchange: Exchange, declared: Record<string, DeclaredHeader>): void {
  const names = Object.keys(declared);
  for (const name of names) {
    const value = exchange.headers.get(name);
    const isUncounted = exchange.status >= 400 || /(^|&)stream=/.test(exchange.query);
    if (value === null && ofQuota.test(name) && isUncounted) continue;
    if (value === null && name === ofRepeated) continue;
    // Of conflicts, only a request that is still running is worth another try.
    if (value === null && name === 'Retry-After' && exchange.status === 409) continue;
    // The last page has none.
    if (value === null && name === 'Link') continue;
    assert.ok(value !== null, `${nameOf(exchange)} has no ${name}`);
    const header = declared[name]!;
    const { schema } = '$ref' in header ? find<{ schema: JsonSchema }>(header.$ref)! : header;
    if (schema.type === 'integer') assert.match(value, /^\d+$/, `${nameOf(exchange)}: ${name}`);
  }
  const known = new Set(names.map((name) => name.toLowerCase()));
  const others = [...exchange.headers.keys()].filter((name) => !known.has(name));
  assert.deepEqual(
    others.filter((name) => !ofEveryAnswer.has(name)),
    [],
    `Headers of ${nameOf(exchange)} that are not in the document`,
  );
}

interface Parameter {
  name: string;
  in: 'query' | 'path' | 'header';
  required: boolean;
  schema: JsonSchema;
}

function holdParameters(exchange: Exchange, { pointer, path }: (typeof operations)[number]): void {
  const query = new URLSearchParams(exchange.query);
  const inPath = path.exec(exchange.path)!.groups ?? {};
  const { parameters } = find<Operation>(pointer) as { parameters?: Parameter[] };
  for (const [index, { name, in: place, required, schema }] of (parameters ?? []).entries()) {
    if (place === 'header') continue;
    const given =
      place === 'path' ? decodeURIComponent(inPath[name]!) : (query.get(name) ?? undefined);
    const what = `${nameOf(exchange)} took ${name}=${given}`;
    if (given === undefined) assert.ok(!required, what);
    else hold(readParameter(given, schema), `${pointer}/parameters/${index}/schema`, what);
  }
}

function readParameter(text: string, { type }: JsonSchema): unknown {
  return type === 'integer' || type === 'number' ? Number(text) : text;
}

function holdSent(exchange: Exchange, pointer: string): void {
  const { requestBody } = find<Operation>(pointer) as {
    requestBody?: { required: boolean; content: object };
  };
  if (!requestBody || !('application/json' in requestBody.content)) return;
  const what = `${nameOf(exchange)} took ${exchange.sent.slice(0, 300)}`;
  if (exchange.sent === '') assert.ok(!requestBody.required, what);
  else {
    const place = `${pointer}/requestBody/content/${inPointer('application/json')}/schema`;
    hold(JSON.parse(exchange.sent), place, what);
  }
}

function holdBody(exchange: Exchange, type: string, pointer: string): void {
  const what = nameOf(exchange);
  assert.equal(exchange.headers.get('content-type'), type, what);
  hold(JSON.parse(exchange.body), pointer, `${what}: ${exchange.body.slice(0, 300)}`);
}

/** Asserts that a value conforms to the schema at a pointer. */
function hold(value: unknown, pointer: string, what: string): void {
  const validate = ajv.getSchema(`api${pointer}`)!;
  validate(value);
  const problems = (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
  assert.deepEqual(problems, [], what);
}
