import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Context } from 'koa';
import { LRUCache } from 'lru-cache';

/** A body as it is sent; a stream as it comes. */
export type Bytes = string | Buffer | Readable;

/** What a request is answered with. */
export interface Content<Body extends Bytes = string | Buffer> {
  type: string;
  body: Body;
  headers?: Readonly<Record<string, string>>;
}

/** An answer ready to be sent any number of times. */
export interface Answer {
  type: string;
  body: Buffer;
  /** Names what it says, however it is encoded: the ETag without its marks. */
  tag: string;
  headers: Readonly<Record<string, string>>;
  encoded: Map<'br' | 'gzip', Buffer>;
}

export const htmlType = 'text/html; charset=utf-8';
export const jsonType = 'application/json; charset=utf-8';

export function json(value: unknown): Content {
  return { type: jsonType, body: JSON.stringify(value) };
}

/** `identity`: what the answer is a function of; two that differ never share an ETag. */
export function makeAnswer(content: Content, identity: string): Answer {
  return {
    type: content.type,
    body: Buffer.from(content.body),
    tag: createHash('sha256').update(identity).digest('base64url').slice(0, 27),
    headers: content.headers ?? {},
    encoded: new Map(),
  };
}

/** Answers kept in memory, up to `bytes` of them, under what they are a function of. */
export function answerMemory(bytes: number): LRUCache<string, Answer> {
  return new LRUCache({
    maxSize: bytes,
    sizeCalculation: (answer, identity) => 3 * answer.body.length + identity.length + 500,
  });
}

/**
 * From how many bytes on an answer is encoded, and brotli's quality: for what is made for one
 * question, and for what is encoded once and sent to everybody.
 */
const efforts = { quick: { from: 1_000, quality: 6 }, smallest: { from: 200, quality: 11 } };

/** Sends an answer, or 304 when the client has it already, as small as the client understands. */
export async function send(
  context: Context,
  answer: Answer,
  effort: keyof typeof efforts = 'quick',
): Promise<void> {
  context.status = 200;
  const { res } = context;
  // Weak: it is the same for each encoding of the answer.
  res.setHeader('ETag', `W/"${answer.tag}"`);
  for (const [name, value] of Object.entries(answer.headers)) res.setHeader(name, value);
  if (holds(context.headers['if-none-match'], answer.tag)) {
    context.status = 304;
    return;
  }
  context.type = answer.type;
  context.body = await encode(context, answer, efforts[effort]);
}

/** What proxies put behind the tag of an answer that they encoded. */
const endOfTag = /(?:[-;]+(?:gzip|br|zstd|deflate))?"/y;

/**
 * Whether an If-None-Match names the ETag, as we wrote it or as a proxy did: weak, or with the name
 * of an encoding. Koa's own `fresh` says no to a request that also has `Cache-Control: no-cache`,
 * which is what every fetch() with an If-None-Match of its own sends.
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

/** More than any client accepts. */
const mostAccepted = 200;

/** What clients accept is always the same few lists, and reading one takes longer than finding it. */
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
