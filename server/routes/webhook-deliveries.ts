import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import {
  type DeliveryAnswer,
  deliveriesAnswer,
  deliveryAnswer,
  replayAnswer,
} from '../../shared/answers/webhooks.ts';
import { deliveryStates } from '../../shared/webhooks.ts';
import { cursorsOf } from '../cursor.ts';
import { moment } from '../fields.ts';
import { oneOf, wholeNumber } from '../query.ts';
import { record } from '../records/partner-writing.ts';
import { notFound, Refusal } from '../refusal.ts';
import { action, change, partnerWriting } from '../route.ts';
import type { Queries } from '../store/database.ts';
import {
  type Delivery,
  deliveriesBetween,
  findDelivery,
  listAttempts,
  listDeliveries,
  replay,
} from '../store/deliveries.ts';
import { knownWebhook, webhookId, webhooksPath } from './webhooks.ts';

const path = `${webhooksPath}/:id`;
const scope = 'webhooks:manage';

const place = { created_at: z.int(), number: z.int() };
const cursors = cursorsOf('deliveries', place);
const replayCursors = cursorsOf('replay', place);

/** How many characters of answers a page has. */
const mostCharacters = 256 * 1024;
/** How many deliveries of a range are looked at for one request. */
const mostReplayed = 1_000;

export const webhookTest = action({
  name: 'testWebhook',
  method: 'POST',
  path: `${path}/test`,
  summary: 'Sends the event `test` to a webhook once, paused or not, and says how that went.',
  scope,
  query: z.object({ id: webhookId }),
  answers: { 200: { means: 'The delivery, with its only attempt.', schema: deliveryAnswer } },
  refusals: { 404: ['not_found'], 409: ['webhooks_off'] },
  act: async ({ query, caller, services: { database, webhookTests } }) => {
    const webhook = await knownWebhook(database.read, caller.partner.id, query.id);
    const delivery = await webhookTests.send(webhook);
    return { status: 200, body: await present(database.read, delivery) };
  },
});

export const deliveryList = action({
  name: 'listWebhookDeliveries',
  method: 'GET',
  path: `${path}/deliveries`,
  summary: 'Lists what was sent to a webhook in the last 30 days, the newest first.',
  scope,
  query: z.object({
    id: webhookId,
    state: oneOf(deliveryStates).optional().describe('Only deliveries in this state.'),
    limit: wholeNumber(1, 100, 20).describe('The most deliveries to list.'),
    cursor: cursors.parameter.optional().describe('The `next` of the page before.'),
  }),
  answers: {
    200: {
      means: 'A page of deliveries. There may be fewer than `limit`, even none, and still `next`.',
      schema: deliveriesAnswer,
    },
  },
  refusals: { 404: ['not_found'] },
  act: async ({ query, caller, services: { database } }) => {
    const { id, limit, state = null, cursor } = query;
    const webhook = await knownWebhook(database.read, caller.partner.id, id);
    const wanted = { before: cursor ?? null, state, limit };
    const page = await listDeliveries(database.read, webhook, wanted);
    const deliveries: DeliveryAnswer[] = [];
    let { next } = page;
    let characters = 0;
    for (const [index, delivery] of page.deliveries.entries()) {
      // Others are served in between: each may have twenty attempts.
      if (index % 10 === 9) await nextTurn();
      const presented = await present(database.read, delivery);
      characters += presented.attempts.reduce((sum, each) => sum + (each.answer?.length ?? 0), 0);
      if (characters > mostCharacters && index > 0) {
        next = page.deliveries[index - 1]!;
        break;
      }
      deliveries.push(presented);
    }
    const body = { deliveries, next: next && cursors.write(next) };
    return { status: 200, body };
  },
});

const deliveryId = z
  .string('is required')
  .min(1, 'must not be empty')
  .max(64, 'is too long for an id')
  .describe('The id of a delivery.');

/** `dlv_12`, and `dlv_t3` for a test. */
function idOf(number: number): string {
  return number > 0 ? `dlv_${number}` : `dlv_t${-number}`;
}

