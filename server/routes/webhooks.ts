import { z } from 'zod';
import { written } from '../../shared/answers/json-schema.ts';
import { successAnswer } from '../../shared/answers/partner.ts';
import {
  newWebhookAnswer,
  rotatedSecretAnswer,
  type WebhookAnswer,
  webhookAnswer,
  webhooksAnswer,
} from '../../shared/answers/webhooks.ts';
import { type EventType, eventTypes } from '../../shared/events.ts';
import { defaultEvents, longestSecretOverlap, mostWebhooks } from '../../shared/webhooks.ts';
import { oldSecretOf } from '../events/signing.ts';
import { longestUrl } from '../events/target.ts';
import { count, rulesOfLine, someOf, text } from '../fields.ts';
import {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  endOverlap,
  findWebhook,
  listWebhooks,
  refuseUrl,
  rotateSecret,
  type Webhook,
  type WebhookWriting,
} from '../records/webhooks.ts';
import { notFound } from '../refusal.ts';
import { action, type ChangeRequest, change, partnerWriting } from '../route.ts';
import type { Queries } from '../store/database.ts';

export const webhooksPath = '/api/partner/webhooks';
const saveNow = 'Save this secret now — it will not be shown again.';

export const webhookId = z
  .string('is required')
  .min(1, 'must not be empty')
  .max(64, 'is too long for an id')
  .describe('The id of a webhook.');
const one = z.object({ id: webhookId });
const scope = 'webhooks:manage';
const nothing = z.object({});

const url = written(
  z
    .string('must be an https address')
    .max(longestUrl, { error: `must have at most ${longestUrl} characters`, abort: true }),
  { type: 'string', format: 'webhook-url', maxLength: longestUrl },
).describe(
  'Where events are sent to: an https address at a public host, without user name, password and fragment.',
);
const longestDescription = 200;
const description = text(longestDescription)
  .describe(`What it is for. ${rulesOfLine(longestDescription)}`)
  .nullable();
const events = someOf(eventTypes, 'type', `must be one of ${eventTypes.join(', ')}`).describe(
  'The types of events to send.',
);

export const webhookList = action({
  name: 'listWebhooks',
  method: 'GET',
  path: webhooksPath,
  summary: 'Lists the webhooks, and the types of events that there are.',
  scope,
  query: nothing,
  answers: { 200: { means: 'The webhooks.', schema: webhooksAnswer } },
  refusals: {},
  act: async ({ caller, services: { database } }) => {
    const webhooks = await listWebhooks(database.read, caller.partner.id);
    const body = {
      webhooks: webhooks.map(presentWebhook),
      available_events: [...eventTypes],
      limit: mostWebhooks,
    };
    return { status: 200, body };
  },
});

export const webhookReading = action({
  name: 'readWebhook',
  method: 'GET',
  path: `${webhooksPath}/:id`,
  summary: 'Reads a webhook.',
  scope,
  query: one,
  answers: { 200: { means: 'The webhook.', schema: webhookAnswer } },
  refusals: { 404: ['not_found'] },
  act: async ({ query, caller, services: { database } }) => {
    const webhook = await knownWebhook(database.read, caller.partner.id, query.id);
    return { status: 200, body: presentWebhook(webhook) };
  },
});

export const webhookCreation = change({
  name: 'createWebhook',
  method: 'POST',
  path: webhooksPath,
  summary: 'Creates a webhook. The secret that signs is shown in this response only.',
  scope,
  grants: true,
  query: nothing,
  body: z.strictObject({
    url,
    description: description.default(null),
    events: events.default([...defaultEvents]),
  }),
  answers: { 201: { means: 'The new webhook, with its secret.', schema: newWebhookAnswer } },
  refusals: { 400: ['too_many_webhooks'] },
  change: async ({ body, ...request }) => {
    const { webhook, secret } = await createWebhook(writingOf(request), body);
    return { status: 201, body: { ...presentWebhook(webhook), secret, message: saveNow } };
  },
});

export const webhookChange = change({
  name: 'changeWebhook',
  method: 'PATCH',
  path: `${webhooksPath}/:id`,
  summary: 'Changes a webhook’s URL, description and types of events, or pauses or resumes it.',
  scope,
  query: one,
  body: z.strictObject({
    url: url.optional(),
    description: description.optional(),
    events: events.optional(),
    is_active: z
      .boolean('must be true or false')
      .optional()
      .describe(
        'False: nothing is sent, and what happens meanwhile is not owed. True: what was owed before is sent.',
      ),
  }),
  answers: { 200: { means: 'The webhook as it is now.', schema: webhookAnswer } },
  refusals: { 404: ['not_found'] },
  change: async ({ query, body: { is_active: isActive, ...changes }, ...request }) => {
    const writing = writingOf(request);
    if (changes.url !== undefined) refuseUrl(writing, changes.url);
    const webhook = await knownWebhook(writing.transaction, writing.partnerId, query.id);
    const changed = await changeWebhook(writing, webhook, { ...changes, isActive });
    return { status: 200, body: presentWebhook(changed) };
  },
});

