import { pageDocument } from './page-document.ts';
import type { Outcome } from './question.ts';
import { isPassing, type Refusal } from './refusal.ts';
import { watchSight } from './sight.ts';
import { untilTomorrow } from './tomorrow.ts';

/** What is asked, and who is told. */
export interface Asker {
  ask(signal: AbortSignal, isNew: boolean): Promise<Outcome>;
  /** Seconds from one answer to the next question, as a page says it; 0: none. */
  refresh(): number | string;
  /** `isAnother`: to another question than the last. */
  settled(outcome: Outcome, isAnother: boolean): void;
  /** Counts down the seconds to the next try. */
  waits(seconds: number): void;
}

/** An answer older than this is asked for again when the page comes back into view. */
const freshFor = 60_000;

/** What hasn't answered by then, in ms, is given up. */
const patience = 15_000;

/** What asks could not be loaded, or never answers. */
const unreachable = (): Outcome => ({
  refusal: { status: 0, code: 'unreachable', now: Date.now() },
});

/**
 * When a widget asks: once it is in sight, again every so often, later and later when it fails, and
 * not at all while nobody can see it. Only the outcome of the newest question counts.
 */
export class Asking {
  readonly #element: Element;
  readonly #asker: Asker;
  #call: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  /** When what is drawn was answered, in epoch ms. */
  answeredAt = 0;
  #isInSight = false;
  /** Whether what is drawn answers an earlier question. */
  #isUnanswered = true;
  /** Whether its time to ask came while nobody could see it. */
  #isDue = false;
  #unwatch: (() => void) | undefined;

  constructor(element: Element, asker: Asker) {
    this.#element = element;
    this.#asker = asker;
  }

  /** Of an element in the page. */
  start(): void {
    addEventListener('online', this.#resume);
    pageDocument.addEventListener('visibilitychange', this.#resume);
    this.#unwatch = watchSight(this.#element, (isInSight) => {
      this.#isInSight = isInSight;
      if (isInSight && (this.#isUnanswered || this.#isDue)) this.#load(false);
    });
  }

  /** Of an element that was removed. */
  stop(): void {
    removeEventListener('online', this.#resume);
    pageDocument.removeEventListener('visibilitychange', this.#resume);
    this.#unwatch?.();
    this.#isInSight = false;
    // What it was about to do is done when it comes back.
    if (this.#call || this.#timer) this.#isDue = true;
    this.#cancel();
  }

  /** The question has changed. */
  change(): void {
    this.#isUnanswered = true;
    this.#cancel();
    if (this.#isInSight) this.#load(false);
  }

  /** The question was answered otherwise, at this moment (epoch ms). */
  answered(at: number): void {
    this.#isUnanswered = false;
    this.answeredAt = at;
    this.#planNext();
  }

  /** Asks at once. */
  now(): Promise<void> {
    return this.#load(true);
  }

  /** How often to ask has changed; what is being asked or tried again goes on. */
  planAnew(): void {
    if (!this.#isUnanswered && !this.#failures && !this.#call) this.#planNext();
  }

  /** Whether nothing was heard for two refreshes. */
  isLate(): boolean {
    // A still was never asked for.
    return !!this.answeredAt && Date.now() - this.answeredAt > (this.#pause() || Infinity) * 2_000;
  }

  #resume = (): void => {
    const isOld = Date.now() - this.answeredAt > freshFor;
    if (this.#canBeSeen() && (this.#isDue || isOld || this.#failures)) void this.#load(true);
  };

  #canBeSeen(): boolean {
    return this.#isInSight && !pageDocument.hidden;
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
    const asked = this.#asker.ask(signal, isNew);
    const outcome = await Promise.race([asked, givenUp]).catch(unreachable);
    clearTimeout(timer);
    // However late an older one answers.
    if (this.#call !== call) return;
    this.#call = undefined;
    const isAnother = this.#isUnanswered;
    this.#isUnanswered = false;
    if (outcome.answer) this.answeredAt = Date.now();
    this.#asker.settled(outcome, isAnother);
    if (outcome.answer) {
      this.#failures = 0;
      this.#planNext();
    } else this.#planAfter(outcome.refusal);
  }

  /** From one answer to the next question, in seconds; 0: none is asked. */
  #pause(): number {
    const seconds = Number(this.#asker.refresh());
    return seconds > 0 ? Math.min(Math.max(seconds, 10), 86_400) : 0;
  }

  #planNext(): void {
    this.#plan(this.#pause());
  }

  #plan(seconds: number): void {
    clearTimeout(this.#timer);
    if (seconds > 0) this.#timer = setTimeout(this.#askWhenSeen, seconds * 1_000);
  }

  #planAfter(refusal: Refusal): void {
    if (!isPassing(refusal)) return;
    const isDayOver = refusal.status === 429 && (refusal.retryAfter ?? Infinity) > 600;
    if (isDayOver) this.#plan(untilTomorrow() / 1_000);
    else {
      const least = refusal.retryAfter ?? Math.min(60, 5 * 2 ** this.#failures++);
      // Spread, for what failed together would knock together.
      this.#countDown(least * (1 + Math.random() / 2));
    }
  }

  #countDown(seconds: number): void {
    this.#asker.waits(Math.ceil(seconds));
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
