import type { Attempt, WebhookKey } from './events/attempts.ts';
import type { HandedOut, LeasedWebhook, Post } from './events/dispatch.ts';

/** A webhook that this process has leased: what was handed out to it, and what is on its way. */
export class ServedWebhook implements WebhookKey {
  readonly partnerId: string;
  readonly webhookId: string;
  /** When it was leased, and when something was last begun, by performance.now(). */
  readonly leasedAt = performance.now();
  servedAt = 0;
  isLeaving = false;
  readonly inFlight = new Set<number>();
  #slots = 0;
  #seen = 0;
  /** Whether the next operation is to look at what was seen once more. */
  #isToScan = false;
  /** In the order in which they are to be begun. */
  #waiting: Post[] = [];
  /** As of `Dispatched`, for those that wait. */
  #changes = 0;

  constructor({ partnerId, webhookId }: WebhookKey) {
    this.partnerId = partnerId;
    this.webhookId = webhookId;
  }

  get isFailing(): boolean {
    return this.#slots === 1;
  }

  /** Whether something is on its way, or may be soon. */
  get isBusy(): boolean {
    return this.inFlight.size + this.#waiting.length > 0;
  }

  get hasFreeSlot(): boolean {
    return this.inFlight.size < this.#slots;
  }

  /** Whether it could begin more than it was handed out. */
  get hasRoom(): boolean {
    return this.hasFreeSlot && this.#waiting.length === 0;
  }

  /** As the next operation is told of it. `settling`: what is settled later. */
  describe(settling: readonly Attempt[]): LeasedWebhook {
    if (this.#isToScan) this.#seen = 0;
    this.#isToScan = false;
    const { partnerId, webhookId, isLeaving } = this;
    const waiting = this.#waiting.map(({ number }) => number);
    const open = [...this.inFlight, ...waiting, ...settling.map(({ number }) => number)];
    return { partnerId, webhookId, open, seen: this.#seen, isLeaving };
  }

  /** Takes what an operation has handed out. */
  take({ slots, seen }: HandedOut, posts: readonly Post[], changes: number): void {
    this.#slots = slots;
    this.#seen = seen;
    if (this.#changes !== changes) this.dropWaiting();
    this.#changes = changes;
    // What was dropped meanwhile comes before these.
    if (!this.#isToScan) this.#waiting.push(...posts);
  }

  /** By which it is known whether what was handed out may still be begun. */
  get changes(): number {
    return this.#changes;
  }

  /** Something that was handed out was not begun: it is handed out again, if it is still owed. */
  scanAgain(): void {
    this.#isToScan = true;
  }

  /** What was handed out and was not begun is not begun. */
  dropWaiting(): void {
    if (this.#waiting.length > 0) this.scanAgain();
    this.#waiting = [];
  }

  /** One has failed: from now on one delivery at a time is on its way. */
  fail(): void {
    this.#slots = Math.min(this.#slots, 1);
    this.dropWaiting();
  }

  /** The next that may be begun, if there is a free slot for it. */
  next(): Post | undefined {
    return this.hasFreeSlot ? this.#waiting.shift() : undefined;
  }

  /** Whether something waits that may not be begun any more; `changes`: as they are now. */
  isStale(changes: number): boolean {
    return this.#waiting.length > 0 && changes !== this.#changes;
  }
}
