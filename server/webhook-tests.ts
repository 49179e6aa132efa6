import { findDeliveryRow, isSuccess, recordAttempt } from './events/attempts.ts';
import { payload } from './events/payload.ts';
import { secretsOf } from './events/signing.ts';
import { WebhookRecords } from './events/webhook-records.ts';
import type { Webhook } from './records/webhooks.ts';
import { notFound, Refusal, tooManyRequests } from './refusal.ts';
import { type Database, transact } from './store/database.ts';
import type { Delivery } from './store/deliveries.ts';
import { newId, type Random } from './store/ids.ts';
import type { SenderThread } from './threads/sender-thread.ts';

interface TestDependencies {
  database: Database;
  /** Null: this server sends nothing. */
  sender: Pick<SenderThread, 'send'> | null;
  clock: () => number;
  random: Random;
  decrypt(bytes: Buffer): string | null;
}

/** Sends tests to webhooks: at once, and once. They are no events, and nothing follows from them. */
export class WebhookTests {
  readonly #dependencies: TestDependencies;
  /** The ids of the webhooks that a test is on its way to. */
  readonly #running = new Set<string>();

  constructor(dependencies: TestDependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Sends a test, and writes down how it went. Throws a 409 when this server sends nothing, or can't
   * read the secret, and a 429 while another test is on its way.
   */
  async send(webhook: Webhook): Promise<Delivery> {
    const { sender } = this.#dependencies;
    if (!sender) {
      const sentence = 'This server sends nothing to webhooks: PROPTALLY_WEBHOOKS is off.';
      throw new Refusal(409, 'webhooks_off', sentence);
    }
    if (this.#running.has(webhook.id)) throw tooManyRequests(1);
    this.#running.add(webhook.id);
    try {
      return await this.#send(webhook, sender);
    } finally {
      this.#running.delete(webhook.id);
    }
  }

  async #send(webhook: Webhook, sender: Pick<SenderThread, 'send'>): Promise<Delivery> {
    const { database, clock, random, decrypt } = this.#dependencies;
    const { partner_id: partnerId, id: webhookId, url } = webhook;
    const at = clock();
    const id = newId('evt', random);
    const body = payload('test', at, JSON.stringify({ webhook_id: webhookId }));
    const secrets = secretsOf(webhook, at, decrypt);
    if (secrets === null) {
      const sentence =
        'The server’s own secret was changed, so it can’t read the webhook’s. Rotate that.';
      throw new Refusal(409, 'webhooks_off', sentence);
    }
    const message = { id, event: 'test', url, at, body, ...secrets, isPrompt: false };
    const outcome = (await sender.send(message))!;
    return transact(database, async () => {
      const { handle } = database;
      const records = new WebhookRecords(handle);
      const record = records.find({ partnerId, webhookId });
      if (!record) throw notFound('The webhook was deleted meanwhile.');
      const number = -++record.last_test;
      const made = { partnerId, webhookId, number, id, url, digest: null, at, ...outcome };
      const state = isSuccess(outcome) ? ('delivered' as const) : ('failed' as const);
      const delivery = { event: 'test' as const, state, tries: 1, due_at: null, created_at: at };
      recordAttempt(handle, made, record, undefined, { ...delivery, digest: null }, false);
      records.save();
      return findDeliveryRow(handle, made)!;
    });
  }
}
