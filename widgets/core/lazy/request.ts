import type { ErrorAnswer } from '../../../shared/answers/error.ts';
import type { WidgetName } from '../../../shared/widgets.ts';
import type { Outcome, ParametersByProperty, Question } from '../answer-host.ts';
import type { Refusal } from '../refusal.ts';
import { credentialFor, watchForScript } from './credential.ts';
import { cachedTokenOf, tokenOf } from './token.ts';

const parameters: ParametersByProperty = {
  accountId: 'account_id',
  attempt: 'attempt',
  firmId: 'firm_id',
  period: 'period',
  month: 'month',
  status: 'status',
  by: 'by',
  sort: 'sort',
  limit: 'limit',
  maxDrawdown: 'max_drawdown',
  currency: 'currency',
};

/** Two questions are the same when all of these values are. */
export function valuesOf(question: Question): unknown[] {
  const { token, apiKey, base } = question;
  const properties = Object.keys(parameters) as (keyof Question)[];
  return [token, apiKey, base, ...properties.map((name) => question[name])];
}

interface SharedRequest {
  outcome: Promise<Outcome>;
  controller: AbortController;
  /** How many elements wait for its outcome; null once it is there. */
  waiting: number | null;
}

/** For how many ms an answer is given to elements with the same question. */
const cacheTime = 3_000;

/** Requests that are under way or were answered just now, by address. */
const requests = new Map<string, SharedRequest>();

/**
 * Requests a widget's answer from the API, once for all elements with the same question; `isFresh`
 * ignores one that was answered before. Never throws: a failure is a {@link Refusal}.
 */
export async function fetchAnswer<Name extends WidgetName>(
  question: Question & { readonly widget: Name },
  signal: AbortSignal,
  isFresh: boolean,
): Promise<Outcome<Name>> {
  const credential = credentialFor(question);
  if (!credential) {
    watchForScript();
    return { refusal: { status: 401, code: 'missing_key', now: Date.now() } };
  }
  const { base, token: given, key } = credential;
  const fetchWith = (parameter: 'token' | 'api_key', text: string, isFresh: boolean) => {
    // The element may have given up while its token was on the way.
    signal.throwIfAborted();
    return share(addressOf(question, base, parameter, text), signal, isFresh) as Promise<
      Outcome<Name>
    >;
  };
  try {
    if (!given) return await fetchWith('api_key', key!, isFresh);
    if (typeof given === 'string') return await fetchWith('token', given, isFresh);
    const token = await tokenOf(given);
    const outcome = await fetchWith('token', token, isFresh);
    if (outcome.refusal?.code !== 'invalid_token') return outcome;
    return await fetchWith('token', await tokenOf(given, token), true);
  } catch {
    return { refusal: unreachable() };
  }
}

/**
 * The same, blocking the page: for printing, which waits for no promise. Uses the key, or a token that
 * is there already; undefined without one, or when no server answers.
 */
export function fetchAnswerSync(question: Question): Outcome | undefined {
  const { base, token, key } = credentialFor(question) ?? {};
  const text = typeof token === 'function' ? cachedTokenOf(token) : token || key;
  if (!text) return undefined;
  const request = new XMLHttpRequest();
  try {
    request.open('GET', addressOf(question, base!, token ? 'token' : 'api_key', text), false);
    request.send();
    const body = JSON.parse(request.responseText);
    return body.data
      ? { answer: body }
      : { refusal: readRefusal(request.status, (name) => request.getResponseHeader(name), body) };
  } catch {
    return undefined;
  }
}

function addressOf(
  question: Question,
  base: string,
  parameter: string,
  credential: string,
): string {
  const address = new URL(`/api/partner/widgets/${question.widget}`, base);
  // Invalid values are mended by the API. An empty account, as a template may leave it, is sent and not
  // found: without the parameter a trader would see what the whole firm makes.
  for (const [property, name] of Object.entries(parameters)) {
    const value = question[property as keyof Question];
    if (value != null) address.searchParams.set(name, String(value));
  }
  address.searchParams.set(parameter, credential);
  const { stream } = question.following ?? {};
  if (stream) address.searchParams.set('stream', stream);
  return address.href;
}

function share(address: string, signal: AbortSignal, isFresh: boolean): Promise<Outcome> {
  let request = requests.get(address);
  if (!request || (isFresh && request.waiting === null)) request = start(address);
  if (request.waiting !== null) join(request, address, signal);
  return request.outcome;
}

function start(address: string): SharedRequest {
  const controller = new AbortController();
  const request: SharedRequest = {
    outcome: send(address, controller.signal),
    controller,
    waiting: 0,
  };
  requests.set(address, request);
  request.outcome.then(({ answer }) => {
    request.waiting = null;
    setTimeout(() => forget(address, request), answer ? cacheTime : 0);
  });
  return request;
}

/** A request is aborted when the last element that waits for it gives up. */
function join(request: SharedRequest, address: string, signal: AbortSignal): void {
  request.waiting!++;
  signal.addEventListener('abort', () => {
    if (request.waiting === null || --request.waiting > 0) return;
    request.controller.abort();
    forget(address, request);
  });
}

/** From now on everything is requested anew. */
export function forgetAnswers(): void {
  requests.clear();
}

function forget(address: string, request: SharedRequest): void {
  if (requests.get(address) === request) requests.delete(address);
}

async function send(address: string, signal: AbortSignal): Promise<Outcome> {
  let response: Response | undefined;
  try {
    // With the credential in the address and no header of its own the request needs no preflight.
    response = await fetch(address, { signal, credentials: 'omit' });
    const body = await response.json();
    if (response.ok && body.data) return { answer: body };
    const { ok, status, headers } = response;
    return { refusal: readRefusal(ok ? 0 : status, (name) => headers.get(name), body) };
  } catch {
    return { refusal: unreachable(response) };
  }
}

/** The refusal when there is no response, or one that can't be read. */
function unreachable(response?: Response): Refusal {
  const status = response && !response.ok ? response.status : 0;
  const code = navigator.onLine ? 'unreachable' : 'offline';
  return { status, code, now: Date.now() };
}

function readRefusal(
  status: number,
  header: (name: string) => string | null,
  body: Partial<ErrorAnswer>,
): Refusal {
  const number = (name: string) => Number(header(name)) || undefined;
  return {
    status,
    code: body.code ?? 'unreachable',
    now: Date.now(),
    limit: number('X-RateLimit-Limit'),
    retryAfter: number('Retry-After'),
  };
}
