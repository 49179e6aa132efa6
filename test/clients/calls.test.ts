import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { type Call, callsOf } from '../../clients/build/calls.ts';
import { madeFiles } from '../../clients/build/files.ts';
import { snakeCase, variable } from '../../clients/build/python.ts';
import { PropTally } from '../../clients/js/index.ts';
import { document } from '../../server/routes/index.ts';
import type { JsonSchema } from '../../shared/answers/json-schema.ts';
import { runPython, withoutPython } from '../support/python.ts';
import { type Arrived, answer, startScripted } from '../support/scripted-server.ts';

const calls = callsOf(document);

test('a client calls every operation that a key opens, but for the widgets’ pages', () => {
  const called = new Set(calls.map(({ name }) => name));
  const others = Object.values(document.paths)
    .flatMap((methods) => Object.values(methods))
    .filter(({ security }) => (security as object[]).some((scheme) => 'key' in scheme))
    .map(({ operationId }) => operationId)
    .filter((name) => !called.has(name));
  assert.deepEqual(others, ['showWidget']);
});

test('both clients have a method for every call', () => {
  const python = readFileSync(
    path.join(import.meta.dirname, '../../clients/python/proptally.py'),
    'utf8',
  );
  for (const { name } of calls) {
    assert.ok(name in PropTally.prototype, `${name} is missing: npm run clients`);
    const method = snakeCase(name);
    assert.ok(python.includes(`    def ${method}(`), `${method} is missing: npm run clients`);
  }
});

test('what is made from the document is as `npm run clients` makes it', async () => {
  for (const [file, text] of await madeFiles())
    assert.ok(readFileSync(file, 'utf8') === text, `${path.basename(file)}: npm run clients`);
});

/** A value for a parameter; in an address it has to be escaped. */
function sample(schema: JsonSchema): unknown {
  const { anyOf, enum: words, type, items } = schema;
  if (anyOf) return sample((anyOf as JsonSchema[])[0]!);
  if (words) return words[0];
  const [first] = [type].flat();
  return first === 'array' ? [sample(items as JsonSchema)] : samples[first as keyof typeof samples];
}

const samples = {
  string: 'a/b c&ü?',
  integer: 7,
  number: 1.5,
  boolean: true,
  object: { symbol: 'ES' },
};

const parametersFor = ({ parameters }: Call) =>
  Object.fromEntries(parameters.map(({ name, schema }) => [name, sample(schema)]));

/** What a request holds, as the document names it. */
function contentOf({ method, url, headers, body }: Arrived) {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const type = headers['content-type'];
  return {
    ...{ method, path: decodeURIComponent(pathname), type },
    query: Object.fromEntries(searchParams),
    body: type === 'application/json' ? JSON.parse(body.toString()) : body.toString(),
    isRepeatable: 'idempotency-key' in headers,
    key: headers['x-api-key'],
  };
}

function expectedOf(call: Call): ReturnType<typeof contentOf> {
  const given = parametersFor(call);
  const of = (place: string) =>
    call.parameters
      .filter((parameter) => parameter.in === place)
      .map(({ name }) => [name, given[name]] as const);
  const isJson = call.body === 'json';
  return {
    method: call.method,
    path: call.path.replace(/\{(\w+)\}/g, (_, name) => String(given[name])),
    type: isJson ? 'application/json' : call.body ? 'application/octet-stream' : undefined,
    query: Object.fromEntries(of('query').map(([name, value]) => [name, String(value)])),
    body: isJson ? Object.fromEntries(of('body')) : call.body ? 'a file' : '',
    isRepeatable: call.isRepeatable,
    key: 'pt_1',
  };
}

const page = { next: null, has_more: false, pagination: { has_more: false } };

test('a call of the JavaScript client is the request that the document describes', async (t) => {
  const { address, arrived } = await startScripted(t, answer(200, page));
  const pt = new PropTally({ baseUrl: `${address}/`, key: 'pt_1' });
  for (const call of calls) {
    const method = Reflect.get(pt, call.name) as (parameters: object) => unknown;
    const file = call.body === 'file' ? { file: 'a file' } : {};
    const answered = method.call(pt, { ...file, ...parametersFor(call) });
    // The answer here is no stream of messages.
    if (call.messages) await assert.rejects((answered as AsyncGenerator).next());
    else await answered;
    assert.deepEqual(contentOf(arrived.at(-1)!), expectedOf(call), call.name);
  }
  assert.equal(arrived.length, calls.length);
});

const callAll = `
from proptally import PropTally, PropTallyError, List
pt = PropTally(given["address"] + "/", "pt_1")
for name, parameters, is_file in given["calls"]:
    answer = getattr(pt, name)(**({"file": b"a file"} if is_file else {}), **parameters)
    if isinstance(answer, List):
        next(answer.pages())
    elif name in given["streams"]:
        # The answer here is no stream of messages.
        try:
            next(answer)
        except PropTallyError:
            pass
`;

test('a call of the Python client is the request that the document describes', {
  skip: withoutPython,
}, async (t) => {
  const { address, arrived } = await startScripted(t, answer(200, page));
  await runPython(callAll, {
    address,
    streams: calls.filter(({ messages }) => messages).map(({ name }) => snakeCase(name)),
    calls: calls.map((call) => {
      const parameters = Object.entries(parametersFor(call));
      const named = Object.fromEntries(parameters.map(([name, value]) => [variable(name), value]));
      return [snakeCase(call.name), named, call.body === 'file'];
    }),
  });
  for (const [index, call] of calls.entries())
    assert.deepEqual(contentOf(arrived[index]!), expectedOf(call), call.name);
});
