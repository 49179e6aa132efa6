import type { ErrorAnswer } from '../shared/answers/error.ts';
import type { RefusalCode } from '../shared/refusals.ts';
import type { Content } from './answers.ts';

/** An error response, to be thrown: a status, a code and a sentence. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: RefusalCode;
  readonly details: ErrorAnswer['details'];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: RefusalCode,
    message: string,
    more: { details?: ErrorAnswer['details']; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = more.details;
    this.headers = { ...more.headers, 'X-PropTally-Code': code };
  }

  get body(): ErrorAnswer {
    const { message, code, details } = this;
    return { error: message, code, ...(details && { details }) };
  }
}

/**
 * Makes the response for a refusal. A route whose refusals are not JSON leaves such a function in
 * `context.state.presentRefusal`.
 */
export type PresentRefusal = (refusal: Refusal) => Content;

export function notFound(what: string): Refusal {
  return new Refusal(404, 'not_found', what);
}

/** A 405 for an address that takes other methods. */
export function methodNotAllowed(allowed: readonly string[]): Refusal {
  const list = allowed.join(', ');
  return new Refusal(405, 'method_not_allowed', `This address takes ${list}.`, {
    headers: { Allow: list },
  });
}

/** A 429 for more requests than a token bucket has tokens. `seconds`: how long to wait. */
export function tooManyRequests(seconds: number): Refusal {
  return new Refusal(
    429,
    'too_many_requests',
    `Too many requests at once. Try again in ${seconds} s.`,
    { headers: { 'Retry-After': String(seconds) } },
  );
}
