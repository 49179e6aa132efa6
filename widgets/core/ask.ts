import type { ErrorAnswer } from '../../shared/answers/error.ts';
import type { WidgetAnswer } from '../../shared/answers/widgets.ts';
import type { WidgetName } from '../../shared/widgets.ts';
import type { Refusal } from './refusal.ts';

export type Outcome<Name extends WidgetName> =
  | { answer: WidgetAnswer<Name>; refusal?: undefined }
  | { answer?: undefined; refusal: Refusal };

/** Asks the API for a widget's answer. Never throws: what went wrong is a {@link Refusal}. */
export async function ask<Name extends WidgetName>(
  address: URL,
  signal: AbortSignal,
): Promise<Outcome<Name>> {
  let response: Response | undefined;
  try {
    // The key is in the address and nothing else is sent along: such a request needs no preflight.
    response = await fetch(address, { signal, credentials: 'omit' });
    const body = await response.json();
    if (response.ok && body.data) return { answer: body };
    return { refusal: readRefusal(response, body) };
  } catch {
    const status = response && !response.ok ? response.status : 0;
    const code = navigator.onLine ? 'unreachable' : 'offline';
    return { refusal: { status, code, now: Date.now() } };
  }
}

function readRefusal(response: Response, body: Partial<ErrorAnswer>): Refusal {
  const refusal: Refusal = {
    status: response.ok ? 0 : response.status,
    code: String(body.code),
    now: Date.now(),
  };
  if (refusal.status === 429) {
    const limit = Number(response.headers.get('X-RateLimit-Limit'));
    if (limit) refusal.limit = limit;
    refusal.resetsAt = new Date().setUTCHours(24, 0, 0, 0);
  }
  return refusal;
}
