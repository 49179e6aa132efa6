/** Why a widget has no answer to show. */
export interface Refusal {
  /** The HTTP status; 0 when no answer came at all. */
  status: number;
  /** The API's code; `offline` or `unreachable` when no answer came. */
  code: string;
  /** The daily limit, when it was reached. */
  limit?: number | undefined;
  /** In how many seconds asking again may help. */
  retryAfter?: number | undefined;
  /** The moment of the refusal, in epoch ms. */
  now: number;
}

/** Whether asking again may help without anybody changing anything. */
export function isPassing({ status }: Refusal): boolean {
  return status === 0 || status === 429 || status >= 500;
}

/** Whether the API said no, in which case it is known what to do about it. */
export function isByApi({ status }: Refusal): boolean {
  return status >= 400 && status < 500;
}
