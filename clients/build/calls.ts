import type { OpenApi, OpenApiResponse, Operation } from '../../server/openapi.ts';
import type { JsonSchema } from '../../shared/answers/json-schema.ts';

/** An operation of the API's document as a call of both clients. */
export interface Call {
  /** In camel case: the operation's id. */
  name: string;
  /** What it does, and what it needs. */
  summary: string[];
  method: string;
  /** `/api/partner/accounts/{account_id}` */
  path: string;
  parameters: Parameter[];
  /** Whether it is sent a JSON body, or a file as it is. */
  body: 'json' | 'file' | null;
  /** Of bodies: the parameters of which one group is required, whatever else is. */
  alternatives: readonly (readonly string[])[];
  /** Whether it takes an `Idempotency-Key`. */
  isRepeatable: boolean;
  /** The ids of the schemas of its answers; null: it answers with bytes that are no JSON. */
  answers: string[] | null;
  /** The id of the schema of its messages; null: it answers at once, with no stream of them. */
  messages: string | null;
  pages: Pages | null;
}

/** A call's parameters are named together: those in the path, in the query and in the body. */
export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'body';
  required: boolean;
  schema: JsonSchema;
}

/** How a list is read to its end. */
export interface Pages {
  /** The parameter that says where a page begins. */
  parameter: string;
  /** The field of an answer with the items. */
  items: string;
}

interface Described extends Operation {
  summary: string;
  description?: string;
  security: Record<string, unknown>[];
  parameters: (Omit<Parameter, 'in'> & { in: string; description?: string })[];
  requestBody?: { content: Record<string, { schema: JsonSchema }> };
}

/**
 * The calls that a client can make: the operations that a key in a header opens, but for those that
 * answer with pages for people. Throws where an operation is of a kind that the clients don't know.
 */
export function callsOf({ paths, components }: OpenApi): Call[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Described>)
      .filter(([, operation]) => isForClients(operation))
      .map(([method, operation]) => {
        const call = { ...describe(operation), method: method.toUpperCase(), path };
        return { ...call, pages: call.answers && pagesOf(call, components.schemas) };
      }),
  );
}

function isForClients(operation: Described): boolean {
  const isOpenedByKey = operation.security.some((scheme) => 'key' in scheme);
  return isOpenedByKey && !typesOf(operation).some((type) => type.startsWith('text/html'));
}

function describe(operation: Described) {
  const { operationId, summary, description, parameters, requestBody } = operation;
  const sent = Object.entries(requestBody?.content ?? {});
  const json = sent.find(([type]) => type === 'application/json')?.[1].schema;
  const call = {
    name: operationId,
    summary: [summary, ...(description ? [description] : [])],
    parameters: [
      ...parameters.filter(isNamed).map(ofAddress),
      ...(json ? ofBody(json) : []),
    ].toSorted((one, other) => Number(other.required) - Number(one.required)),
    body: json ? ('json' as const) : sent.length > 0 ? ('file' as const) : null,
    alternatives: ((json?.anyOf ?? []) as JsonSchema[]).map(({ required = [] }) => required),
    isRepeatable: parameters.some(({ name }) => name === 'Idempotency-Key'),
    answers: answersOf(operation),
    messages: messagesOf(operation),
  };
  const names = [...call.parameters.map(({ name }) => name), 'file'];
  if (new Set(names).size < names.length)
    throw new Error(`${operationId} has two parameters of one name`);
  return call;
}

const isNamed = (parameter: Described['parameters'][number]) => parameter.in !== 'header';

function ofAddress(parameter: Described['parameters'][number]): Parameter {
  const { name, in: place, required, description = '', schema } = parameter;
  const described = { description, ...readable(schema) };
  return { name, in: place as 'path' | 'query', required, schema: described };
}

function ofBody({ properties = {}, required = [] }: JsonSchema): Parameter[] {
  return Object.entries(properties).map(([name, schema]) => ({
    ...{ name, in: 'body', schema: schema as JsonSchema },
    required: required.includes(name),
  }));
}

/** A list of texts with commas between them: `^item(,item)*$`. */
const commaList = /^\^(.+)\(,\1\)(?:\*|\{\d+,\d+\})\$$/;
/** `(trade\.created|trade\.updated)` */
const oneOfWords = /^\(([\w\\.|]+)\)$/;

/** A query parameter as programs have it, which an address can only hold as text. */
function readable(schema: JsonSchema): JsonSchema {
  if (String(schema.enum) === 'true,false') {
    const { default: standard } = schema;
    return { type: 'boolean', ...(standard !== undefined && { default: standard === 'true' }) };
  }
  const [, item] = commaList.exec(schema.pattern ?? '') ?? [];
  if (!item) return schema;
  const [, words] = oneOfWords.exec(item) ?? [];
  const choice = words && { enum: words.replaceAll('\\', '').split('|') };
  return { type: 'array', items: { type: 'string', ...choice } };
}

function answersOf(operation: Described): string[] | null {
  if (!typesOf(operation).some((type) => type.startsWith('application/json'))) return null;
  const ids = goodAnswers(operation).map(({ content = {} }) => {
    const [json] = Object.values(content);
    return idOf(json?.schema, operation);
  });
  return [...new Set(ids)];
}

function messagesOf(operation: Described): string | null {
  const [stream] = goodAnswers(operation).flatMap(({ content = {} }) =>
    Object.entries(content).filter(([type]) => type.startsWith('text/event-stream')),
  );
  if (!stream) return null;
  const { operationId, parameters } = operation;
  // Clients go on by it after a connection has ended.
  if (!parameters.some(({ name }) => name === 'last_event_id'))
    throw new Error(`${operationId} is a stream of a kind that the clients can't follow`);
  const [, { schema }] = stream;
  return idOf(schema.contentSchema as JsonSchema | undefined, operation);
}

/** The id of a schema that is named. */
function idOf(schema: JsonSchema | undefined, { operationId }: Described): string {
  const [, id] = /^#\/components\/schemas\/(\w+)$/.exec(String(schema?.$ref)) ?? [];
  if (!id) throw new Error(`${operationId} has an answer that is no named schema`);
  return id;
}

function goodAnswers({ responses }: Operation): OpenApiResponse[] {
  return Object.entries(responses)
    .filter(([status]) => status.startsWith('2'))
    .map(([, response]) => response as OpenApiResponse);
}

function typesOf(operation: Operation): string[] {
  return goodAnswers(operation).flatMap(({ content = {} }) => Object.keys(content));
}

/** The parameters that take a place in a list; of several the first. */
const places = ['cursor', 'after', 'before', 'page'];

function pagesOf(
  { name, method, parameters, answers }: Omit<Call, 'pages'>,
  schemas: OpenApi['components']['schemas'],
): Pages | null {
  const { properties = {} } = schemas[answers![0]!]!;
  if (method !== 'GET' || !('next' in properties || 'pagination' in properties)) return null;
  const parameter = places.find((place) => parameters.some((each) => each.name === place));
  const items = Object.keys(properties).filter(
    (field) => (properties[field] as JsonSchema).type === 'array',
  );
  if (parameter === undefined || items.length !== 1)
    throw new Error(`${name} is a list of a kind that the clients can't read to its end`);
  return { parameter, items: items[0]! };
}
