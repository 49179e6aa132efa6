import type { Route } from '../../server/route.ts';
import type { ErrorAnswer } from '../../shared/answers/error.ts';

/** A response, with its text and with its body parsed where it is JSON; otherwise `body` is null. */
export interface Answer<Body> {
  status: number;
  headers: Headers;
  text: string;
  body: Body;
}

type Given = Readonly<Record<string, string>>;

type Ask = <Body = ErrorAnswer>(path: string, headers?: Given) => Promise<Answer<Body>>;

type Send = <Body = ErrorAnswer>(
  path: string,
  body?: unknown,
  headers?: Given,
) => Promise<Answer<Body>>;

/** Requests of one caller. Paths are relative to `/api/partner/`, or begin with a slash. */
export interface Api {
  get: Ask;
  delete: Ask;
  post: Send;
  put: Send;
  patch: Send;
  /** Sends a request of any method. */
  send<Body = ErrorAnswer>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Given,
  ): Promise<Answer<Body>>;
}

/** `who` is a key or a token for the X-API-Key header, an object of headers, or null for no credentials. */
export function api({ address }: { address: string }, who: string | Given | null): Api {
  const credentials = typeof who === 'string' ? { 'X-API-Key': who } : (who ?? {});
  const send: Api['send'] = async <Body>(
    method: string,
    path: string,
    body?: unknown,
    headers: Given = {},
  ) => {
    const response = await fetch(address + (path.startsWith('/') ? path : `/api/partner/${path}`), {
      method,
      redirect: 'manual',
      headers: {
        ...credentials,
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const isEndless = response.headers.get('content-type')?.startsWith('text/event-stream');
    const text = isEndless ? await endOf(response) : await response.text();
    return { status: response.status, headers: response.headers, text, body: read(text) as Body };
  };
  return {
    send,
    get: (path, headers) => send('GET', path, undefined, headers),
    delete: (path, headers) => send('DELETE', path, undefined, headers),
    post: (path, body = {}, headers) => send('POST', path, body, headers),
    put: (path, body = {}, headers) => send('PUT', path, body, headers),
    patch: (path, body = {}, headers) => send('PATCH', path, body, headers),
  };
}

/** Leaves a stream that would go on for ever. */
async function endOf({ body }: Response): Promise<string> {
  await body?.cancel();
  return '';
}

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A route's path, with its parameters filled in. */
export function addressOf(
  { path }: Pick<Route, 'path'>,
  parameters: Readonly<Record<string, string>>,
): string {
  return path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(parameters[name]!));
}
