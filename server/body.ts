import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Context } from 'koa';
import type { z } from 'zod';
import { invalid, mostProblems } from './query.ts';
import { Refusal } from './refusal.ts';

/** How much a body may be, how long it may take in all, and how long without a byte. */
export interface BodyLimits {
  bytes: number;
  seconds: number;
  quietSeconds: number;
}

const usual = { bytes: 1024 * 1024, seconds: 30, quietSeconds: 30 };

/** Of whoever shows no key or session: there is little to say. */
const ofAnonymous = { ...usual, bytes: 4 * 1024 };

export function limitsOf(from: 'known' | 'anonymous', own: Partial<BodyLimits> = {}): BodyLimits {
  return { ...(from === 'known' ? usual : ofAnonymous), ...own };
}

/** Far more than any body holds; to read a megabyte of names would hold everybody else up. */
const mostValues = 10_000;

/**
 * The JSON body of a request, checked by a schema; no body at all counts as `{}`. Throws a 415 for
 * another type, a 413 or 408 beyond the limits, and a 400 that lists every problem.
 */
export async function readBody<Body>(
  context: Context,
  schema: z.ZodObject & z.ZodType<Body>,
  limits: BodyLimits,
): Promise<Body> {
  const value = parse(await readText(context, limits));
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

async function readText(context: Context, limits: BodyLimits): Promise<string> {
  if (!hasBody(context)) return '{}';
  refuseOtherType(context, null);
  const bytes = Buffer.concat(await Array.fromAsync(receive(context, limits)));
  refuseTooManyValues(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal(400, 'invalid_encoding', 'The body is not UTF-8.');
  }
}

function hasBody({ headers }: Context): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0;
}

/**
 * The body of a request as it comes, of one of `types`. Throws a 415 for another; the stream fails
 * with a 413 or 408 beyond the limits, and a 400 when it ends early.
 */
export function streamBody(
  context: Context,
  types: readonly string[],
  limits: BodyLimits,
): Readable {
  if (hasBody(context)) refuseOtherType(context, types);
  const stream = Readable.from(receive(context, limits), { objectMode: false });
  // It reads ahead: what breaks off when its route has let go of it is no news.
  stream.on('error', () => {});
  return stream;
}

/** What is sent on after a refusal is not read: the connection ends with the answer. */
const closing = { headers: { Connection: 'close' } };

/** In bytes. */
const small = 1_024;

/** Time counts only while more is asked for: who takes a body slowly is not the sender's fault. */
async function* receive({ req, headers }: Context, limits: BodyLimits): AsyncGenerator<Buffer> {
  refuseMore(Number(headers['content-length'] ?? 0), limits);
  const pieces = req.iterator({ destroyOnReturn: false });
  const quiet = limits.quietSeconds * 1_000;
  let left = limits.seconds * 1_000;
  let bytes = 0;
  for (;;) {
    const begun = performance.now();
    const { value, done } = await within(pieces.next(), Math.max(0, Math.min(quiet, left)));
    left -= performance.now() - begun;
    if (done) return;
    bytes += (value as Buffer).length;
    refuseMore(bytes, limits);
    yield value as Buffer;
    // Of what is sent in crumbs the next piece is then all that has come.
    if (value.length < small) await nextTurn();
  }
}

function refuseMore(bytes: number, { bytes: most }: BodyLimits): void {
  if (bytes <= most) return;
  throw new Refusal(413, 'body_too_large', `A body has at most ${most} bytes here.`, closing);
}

/** What comes of the request within so many ms. */
async function within<Piece>(coming: Promise<Piece>, ms: number): Promise<Piece> {
  const arrived = coming.catch(() => {
    throw new Refusal(400, 'incomplete_body', 'The body did not arrive whole.', closing);
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const refusal = new Refusal(408, 'request_timeout', 'The body took too long.', closing);
    timer = setTimeout(() => reject(refusal), ms);
  });
  return Promise.race([arrived, late]).finally(() => clearTimeout(timer));
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

/** Longer than any that is taken. */
const longestType = 100;
const utf8 = /^ *(?:charset="?utf-?8"? *)?$/i;

/** JSON says nothing of itself but that it is UTF-8; what is streamed may say more, and tells its own encoding. */
function refuseOtherType({ headers }: Context, types: readonly string[] | null): void {
  const { 'content-type': given = '' } = headers;
  const [type = '', ...parameters] = given.length <= longestType ? given.split(';') : [];
  const isTaken = (types ?? ['application/json']).includes(type.trim().toLowerCase());
  const isReadable = types !== null || utf8.test(parameters.join(';'));
  const encoding = headers['content-encoding'] ?? 'identity';
  const transfer = headers['transfer-encoding'] ?? 'chunked';
  const isPlain = encoding.toLowerCase() === 'identity' && transfer.toLowerCase() === 'chunked';
  if (isTaken && isReadable && isPlain) return;
  const what = types?.join(' or ') ?? 'JSON in UTF-8';
  const sentence = `The body must be ${what}, not compressed, with Content-Type: ${types?.[0] ?? 'application/json'}.`;
  throw new Refusal(415, 'unsupported_media_type', sentence, closing);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, 'invalid_json', 'The body is not valid JSON.');
  }
}
