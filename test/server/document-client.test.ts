import assert from 'node:assert/strict';
import test from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { problemOfUrl } from '../../server/events/target.ts';
import type { OpenApi } from '../../server/openapi.ts';
import type { JsonSchema } from '../../shared/answers/json-schema.ts';
import { zoneName } from '../../shared/zone.ts';
import { api } from '../support/api.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer } from '../support/server.ts';
import { signIn } from '../support/signed-in.ts';
import { webhookAllow } from '../support/threads.ts';

/** What a client reads of an operation. */
interface Described {
  parameters: Parameter[];
  requestBody?: { content: Record<string, { schema: JsonSchema }> };
  security: object[];
  description?: string;
}

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  schema: JsonSchema;
}

const ajv = new Ajv2020({
  ...{ strict: false, validateSchema: false },
  // Nothing that a client makes up is a cursor.
  formats: {
    'time-zone': (name: string) => zoneName(name) !== null,
    'webhook-url': (url: string) => problemOfUrl(url, webhookAllow) === null,
    cursor: () => false,
  },
});
const takes = (schema: JsonSchema, value: unknown) => ajv.compile(schema)(value);

/** Texts with lengths around the maximum ones: plain, between white space, and of emoji. */
const lines = [49, 50, 51, 99, 100, 101].flatMap((length) => [
  'a'.repeat(length),
  ` ${'a'.repeat(length)}\n`,
  '😀'.repeat(length),
]);
const texts = [
  ...['17:00', '17:10', '24:00', 'America/Chicago', 'America/Nowhere', '+02:00'],
  ...['', ' ', 'x', ' x ', 'a@b', 'A line of text.', 'USD', 'usd', 'US', '2026-11', '2026-13'],
  ...['a@b.example', ' A@b.example ', 'a@b@c', 'a b@c.example', '10b981', '10B981', '10b98g'],
  ...[
    '#10b981',
    '#10B981',
    '#10b98',
    'https://a.example',
    'HTTPS://A.example/x?y#z',
    '//a.example',
  ],
  ...['http://a.example', 'https://a.example:8443/', 'https://a.example/x', 'ftp://a.example'],
  ...['https://a.example/"x"', 'https://a b.example', 'https://a.example:0'],
];
const others = [null, true, 1, 'x', [], {}, ['x']];

/** Values for a schema, valid and invalid ones. */
function candidates(schema: JsonSchema): unknown[] {
  if (schema.anyOf) return (schema.anyOf as JsonSchema[]).flatMap(candidates);
  const types = [schema.type].flat() as (keyof typeof ofType)[];
  const ofTypes = types.flatMap((type): unknown[] => ofType[type]?.(schema) ?? []);
  return [...ofTypes, ...others];
}

const ofType = {
  integer: ({ minimum = 0, maximum = 1_000 }: JsonSchema) => [
    ...[minimum, minimum - 1, maximum, maximum + 1, minimum + 0.5],
  ],
  number: ({ minimum = 0, maximum = 1_000 }: JsonSchema) => [minimum, minimum / 2, maximum + 1],
  string: ({ enum: words = [], maxLength }: JsonSchema) => [
    ...(words as string[]).flatMap((word) => [word, word.toUpperCase()]),
    ...texts,
    ...(maxLength === undefined ? lines : ['a'.repeat(maxLength), 'a'.repeat(maxLength + 1)]),
  ],
  array: ({ items, maxItems = 10 }: JsonSchema) => {
    const item = goodOne(items as JsonSchema);
    return [
      ...[1, maxItems, maxItems + 1].map((length) => new Array(length).fill(item)),
      ...candidates(items as JsonSchema).map((one) => [item, one]),
    ];
  },
  boolean: () => [false],
  object: (schema: JsonSchema) => {
    const good = goodBody(schema);
    const fields = Object.entries(schema.properties ?? {}) as [string, JsonSchema][];
    return [
      ...[good, { ...good, more: 1 }],
      ...fields.flatMap(([name, field]) =>
        [7, goodOne(field)].map((one) => ({ ...good, [name]: one })),
      ),
    ];
  },
};

function goodOne(schema: JsonSchema): unknown {
  const [good] = candidates(schema).filter((value) => takes(schema, value));
  assert.ok(good !== undefined, JSON.stringify(schema));
  return good;
}

/** Whether a value of this schema can be written into an address. */
function isWritable(schema: JsonSchema, value: unknown): boolean {
  return typeof value === 'string'
    ? schema.type === 'string'
    : schema.type !== 'string' && typeof value === 'number';
}

