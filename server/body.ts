import type { Context } from 'koa';
import getRawBody from 'raw-body';
import type { z } from 'zod';
import { invalid, type Problem } from './query.ts';
import { Refusal } from './refusal.ts';

/** Whoever shows nothing yet has little to say. */
const mostBytes = { known: 1024 * 1024, stranger: 4 * 1024 };

/**
 * The JSON body of a request, checked by a schema; no body at all counts as `{}`. Throws a 415 for
 * another type, a 413 beyond 1 MiB (of strangers 4 KiB), and a 400 that lists every problem.
 */
export async function readBody<Body>(
  context: Context,
  schema: z.ZodType<Body>,
  from: keyof typeof mostBytes,
): Promise<Body> {
  const value = parse(await readText(context, mostBytes[from]));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal(400, 'invalid_body', 'The body must be a JSON object.');
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalid('invalid_body', problemsOf(result.error));
}

function problemsOf({ issues }: z.ZodError): Problem[] {
  return issues.flatMap((issue) => {
    const path = issue.path.join('.');
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        path: [...issue.path, key].join('.'),
        message: 'is not known',
      }));
    }
    return [{ path, message: issue.message }];
  });
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
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal(400, 'invalid_encoding', 'The body is not UTF-8.');
  }
}

function refuseOtherType(context: Context): void {
  const type = /^application\/json *(?:; *charset="?([^";]*)"?)? *$/i.exec(
    context.headers['content-type'] ?? '',
  );
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
