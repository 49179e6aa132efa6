import type { z } from 'zod';
import type { Scope } from '../shared/access.ts';
import { errorAnswer } from '../shared/answers/error.ts';
import {
  idOf,
  type JsonSchema,
  namedJsonSchemas,
  toJsonSchema,
} from '../shared/answers/json-schema.ts';
import { webhookEvents } from '../shared/answers/webhook-events.ts';
import { type RefusalCode, refusals } from '../shared/refusals.ts';
import { findWidget, widgetNames, widgets } from '../shared/widgets.ts';
import { scopesNeeded } from './access/admission.ts';
import { htmlType, jsonType } from './answers.ts';
import { csvType } from './csv.ts';
import { describeHeader, headersOfApi } from './headers.ts';
import {
  type Action,
  type BytesAnswer,
  type Change,
  type DeclaredAnswer,
  endpointOf,
  type Question,
  type Route,
  type StreamRoute,
} from './route.ts';
import { isRepeatable, ofEvery, refusalsOf } from './route-refusals.ts';

/** OpenAPI 3.1: https://spec.openapis.org/oas/v3.1.1 */
export interface OpenApi {
  openapi: string;
  info: object;
  servers: readonly object[];
  paths: Record<string, Record<string, Operation>>;
  webhooks: Record<string, { post: WebhookRequest }>;
  components: {
    schemas: Record<string, JsonSchema>;
    headers: Headers;
    responses: Record<string, OpenApiResponse>;
    securitySchemes: object;
  };
  [other: string]: unknown;
}

export interface Operation {
  operationId: string;
  responses: Record<string, OpenApiResponse | { $ref: string }>;
  [other: string]: unknown;
}

/** A request that the server sends. */
export interface WebhookRequest {
  requestBody: { content: Record<string, { schema: JsonSchema }> };
  [other: string]: unknown;
}

export interface OpenApiResponse {
  description: string;
  headers?: Headers;
  content?: Record<string, { schema: JsonSchema }>;
}

type Headers = Record<string, object>;

/** The OpenAPI document, made from the routes alone. */
export function describeApi(routes: readonly Route[]): OpenApi {
  const paths: OpenApi['paths'] = {};
  for (const route of routes) {
    const path = endpointOf(route);
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: describeRoute(route) };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'PropTally',
      version: '1',
      summary: 'Trading analytics that prop trading firms embed.',
      description:
        'Send a key in the `X-API-Key` header. Amounts are decimal numbers in the currency that the response names; an undefined number is null. Every response has an `X-Request-Id`, and every error has the shape of `ErrorAnswer`. `x-scopes` lists scopes of which the caller needs any one. An object with `all` lists scopes of which the caller needs every one. Where it has two lists, `ofOne` is for requests about one account and `ofAll` for those about all. `x-tiers` gives the smallest tier that includes each widget.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths,
    webhooks: describeWebhooks(),
    components: {
      schemas: namedJsonSchemas(addressOfSchema),
      headers: headersOfApi,
      responses: commonRefusals,
      securitySchemes,
    },
  };
}

/** What the server sends to a webhook for each type of event. */
function describeWebhooks(): OpenApi['webhooks'] {
  return Object.fromEntries(
    Object.entries(webhookEvents).map(([type, schema]) => [
      type,
      {
        post: {
          operationId: `send${idOf(schema)}`,
          summary: `Tells a webhook of \`${type}\`.`,
          security: [],
          requestBody: { required: true, content: { [jsonType]: { schema: refer(schema) } } },
          responses: { '2XX': { description: 'The event is received.' } },
        },
      },
    ]),
  );
}

function tagOf({ path }: Route): string {
  const [, first = '', , third = ''] = path.split('/');
  return first === 'api' ? third.split('.')[0]! : first;
}

function describeRoute(route: Route): Operation {
  const body = describeBody(route);
  const description = describeInWords(route);
  return {
    operationId: route.name,
    summary: route.summary,
    ...(description && { description }),
    tags: [tagOf(route)],
    'x-kind': route.kind,
    ...describeAccess(route),
    parameters: describeParameters(route),
    ...(body && { requestBody: body }),
    responses: describeResponses(route),
  };
}

/** What no other field of the document can express; null: nothing. */
function describeInWords(route: Route): string | null {
  if (route.kind === 'open') return null;
  if (route.kind === 'stream') return `Needs the scope ${anyOf(route.scopes)}.`;
  if (route.kind !== 'question') return callersInWords(route);
  const mended =
    ' An invalid value is replaced by the nearest valid one, or else by the default; but an unknown `widget`, `account_id` or `attempt` gets a 404, and a credential that is twice in the query a 400.';
  const tier = route.tier ? ` Needs the ${route.tier} tier or a larger one.` : '';
  return `${scopesInWords(route)}${tier}${route.isForgiving ? mended : ''}`;
}

