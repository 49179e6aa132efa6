import type { Context } from 'koa';
import getRawBody from 'raw-body';
import type { z } from 'zod';
import { invalid, mostProblems } from './query.ts';
import { Refusal } from './refusal.ts';

/** Whoever shows nothing yet has little to say. */
const mostBytes = { known: 1024 * 1024, stranger: 4 * 1024 };

/** Far more than any body holds; to read a megabyte of names would hold everybody else up. */
const mostValues = 10_000;

/**
 * The JSON body of a request, checked by a schema; no body at all counts as `{}`. Throws a 415 for
 * another type, a 413 beyond 1 MiB (of strangers 4 KiB), and a 400 that lists every problem.
 */
export async function readBody<Body>(
  context: Context,
  schema: z.ZodObject & z.ZodType<Body>,
  from: keyof typeof mostBytes,
): Promise<Body> {
  const value = parse(await readText(context, mostBytes[from]));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal(400, 'invalid_body', 'The body must be a JSON object.');
  }
  const { known, unknown } = partFields(value, schema);
  const result = schema.safeParse(known);
  if (result.success && unknown.length === 0) return result.data;
  const issues = result.error?.issues ?? [];
  const problems = issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  // Told one by one here: the schema would tell all of them in one sentence.
  for (const name of unknown.slice(0, mostProblems)) {
    problems.push({ path: shorten(name), message: 'is not known' });
  }
  const more = Math.max(0, unknown.length - mostProblems);
  throw invalid('invalid_body', problems, problems.length + more);
}

/** What a schema names, and the names of everything else. */
function partFields(value: object, { shape }: z.ZodObject) {
  const names = Object.keys(shape).filter((name) => Object.hasOwn(value, name));
  const fields = value as Record<string, unknown>;
  return {
    known: Object.fromEntries(names.map((name) => [name, fields[name]])),
    unknown: Object.keys(value).filter((name) => !Object.hasOwn(shape, name)),
  };
}

/** A name may be as long as the body. */
function shorten(name: string): string {
  return name.length > 100 ? `${name.slice(0, 100)}…` : name;
}

async function readText(context: Context, limit: number): Promise<string> {
  const { req, headers } = context;
  const hasBody =
    headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0;
  if (!hasBody) return '{}';
  refuseOtherType(context);
  let bytes: Buffer;
  try {
    bytes = await getRawBody(req, { length: headers['content-length'] ?? null, limit });
  } catch (error) {
    const { type } = error as { type?: string };
    const headersOfRefusal = { headers: { Connection: 'close' } };
    if (type === 'entity.too.large') {
      throw new Refusal(
        413,
        'body_too_large',
        `A body has at most ${limit} bytes here.`,
        headersOfRefusal,
      );
    }
    throw new Refusal(400, 'incomplete_body', 'The body did not arrive whole.', headersOfRefusal);
  }
  refuseTooManyValues(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal(400, 'invalid_encoding', 'The body is not UTF-8.');
  }
}

const [comma, bracket, brace] = Buffer.from(',[{');

/** Whatever is a value of its own has one of three bytes before it, but for the first. */
function refuseTooManyValues(bytes: Buffer): void {
  let values = 1;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === comma || byte === bracket || byte === brace) values++;
  }
  if (values > mostValues) {
    throw new Refusal(400, 'invalid_body', `A body holds at most ${mostValues} values.`);
  }
}

const jsonType = /^application\/json *(?:; *charset="?([^";]*)"?)? *$/i;
/** Longer than any that is taken; the expression goes back and forth over one that is not. */
const longestType = 100;

function refuseOtherType(context: Context): void {
  const given = context.headers['content-type'] ?? '';
  const type = given.length <= longestType && jsonType.exec(given);
  const isUtf8 = type && (type[1] === undefined || /^utf-?8$/i.test(type[1].trim()));
  const encoding = context.headers['content-encoding'] ?? 'identity';
  const transfer = context.headers['transfer-encoding'] ?? 'chunked';
  const isPlain = encoding.toLowerCase() === 'identity' && transfer.toLowerCase() === 'chunked';
  if (isUtf8 && isPlain) return;
  throw new Refusal(
    415,
    'unsupported_media_type',
    'The body must be JSON in UTF-8, not compressed, with Content-Type: application/json.',
    { headers: { Connection: 'close' } },
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, 'invalid_json', 'The body is not valid JSON.');
  }
}
