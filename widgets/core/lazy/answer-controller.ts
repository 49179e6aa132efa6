import type { ReactiveController } from 'lit';
import { minute } from '../../../shared/time.ts';
import type { AnswerHost, Asker, Outcome } from '../answer-host.ts';
import { inLanguage } from '../language.ts';
import { pageDocument } from '../page-document.ts';
import { isPassing, type Refusal } from '../refusal.ts';
import { untilUtcMidnight } from '../utc-midnight.ts';
import { commonWordsOf } from '../words.ts';
import { credentialFor, onCredentialChange } from './credential.ts';
import type { Live } from './live.ts';
import { fetchAnswer, fetchAnswerSync, forgetAnswers, valuesOf } from './request.ts';
import { tokenOf } from './token.ts';
import { watchVisibility } from './visibility.ts';

/** An older answer is requested again when the page comes back into view. */
const freshFor = minute;

/** In ms. */
const timeout = 15_000;

const timedOut = (): Outcome => ({
  refusal: { status: 0, code: 'unreachable', now: Date.now() },
});

/** Those of the elements that are in the page, in whatever document tree. */
export const answerControllers = new Set<AnswerController>();

let live: Live | undefined;

/** Looks again which elements follow changes; what that takes is loaded for the first that does. */
async function follow(isLive: boolean): Promise<void> {
  if (!isLive && !live) return;
  try {
    const { Live } = await import('./live.ts');
    // What it uses is passed to it: a script that is loaded on demand can't import its page's script.
    live ??= new Live({
      ...{ answerControllers, commonWordsOf, credentialFor },
      ...{ forgetAnswers, inLanguage, pageDocument, tokenOf },
    });
    live.reconsider();
  } catch {
    // Without a connection the next change tries again.
  }
}

/**
 * Decides when an element requests its answer: once it is in view, again at its refresh interval, at
 * growing intervals after failures, and never while nobody can see it. Only the outcome of the newest
 * request counts.
 */
class AnswerController implements Asker, ReactiveController {
  readonly host: AnswerHost;
  #request: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  /** Undefined until the browser has reported it. */
  #isInView: boolean | undefined;
  #values: unknown[] = [];
  #interval = 0;
  /** Whether what is drawn answers an earlier question. */
  #isUnanswered = true;
  /** Whether its time to ask came while nobody could see it. */
  #isDue = false;
  #isLive = false;
  #stopWatching: (() => void) | undefined;

  constructor(host: AnswerHost) {
    this.host = host;
    if (host.answer) this.answered();
    host.addController(this);
  }

  hostConnected(): void {
    answerControllers.add(this);
    addEventListener('online', this.resume);
    pageDocument.addEventListener('visibilitychange', this.resume);
    this.#stopWatching = watchVisibility(this.host, (isVisible) => {
      this.#isInView = isVisible;
      follow(this.host.isLive());
      if (isVisible && (this.#isUnanswered || this.#isDue)) this.#load(false);
    });
  }