function isOfWidget({ path }: Route): boolean {
  return path.includes('/:widget');
}

function scopesInWords(route: Question): string {
  const { scopes } = route;
  if (!('ofOne' in scopes)) return `Needs the scope ${anyOf(scopes)}.`;
  const ofAll = isOfWidget(route)
    ? widgetNames.filter((name) => findWidget(name)?.showsOthers)
    : [];
  const but = ofAll.map((name) => ` (except for \`${name}\`)`).join('');
  return `Needs the scope ${anyOf(scopes.ofOne)} if \`account_id\` is given${but}, else ${anyOf(scopes.ofAll)}.`;
}

function callersInWords(route: Action | Change): string {
  if (route.isPersonal) return 'Only for a person who signed in by mail.';
  const scopes = scopesNeeded(route);
  const noun = scopes.length > 1 ? 'scopes' : 'scope';
  const needs = scopes.length > 0 ? `Needs the ${noun} ${written(scopes).join(' and ')}. ` : '';
  return `${needs}A key that has \`embed:read\` alone is refused.`;
}

function anyOf(scopes: readonly Scope[]): string {
  return written(scopes).join(' or ');
}

function written(scopes: readonly Scope[]): string[] {
  return scopes.map((scope) => `\`${scope}\``);
}

/**
 * How to authenticate, and the scopes of which a caller needs any one, as {@link Scopes}. The
 * scopes are in a field of their own, as they may depend on the parameters.
 */
function describeAccess(route: Route): object {
  if (route.kind === 'open') return { security: [] };
  if (route.kind !== 'question' && route.kind !== 'stream') {
    const scopes = scopesNeeded(route);
    return {
      security: route.isPersonal ? by('session') : by('key', 'bearer', 'session'),
      ...(scopes.length > 0 && { 'x-scopes': scopes.length > 1 ? { all: scopes } : scopes }),
    };
  }
  const { keyParameter, reachedBy, scopes } = route;
  return {
    security: [
      ...by('key', 'bearer'),
      ...(keyParameter ? by(addressSchemes[keyParameter]) : []),
      ...(reachedBy ? by('token', 'tokenInAddress') : []),
      ...(reachedBy === 'frame' ? [] : by('session')),
      ...(reachedBy === 'script' ? by('trader') : []),
    ],
    'x-scopes': scopes,
    ...(isOfWidget(route) && { 'x-tiers': tiersOfWidgets }),
  };
}

/** Security requirements, of which any one is enough. */
function by(...names: (keyof typeof securitySchemes)[]) {
  return names.map((name) => ({ [name]: [] }));
}

const tiersOfWidgets = Object.fromEntries(widgetNames.map((name) => [name, widgets[name].tier]));

const addressSchemes = { api_key: 'keyInAddress', key: 'keyInFrame' } as const;

const securitySchemes = {
  key: apiKey('header', 'X-API-Key', 'A key, `pt_…`.'),
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description: 'The same key, or an embed token where those are accepted.',
  },
  keyInAddress: apiKey('query', 'api_key', 'The same key, on routes that read data.'),
  keyInFrame: apiKey('query', 'key', 'The same key, best a publishable one.'),
  token: apiKey('header', 'X-API-Key', 'An embed token, `pte_…`.'),
  tokenInAddress: apiKey('query', 'token', 'An embed token, `pte_…`.'),
  session: apiKey(
    'cookie',
    '__Host-pt_session',
    'The cookie of a session. Its name is `pt_session` if the server’s public URL is not https.',
  ),
  trader: apiKey(
    'cookie',
    '__Host-pt_trader',
    'The cookie of the page at `/trader`, which asks with `token=trader`; for that page alone. Its name is `pt_trader` if the server’s public URL is not https.',
  ),
};

function apiKey(place: 'header' | 'query' | 'cookie', name: string, description: string) {
  return { type: 'apiKey', in: place, name, description };
}

function describeParameters(route: Route): object[] {
  const { properties = {}, required = [] } = toJsonSchema(route.query);
  const inPath = new Set([...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name!));
  const isForgiving = route.kind === 'question' && route.isForgiving;
  const described = Object.entries(properties).map(([name, given]) => {
    const { description, ...schema } = given as JsonSchema;
    const isInPath = inPath.has(name);
    return {
      name,
      in: isInPath ? 'path' : 'query',
      required: isInPath || (!isForgiving && required.includes(name)),
      ...(description && { description }),
      schema,
    };
  });
  if (route.kind === 'stream') return [...described, lastEventId];
  return isRepeatable(route) ? [...described, idempotencyKey] : described;
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Makes it safe to send the request again: within 24 hours the same key gets the same answer, and nothing is done twice (draft-ietf-httpapi-idempotency-key-header).',
  schema: { type: 'string', minLength: 1, maxLength: 257 },
};

