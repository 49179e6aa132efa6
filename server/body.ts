import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Context } from 'koa';
import type { z } from 'zod';
import { invalid, mostProblems } from './query.ts';
import { Refusal, tooManyRequests } from './refusal.ts';

export interface BodyLimits {
  bytes: number;
  /** The most seconds it may take in all, and without a new byte. */
  seconds: number;
  quietSeconds: number;
  /**
   * The most JSON values. Real bodies have far fewer, and parsing a megabyte of short values would
   * block all other requests.
   */
  values: number;
}

const usual = { bytes: 1024 * 1024, seconds: 30, quietSeconds: 30, values: 10_000 };

/** For requests without key or session: what they have to send is short. */
const ofAnonymous = { ...usual, bytes: 4 * 1024 };

export function limitsOf(from: 'known' | 'anonymous', own: Partial<BodyLimits> = {}): BodyLimits {
  return { ...(from === 'known' ? usual : ofAnonymous), ...own };
}

/**
 * The bytes of a JSON body; none without a body. Throws a 415 for another media type, and a 413 or
 * 408 beyond the limits.
 */
export async function receiveBody(context: Context, limits: BodyLimits): Promise<Buffer> {
  if (!hasBody(context.headers)) return Buffer.alloc(0);
  refuseOtherType(context, null);
  return Buffer.concat(await Array.fromAsync(receive(context, limits)));
}

/**
 * A JSON body, checked by a schema; no bytes count as `{}`. Throws a 400 that lists every problem.
 */
export function readBody<Body>(
  bytes: Uint8Array,
  schema: z.ZodObject & z.ZodType<Body>,
  limits: BodyLimits,
): Body {
  const value = parse(bytes.length === 0 ? '{}' : readText(bytes, limits));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal(400, 'invalid_body', 'The body must be a JSON object.');
  }
  const { known, unknown } = splitFields(value, schema);
  const result = schema.safeParse(known);
  if (result.success && unknown.length === 0) return result.data;
  const issues = result.error?.issues ?? [];
  const problems = issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  // Listed one by one here: the schema would report all unknown fields as one problem.
  for (const name of unknown.slice(0, mostProblems)) {
    problems.push({ path: shorten(name), message: 'is not known' });
  }
  const more = Math.max(0, unknown.length - mostProblems);
  throw invalid('invalid_body', problems, problems.length + more);
}

/** The fields that a schema knows, and the names of all others. */
function splitFields(value: object, { shape }: z.ZodObject) {
  const names = Object.keys(shape).filter((name) => Object.hasOwn(value, name));
  const fields = value as Record<string, unknown>;
  return {
    known: Object.fromEntries(names.map((name) => [name, fields[name]])),
    unknown: Object.keys(value).filter((name) => !Object.hasOwn(shape, name)),
  };
}

/** Shortens a field's name for the error message, as it may be as long as the body. */
function shorten(name: string): string {
  return name.length > 100 ? `${name.slice(0, 100)}…` : name;
}

function readText(bytes: Uint8Array, { values }: BodyLimits): string {
  refuseTooManyValues(bytes, values);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal(400, 'invalid_encoding', 'The body is not UTF-8.');
  }
}

function hasBody(headers: IncomingHttpHeaders): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0;
}

/**
 * The body of a request as a stream. Throws a 415 for a media type other than `types`. The stream
 * fails with a 413 or 408 beyond the limits, and with a 400 when it ends early.
 */
export function streamBody(
  context: Context,
  types: readonly string[],
  limits: BodyLimits,
): Readable {
  if (hasBody(context.headers)) refuseOtherType(context, types);
  const stream = Readable.from(receive(context, limits), { objectMode: false });
  // The stream reads ahead, so it may fail after its route stopped reading. That must not end the
  // process.
  stream.on('error', () => {});
  return stream;
}

/** The rest of a refused body is not read, so the connection is closed after the answer. */
const closing = { headers: { Connection: 'close' } };

/** In bytes. */
const small = 1_024;

/**
 * Yields the pieces of a body. Time counts only while the next piece is awaited: a slow consumer is
 * not the client's fault.
 */
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
    const { length } = value as Buffer;
    bytes += length;
    refuseMore(bytes, limits);
    yield value as Buffer;
    // Lets tiny pieces gather: the next read returns all that have arrived by then.
    if (length < small) await nextTurn();
  }
}

function refuseMore(bytes: number, { bytes: most }: BodyLimits): void {
  if (bytes <= most) return;
  throw new Refusal(413, 'body_too_large', `A body has at most ${most} bytes here.`, closing);
}

/**
 * The next piece of the body. Throws a 408 when it takes longer than `ms`, and a 400 when the
 * connection breaks.
 */
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

/**
 * Throws a 400 for too many values, before they are parsed: each element or member follows a `,`,
 * `[` or `{`. Those characters inside strings count, too.
 */
function refuseTooManyValues(bytes: Uint8Array, most: number): void {
  let values = 1;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === comma || byte === bracket || byte === brace) values++;
  }
  if (values > most) {
    throw new Refusal(400, 'invalid_body', `A body holds at most ${most} values.`);
  }
}

/** No accepted Content-Type is longer, in characters. */
const longestType = 100;
const utf8 = /^ *(?:charset="?utf-?8"? *)?$/i;

/**
 * Throws a 415. `types`: null for JSON, which may have no parameter but `charset=utf-8`. A streamed
 * body may have any parameters, as its content shows how it is encoded.
 */
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

/** How many bytes of bodies may be in memory at once, of all requests together. */
const mostInMemory = 64 * 1024 * 1024;

/** The room in memory for the bodies of requests that wait for their turn to write. */
export class BodyRoom {
  #taken = 0;

  /** Takes room for a body; returns what gives it back. Throws a 429 when there is none. */
  take({ headers }: Context, { bytes: most }: BodyLimits): () => void {
    // A body of a length that is not told is as long as it may be.
    const told = Number(headers['content-length'] ?? (hasBody(headers) ? most : 0));
    const bytes = Math.min(most, told);
    if (this.#taken + bytes > mostInMemory) throw tooManyRequests(1);
    this.#taken += bytes;
    return () => {
      this.#taken -= bytes;
    };
  }
}
