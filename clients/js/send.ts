import { errorOf, PropTallyError } from './error.ts';

/** What every call may be given beside its parameters. */
export interface CallOptions {
  /** Ends the call, its retries included: it then throws the signal's reason. */
  signal?: AbortSignal;
  /** How long each attempt may take, in ms. Default: 60,000. */
  timeout?: number;
}

export interface Sending {
  url: string;
  init: RequestInit;
  /** Whether nothing is done twice if the request arrives twice. */
  isSafe: boolean;
}

const usualAttempts = 4;
/** In seconds: the pause after the first attempt, which doubles, and the longest that is waited. */
const firstPause = 0.5;
const longestPause = 60;
/** So often a pause doubles at most. */
const mostDoublings = 6;

/**
 * Sends a request, again where that may help, and reads the answer. Throws a
 * {@link PropTallyError}.
 */
export async function send<Answer>(
  sending: Sending,
  options: CallOptions,
  read: (response: Response) => Promise<Answer>,
  mostAttempts = usualAttempts,
): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await sendOnce(sending, options, read);
    } catch (error) {
      if (attempt === mostAttempts || !isWorthRepeating(error, sending)) throw error;
      // At random, so that clients that failed together don't come back together.
      const doubled = firstPause * 2 ** Math.min(attempt - 1, mostDoublings);
      const pause = error.retryAfter ?? doubled * (0.5 + Math.random() / 2);
      if (pause > longestPause) throw error;
      await sleep(pause * 1000, options.signal);
    }
  }
}

async function sendOnce<Answer>(
  { url, init }: Sending,
  { signal, timeout = 60_000 }: CallOptions,
  read: (response: Response) => Promise<Answer>,
): Promise<Answer> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), timeout);
  try {
    const response = await fetch(url, {
      ...init,
      signal: signal ? AbortSignal.any([signal, limit.signal]) : limit.signal,
    });
    if (!response.ok) throw await errorOf(response);
    return await read(response);
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    if (cause instanceof PropTallyError) throw cause;
    throw limit.signal.aborted
      ? new PropTallyError('timeout', `There was no answer within ${timeout} ms.`, { cause })
      : new PropTallyError('connection_failed', 'The server could not be reached.', { cause });
  } finally {
    clearTimeout(timer);
  }
}

function isWorthRepeating(error: unknown, { init, isSafe }: Sending): error is PropTallyError {
  if (!(error instanceof PropTallyError)) return false;
  // A stream can be read only once.
  if (init.body instanceof ReadableStream) return false;
  const { status, code } = error;
  // The server did nothing: it was asked too much, or has no access to its data, or still works on
  // an earlier attempt with the same key.
  if (status === 429 || status === 503 || code === 'request_running') return true;
  return isSafe && (status === null || status === 502 || status === 504);
}

export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      if (signal?.aborted) reject(signal.reason);
      else resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end);
  });
}
