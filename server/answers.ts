import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Context } from 'koa';
import { LRUCache } from 'lru-cache';
import { csvType } from './csv.ts';
import { headersToSend } from './headers.ts';

/** A response body: text, bytes, or a stream that is sent as it is read. */
export type Bytes = string | Buffer | Readable;

/** The media type, the body and additional headers of a response. */
export interface Content<Body extends Bytes = string | Buffer> {
  type: string;
  body: Body;
  headers?: Readonly<Record<string, string>>;
}

/** The forms in which a body is sent: compressed, or as it is. */
export type Encoding = 'br' | 'gzip' | 'identity';

/** A finished response in the form in which it is sent, any number of times. */
export interface Answer {
  type: string;
  encoding: Encoding;
  body: Buffer;
  /** The ETag without quotes and `W/`: the same for every encoding of the body. */
  tag: string;
  /** All but those of the body itself, with names in lower case as in headers.ts. */
  headers: readonly (readonly [name: string, value: string])[];
}

/** The forms in which the answers of some questions are told. */
export type AnswerFormat = 'json' | 'csv';

export const htmlType = 'text/html; charset=utf-8';
export const jsonType = 'application/json; charset=utf-8';

/** The content of a reply: JSON, or bytes of the declared media type. */
export function contentOf<Sent extends Bytes>(
  declared: { schema: unknown } | { type: string },
  { body, headers = {} }: { body: unknown; headers?: Readonly<Record<string, string>> },
): Content<Sent | string | Buffer> {
  const content = 'schema' in declared ? json(body) : { type: declared.type, body: body as Sent };
  return { ...content, headers };
}

export function json(value: unknown): Content {
  return { type: jsonType, body: JSON.stringify(value) };
}

/**
 * `from`: the size in bytes from which an answer is compressed; `quality`: brotli's. `quick` is for
 * answers to single questions, `smallest` for what is compressed once and sent to every client.
 */
export const efforts = { quick: { from: 1_000, quality: 6 }, smallest: { from: 200, quality: 11 } };

/**
 * `identity`: everything the content depends on. The ETag is made from it, so answers with
 * different identities never share one. `accepted`: the encoding that the client takes.
 */
export async function makeAnswer(
  { type, body, headers = {} }: Content,
  identity: string,
  accepted: Encoding,
  effort: keyof typeof efforts = 'quick',
): Promise<Answer> {
  const { from, quality } = efforts[effort];
  const bytes = Buffer.from(body);
  const encoding = bytes.length < from ? 'identity' : accepted;
  const tag = createHash('sha256').update(identity).digest('base64url').slice(0, 27);
  return {
    type,
    encoding,
    body: onItsOwn(await encode(bytes, encoding, quality)),
    tag,
    headers: [
      // Weak, as it is the same for every encoding.
      ['etag', `W/"${tag}"`],
      ...Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const),
    ],
  };
}

const brotli = promisify(brotliCompress);
const deflate = promisify(gzip);

async function encode(bytes: Buffer, encoding: Encoding, quality: number): Promise<Buffer> {
  if (encoding === 'identity') return bytes;
  if (encoding === 'gzip') return deflate(bytes);
  return brotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } });
}

/** A copy that takes no more memory than its length: Node makes short buffers as parts of long ones. */
function onItsOwn(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}

/** Content that never changes, such as a file's. Each form of it is made once, when it is asked for. */
export class StaticContent {
  readonly #content: Content;
  readonly #identity: string;
  readonly #forms = new Map<Encoding, Promise<Answer>>();

  /** `identity`: what changes if the content does in a later build. */
  constructor(content: Content, identity: string) {
    this.#content = content;
    this.#identity = identity;
  }

  as(encoding: Encoding): Promise<Answer> {
    let form = this.#forms.get(encoding);
    if (!form) {
      form = makeAnswer(this.#content, this.#identity, encoding, 'smallest');
      this.#forms.set(encoding, form);
    }
    return form;
  }
}

/** What an entry takes besides its texts and bytes: objects, and the places in the cache's lists. */
const entryBytes = 900;

/**
 * A cache of at most `bytes`; the least recently used answers are evicted. An answer is kept in the
 * form in which it is sent, and a client that takes another one has an entry of its own, so that
 * forms that few take are soon evicted.
 */
export function answerMemory(bytes: number): LRUCache<string, Answer> {
  return new LRUCache({
    maxSize: bytes,
    sizeCalculation: ({ body, headers }, identity) =>
      headers.reduce(
        (sum, [, value]) => sum + value.length,
        body.length + identity.length + entryBytes,
      ),
  });
}

/**
 * Sends an answer, or a 304 if the client has it already. Through Koa, with each header set by
 * itself, an answer from memory would cost a quarter more.
 */
export function send(context: Context, { type, encoding, body, tag, headers }: Answer): void {
  const { req, res } = context;
  const all = headersToSend(context);
  for (const [name, value] of headers) all[name] = value;
  if (holds(req.headers['if-none-match'], tag)) res.writeHead(304, all).end();
  else {
    all['content-type'] = type;
    if (encoding !== 'identity') all['content-encoding'] = encoding;
    all['Content-Length'] = String(body.length);
    res.writeHead(200, all).end(body);
  }
  context.respond = false;
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

/** The longest Accept-Encoding header that is read, in characters; clients send shorter ones. */
const mostAccepted = 200;

/**
 * The chosen encoding by Accept-Encoding header. Clients send the same few headers, and a look-up
 * is faster than parsing.
 */
const choices = new LRUCache<string, Encoding>({ max: 100 });

/** The encoding in which the client is sent what is long enough to be compressed. */
export function chooseEncoding(context: Context): Encoding {
  const accepted = context.req.headers['accept-encoding'];
  if (accepted === undefined || accepted.length > mostAccepted) return 'identity';
  const known = choices.get(accepted);
  if (known) return known;
  const wanted = context.acceptsEncodings('br', 'gzip', 'identity');
  const choice = wanted === 'br' || wanted === 'gzip' ? wanted : 'identity';
  choices.set(accepted, choice);
  return choice;
}

/** The longest Accept header that is read, in characters; browsers send up to 200. */
const mostWanted = 1_000;

/** The format that the client would rather have: JSON, unless its Accept header prefers CSV. */
export function chooseFormat(context: Context): AnswerFormat {
  const { accept } = context.req.headers;
  if (accept === undefined || accept.length > mostWanted) return 'json';
  return context.accepts(jsonType, csvType) === csvType ? 'csv' : 'json';
}
