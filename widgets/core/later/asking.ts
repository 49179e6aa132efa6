import type { ReactiveController } from 'lit';
import { minute } from '../../../shared/time.ts';
import type { Asker, Outcome } from '../asker.ts';
import { pageDocument } from '../page-document.ts';
import { isPassing, type Refusal } from '../refusal.ts';
import { untilTomorrow } from '../tomorrow.ts';
import { ask, askAtOnce, questionOf } from './ask.ts';
import { watchPage } from './page.ts';
import { watchSight } from './sight.ts';

/** An answer older than this is asked for again when the page comes back into view. */
const freshFor = minute;

/** What hasn't answered by then, in ms, is given up. */
const patience = 15_000;

/** It never answers. */
const unreachable = (): Outcome => ({
  refusal: { status: 0, code: 'unreachable', now: Date.now() },
});

/** Of the elements that are in the page, in whatever document tree. */
export const askings = new Set<Asking>();

/**
 * When an element asks: once it is in sight, again every so often, later and later when it fails, and
 * not at all while nobody can see it. Only the outcome of the newest question counts.
 */
class Asking implements ReactiveController {
  readonly host: Asker;
  #call: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  /** Undefined until the browser has told. */
  #isInSight: boolean | undefined;
  #question: unknown[] = [];
  #pause = 0;
  /** Whether what is drawn answers an earlier question. */
  #isUnanswered = true;
  /** Whether its time to ask came while nobody could see it. */
  #isDue = false;
  #unwatch: (() => void) | undefined;

  constructor(host: Asker) {
    this.host = host;
    if (host.answer) this.answered();
    host.addController(this);
  }

  hostConnected(): void {
    askings.add(this);
    addEventListener('online', this.resume);
    pageDocument.addEventListener('visibilitychange', this.resume);
    this.#unwatch = watchSight(this.host, (isInSight) => {
      this.#isInSight = isInSight;
      if (isInSight && (this.#isUnanswered || this.#isDue)) this.#load(false);
    });
  }

  hostDisconnected(): void {
    askings.delete(this);
    removeEventListener('online', this.resume);
    pageDocument.removeEventListener('visibilitychange', this.resume);
    this.#unwatch?.();
    this.#isInSight = undefined;
    // What it was about to do is done when it comes back.
    if (this.#call || this.#timer) this.#isDue = true;
    this.#cancel();
  }

  hostUpdate(): void {
    const question = questionOf(this.host);
    const isAnother = question.some((part, index) => part !== this.#question[index]);
    this.#question = question;
    if (isAnother) this.change();
    const pause = this.host.pause();
    const isPlanned = !this.#isUnanswered && !this.#failures && !this.#call;
    // What is being asked or tried again goes on.
    if (pause !== this.#pause && isPlanned) this.#planNext();
    this.#pause = pause;
  }

  /** The question is another. */
  change(): void {
    this.#isUnanswered = true;
    this.#cancel();
    if (this.#isInSight) this.#load(false);
  }

  /** Asks at once. */
  now(): Promise<void> {
    return this.#load(true);
  }

  /** Asks while the page stands still, for printing. Returns whether an answer or a refusal came. */
  atOnce(): boolean {
    const { host } = this;
    const { answer, refusal } = askAtOnce(host) ?? {};
    if (answer) host.show(answer, Date.now());
    if (refusal) host.refusal = refusal;
    return !!(answer || refusal);
  }

  /** Without having asked: what is drawn answers the question that the element has now. */
  answered(): void {
    this.#question = questionOf(this.host);
    this.#isUnanswered = false;
    this.#planNext();
  }

  /** The page is in view again, or has a connection. */
  resume = (): void => {
    const { host } = this;
    const isOld =
      Date.now() - host.answeredAt >= Math.min(freshFor, host.pause() * 1_000 || Infinity);
    if (!(this.#isDue || isOld || this.#failures)) return;
    if (this.#canBeSeen()) void this.#load(true);
    else if (this.#isInSight === undefined) this.#isDue = true;
  };

  #canBeSeen(): boolean {
    return !!this.#isInSight && !pageDocument.hidden;
  }

  async #load(isNew: boolean): Promise<void> {
    this.#cancel();
    this.#isDue = false;
    const call = new AbortController();
    this.#call = call;
    const { signal } = call;
    const timer = setTimeout(() => call.abort(), patience);
    const givenUp = new Promise<never>((_, reject) => {
      signal.onabort = reject;
    });
    const asked = ask(this.host, signal, isNew);
    const outcome = await Promise.race([asked, givenUp]).catch(unreachable);
    clearTimeout(timer);
    // However late an older one answers.
    if (this.#call !== call) return;
    this.#call = undefined;
    const isAnother = this.#isUnanswered;
    this.#isUnanswered = false;
    this.host.settle(outcome, isAnother);
    if (outcome.answer) {
      this.#failures = 0;
      this.#planNext();
    } else this.#planAfter(outcome.refusal);
  }

  #planNext(): void {
    clearTimeout(this.#timer);
    const pause = this.host.pause();
    if (pause) this.#plan(pause * 1_000);
  }

  #plan(milliseconds: number): void {
    this.#timer = setTimeout(this.#askWhenSeen, milliseconds);
  }

  #planAfter(refusal: Refusal): void {
    if (!isPassing(refusal)) return;
    const isDayOver = refusal.status === 429 && (refusal.retryAfter ?? Infinity) > 600;
    if (isDayOver) this.#plan(untilTomorrow());
    else {
      const least = refusal.retryAfter ?? Math.min(60, 5 * 2 ** this.#failures++);
      // Spread, for what failed together would knock together.
      this.#countDown(least * (1 + Math.random() / 2));
    }
  }

  #countDown(seconds: number): void {
    this.host.wait = Math.ceil(seconds);
    this.#timer = setTimeout(() => {
      if (seconds > 1) this.#countDown(seconds - 1);
      else this.#askWhenSeen();
    }, Math.min(1, seconds) * 1_000);
  }

  #askWhenSeen = (): void => {
    this.#timer = undefined;
    this.#isDue = true;
    if (this.#canBeSeen()) void this.#load(true);
  };

  #cancel(): void {
    this.#call?.abort();
    this.#call = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

export type { Asking };

export const startAsking = (host: Asker): Asking => new Asking(host);

watchPage(() => {
  for (const asking of askings) if (!asking.host.token && !asking.host.apiKey) asking.change();
});
