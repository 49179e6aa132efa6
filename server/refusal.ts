import type { ErrorAnswer } from '../shared/answers/error.ts';
import type { RefusalCode } from '../shared/refusals.ts';
import type { Content } from './answers.ts';

/** An error response, to be thrown: a status, a code and a sentence. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: RefusalCode;
  readonly details: ErrorAnswer['details'];
  readonly cursor: ErrorAnswer['cursor'];
  readonly import: ErrorAnswer['import'];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: RefusalCode,
    message: string,
    more: Pick<ErrorAnswer, 'details' | 'cursor' | 'import'> & {
      headers?: Record<string, string>;
    } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = more.details;
    this.cursor = more.cursor;
    this.import = more.import;
    this.headers = { ...more.headers, 'X-PropTally-Code': code };
  }

  get body(): ErrorAnswer {
    const { message, code, details, cursor, import: report } = this;
    return {
      ...{ error: message, code, ...(details && { details }) },
      ...{ ...(report && { import: report }), ...(cursor && { cursor }) },
    };
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

/** A 429 for more requests than a token bucket has tokens. `seconds`: how long to wait. */
export function tooManyRequests(seconds: number): Refusal {
  return new Refusal(
    429,
    'too_many_requests',
    `Too many requests at once. Try again in ${seconds} s.`,
    { headers: { 'Retry-After': String(seconds) } },
  );
}
