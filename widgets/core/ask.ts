import type { ErrorAnswer } from '../../shared/answers/error.ts';
import type { WidgetAnswer } from '../../shared/answers/widgets.ts';
import type { WidgetName } from '../../shared/widgets.ts';
import type { WidgetElement } from './element.ts';
import { baseOfPage, keyOfPage, tokenOfPage } from './page.ts';
import type { Refusal } from './refusal.ts';
import { type TokenSource, tokenOf } from './token.ts';

/** The parameters of the question, by the properties that give them. */
const questions = {
  accountId: 'account_id',
  firmId: 'firm_id',
  period: 'period',
  month: 'month',
  sort: 'sort',
  limit: 'limit',
  maxDrawdown: 'max_drawdown',
  currency: 'currency',
};

export type Outcome<Name extends WidgetName = WidgetName> =
  | { answer: WidgetAnswer<Name>; refusal?: undefined }
  | { answer?: undefined; refusal: Refusal };

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

/** What opens a widget: the name of the parameter, and a key, a token, or what gets one. */
type Credential = readonly [parameter: 'api_key' | 'token', given: string | TokenSource];

/** Those that found nothing to ask with, and are told when there is something. */
const keyless = new Set<WidgetElement>();

/**
 * Asks the API for a widget's answer, once for all who ask the same; `isNew` leaves out what was
 * answered before. Never throws: what went wrong is a {@link Refusal}.
 */
export async function ask<Name extends WidgetName>(
  element: WidgetElement<Name>,
  signal: AbortSignal,
  isNew: boolean,
): Promise<Outcome<Name>> {
  keyless.delete(element);
  const credential = credentialOf(element);
  if (!credential) {
    awaitCredential(element);
    return { refusal: { status: 401, code: 'missing_key', now: Date.now() } };
  }
  const [parameter, given] = credential;
  const askWith = (text: string, isNew: boolean) => {
    // Nobody waits any more for what a token was got for.
    signal.throwIfAborted();
    return share(addressOf(element, parameter, text), signal, isNew) as Promise<Outcome<Name>>;
  };
  try {
    if (typeof given === 'string') return await askWith(given, isNew);
    const token = await tokenOf(given);
    const outcome = await askWith(token, isNew);
    if (outcome.refusal?.code !== 'invalid_token') return outcome;
    return await askWith(await tokenOf(given, token), true);
  } catch {
    return { refusal: unreachable() };
  }
}

/** What is the element's own goes first, and a token before a key. */
function credentialOf({ token, apiKey }: WidgetElement): Credential | null {
  const anyToken = token || (!apiKey && tokenOfPage());
  if (anyToken) return ['token', anyToken];
  const key = apiKey || keyOfPage();
  return key ? ['api_key', key] : null;
}

/** A page's script may come after ours, and give the token to another widget. */
function awaitCredential(element: WidgetElement): void {
  if (!keyless.size) {
    const timer = setInterval(() => {
      for (const one of keyless) {
        if (!one.isConnected) keyless.delete(one);
        else if (credentialOf(one)) void one.reload();
      }
      if (!keyless.size) clearInterval(timer);
    }, 500);
  }
  keyless.add(element);
}

function addressOf(element: WidgetElement, parameter: string, credential: string): string {
  const base = URL.canParse(element.base ?? '') ? element.base! : baseOfPage();
  const address = new URL(`/api/partner/widgets/${element.widget}`, base);
  // Bad values are mended by the API. An account that a page's template left empty is asked for
  // and not found: to show all accounts instead would tell a trader what the whole firm makes.
  for (const [property, name] of Object.entries(questions)) {
    const value = element[property as keyof WidgetElement];
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
    return { refusal: readRefusal(response, body) };
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

function readRefusal({ ok, status, headers }: Response, body: Partial<ErrorAnswer>): Refusal {
  const number = (name: string) => Number(headers.get(name)) || undefined;
  return {
    status: ok ? 0 : status,
    code: String(body.code),
    now: Date.now(),
    limit: number('X-RateLimit-Limit'),
    retryAfter: number('Retry-After'),
  };
}
