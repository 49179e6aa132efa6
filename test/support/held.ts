import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type Koa from 'koa';
import { htmlType, jsonType } from '../../server/answers.ts';
import { describeApi, type OpenApiResponse } from '../../server/openapi.ts';
import { endpointOf } from '../../server/route.ts';
import { routes } from '../../server/routes/index.ts';

/** An answer as it came to whoever asked. */
export interface Received {
  method: string;
  /** Without its query. */
  path: string;
  status: number;
  headers: Headers;
  body: string;
}

const api = describeApi(routes);

const ajv = new Ajv2020({ strict: false, validateFormats: true });
formats.default(ajv);
ajv.addSchema(api, 'api');

const operations = routes.map((route) => ({
  method: route.method,
  path: new RegExp(`^${route.path.replace(/:\w+/g, '[^/]+')}$`),
  endpoint: endpointOf(route),
}));

const isDescribed = (path: string) => /^\/(api|embed)\//.test(path);

/** Holds an answer against the document of the API; of an address that it doesn't know, only what every error is. */
export function holdAnswer(received: Received): void {
  const { method, path } = received;
  const asked = method === 'HEAD' ? 'GET' : method;
  const operation = operations.find((one) => one.method === asked && one.path.test(path));
  // What never came to a route: preflights, unknown addresses, other methods.
  if (!operation) {
    if (received.status >= 400 && method !== 'HEAD')
      holdBody(received, jsonType, '#/components/schemas/ErrorAnswer');
    return;
  }
  const place = `#/paths/${inPointer(operation.endpoint)}/${asked.toLowerCase()}/responses/${received.status}`;
  const declared = find<OpenApiResponse | { $ref: string }>(place);
  assert.ok(declared, `${nameOf(received)} is not in the document`);
  const pointer = '$ref' in declared ? declared.$ref : place;
  const { content = {}, headers = {} } = find<OpenApiResponse>(pointer)!;
  for (const name of Object.keys(headers)) holdHeader(received, name);
  if (method === 'HEAD' || Object.keys(content).length === 0) {
    assert.equal(received.body, '', `${nameOf(received)} has a body`);
    return;
  }
  const type = received.headers.get('content-type') ?? '';
  assert.ok(type in content, `${nameOf(received)} is ${type}, not ${Object.keys(content)}`);
  holdBody(received, type, `${pointer}/content/${inPointer(type)}/schema`);
}

function nameOf({ method, path, status }: Received): string {
  return `${method} ${path} -> ${status}`;
}

/** As a JSON pointer writes a name. */
function inPointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** What stands in the document at a JSON pointer. */
function find<Found>(pointer: string): Found | undefined {
  let found: unknown = api;
  for (const name of pointer.slice(2).split('/')) {
    const key = name.replaceAll('~1', '/').replaceAll('~0', '~');
    found = (found as Record<string, unknown> | undefined)?.[key];
  }
  return found as Found | undefined;
}

function holdHeader(received: Received, name: string): void {
  assert.ok(received.headers.has(name), `${nameOf(received)} has no ${name}`);
}

function holdBody(received: Received, type: string, pointer: string): void {
  if (type !== jsonType) {
    assert.equal(type, htmlType);
    return;
  }
  assert.equal(received.headers.get('content-type'), jsonType, nameOf(received));
  const validate = ajv.getSchema(`api${pointer}`)!;
  validate(JSON.parse(received.body));
  const problems = (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
  assert.deepEqual(problems, [], `${nameOf(received)}: ${received.body.slice(0, 300)}`);
}

/** Holds every answer that an app makes. Gives what throws, at the end of the test, when one did not hold. */
export function holdAnswers(koa: Koa): () => void {
  const problems: string[] = [];
  koa.middleware.unshift(async (context, next) => {
    await next();
    if (!isDescribed(context.path)) return;
    try {
      holdAnswer(receivedOf(context));
    } catch (error) {
      problems.push((error as Error).message);
    }
  });
  return () => assert.deepEqual(problems, []);
}

/** What Koa is about to send. */
function receivedOf({ method, path, status, res, body }: Koa.Context): Received {
  const headers = new Headers();
  for (const [name, value] of Object.entries(res.getHeaders())) {
    for (const one of [value].flat()) headers.append(name, String(one));
  }
  // What comes as a stream is left to come.
  const isEmpty = method === 'HEAD' || status === 304 || !body || body instanceof Readable;
  return {
    method,
    path,
    status,
    headers,
    body: isEmpty ? '' : textOf(body as string | Buffer, headers),
  };
}

function textOf(body: string | Buffer, headers: Headers): string {
  const bytes = Buffer.from(body);
  const encoding = headers.get('content-encoding');
  if (encoding === 'br') return brotliDecompressSync(bytes).toString();
  return (encoding === 'gzip' ? gunzipSync(bytes) : bytes).toString();
}

/** Where apps listen whose answers are held as they leave. */
export const heldAddresses = new Set<string>();

/** Holds what a server in another process answers to fetch(). */
export function holdFetched(): void {
  const { fetch } = globalThis;
  globalThis.fetch = async (input, init) => {
    const response = await fetch(input, init);
    const { status, headers, url } = response;
    const { origin, pathname: path } = new URL(url);
    if (heldAddresses.has(origin) || !isDescribed(path)) return response;
    const method = init?.method ?? (input instanceof Request ? input.method : 'GET');
    const body = await response.clone().text();
    holdAnswer({ method, path, status, headers, body });
    return response;
  };
}
