import type { IncomingMessage } from 'node:http';
import type { Context, Middleware } from 'koa';
import type { ErrorAnswer } from '../shared/answers/error.ts';
import { day, second } from '../shared/time.ts';
import { clientAddress, type TrustedProxies } from './access/client-address.ts';
import { json } from './answers.ts';
import { headersOf, headersOfApi, type NextHeaders, setHeadersToSend } from './headers.ts';
import { type PresentRefusal, Refusal } from './refusal.ts';
import { DatabaseLost } from './store/database-file.ts';
import { isStorageFailure } from './store/dialect.ts';
import { isPlainlyWritten, readTarget } from './target.ts';

/** Writes one entry to the operator's log. Never given a secret, nor a URL with its query. */
export type Log = (entry: Readonly<Record<string, unknown>>) => void;

interface Outside {
  trustedProxies: TrustedProxies;
  log: Log;
}

/**
 * The outermost middleware. It sets the headers of every response, and answers every error with a
 * body that says what is wrong.
 */
export function answerErrors(
  { trustedProxies, log }: Outside,
  nextHeaders: NextHeaders,
): Middleware {
  return async (context, next) => {
    const { req, res } = context;
    const headers = nextHeaders();
    context.state.headers = headers;
    const target = readTarget(req.url!);
    // Set before Koa reads it: an invalid URL makes Koa throw, and Node print it in a warning.
    req.url = target ?? '/';
    const isApi = apiPath.test(req.url);
    if (isApi) allowAnyOrigin(context);
    try {
      refuseUnfit(req, target);
      if (isApi && context.method === 'OPTIONS') context.status = 204;
      else if (isPlainlyWritten(context.path)) await next();
      if (context.status >= 400 && context.body == null) throw unanswered(context);
    } catch (error) {
      const refusal = error instanceof Refusal ? error : failure(error);
      // A lost database is logged only once, by the chores in app.ts.
      if (refusal.status >= 500 && !(error instanceof DatabaseLost)) {
        log({
          level: 'error',
          requestId: headers['x-request-id'],
          method: context.method,
          // The route's pattern. The requested path may contain anything, even a key.
          route: context.state.route ?? null,
          address: clientAddress(req, trustedProxies),
          error: traced(error),
        });
      }
      const present = context.state.presentRefusal as PresentRefusal | undefined;
      const content = present?.(refusal) ?? json(refusal.body satisfies ErrorAnswer);
      context.status = refusal.status;
      context.set({ ...refusal.headers, ...content.headers });
      context.type = content.type;
      context.body = content.body;
    }
    if (res.headersSent) return;
    // For Koa, which sends all that answers.ts has not.
    setHeadersToSend(context);
  };
}

/** An error with its stack trace; a refusal without, as its message says everything. */
function traced(error: unknown): string {
  if (error instanceof Refusal || !(error instanceof Error)) return String(error);
  return error.stack ?? error.message;
}

/**
 * In upper or lower case, as scripts of other origins must be able to read the error for a
 * misspelled path, too.
 */
const apiPath = /^\/api\//i;

/** Refuses what is valid HTTP but can't be served. */
function refuseUnfit(request: IncomingMessage, target: string | null): void {
  const { method, headers, httpVersionMinor } = request;
  if (method === 'CONNECT') {
    throw new Refusal(405, 'method_not_allowed', 'This server is no proxy.');
  }
  if (target === null) {
    throw new Refusal(400, 'malformed_request', 'The address of the request is none.');
  }
  // Of two Host headers, which Node joins with a comma (serve.ts), a proxy might use the other one.
  const { host, expect } = headers;
  if (host === undefined ? httpVersionMinor !== 0 : host.includes(',')) {
    throw new Refusal(400, 'malformed_request', 'A request needs one Host header.');
  }
  if (expect !== undefined && expect.toLowerCase() !== '100-continue') {
    throw new Refusal(417, 'expectation_failed', 'This server meets no such expectation.');
  }
}

/**
 * The request headers that pages may send: the API's own, and those that monitoring adds to each
 * fetch. `*` allows all others; for browsers it includes everything but Authorization.
 */
const allowedHeaders = [
  ...['X-API-Key', 'Authorization', 'Content-Type', 'If-None-Match', 'Idempotency-Key', '*'],
  ...['traceparent', 'tracestate', 'baggage', 'sentry-trace', 'b3', 'newrelic'],
  ...['x-datadog-trace-id', 'x-datadog-parent-id', 'x-datadog-origin'],
  ...['x-datadog-sampling-priority', 'x-datadog-tags'],
].join(', ');

const exposedHeaders = Object.keys(headersOfApi).join(', ');

/**
 * Allows scripts of every origin to read answers (CORS), as it is keys that give access. With `*`,
 * browsers hide answers to requests that carried a cookie.
 */
function allowAnyOrigin(context: Context): void {
  const headers = headersOf(context);
  headers['access-control-allow-origin'] = '*';
  if (context.method === 'OPTIONS') {
    headers['Access-Control-Allow-Methods'] = 'GET, HEAD, POST, PUT, PATCH, DELETE';
    headers['Access-Control-Allow-Headers'] = allowedHeaders;
    headers['Access-Control-Max-Age'] = String(day / second);
  } else {
    headers['access-control-expose-headers'] = exposedHeaders;
  }
}

/** The refusal of a request that no route answered: a 405 or a 404. */
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
