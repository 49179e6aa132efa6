import assert from 'node:assert/strict';
import type { OutgoingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type Koa from 'koa';
import type { Exchange } from './hold-exchange.ts';

const isDescribed = (path: string) => /^\/(api|embed)\//.test(path);

/** Checks an exchange against the API's document, which is loaded on first use. */
async function hold(exchange: Exchange): Promise<void> {
  const { holdExchange } = await import('./hold-exchange.ts');
  holdExchange(exchange);
}

/** Checks every exchange of an app. Returns a function for the end of the test, which throws if one did not conform. */
export function holdAnswers(koa: Koa): () => void {
  const problems: string[] = [];
  koa.middleware.unshift(async (context, next) => {
    const sent = recordBody(context.req);
    const written = recordAnswer(context.res);
    await next();
    if (!isDescribed(context.path)) return;
    try {
      await hold(exchangeOf(context, sent, written));
    } catch (error) {
      problems.push((error as Error).message);
    }
  });
  return () => assert.deepEqual(problems, []);
}

/** Records copies of a request's pieces as they arrive: the server may move them to a thread. */
function recordBody(request: Koa.Context['req']): Buffer[] {
  const pieces: Buffer[] = [];
  const push = request.push.bind(request);
  request.push = (piece, ...rest) => {
    if (piece) pieces.push(Buffer.from(piece));
    return push(piece, ...rest);
  };
  return pieces;
}

/** What the server writes by itself; null: it leaves that to Koa. */
interface Written {
  headers: OutgoingHttpHeaders | null;
  body: Buffer | null;
}

/** Records the headers and body that are written at once, which Node does not tell afterwards. */
function recordAnswer(response: Koa.Context['res']): Written {
  const written: Written = { headers: null, body: null };
  const writeHead = response.writeHead.bind(response);
  const end = response.end.bind(response);
  response.writeHead = (status: number, headers?: unknown) => {
    if (headers)
      written.headers = { ...response.getHeaders(), ...(headers as OutgoingHttpHeaders) };
    return writeHead(status, headers as OutgoingHttpHeaders);
  };
  response.end = (body?: unknown) => {
    written.body = body as Buffer;
    return end(body);
  };
  return written;
}

/** The request, and the response that was written or that Koa is about to send. */
function exchangeOf(
  context: Koa.Context,
  sent: readonly Buffer[],
  written: Readonly<Written>,
): Exchange {
  const { method, path, querystring, status, res } = context;
  const body = written.body ?? context.body;
  const headers = new Headers();
  for (const [name, value] of Object.entries(written.headers ?? res.getHeaders())) {
    for (const one of [value].flat()) headers.append(name, String(one));
  }
  // Reading the body of a streamed response would consume it.
  const isEmpty = method === 'HEAD' || status === 304 || !body || body instanceof Readable;
  return {
    ...{ method, path, query: querystring, sent: Buffer.concat(sent).toString() },
    status,
    headers,
    body: isEmpty ? '' : textOf(body as string | Buffer, headers),
  };
}

function textOf(body: string | Buffer, headers: Headers): string {
  const bytes = Buffer.from(body);
  const encoding = headers.get('content-encoding');
  if (encoding === 'br') return brotliDecompressSync(bytes).toString();
  return (encoding === 'gzip' ? gunzipSync(bytes) : bytes).toString();
}

/** The origins of apps in this process, whose exchanges are checked by `holdAnswers`. */
export const heldAddresses = new Set<string>();

/** Makes fetch() check the exchanges with servers in other processes. */
export function holdFetched(): void {
  const { fetch } = globalThis;
  globalThis.fetch = async (input, init) => {
    const response = await fetch(input, init);
    const { status, headers, url } = response;
    const { origin, pathname, search } = new URL(url);
    if (heldAddresses.has(origin) || !isDescribed(pathname)) return response;
    const method = init?.method ?? (input instanceof Request ? input.method : 'GET');
    const sent = typeof init?.body === 'string' ? init.body : '';
    const body = await response.clone().text();
    await hold({
      ...{ method, path: pathname, query: search.slice(1), sent },
      ...{ status, headers, body },
    });
    return response;
  };
}
