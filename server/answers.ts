import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Context } from 'koa';
import { LRUCache } from 'lru-cache';

/** A response body: text, bytes, or a stream that is sent as it is read. */
export type Bytes = string | Buffer | Readable;

/** The media type, the body and additional headers of a response. */
export interface Content<Body extends Bytes = string | Buffer> {
  type: string;
  body: Body;
  headers?: Readonly<Record<string, string>>;
}

/** A finished response, which can be sent any number of times. */
export interface Answer {
  type: string;
  body: Buffer;
  /** The ETag without quotes and `W/`: the same for every encoding of the body. */
  tag: string;
  headers: Readonly<Record<string, string>>;
  encoded: Map<'br' | 'gzip', Buffer>;
}

export const htmlType = 'text/html; charset=utf-8';
export const jsonType = 'application/json; charset=utf-8';

export function json(value: unknown): Content {
  return { type: jsonType, body: JSON.stringify(value) };
}

/**
 * `identity`: everything the answer depends on. The ETag is made from it, so answers with different
 * identities never share one.
 */
export function makeAnswer(content: Content, identity: string): Answer {
  return {
    type: content.type,
    body: Buffer.from(content.body),
    tag: createHash('sha256').update(identity).digest('base64url').slice(0, 27),
    headers: content.headers ?? {},
    encoded: new Map(),
  };
}

/**
 * A cache of answers by their identity, of at most `bytes`; the least recently used are evicted.
 */
export function answerMemory(bytes: number): LRUCache<string, Answer> {
  return new LRUCache({
    maxSize: bytes,
    sizeCalculation: (answer, identity) => 3 * answer.body.length + identity.length + 500,
  });
}

/**
 * `from`: the size in bytes from which an answer is compressed; `quality`: brotli's. `quick` is for
 * answers to single questions, `smallest` for what is compressed once and sent to every client.
 */
export const efforts = { quick: { from: 1_000, quality: 6 }, smallest: { from: 200, quality: 11 } };

/**
 * Sends an answer, compressed if the client accepts that, or a 304 if the client has it already.
 */
export async function send(
  context: Context,
  answer: Answer,
  effort: keyof typeof efforts = 'quick',
): Promise<void> {
  context.status = 200;
  const { res } = context;
  // A weak ETag, as it is the same for every encoding of the answer.
  res.setHeader('ETag', `W/"${answer.tag}"`);
  for (const [name, value] of Object.entries(answer.headers)) res.setHeader(name, value);
  if (holds(context.headers['if-none-match'], answer.tag)) {
    context.status = 304;
    return;
  }
  context.type = answer.type;
  context.body = await encode(context, answer, efforts[effort]);
}

/** What follows the tag: a quote, with a suffix before it if a proxy compressed the answer. */
const endOfTag = /(?:[-;]+(?:gzip|br|zstd|deflate))?"/y;

/**
 * Whether an If-None-Match header contains the ETag, as it was sent or as a proxy changed it: made
 * weak, or with the name of an encoding appended. Koa's own `fresh` returns false for a request
 * with `Cache-Control: no-cache`, which browsers add to every fetch() that sets If-None-Match
 * itself.
 */
function holds(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const start = `"${tag}`;
  const at = ifNoneMatch.indexOf(start);
  endOfTag.lastIndex = at + start.length;
  return at < 0 ? ifNoneMatch.trim() === '*' : endOfTag.test(ifNoneMatch);
}

const brotli = promisify(brotliCompress);
const deflate = promisify(gzip);

/** The longest Accept-Encoding header that is read, in characters; clients send shorter ones. */
const mostAccepted = 200;

/**
 * The chosen encoding by Accept-Encoding header. Clients send the same few headers, and a look-up
 * is faster than parsing.
 */
const choices = new LRUCache<string, 'br' | 'gzip' | 'identity'>({ max: 100 });

function chooseEncoding(context: Context): 'br' | 'gzip' | 'identity' {
  const accepted = context.headers['accept-encoding'];
  if (accepted === undefined || accepted.length > mostAccepted) return 'identity';
  const known = choices.get(accepted);
  if (known) return known;
  const wanted = context.acceptsEncodings('br', 'gzip', 'identity');
  const choice = wanted === 'br' || wanted === 'gzip' ? wanted : 'identity';
  choices.set(accepted, choice);
  return choice;
}

async function encode(
  context: Context,
  answer: Answer,
  { from, quality }: (typeof efforts)[keyof typeof efforts],
): Promise<Buffer> {
  if (answer.body.length < from) return answer.body;
  const encoding = chooseEncoding(context);
  if (encoding === 'identity') return answer.body;
  let encoded = answer.encoded.get(encoding);
  if (!encoded) {
    encoded =
      encoding === 'br'
        ? await brotli(answer.body, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } })
        : await deflate(answer.body);
    answer.encoded.set(encoding, encoded);
  }
  context.res.setHeader('Content-Encoding', encoding);
  return encoded;
}
