import type { IncomingMessage } from 'node:http';
import { type PropTally, type VerifiedEvent, verifyWebhook } from '../clients/js/index.ts';
import { eventTypes } from '../shared/events.ts';

/** An event that a webhook was told of, and when it arrived. */
export interface ReceivedEvent extends Pick<VerifiedEvent, 'id' | 'event' | 'data'> {
  /** 1, 2, … in the order of their arrival. */
  number: number;
  /** Epoch ms. */
  at: number;
}

const description = 'The demo’s receiver';
/** How many events are kept, and how long a request may be, in bytes. */
const mostKept = 50;
const mostBytes = 1024 * 1024;

/** What a firm's own server does with webhooks: it verifies each, and keeps the last ones. */
export class Receiver {
  readonly #clock: () => number;
  /** The newest last. */
  #events: ReceivedEvent[] = [];
  #lastNumber = 0;
  #secret = '';

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Creates a webhook to this receiver, in place of the one of an earlier start. */
  async subscribe(firm: PropTally, url: string): Promise<void> {
    const { webhooks } = await firm.listWebhooks();
    for (const webhook of webhooks)
      if (webhook.description === description) await firm.deleteWebhook({ id: webhook.id });
    const events = [...eventTypes];
    const { secret } = await firm.createWebhook({ url, description, events });
    this.#secret = secret;
  }

  /** Takes a request of a webhook; returns whether it is one that was signed. */
  async take(request: IncomingMessage): Promise<boolean> {
    const pieces: Buffer[] = [];
    let bytes = 0;
    for await (const piece of request) {
      bytes += (piece as Buffer).length;
      if (bytes > mostBytes) return false;
      pieces.push(piece as Buffer);
    }
    try {
      const verified = await verifyWebhook(Buffer.concat(pieces), request.headers, this.#secret);
      const { id, event, data } = verified;
      // An event may arrive twice.
      if (this.#events.some((each) => each.id === id)) return true;
      const received = { number: ++this.#lastNumber, at: this.#clock(), id, event, data };
      this.#events = [...this.#events, received as ReceivedEvent].slice(-mostKept);
      return true;
    } catch {
      return false;
    }
  }

  /** The events after a number, the oldest first. */
  after(number: number): ReceivedEvent[] {
    return this.#events.filter((event) => event.number > number);
  }
}
