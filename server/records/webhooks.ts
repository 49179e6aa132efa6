import type { BlockList } from 'node:net';
import type { Selectable } from 'kysely';
import type { AuditAction } from '../../shared/audit.ts';
import type { EventType } from '../../shared/events.ts';
import { second } from '../../shared/time.ts';
import { mostWebhooks } from '../../shared/webhooks.ts';
import { setAside } from '../events/owing.ts';
import { longestPause } from '../events/retries.ts';
import { newWebhookSecret, oldSecretOf } from '../events/signing.ts';
import { problemOfUrl } from '../events/target.ts';
import type { Queries } from '../store/database.ts';
import { newId } from '../store/ids.ts';
import { NotPossible } from '../store/not-possible.ts';
import type { WebhooksTable } from '../store/schema.ts';
import { type PartnerWriting, record } from './partner-writing.ts';

export type Webhook = Selectable<WebhooksTable>;

/** A partner's webhooks, the oldest first. */
export function listWebhooks(database: Queries, partnerId: string): Promise<Webhook[]> {
  return shownWebhooks(database, partnerId).orderBy('created_at').orderBy('id').execute();
}

export function findWebhook(
  database: Queries,
  partnerId: string,
  id: string,
): Promise<Webhook | undefined> {
  return shownWebhooks(database, partnerId).where('id', '=', id).executeTakeFirst();
}

function shownWebhooks(database: Queries, partnerId: string) {
  return database
    .selectFrom('webhooks')
    .selectAll()
    .where('partner_id', '=', partnerId)
    .where('deleted_at', 'is', null);
}

export interface WebhookWriting extends PartnerWriting {
  /** The addresses that webhooks may have though they are not public. */
  webhookAllow: BlockList;
  /** Encrypts a text under the server's secret. */
  encrypt(text: string): Buffer;
}

export interface NewWebhook {
  url: string;
  description: string | null;
  events: readonly EventType[];
}

