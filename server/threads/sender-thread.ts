import type { Outcome } from '../events/attempts.ts';
import type { Sending, SendRules } from '../events/send.ts';
import type { Failure } from './failures.ts';
import { Thread } from './thread.ts';

export type Job = Sending;

export interface Reply {
  outcome?: Outcome | null;
  failure?: Failure;
}

/** In MiB: what is sent and answered is small, and not kept. */
const memory = { maxYoungGenerationSizeMb: 6, maxOldGenerationSizeMb: 96 };

/**
 * The thread that sends to webhooks. It is started when something is sent, and ends with the process:
 * to end it would be to wait for the first answer.
 */
export class SenderThread {
  readonly #thread: Thread<Job, Reply>;

  constructor(rules: SendRules) {
    this.#thread = new Thread('sender', rules, memory);
  }

  /**
   * Null: it had to be prompt, and nothing was sent. Rejects only if the thread has failed: then it is not
   * known what became of it.
   */
  async send(sending: Sending): Promise<Outcome | null> {
    return (await this.#thread.run(sending)).outcome!;
  }
}
