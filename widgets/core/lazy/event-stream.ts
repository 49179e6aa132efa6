import { createParser } from 'eventsource-parser';

/** A message of a stream. */
export interface StreamEvent {
  id: string;
  /** Its name; undefined for most. */
  event: string | undefined;
  data: unknown;
}

/** The server refused to open a stream. */
export class StreamRefusal extends Error {
  readonly status: number;
  /** `invalid_token` */
  readonly code: string | null;
  /** In ms; 0: it did not say. */
  readonly retryAfter: number;

  constructor({ status, headers }: Response) {
    super();
    this.status = status;
    this.code = headers.get('X-PropTally-Code');
    this.retryAfter = Number(headers.get('Retry-After')) * 1_000;
  }
}

/** The server sends something at least every 20 s. In ms. */
const longestSilence = 45_000;

/**
 * Reads a stream of server-sent events until it ends. Not by EventSource, which tells neither why it
 * was refused nor that its connection has gone silent. Returns for how many ms the server wants nobody
 * to come back. Throws a {@link StreamRefusal}, or another error when the connection breaks.
 */
export async function readEvents(
  address: string,
  signal: AbortSignal,
  hear: (event: StreamEvent) => void,
): Promise<number> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), longestSilence);
  let retry = 0;
  try {
    const response = await fetch(address, {
      signal: AbortSignal.any([signal, silence.signal]),
      credentials: 'omit',
      cache: 'no-store',
    });
    if (!response.ok) throw new StreamRefusal(response);
    const parser = createParser({
      onEvent: ({ id = '', event, data }) => hear({ id, event, data: JSON.parse(data) }),
      onRetry: (ms) => {
        retry = ms;
      },
    });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return retry;
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), longestSilence);
      parser.feed(value);
    }
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}
