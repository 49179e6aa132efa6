import type { Context } from 'koa';
import type { Random } from './store/ids.ts';

/** Headers by their names, which are in lower case where something else may override them. */
export type Headers = Record<string, string>;

/**
 * The headers of a response, gathered until it is sent: Node takes all at once in less time than one
 * by one. Those that are set on the response itself override them.
 */
export function headersOf({ state }: Context): Headers {
  return state.headers as Headers;
}

/** The gathered headers that are not overridden. */
export function headersToSend(context: Context): Headers {
  const headers = headersOf(context);
  for (const name of context.res.getHeaderNames()) delete headers[name];
  return headers;
}

/** Sets the gathered headers on the response. */
export function setHeadersToSend(context: Context): void {
  for (const [name, value] of Object.entries(headersToSend(context)))
    context.res.setHeader(name, value);
}

/**
 * The headers of every response, unless it overrides them: browsers take it as data, don't cache
 * it, and let no page frame it. Other origins can load it only by a CORS request.
 */
const ofData = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** For a public address with https, browsers are to use nothing else (HSTS). */
const ofHttps = { ...ofData, 'strict-transport-security': 'max-age=31536000' };

/** A header as OpenAPI describes it. */
export function describeHeader(description: string, type: 'string' | 'integer' = 'string') {
  return { description, schema: { type } };
}

/**
 * The headers of the API that several routes have, as its document describes them. Scripts of other
 * origins may read them, too (CORS).
 */
export const headersOfApi = {
  'X-Request-Id': describeHeader('The id of the request. The server’s log has it with each error.'),
  'X-PropTally-Code': describeHeader('The error’s code, for clients that can’t read the body.'),
  'WWW-Authenticate': describeHeader('How to authenticate: `Bearer`.'),
  'Retry-After': describeHeader('How long to wait before trying again, in seconds.', 'integer'),
  ETag: describeHeader('The version of the answer. Send it back as `If-None-Match`.'),
  'X-RateLimit-Limit': describeHeader(
    'The limit of requests for the UTC day. Absent if the request does not count against it.',
    'integer',
  ),
  'X-RateLimit-Remaining': describeHeader(
    'The number of requests left for the UTC day.',
    'integer',
  ),
  'RateLimit-Policy': describeHeader(
    'The limit, in the format of draft-ietf-httpapi-ratelimit-headers.',
  ),
  'Idempotent-Replayed': describeHeader(
    '`true` if the answer is that of an earlier request with the same `Idempotency-Key`.',
  ),
  RateLimit: describeHeader('The number of requests left, and the seconds until the next UTC day.'),
};

/** Makes the headers of the next response, with a new request id. */
export type NextHeaders = () => Headers;

export function headersOfAnswers(random: Random, publicUrl: () => string): NextHeaders {
  const nextRequestId = requestIds(random);
  return () => ({
    ...(publicUrl().startsWith('https:') ? ofHttps : ofData),
    'x-request-id': nextRequestId(),
  });
}

/** Makes ids of twelve random characters. Many are drawn at once, which takes no longer than one. */
function requestIds(random: Random): () => string {
  const length = 12;
  let drawn = '';
  let at = 0;
  return () => {
    if (at === drawn.length) {
      // Three bytes make four characters.
      drawn = random(512 * length * (3 / 4)).toString('base64url');
      at = 0;
    }
    at += length;
    return drawn.slice(at - length, at);
  };
}
