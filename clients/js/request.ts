import type { CallOptions, Sending } from './send.ts';

export interface PropTallyOptions {
  /** The server's address: `https://stats.example.com`. */
  baseUrl: string;
  /** A key, `pt_…`, or for widgets' data an embed token, `pte_…`. */
  key: string;
}

export interface PostOptions extends CallOptions {
  /**
   * Makes it safe to send the request again: within 24 hours the same key gets the same answer, and
   * nothing is done twice. Default: a new one for each call, which its retries share.
   */
  idempotencyKey?: string;
}

/** An operation of the API, as its document describes it. */
export interface Operation {
  method: string;
  path: string;
  /** The names of its query parameters. */
  query?: readonly string[];
  body?: 'json' | 'file';
  /** Whether it takes an `Idempotency-Key`. */
  isRepeatable?: true;
}

/** A call's parameters by their names: those of path, query and body together. */
export type Parameters = Readonly<Record<string, unknown>>;

/** Makes the request of a call. Throws a TypeError for parameters that can't be sent. */
export function prepare(
  { baseUrl, key }: PropTallyOptions,
  operation: Operation,
  parameters: Parameters,
  { idempotencyKey }: PostOptions,
): Sending {
  const { method, path, query = [], body, isRepeatable = false } = operation;
  const left = new Map(Object.entries(parameters).filter(([, value]) => value !== undefined));
  const take = (name: string) => {
    const value = left.get(name);
    left.delete(name);
    return value;
  };
  const address = path.replace(/\{(\w+)\}/g, (_, name: string) => inPath(name, take(name)));
  const search = new URLSearchParams();
  // The text of a list is its items with commas between them.
  for (const name of query) if (left.has(name)) search.set(name, String(take(name)));

  const headers = new Headers({ 'X-API-Key': key });
  if (isRepeatable) headers.set('Idempotency-Key', idempotencyKey ?? crypto.randomUUID());
  const init: RequestInit & { duplex?: 'half' } = { method, headers, redirect: 'manual' };
  if (body === 'json') {
    headers.set('Content-Type', 'application/json');
    init.body = JSON.stringify(Object.fromEntries(left), refuseNonFinite);
    left.clear();
  } else if (body === 'file') {
    headers.set('Content-Type', 'application/octet-stream');
    init.body = take('file') as BodyInit;
    if (init.body instanceof ReadableStream) init.duplex = 'half';
  }
  if (left.size > 0) throw new TypeError(`${method} ${path} takes no ${[...left.keys()].join()}`);
  const url = `${baseUrl.replace(/\/+$/, '')}${address}${search.size > 0 ? `?${search}` : ''}`;
  return { url, init, isSafe: method !== 'POST' || isRepeatable };
}

function inPath(name: string, value: unknown): string {
  const text = String(value ?? '');
  // These would lead to another path.
  if (['', '.', '..'].includes(text)) throw new TypeError(`${name} is ${value}`);
  return encodeURIComponent(text);
}

/** JSON would have null instead, which means something else. */
function refuseNonFinite(name: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new TypeError(`${name} is ${value}`);
  return value;
}
