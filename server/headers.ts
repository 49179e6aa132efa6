import type { Random } from './store/ids.ts';

/** Names are in lower case: otherwise Node would convert them for each answer. */
export type Headers = readonly (readonly [name: string, value: string])[];

/**
 * The headers of every response, unless it overrides them: browsers take it as data, don't cache
 * it, and let no page frame it. Other origins can load it only by a CORS request.
 */
const ofData: Headers = [
  ['x-content-type-options', 'nosniff'],
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
  ['cross-origin-resource-policy', 'same-origin'],
  ['referrer-policy', 'no-referrer'],
  ['cache-control', 'no-store'],
];

/** For a public address with https, browsers are to use nothing else (HSTS). */
const ofHttps: Headers = [...ofData, ['strict-transport-security', 'max-age=31536000']];

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
  RateLimit: describeHeader('The number of requests left, and the seconds until the next UTC day.'),
};

/** Makes the headers of the next response, with a new request id. To be set before all others. */
export type NextHeaders = () => Headers;

export function headersOfAnswers(random: Random, publicUrl: () => string): NextHeaders {
  const nextRequestId = requestIds(random);
  return () => [
    ['x-request-id', nextRequestId()],
    ...(publicUrl().startsWith('https:') ? ofHttps : ofData),
  ];
}

/**
 * Makes ids of twelve random characters. The random bytes of many ids are drawn at once, as that
 * takes no longer than drawing those of one.
 */
function requestIds(random: Random): () => string {
  const length = 9;
  let drawn: Buffer = Buffer.alloc(0);
  let at = 0;
  return () => {
    if (at === drawn.length) {
      drawn = random(512 * length);
      at = 0;
    }
    at += length;
    return drawn.toString('base64url', at - length, at);
  };
}
