import type { ErrorAnswer } from '../../../shared/answers/error.ts';
import type { WidgetName } from '../../../shared/widgets.ts';
import type { Outcome, Question } from '../asker.ts';
import type { Refusal } from '../refusal.ts';
import { awaitScript, credentialFor } from './page.ts';
import { keptTokenOf, tokenOf } from './token.ts';

/** The parameters of the question, by the properties that give them. */
const parameters = {
  accountId: 'account_id',
  firmId: 'firm_id',
  period: 'period',
  month: 'month',
  sort: 'sort',
  limit: 'limit',
  maxDrawdown: 'max_drawdown',
  currency: 'currency',
} satisfies Partial<Record<keyof Question, string>>;

/** All that makes one question another. */
export function questionOf(question: Question): unknown[] {
  const { token, apiKey, base } = question;
  const properties = Object.keys(parameters) as (keyof Question)[];
  return [token, apiKey, base, ...properties.map((name) => question[name])];
}

interface Call {
  outcome: Promise<Outcome>;
  controller: AbortController;
  /** How many wait for its outcome; null once it is there. */
  waiting: number | null;
}

/** How long, in ms, an answer serves others that ask the same. */
const keptFor = 3_000;

/** What is being asked, and what was answered just now, by address. */
const calls = new Map<string, Call>();

/**
 * Asks the API for a widget's answer, once for all who ask the same; `isNew` leaves out what was
 * answered before. Never throws: what went wrong is a {@link Refusal}.
 */
export async function ask<Name extends WidgetName>(
  question: Question & { readonly widget: Name },
  signal: AbortSignal,
  isNew: boolean,
): Promise<Outcome<Name>> {
  const credential = credentialFor(question);
  if (!credential) {
    awaitScript();
    return { refusal: { status: 401, code: 'missing_key', now: Date.now() } };
  }
  const { base, token: given, key } = credential;
  const askWith = (parameter: 'token' | 'api_key', text: string, isNew: boolean) => {
    // Nobody waits any more for what a token was got for.
    signal.throwIfAborted();
    return share(addressOf(question, base, parameter, text), signal, isNew) as Promise<
      Outcome<Name>
    >;
  };
  try {
    if (!given) return await askWith('api_key', key!, isNew);
    if (typeof given === 'string') return await askWith('token', given, isNew);
    const token = await tokenOf(given);
    const outcome = await askWith('token', token, isNew);
    if (outcome.refusal?.code !== 'invalid_token') return outcome;
    return await askWith('token', await tokenOf(given, token), true);
  } catch {
    return { refusal: unreachable() };
  }
}

/**
 * The same while the page stands still: for printing, which waits for no promise. With the key, or a
 * token that is there already; undefined without one, or where none answers.
 */
export function askAtOnce(question: Question): Outcome | undefined {
  const { base, token, key } = credentialFor(question) ?? {};
  const text = typeof token === 'function' ? keptTokenOf(token) : token || key;
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
  // Bad values are mended by the API. An account that a page's template left empty is asked for
  // and not found: to show all accounts instead would tell a trader what the whole firm makes.
  for (const [property, name] of Object.entries(parameters)) {
    const value = question[property as keyof Question];
    if (value != null) address.searchParams.set(name, String(value));
  }
  address.searchParams.set(parameter, credential);
  return address.href;
}

function share(address: string, signal: AbortSignal, isNew: boolean): Promise<Outcome> {
  let call = calls.get(address);
  if (!call || (isNew && call.waiting === null)) call = startCall(address);
  if (call.waiting !== null) joinCall(call, address, signal);
  return call.outcome;
}

function startCall(address: string): Call {
  const controller = new AbortController();
  const call: Call = { outcome: request(address, controller.signal), controller, waiting: 0 };
  calls.set(address, call);
  call.outcome.then(({ answer }) => {
    call.waiting = null;
    setTimeout(() => forget(address, call), answer ? keptFor : 0);
  });
  return call;
}

/** What nobody waits for any more is given up. */
function joinCall(call: Call, address: string, signal: AbortSignal): void {
  call.waiting!++;
  signal.addEventListener('abort', () => {
    if (call.waiting === null || --call.waiting > 0) return;
    call.controller.abort();
    forget(address, call);
  });
}

function forget(address: string, call: Call): void {
  if (calls.get(address) === call) calls.delete(address);
}

async function request(address: string, signal: AbortSignal): Promise<Outcome> {
  let response: Response | undefined;
  try {
    // Key or token is in the address and nothing else is sent along: such a request needs no preflight.
    response = await fetch(address, { signal, credentials: 'omit' });
    const body = await response.json();
    if (response.ok && body.data) return { answer: body };
    const { ok, status, headers } = response;
    return { refusal: readRefusal(ok ? 0 : status, (name) => headers.get(name), body) };
  } catch {
    return { refusal: unreachable(response) };
  }
}

/** Of an answer that can't be read, or of none. */
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
    code: String(body.code),
    now: Date.now(),
    limit: number('X-RateLimit-Limit'),
    retryAfter: number('Retry-After'),
  };
}