const lastEventId = {
  name: 'Last-Event-ID',
  in: 'header',
  required: false,
  description: 'Goes on after the message with this id. Any other text is ignored.',
  schema: { type: 'string' },
};

function describeBody(route: Route): object | undefined {
  const body = 'body' in route ? route.body : undefined;
  const streams = 'streams' in route ? route.streams : undefined;
  if (body) {
    const schema = toJsonSchema(body);
    const isNeeded = (schema.required ?? []).length > 0;
    return { required: isNeeded, content: { 'application/json': { schema } } };
  }
  if (!streams) return undefined;
  return {
    required: true,
    content: Object.fromEntries(streams.map((type) => [type, { schema: binary }])),
  };
}

function describeResponses(route: Route): Operation['responses'] {
  const answers = Object.entries(route.answers).map(
    ([status, answer]) => [status, describeAnswer(answer, route)] as const,
  );
  const refused = Object.entries(refusalsOf(route)).map(([status, codes]) => {
    const isCommon = !route.refuse && codes === ofEvery[Number(status)];
    const common = { $ref: `#/components/responses/${status}` };
    return [status, isCommon ? common : describeRefusals(Number(status), codes, route)] as const;
  });
  const notModified = {
    description: 'The answer is still the one that `If-None-Match` names.',
    headers: questionHeaders,
  };
  return Object.fromEntries([
    ...answers,
    ...(route.kind === 'question' ? [['304', notModified] as const] : []),
    ...refused,
  ]);
}

/** Whether a request that is not a question counts against a quota. */
function isCounted(route: Route): boolean {
  return (
    route.kind === 'action' || route.kind === 'stream' || (route.kind === 'change' && !route.ends)
  );
}

function describeAnswer(answer: DeclaredAnswer, route: Route): OpenApiResponse {
  const headers = {
    ...(route.kind === 'question' ? questionHeaders : requestId),
    ...(isCounted(route) ? quotaHeaders : {}),
    ...(isRepeatable(route) ? pick('Idempotent-Replayed') : {}),
    ...Object.fromEntries(
      Object.entries(answer.headers ?? {}).map(([name, means]) => [name, describeHeader(means)]),
    ),
  };
  const described = { description: answer.means, headers };
  if ('schema' in answer) {
    const csv = route.kind === 'question' && route.asCsv ? { [csvType]: { schema: text } } : {};
    return { ...described, content: { [jsonType]: { schema: refer(answer.schema) }, ...csv } };
  }
  if (!('type' in answer)) return described;
  return { ...described, content: { [answer.type]: { schema: schemaOf(answer, route) } } };
}

/** The schema of a body that is not declared to be JSON of a schema. */
function schemaOf({ type }: BytesAnswer, route: Route): JsonSchema {
  if (route.kind === 'stream') return messagesOf(route);
  return type === jsonType ? object : text;
}

/** A text of server-sent events, each of whose messages is JSON. */
function messagesOf({ message }: StreamRoute): JsonSchema {
  return { ...text, contentMediaType: 'text/event-stream', contentSchema: refer(message) };
}

/**
 * The refusals of one status as a response, in the shape of every error; also in HTML if the route
 * draws its refusals.
 */
function describeRefusals(
  status: number,
  codes: readonly RefusalCode[],
  { refuse }: Pick<Route, 'refuse'> = {},
): OpenApiResponse {
  const error = { allOf: [refer(errorAnswer), { properties: { code: { enum: [...codes] } } }] };
  return {
    description: codes.map((code) => `\`${code}\`: ${refusals[code]}`).join('\n\n'),
    headers: {
      ...requestId,
      ...pick('X-PropTally-Code'),
      // Only if the request counted against a quota.
      ...quotaHeaders,
      ...(status === 401 ? pick('WWW-Authenticate') : {}),
      ...(status === 429 || status === 503 || codes.includes('request_running')
        ? pick('Retry-After')
        : {}),
    },
    content: {
      [jsonType]: { schema: error },
      ...(refuse && { [htmlType]: { schema: text } }),
    },
  };
}

const text = { type: 'string' } as const;
const binary = { type: 'string', format: 'binary' } as const;
const object = { type: 'object' } as const;

function refer(schema: z.ZodType): JsonSchema {
  return { $ref: addressOfSchema(idOf(schema)) };
}

function addressOfSchema(id: string): string {
  return `#/components/schemas/${id}`;
}

function pick(...names: (keyof typeof headersOfApi)[]): Headers {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

const requestId = pick('X-Request-Id');
const quotaHeaders = pick(
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'RateLimit-Policy',
  'RateLimit',
);
const questionHeaders = { ...requestId, ...pick('ETag'), ...quotaHeaders };

/**
 * The refusals of every route, by status. A route with more of the same status describes its own.
 */
const commonRefusals = Object.fromEntries(
  Object.entries(ofEvery).map(([status, codes]) => [
    status,
    describeRefusals(Number(status), codes),
  ]),
);
