import type { Random } from './store/ids.ts';

/** Names in small letters: Node would make them so for each answer. */
export type Headers = readonly (readonly [name: string, value: string])[];

/**
 * What every answer says to a browser: that it is data, not to be kept, which no page may frame, and
 * none but by asking load. What may be kept, framed or loaded says so in headers of its own.
 */
const ofData: Headers = [
  ['x-content-type-options', 'nosniff'],
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
  ['cross-origin-resource-policy', 'same-origin'],
  ['referrer-policy', 'no-referrer'],
  ['cache-control', 'no-store'],
];

/** A server that the world finds by https is never to be asked otherwise. */
const ofHttps: Headers = [...ofData, ['strict-transport-security', 'max-age=31536000']];

/** The headers of one more answer, with an id of its own, to be set before all others. */
export type NextHeaders = () => Headers;

export function headersOfAnswers(random: Random, publicUrl: () => string): NextHeaders {
  const nextRequestId = requestIds(random);
  return () => [
    ['x-request-id', nextRequestId()],
    ...(publicUrl().startsWith('https:') ? ofHttps : ofData),
  ];
}

/** Twelve random characters each; the randomness of many is drawn at once, which costs as much as of one. */
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