/** Throws NotPossible when the partner has as many as it may, and for a URL that can't be sent to. */
export async function createWebhook(
  writing: WebhookWriting,
  { url, description, events }: NewWebhook,
): Promise<{ webhook: Webhook; secret: string }> {
  const { transaction, partnerId, now, random } = writing;
  refuseUrl(writing, url);
  const others = await listWebhooks(transaction, partnerId);
  if (others.length >= mostWebhooks) {
    const sentence = `A partner has at most ${mostWebhooks} webhooks. Delete one first.`;
    throw new NotPossible('too_many_webhooks', sentence);
  }
  const secret = newWebhookSecret(random);
  const webhook = await transaction
    .insertInto('webhooks')
    .values({
      ...{ partner_id: partnerId, id: newId('wh', random), url, description },
      ...{ events: events.join(' '), is_active: 1 },
      ...{ secret: writing.encrypt(secret), old_secret: null, old_secret_until: null },
      ...{ next_event: 1, last_event: 0, last_test: 0, long_answers: 0 },
      ...{ last_triggered_at: null, failure_count: 0, failing_since: null },
      ...{ rests_until: null, not_before: null, hurries_until: null, due_at: null },
      ...{ leased_by: null, leased_until: null, created_at: now, deleted_at: null },
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await recordChange(writing, 'webhook.created', webhook, { host: hostOf(url), events });
  return { webhook, secret };
}

/** Throws NotPossible for a URL that can't be sent to. */
export function refuseUrl({ webhookAllow }: WebhookWriting, url: string): void {
  const problem = problemOfUrl(url, webhookAllow);
  if (problem === null) return;
  throw new NotPossible('invalid_body', `url ${problem}.`, [{ path: 'url', message: problem }]);
}

/** The rest of a URL may hold a secret, which the audit trail must not have. */
function hostOf(url: string): string {
  return new URL(url).host;
}

async function recordChange(
  writing: PartnerWriting,
  action: AuditAction,
  { id }: Pick<Webhook, 'id'>,
  details: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await record(writing, action, id, details);
}

export interface WebhookChanges {
  url?: string | undefined;
  description?: string | null | undefined;
  events?: readonly EventType[] | undefined;
  isActive?: boolean | undefined;
}

/**
 * Changes a webhook; its URL must be one that can be sent to. What it is owed already stays owed, of the types it was to be sent then; once it
 * is active again, that is sent.
 */
export async function changeWebhook(
  writing: WebhookWriting,
  webhook: Webhook,
  { url, description, events, isActive }: WebhookChanges,
): Promise<Webhook> {
  const { transaction, handle, now } = writing;
  const isPaused = isActive === false && webhook.is_active === 1;
  const isResumed = isActive === true && webhook.is_active === 0;
  const isElsewhere = url !== undefined && url !== webhook.url;
  const types = events?.join(' ');
  if (isPaused || (types !== undefined && types !== webhook.events)) setAside(handle, webhook);
  const changed = await transaction
    .updateTable('webhooks')
    .set({
      url: url ?? webhook.url,
      ...(description !== undefined && { description }),
      ...(types !== undefined && { events: types }),
      ...(isPaused && { is_active: 0, due_at: null }),
      ...(isResumed && { is_active: 1 }),
      // It may work now: what it has done so far does not matter, and it is tried at once.
      ...((isResumed || isElsewhere) && {
        ...{ failing_since: null, rests_until: null, not_before: null },
        hurries_until: now + longestPause,
      }),
      ...((isResumed || (isElsewhere && !isPaused && webhook.is_active === 1)) && { due_at: 0 }),
    })
    .where('partner_id', '=', webhook.partner_id)
    .where('id', '=', webhook.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  await recordChange(writing, 'webhook.changed', webhook, {
    ...(url !== undefined && { host: hostOf(url) }),
    ...(description !== undefined && { description: 'changed' }),
    ...(events && { events }),
    ...(isActive !== undefined && { is_active: isActive }),
  });
  return changed;
}

/** Deletes a webhook: nothing more is sent to it, and what was is removed in steps. */
export async function deleteWebhook(writing: PartnerWriting, webhook: Webhook): Promise<void> {
  const { transaction, now } = writing;
  await transaction
    .updateTable('webhooks')
    .set({
      ...{ deleted_at: now, is_active: 0, due_at: null, url: '', description: null },
      ...{ secret: Buffer.alloc(0), old_secret: null, old_secret_until: null },
    })
    .where('partner_id', '=', webhook.partner_id)
    .where('id', '=', webhook.id)
    .execute();
  await recordChange(writing, 'webhook.deleted', webhook);
}

/**
 * Gives a webhook a new secret, which signs from now on. During the overlap, in seconds, the old one
 * signs as well. Throws NotPossible while another overlap lasts.
 */
export async function rotateSecret(
  writing: WebhookWriting,
  webhook: Webhook,
  overlap: number,
): Promise<{ webhook: Webhook; secret: string }> {
  const { transaction, now, random } = writing;
  if (oldSecretOf(webhook, now)) {
    const sentence =
      'The secret was rotated already, and the one before it still signs. End that first, or wait.';
    throw new NotPossible('already_rotated', sentence);
  }
  const secret = newWebhookSecret(random);
  const changed = await transaction
    .updateTable('webhooks')
    .set({
      secret: writing.encrypt(secret),
      old_secret: overlap > 0 ? webhook.secret : null,
      old_secret_until: overlap > 0 ? now + overlap * second : null,
      // A secret that could not be read kept it from being sent to.
      ...(webhook.is_active === 1 && { due_at: 0 }),
    })
    .where('partner_id', '=', webhook.partner_id)
    .where('id', '=', webhook.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  await recordChange(writing, 'webhook.secret_rotated', webhook, { overlap_seconds: overlap });
  return { webhook: changed, secret };
}

/** Ends an overlap before its time. */
export async function endOverlap(writing: PartnerWriting, webhook: Webhook): Promise<void> {
  await writing.transaction
    .updateTable('webhooks')
    .set({ old_secret: null, old_secret_until: null })
    .where('partner_id', '=', webhook.partner_id)
    .where('id', '=', webhook.id)
    .execute();
  await recordChange(writing, 'webhook.old_secret_ended', webhook);
}
