import type { IncomingMessage } from 'node:http';
import type { Context, Middleware } from 'koa';
import type { ErrorAnswer } from '../shared/answers/error.ts';
import { clientAddress, type TrustedProxies } from './access/client-address.ts';
import { json } from './answers.ts';
import { type PresentRefusal, Refusal } from './refusal.ts';
import { DatabaseLost } from './store/database-file.ts';
import { isStorageFailure } from './store/dialect.ts';
import type { Random } from './store/ids.ts';

/** Takes one line for the operator. Never given a secret, nor an address with a query. */
export type Log = (entry: Readonly<Record<string, unknown>>) => void;

interface Outside {
  random: Random;
  trustedProxies: TrustedProxies;
  log: Log;
}

/** Outermost: every answer has a request id and safe headers, every failure a body that says why. */
export function answerErrors({ random, trustedProxies, log }: Outside): Middleware {
  const nextRequestId = requestIds(random);
  return async (context, next) => {
    const requestId = nextRequestId();
    // Node's own setHeader, here and in what follows: Koa's takes longer than the rest of a short answer.
    context.res.setHeader('X-Request-Id', requestId);
    context.res.setHeader('X-Content-Type-Options', 'nosniff');
    const isApi = context.path.startsWith('/api/');
    if (isApi) allowAnyOrigin(context);
    try {
      refuseOtherHosts(context.req);
      if (isApi && context.method === 'OPTIONS') context.status = 204;
      else await next();
      if (context.status >= 400 && context.body == null) throw unanswered(context);
    } catch (error) {
      const refusal = error instanceof Refusal ? error : failure(error);
      // That the database is lost is told once, by the watch over it.
      if (refusal.status >= 500 && !(error instanceof DatabaseLost)) {
        log({
          level: 'error',
          requestId,
          method: context.method,
          path: context.path,
          address: clientAddress(context.req, trustedProxies),
          error: error instanceof Error ? error.stack : String(error),
        });
      }
      const present = context.state.presentRefusal as PresentRefusal | undefined;
      const content = present?.(refusal) ?? json(refusal.body satisfies ErrorAnswer);
      context.status = refusal.status;
      context.set({ ...refusal.headers, ...content.headers });
      context.type = content.type;
      context.body = content.body;
    }
  };
}

/** A request names one host: of two, which serve.ts has Node join, a proxy and we might take different ones. */
function refuseOtherHosts({ headers: { host }, httpVersionMinor }: IncomingMessage): void {
  if (host === undefined ? httpVersionMinor === 0 : !host.includes(',')) return;
  throw new Refusal(400, 'malformed_request', 'A request needs one Host header.');
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

/** Keys, not origins, say who may read an answer; a cookie never counts here. */
function allowAnyOrigin(context: Context): void {
  context.res.setHeader('Access-Control-Allow-Origin', '*');
  if (context.method === 'OPTIONS') {
    context.res.setHeader('Access-Control-Allow-Methods', 'GET, HEAD, POST, PUT, PATCH, DELETE');
    context.res.setHeader(
      'Access-Control-Allow-Headers',
      'X-API-Key, Authorization, Content-Type, If-None-Match',
    );
    context.res.setHeader('Access-Control-Max-Age', '86400');
  } else {
    context.res.setHeader(
      'Access-Control-Expose-Headers',
      'ETag, RateLimit, RateLimit-Policy, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-Request-Id',
    );
  }
}

/** What no route took. */
function unanswered(context: Context): Refusal {
  if (context.status === 405 || context.status === 501) {
    const allowed = context.response.get('Allow');
    return new Refusal(405, 'method_not_allowed', `This address takes ${allowed || 'GET'}.`);
  }
  return new Refusal(404, 'not_found', 'There is nothing at this address.');
}

function failure(error: unknown): Refusal {
  if (isStorageFailure(error)) {
    return new Refusal(
      503,
      'storage_unavailable',
      'The data cannot be reached at the moment. Try again shortly.',
      { headers: { 'Retry-After': '5' } },
    );
  }
  return new Refusal(
    500,
    'internal_error',
    'Something went wrong on our side. Quote the X-Request-Id of this answer to support.',
  );
}