/** The number in the id of a delivery; null: no delivery has such an id. */
function numberIn(id: string): number | null {
  const [, test, digits] = /^dlv_(t?)([1-9]\d{0,14})$/.exec(id) ?? [];
  return digits === undefined ? null : Number(digits) * (test ? -1 : 1);
}

export const deliveryReplay = change({
  name: 'replayWebhookDelivery',
  method: 'POST',
  path: `${path}/deliveries/:delivery/replay`,
  summary:
    'Sends an event to a webhook again: with the same id, the same bytes and up to ten tries.',
  scope,
  query: z.object({ id: webhookId, delivery: deliveryId }),
  answers: { 200: { means: 'The delivery, which waits.', schema: deliveryAnswer } },
  refusals: { 404: ['not_found'], 409: ['conflict'] },
  change: async ({ query, ...request }) => {
    const writing = partnerWriting(request);
    const { transaction, partnerId, now } = writing;
    const webhook = await knownWebhook(transaction, partnerId, query.id);
    const number = numberIn(query.delivery);
    const delivery = number && (await findDelivery(transaction, webhook, number));
    if (!delivery) throw notFound('There is no such delivery of this webhook.');
    if (!isReplayable(delivery))
      throw new Refusal(409, 'conflict', 'It can’t be sent again: it is a test, or was erased.');
    await replay(transaction, webhook, [delivery.number], now);
    await record(writing, 'deliveries.replayed', webhook.id, { deliveries: 1 });
    const waiting = { ...delivery, state: 'waiting' as const, due_at: now };
    return { status: 200, body: await present(transaction, waiting) };
  },
});

export const rangeReplay = change({
  name: 'replayWebhookDeliveries',
  method: 'POST',
  path: `${path}/replay`,
  summary: 'Sends the events of a range of time to a webhook again, up to a thousand a request.',
  scope,
  query: z.object({
    id: webhookId,
    cursor: replayCursors.parameter
      .optional()
      .describe('The `next` of the last response, to go on with the same range.'),
  }),
  body: z.strictObject({
    from: moment.describe('Events that happened from then on. In epoch milliseconds.'),
    to: moment.optional().describe('Events that happened before then. Without it, until now.'),
    state: z
      .enum(['delivered', 'failed'], 'must be delivered or failed')
      .optional()
      .describe('Only deliveries in this state; without it, both.'),
  }),
  answers: { 200: { means: 'How many are sent again.', schema: replayAnswer } },
  refusals: { 404: ['not_found'] },
  change: async ({ query, body, ...request }) => {
    const writing = partnerWriting(request);
    const { transaction, partnerId, now } = writing;
    const webhook = await knownWebhook(transaction, partnerId, query.id);
    const range = { from: body.from, to: body.to ?? now, after: query.cursor ?? null };
    const found = await deliveriesBetween(transaction, webhook, range, mostReplayed + 1);
    const looked = found.slice(0, mostReplayed);
    const isWanted = (delivery: Delivery) =>
      isReplayable(delivery) &&
      delivery.state !== 'waiting' &&
      (!body.state || delivery.state === body.state);
    const numbers = looked.filter(isWanted).map(({ number }) => number);
    await replay(transaction, webhook, numbers, now);
    const last = looked.at(-1);
    const isMore = last !== undefined && found.length > mostReplayed;
    if (numbers.length > 0)
      await record(writing, 'deliveries.replayed', webhook.id, { deliveries: numbers.length });
    const next = isMore ? replayCursors.write(last) : null;
    return { status: 200, body: { replayed: numbers.length, next } };
  },
});

function isReplayable({ number, state }: Delivery): boolean {
  return number > 0 && state !== 'canceled';
}

async function present(database: Queries, delivery: Delivery): Promise<DeliveryAnswer> {
  const { number, event_id, event, state, created_at, due_at } = delivery;
  const attempts = await listAttempts(database, delivery);
  return {
    ...{ id: idOf(number), event_id, event, state, created_at },
    next_attempt_at: due_at,
    attempts: attempts.map(({ at, status, duration, problem, answer }) => ({
      ...{ at, status, duration_ms: duration, error: problem, answer },
    })),
  };
}
