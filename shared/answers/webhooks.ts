import { z } from 'zod';
import { eventTypes } from '../events.ts';
import { attemptProblems, deliveryStates } from '../webhooks.ts';
import { count, cursor, id, moment, text, yesOrNo } from './fields.ts';

const fields = {
  id: id('wh', 'The webhook’s id.'),
  url: text('Where events are sent to.'),
  description: text('What it is for; null: nothing was said.').nullable(),
  events: z.array(z.enum(eventTypes)).describe('The types of events that are sent.'),
  is_active: yesOrNo(
    'Whether events are sent. The server sets it to false itself when the webhook answers 410, or has only failed for five days.',
  ),
  last_triggered_at: moment('When something was last sent to it; null: never.').nullable(),
  failure_count: count('How many attempts have failed since the last one that succeeded.'),
  created_at: moment('When it was created.'),
};

/** A webhook as answers describe it: without its secret. */
export const webhookAnswer = z.object(fields).meta({ id: 'Webhook' });

export type WebhookAnswer = z.output<typeof webhookAnswer>;

/** `GET /webhooks` */
export const webhooksAnswer = z
  .object({
    webhooks: z.array(webhookAnswer).describe('The webhooks, the oldest first.'),
    available_events: z.array(z.enum(eventTypes)).describe('The types of events that there are.'),
    limit: count('How many webhooks a partner may have.'),
  })
  .meta({ id: 'WebhooksAnswer' });

export type WebhooksAnswer = z.output<typeof webhooksAnswer>;

const secretFields = {
  ...fields,
  secret: text(
    'The secret that signs what is sent: `whsec_` and 32 bytes in base64. It is shown in this response only.',
  ),
  message: text('A reminder to save the secret, as it is not shown again.'),
};

/** `POST /webhooks` */
export const newWebhookAnswer = z.object(secretFields).meta({ id: 'NewWebhookAnswer' });

export type NewWebhookAnswer = z.output<typeof newWebhookAnswer>;

/** `POST /webhooks/{id}/rotate-secret` */
export const rotatedSecretAnswer = z
  .object({
    ...secretFields,
    old_secret_expires_at: moment(
      'Until when the old secret signs as well; null: it does not any more.',
    ).nullable(),
  })
  .meta({ id: 'RotatedSecretAnswer' });

export type RotatedSecretAnswer = z.output<typeof rotatedSecretAnswer>;

const attempt = z
  .object({
    at: moment('When it began.'),
    status: count('The HTTP status of the answer; null: there was none.').nullable(),
    duration_ms: count('How long it took, in ms.'),
    error: z
      .enum(Object.keys(attemptProblems) as [keyof typeof attemptProblems])
      .nullable()
      .describe(
        `Why there was no answer; null: there was one. ${Object.entries(attemptProblems)
          .map(([code, means]) => `\`${code}\`: ${means}`)
          .join(' ')}`,
      ),
    answer: text(
      'The first 16 KB of the answer’s body; null: it is not kept any more. Short ones are kept as long as the attempt, of long ones the last thousand of the webhook.',
    ).nullable(),
  })
  .meta({ id: 'DeliveryAttempt' });

export const deliveryAnswer = z
  .object({
    id: id('dlv', 'The delivery’s id, which no other one of the webhook has.'),
    event_id: text('The event’s id, which is also the header `webhook-id`.'),
    event: z.enum([...eventTypes, 'test']).describe('The type of event.'),
    state: z
      .enum(deliveryStates)
      .describe(
        '`waiting`: it is on its way, or will be tried again; `failed`: it was tried ten times; `canceled`: what it told was erased before it was delivered.',
      ),
    created_at: moment('When the event happened.'),
    next_attempt_at: moment('When it is tried next; null: it is not.').nullable(),
    attempts: z
      .array(attempt)
      .describe('The attempts, the oldest first; of more than twenty the last twenty.'),
  })
  .meta({ id: 'Delivery' });

export type DeliveryAnswer = z.output<typeof deliveryAnswer>;

/** `GET /webhooks/{id}/deliveries` */
export const deliveriesAnswer = z
  .object({
    deliveries: z
      .array(deliveryAnswer)
      .describe('Deliveries, the newest first. What was never tried is not among them.'),
    next: cursor('The `cursor` of the next page; null: there are no more.').nullable(),
  })
  .meta({ id: 'DeliveriesAnswer' });

export type DeliveriesAnswer = z.output<typeof deliveriesAnswer>;

/** `POST /webhooks/{id}/replay` */
export const replayAnswer = z
  .object({
    replayed: count('How many deliveries are sent again.'),
    next: cursor(
      'What to send as `cursor`, with the same range, to go on; null: the range is done.',
    ).nullable(),
  })
  .meta({ id: 'ReplayAnswer' });

export type ReplayAnswer = z.output<typeof replayAnswer>;
