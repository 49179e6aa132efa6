import type { RefusalCode } from '../../shared/refusals.ts';

/** Why a widget has no answer to show. */
export interface Refusal {
  /** The HTTP status; 0 when no answer came at all. */
  status: number;
  /** The API's code; `offline` or `unreachable` when no answer of the API came. */
  code: RefusalCode | 'offline' | 'unreachable';
  /** The daily limit, if it was reached. */
  limit?: number | undefined;
  /** After how many seconds another attempt may succeed. */
  retryAfter?: number | undefined;
  /** The moment of the refusal, in epoch ms. */
  now: number;
}

/** Whether another attempt may succeed without anybody changing anything. */
export function isPassing({ status }: Refusal): boolean {
  return status === 0 || status === 429 || status >= 500;
}

/** Whether the API refused the request: its code says what to do about it. */
export function isByApi({ status }: Refusal): boolean {
  return status >= 400 && status < 500;
}