const deleting = {
  method: 'DELETE',
  summary: 'Deletes a webhook. Nothing is sent to it from then on.',
  scope,
  ends: true,
  answers: { 200: { means: 'The webhook is deleted.', schema: successAnswer } },
  refusals: { 404: ['not_found'] },
} as const;

export const webhookDeletion = change({
  ...deleting,
  name: 'deleteWebhook',
  path: `${webhooksPath}/:id`,
  query: one,
  change: ({ query, ...request }) => remove(query.id, request),
});

export const webhookDeletionByQuery = change({
  ...deleting,
  name: 'deleteWebhookByQuery',
  path: webhooksPath,
  query: z.object({ webhook_id: webhookId }),
  change: ({ query, ...request }) => remove(query.webhook_id, request),
});

async function remove(id: string, request: Omit<ChangeRequest, 'query' | 'body'>) {
  const writing = partnerWriting(request);
  const webhook = await knownWebhook(writing.transaction, writing.partnerId, id);
  await deleteWebhook(writing, webhook);
  return { status: 200, body: { success: true } } as const;
}

export const secretRotation = change({
  name: 'rotateWebhookSecret',
  method: 'POST',
  path: `${webhooksPath}/:id/rotate-secret`,
  summary:
    'Gives a webhook a new secret, which signs at once. The old one may sign as well for a while.',
  scope,
  grants: true,
  query: one,
  body: z.strictObject({
    overlap_seconds: count(0, longestSecretOverlap)
      .default(0)
      .describe(
        'How long the old secret signs as well, in seconds: `webhook-signature` has both signatures then, and `X-PropTally-Signature` stays with the old one.',
      ),
  }),
  answers: { 200: { means: 'The webhook, with its new secret.', schema: rotatedSecretAnswer } },
  refusals: { 404: ['not_found'], 409: ['already_rotated'] },
  change: async ({ query, body, ...request }) => {
    const writing = writingOf(request);
    const webhook = await knownWebhook(writing.transaction, writing.partnerId, query.id);
    const rotated = await rotateSecret(writing, webhook, body.overlap_seconds);
    const answer = {
      ...presentWebhook(rotated.webhook),
      ...{ secret: rotated.secret, message: saveNow },
      old_secret_expires_at: rotated.webhook.old_secret_until,
    };
    return { status: 200, body: answer };
  },
});

export const overlapEnding = change({
  name: 'endWebhookSecretOverlap',
  method: 'DELETE',
  path: `${webhooksPath}/:id/rotate-secret`,
  summary: 'Ends the time in which a webhook’s old secret signs as well.',
  scope,
  ends: true,
  query: one,
  answers: { 200: { means: 'The new secret alone signs.', schema: successAnswer } },
  refusals: { 404: ['not_found'] },
  change: async ({ query, ...request }) => {
    const writing = partnerWriting(request);
    const webhook = await knownWebhook(writing.transaction, writing.partnerId, query.id);
    if (!oldSecretOf(webhook, writing.now)) throw notFound('No old secret signs any more.');
    await endOverlap(writing, webhook);
    return { status: 200, body: { success: true } };
  },
});

function writingOf(request: Omit<ChangeRequest, 'query' | 'body'>): WebhookWriting {
  const { webhookAllow, encrypt } = request;
  return { ...partnerWriting(request), webhookAllow, encrypt };
}

export async function knownWebhook(
  database: Queries,
  partnerId: string,
  id: string,
): Promise<Webhook> {
  const webhook = await findWebhook(database, partnerId, id);
  if (!webhook) throw notFound('There is no such webhook. GET /api/partner/webhooks lists them.');
  return webhook;
}

function presentWebhook(webhook: Webhook): WebhookAnswer {
  const { id, url, description, events, is_active } = webhook;
  const { last_triggered_at, failure_count, created_at } = webhook;
  return {
    ...{ id, url, description, events: events.split(' ') as EventType[] },
    is_active: is_active === 1,
    ...{ last_triggered_at, failure_count, created_at },
  };
}
