import type { ErrorAnswer } from './types.ts';

/**
 * What went wrong, for programs: a code of the API (a newer server may have more of them), or
 * - `connection_failed`: there was no answer, or it broke off,
 * - `timeout`: the answer took too long,
 * - `unexpected_answer`: what answered is not the API, such as a proxy.
 */
export type ErrorCode = ErrorAnswer['code'] | 'connection_failed' | 'timeout' | 'unexpected_answer';

/** A call that failed; `message` is a sentence for people. */
export class PropTallyError extends Error {
  override readonly name = 'PropTallyError';
  readonly code: ErrorCode;
  /** The HTTP status; null: there was no answer. */
  readonly status: number | null;
  /** Of invalid parameters, bodies and conflicts: every problem, with its path. */
  readonly details: NonNullable<ErrorAnswer['details']>;
  /** The id under which the server's log has the request. */
  readonly requestId: string | null;
  /** How many seconds to wait before trying again, if the server says so. */
  readonly retryAfter: number | null;
  /** The answer's whole body: of some codes it has more fields, such as `cursor` or `import`. */
  readonly answer: ErrorAnswer | null;

  constructor(
    code: ErrorCode,
    message: string,
    { response, answer, cause }: { response?: Response; answer?: ErrorAnswer; cause?: unknown },
  ) {
    super(message, { cause });
    this.code = code;
    this.status = response?.status ?? null;
    this.details = answer?.details ?? [];
    this.requestId = response?.headers.get('X-Request-Id') ?? null;
    this.retryAfter = secondsIn(response?.headers.get('Retry-After'));
    this.answer = answer ?? null;
  }
}

/** The error that a response tells of. */
export async function errorOf(response: Response): Promise<PropTallyError> {
  const answer = parse(await response.text());
  if (!answer) {
    const message = `The answer, of status ${response.status}, is none of the API’s.`;
    return new PropTallyError('unexpected_answer', message, { response });
  }
  return new PropTallyError(answer.code, answer.error, { response, answer });
}

function parse(text: string): ErrorAnswer | null {
  try {
    const body = JSON.parse(text);
    return typeof body?.code === 'string' && typeof body.error === 'string' ? body : null;
  } catch {
    return null;
  }
}

/** `Retry-After` in seconds: it is a number of them, or a date. */
function secondsIn(header: string | null | undefined): number | null {
  if (!header) return null;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? null : Math.max(0, seconds);
}
