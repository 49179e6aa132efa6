import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type {
  DeliveriesAnswer,
  DeliveryAnswer,
  NewWebhookAnswer,
  WebhookAnswer,
} from '../../shared/answers/webhooks.ts';
import { type Api, api } from './api.ts';
import { raise, someEvents } from './events.ts';
import { makePartner, type TestPartner } from './partner.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { startTestServer, type TestServer, type TestServerOptions } from './server.ts';

export interface WebhookFirm {
  server: TestServer;
  partner: TestPartner;
  ask: Api;
  /** Raises so many events, numbered on from those before. */
  happen(count: number): Promise<void>;
  /** Creates a webhook to a receiver, by default one of its own. */
  subscribe(body?: object, receiver?: Receiver): Promise<Subscribed>;
  /** Moves the clock and delivers what is due. */
  pass(milliseconds: number): Promise<void>;
}

export interface Subscribed {
  webhook: NewWebhookAnswer;
  receiver: Receiver;
  read(): Promise<WebhookAnswer>;
  deliveries(query?: string): Promise<DeliveryAnswer[]>;
  change(body: object): Promise<void>;
  /** The numbers of the events that were received, in the order of their arrival. */
  numbers(): number[];
}

/** Starts a server with a firm that may have webhooks. */
export async function startWebhookFirm(
  t: TestContext,
  options: TestServerOptions = {},
): Promise<WebhookFirm> {
  const server = await startTestServer(t, options);
  const partner = await makePartner(server.database);
  const ask = api(server, partner.key);
  let last = 0;
  return {
    ...{ server, partner, ask },
    happen: async (count) => {
      await raise(server.database, partner.id, someEvents(count, last + 1), server.clock.now);
      last += count;
    },
    subscribe: async (body = {}, given) => {
      const receiver = given ?? (await startReceiver(t));
      const made = await ask.post<NewWebhookAnswer>('webhooks', { url: receiver.url, ...body });
      assert.equal(made.status, 201, made.text);
      return subscribed(ask, made.body, receiver);
    },
    pass: async (milliseconds) => {
      server.clock.now += milliseconds;
      await server.deliver();
    },
  };
}

function subscribed(ask: Api, webhook: NewWebhookAnswer, receiver: Receiver): Subscribed {
  const path = `webhooks/${webhook.id}`;
  return {
    ...{ webhook, receiver },
    read: async () => (await ask.get<WebhookAnswer>(path)).body,
    deliveries: async (query = '') => {
      const { body, text, status } = await ask.get<DeliveriesAnswer>(`${path}/deliveries?${query}`);
      assert.equal(status, 200, text);
      return body.deliveries;
    },
    change: async (body) => {
      const { status, text } = await ask.patch(path, body);
      assert.equal(status, 200, text);
    },
    numbers: () => receiver.received.map(({ body }) => JSON.parse(body).data.number),
  };
}
