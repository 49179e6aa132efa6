import { spawnSync } from 'node:child_process';
import { compile, type JSONSchema } from 'json-schema-to-typescript';
import type { OpenApi } from '../../server/openapi.ts';
import type { JsonSchema } from '../../shared/answers/json-schema.ts';
import type { Call } from './calls.ts';

const banner = '/** Made from the API’s document by `npm run clients`: don’t edit it. */\n';

/** The text of `clients/js/proptally.ts`: a method for each call. */
export function writeMethods(calls: readonly Call[]): string {
  return formatted(`${banner}
import { Connection } from './connection.ts';
import type { Messages } from './follow.ts';
import type { List } from './list.ts';
import type { PostOptions, PropTallyOptions } from './request.ts';
import type { CallOptions } from './send.ts';
import type * as api from './types.ts';

/**
 * A PropTally server. Its methods are the operations of the API’s document, by their names. They
 * throw a PropTallyError, and a TypeError for parameters that can’t be sent.
 */
export class PropTally {
  readonly #connection: Connection;

  constructor(options: PropTallyOptions) {
    this.#connection = new Connection(options);
  }
${calls.map(writeMethod).join('\n')}
}
`);
}

function writeMethod(call: Call): string {
  const { name, summary, method, path, parameters, body, isRepeatable, pages } = call;
  const query = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
  const operation = {
    ...{ method, path },
    ...(query.length > 0 && { query }),
    ...(body && { body }),
    ...(isRepeatable && { isRepeatable }),
  };
  const [ask, answered] = asking(call);
  const isNeeded = body === 'file' || parameters.some(({ required }) => required);
  const isGiven = isNeeded || call.alternatives.length > 0;
  const given = [operation, ...(pages ? [pages] : [])].map((value) => JSON.stringify(value));
  return `
  /**
   * ${summary.join('\n   * ')}
   */
  ${name}(
    parameters: ${takesAny(call) ? `api.${typeOf(call)}` : 'Record<string, never>'}${isGiven ? '' : ' = {}'},
    options: ${isRepeatable ? 'PostOptions' : 'CallOptions'} = {},
  ): ${answered} {
    return this.#connection.${ask}(${given.join(', ')}, parameters, options);
  }`;
}

/** The method of Connection that a call is made by, and what that returns. */
function asking({ answers, messages, pages }: Call): [string, string] {
  if (messages) return [`follow<api.${messages}>`, `Messages<api.${messages}>`];
  if (!answers) return ['stream', 'Promise<ReadableStream<Uint8Array>>'];
  const answer = answers.map((id) => `api.${id}`).join(' | ');
  if (!pages) return [`ask<${answer}>`, `Promise<${answer}>`];
  const item = `${answer}['${pages.items}'][number]`;
  return [`list<${answer}, ${item}>`, `List<${answer}, ${item}>`];
}

/** The name of the type of a call's parameters. */
function typeOf({ name }: Call): string {
  return `${name[0]!.toUpperCase()}${name.slice(1)}Parameters`;
}

function takesAny({ parameters, body }: Call): boolean {
  return parameters.length > 0 || body === 'file';
}

/** The text of `clients/js/types.ts`: the types of parameters, answers and events. */
export async function writeTypes(
  calls: readonly Call[],
  { components, webhooks }: OpenApi,
): Promise<string> {
  const parameters = calls.filter(takesAny).map((call) => [typeOf(call), schemaOf(call)]);
  const events = Object.values(webhooks).flatMap(({ post }) =>
    Object.values(post.requestBody.content).map(({ schema }) => schema),
  );
  const made = {
    ...Object.fromEntries(parameters),
    WebhookEvent: { description: 'What a webhook is told.', oneOf: events },
  };
  const answers = calls.flatMap((call) => call.messages ?? call.answers ?? []);
  const names = [...new Set([...Object.keys(made), ...answers, 'ErrorAnswer'])];
  // The compiler gives names to definitions alone, and only where nothing stands beside their $ref.
  const text = JSON.stringify(
    {
      properties: Object.fromEntries(names.map((name) => [name, { $ref: address(name) }])),
      definitions: { ...components.schemas, ...made },
    },
    (key, part) => {
      // Arrays of a few items would be tuples, one for each length.
      if (/^(min|max)Items$/.test(key)) return undefined;
      return part?.$ref && part.description ? withoutNeighbours(part) : part;
    },
  );
  const schema = JSON.parse(text.replaceAll('#/components/schemas/', address(''))) as JSONSchema;
  const types = await compile(schema, 'Everything', {
    bannerComment: banner,
    format: false,
    additionalProperties: false,
  });
  return formatted(
    types
      .replace(/export interface Everything \{[^}]*\}\n/, '')
      // The compiler's notes.
      .replace(
        /(?: \*\n)? \* This interface was referenced by .*\n \* via the `definition` .*\n/g,
        '',
      )
      .replace(/\/\*\*\n \*\/\n/g, '')
      .replace(/\/\*\*\n \* (.*)\n \*\//g, '/** $1 */'),
  );
}

const address = (name: string) => `#/definitions/${name}`;

const withoutNeighbours = ({ $ref, ...others }: JsonSchema) => ({ ...others, allOf: [{ $ref }] });

const file = {
  description: 'The file as it is.',
  tsType: 'Blob | ArrayBuffer | Uint8Array | string | ReadableStream<Uint8Array>',
};

function schemaOf({ parameters, body, alternatives }: Call): JsonSchema {
  const properties = Object.fromEntries(parameters.map(({ name, schema }) => [name, schema]));
  const required = parameters.filter((each) => each.required).map(({ name }) => name);
  const schema = {
    type: 'object' as const,
    properties: body === 'file' ? { file, ...properties } : properties,
    required: body === 'file' ? ['file', ...required] : required,
  };
  if (alternatives.length === 0) return schema as JsonSchema;
  return {
    anyOf: alternatives.map((also) => ({ ...schema, required: [...required, ...also] })),
  } as JsonSchema;
}

/** Formats a TypeScript file as the rest of the project. */
function formatted(text: string): string {
  const biome = 'node_modules/@biomejs/biome/bin/biome';
  const args = [biome, 'format', '--stdin-file-path=clients/js/made.ts'];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, {
    cwd: `${import.meta.dirname}/../..`,
    input: text,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}