/** Starts a client that knows nothing but the server's document, and has the credentials it names. */
async function startClient(t: test.TestContext) {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database, 'enterprise');
  const { body: document } = await api(server, null).get<OpenApi>('openapi.json');
  const cookie = await signIn(server, partner);
  const ask = async (method: string, address: string, security: object[], body?: unknown) => {
    // Time passes, so that no rate limit refuses the request.
    server.clock.now += 1_000;
    const shown = security.some((scheme) => 'session' in scheme)
      ? cookie
      : security.length > 0
        ? { 'X-API-Key': partner.key }
        : {};
    const { headers } = await api(server, shown).send(method.toUpperCase(), address, body);
    return !/^invalid_(parameters|body)$/.test(headers.get('x-proptally-code') ?? '');
  };
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...{ method, path },
      ...withoutHeaders(operation as unknown as Described),
    })),
  );
  return { operations, ask };
}

/** Headers are not part of the address. */
function withoutHeaders({ parameters, ...rest }: Described): Described {
  return { ...rest, parameters: parameters.filter((each) => each.in !== 'header') };
}

function addressOf(path: string, parameters: Parameter[], given: Record<string, unknown>): string {
  const query = new URLSearchParams();
  let address = path;
  for (const { name, in: place, required, schema } of parameters) {
    const value = String(given[name] ?? (required ? goodOne(schema) : ''));
    if (place === 'path') address = address.replace(`{${name}}`, encodeURIComponent(value));
    else if (name in given || required) query.set(name, value);
  }
  return `${address}?${query}`;
}

test('the server accepts exactly the parameters that its document allows', async (t) => {
  const { operations, ask } = await startClient(t);
  for (const { method, path, parameters, requestBody, security, description } of operations) {
    // Every invalid link gets the same answer.
    const isLink = method === 'get' && /\/(auth\/verify|trader\/open)$/.test(path);
    const isMended = isLink || (description?.includes('An invalid value is replaced') ?? false);
    const json = requestBody?.content['application/json'];
    const body = json && goodBody(json.schema);
    for (const { name, in: place, required, schema } of parameters) {
      if (required && place === 'query') {
        const without = parameters.filter((other) => other.name !== name);
        const isTaken = await ask(method, addressOf(path, without, {}), security, body);
        assert.equal(isTaken, isMended, `${method} ${path} without ${name}`);
      }
      const written = candidates(schema).filter((value) => isWritable(schema, value));
      // A few values that are mended are enough.
      const bad = written.filter((value) => !takes(schema, value)).slice(0, 3);
      for (const value of isMended ? bad : written) {
        if (value === '' && place === 'path') continue;
        const address = addressOf(path, parameters, { [name]: value });
        const isTaken = await ask(method, address, security, body);
        assert.equal(isTaken, isMended || takes(schema, value), `${method} ${address}`);
      }
    }
  }
});

/** A valid body with the required fields alone. */
function goodBody({ properties = {}, ...schema }: JsonSchema): Record<string, unknown> {
  const [first] = (schema.anyOf ?? []) as JsonSchema[];
  const required = schema.required ?? first?.required ?? [];
  return Object.fromEntries(
    required.map((name) => [name, goodOne(properties[name] as JsonSchema)]),
  );
}

test('the server accepts exactly the bodies that its document allows', async (t) => {
  const { operations, ask } = await startClient(t);
  for (const { method, path, parameters, requestBody, security } of operations) {
    const json = requestBody?.content['application/json'];
    if (!json) continue;
    const { schema } = json;
    const good = goodBody(schema);
    const fields = Object.entries(schema.properties ?? {}) as [string, JsonSchema][];
    const every = Object.fromEntries(fields.map(([name, field]) => [name, goodOne(field)]));
    const bodies = [
      ...[{}, { ...good, more: 1 }, every],
      ...fields.flatMap(([name, field]) =>
        candidates(field)
          // A schema can't say that a time must be in the future.
          .filter((value) => !(name === 'expires_at' && (value === 0 || value === 1)))
          .map((value) => ({ ...good, [name]: value })),
      ),
    ];
    for (const body of bodies) {
      const isTaken = await ask(method, addressOf(path, parameters, {}), security, body);
      assert.equal(isTaken, takes(schema, body), `${method} ${path} ${JSON.stringify(body)}`);
    }
  }
});