  hostDisconnected(): void {
    answerControllers.delete(this);
    removeEventListener('online', this.resume);
    pageDocument.removeEventListener('visibilitychange', this.resume);
    this.#stopWatching?.();
    this.#isInView = undefined;
    // What it was about to do is done when it is connected again.
    if (this.#request || this.#timer) this.#isDue = true;
    this.#cancel();
    live?.reconsider();
  }

  hostUpdate(): void {
    const values = valuesOf(this.host);
    const isNewQuestion = values.some((value, index) => value !== this.#values[index]);
    this.#values = values;
    if (isNewQuestion) this.questionChanged();
    const interval = this.host.refreshInterval();
    // Requests and retries that are under way go on.
    const isIdle = !this.#isUnanswered && !this.#failures && !this.#request;
    if (interval !== this.#interval && isIdle) this.#scheduleRefresh();
    this.#interval = interval;
    const isLive = this.host.isLive();
    if (isNewQuestion || isLive !== this.#isLive) follow(isLive);
    this.#isLive = isLive;
    live?.show(this.host);
  }

  questionChanged(): void {
    this.#isUnanswered = true;
    this.#cancel();
    if (this.#isInView) this.#load(false);
  }

  reload(): Promise<void> {
    return this.#load(true);
  }

  /** Blocks the page, for printing. Returns whether there is an answer or a refusal. */
  loadSync(): boolean {
    const { host } = this;
    const { answer, refusal } = fetchAnswerSync(host) ?? {};
    if (answer) host.show(answer, Date.now());
    if (refusal) host.refusal = refusal;
    return !!(answer || refusal);
  }

  /** The host shows an answer to its present question that came from elsewhere. */
  answered(): void {
    this.#values = valuesOf(this.host);
    this.#isUnanswered = false;
    this.#scheduleRefresh();
  }

  /** The page is in view again, or has a connection. */
  resume = (): void => {
    const { host } = this;
    const isOld =
      Date.now() - host.answeredAt >=
      Math.min(freshFor, host.refreshInterval() * 1_000 || Infinity);
    if (!(this.#isDue || isOld || this.#failures)) return;
    if (this.canBeSeen()) void this.#load(true);
    else if (this.#isInView === undefined) this.#isDue = true;
  };

  isAsking(): boolean {
    return !!this.#request || this.#isUnanswered;
  }

  canBeSeen(): boolean {
    return !!this.#isInView && !pageDocument.hidden;
  }

  async #load(isFresh: boolean): Promise<void> {
    this.#cancel();
    this.#isDue = false;
    const request = new AbortController();
    this.#request = request;
    const { signal } = request;
    const timer = setTimeout(() => request.abort(), timeout);
    const aborted = new Promise<never>((_, reject) => {
      signal.onabort = reject;
    });
    const fetched = fetchAnswer(this.host, signal, isFresh);
    const outcome = await Promise.race([fetched, aborted]).catch(timedOut);
    clearTimeout(timer);
    // A newer request was made meanwhile.
    if (this.#request !== request) return;
    this.#request = undefined;
    const isNewQuestion = this.#isUnanswered;
    this.#isUnanswered = false;
    const { answer } = this.host;
    this.host.settle(outcome, isNewQuestion);
    if (!isNewQuestion) live?.count(this.host, answer);
    if (outcome.answer) {
      this.#failures = 0;
      this.#scheduleRefresh();
    } else this.#scheduleRetry(outcome.refusal);
  }

  #scheduleRefresh(): void {
    clearTimeout(this.#timer);
    const interval = this.host.refreshInterval();
    if (interval) this.#schedule(interval * 1_000);
  }

  #schedule(milliseconds: number): void {
    this.#timer = setTimeout(this.loadWhenSeen, milliseconds);
  }

  #scheduleRetry(refusal: Refusal): void {
    if (!isPassing(refusal)) return;
    const isDayOver = refusal.status === 429 && (refusal.retryAfter ?? Infinity) > 600;
    if (isDayOver) this.#schedule(untilUtcMidnight());
    else {
      const least = refusal.retryAfter ?? Math.min(60, 5 * 2 ** this.#failures++);
      // With jitter: what failed together would otherwise try again together.
      this.#countDown(least * (1 + Math.random() / 2));
    }
  }

  #countDown(seconds: number): void {
    this.host.wait = Math.ceil(seconds);
    this.#timer = setTimeout(() => {
      if (seconds > 1) this.#countDown(seconds - 1);
      else this.loadWhenSeen();
    }, Math.min(1, seconds) * 1_000);
  }

  loadWhenSeen = (): void => {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isDue = true;
    if (this.canBeSeen()) void this.#load(true);
  };

  #cancel(): void {
    this.#request?.abort();
    this.#request = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

export type { AnswerController };

export const createAnswerController = (host: AnswerHost): AnswerController =>
  new AnswerController(host);

onCredentialChange(() => {
  for (const controller of answerControllers)
    if (!controller.host.token && !controller.host.apiKey) controller.questionChanged();
  live?.reconsider();
});
