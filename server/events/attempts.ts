import type SQLite from 'better-sqlite3';
import { minute, second } from '../../shared/time.ts';
import {
  type AttemptProblem,
  keptAttempts,
  keptLongAnswers,
  longestFailing,
  longestShortAnswer,
} from '../../shared/webhooks.ts';
import type { Random } from '../store/ids.ts';
import type { DeliveriesTable, WebhooksTable } from '../store/schema.ts';
import { insertion, prepared } from '../store/statements.ts';
import { digestOfPayload, payloadOf } from './payload.ts';
import { pauseAfter, retryAfter } from './retries.ts';

/** What became of an attempt to deliver. */
export interface Outcome {
  /** The HTTP status; null: there was no complete answer. */
  status: number | null;
  problem: AttemptProblem | null;
  /** In ms. */
  duration: number;
  /** The beginning of the answer. */
  answer: string;
  /** The header Retry-After, if there was one. */
  retryAfter: string | null;
}

export interface WebhookKey {
  partnerId: string;
  webhookId: string;
}

/** An attempt that was made. */
export interface Attempt extends Outcome, WebhookKey {
  /** The delivery's. */
  number: number;
  /** The event's id: a number may mean another delivery in a database that was restored. */
  id: string;
  url: string;
  /** The digest of the payload, if erasing may change that. */
  digest: string | null;
  at: number;
}

export const ofWebhook = 'partner_id = ? and webhook_id = ?';
const ofDelivery = `${ofWebhook} and number = ?`;

function keyOf({ partnerId, webhookId, number }: Attempt): unknown[] {
  return [partnerId, webhookId, number];
}

const insertAttempt = insertion('delivery_attempts', [
  ...['partner_id', 'webhook_id', 'number', 'attempt', 'at', 'duration', 'status', 'problem'],
  'answer',
]);
const insertAnswer = insertion('long_answers', [
  ...['partner_id', 'webhook_id', 'slot', 'number', 'attempt', 'answer'],
]).replace('insert', 'insert or replace');

export function isSuccess({ status, problem }: Pick<Outcome, 'status' | 'problem'>): boolean {
  return problem === null && status !== null && status >= 200 && status < 300;
}

/**
 * Writes an attempt down. Without an answer (null), as one may repeat what was erased meanwhile. Long
 * answers take the place of old ones.
 */
export function recordAttempt(handle: SQLite.Database, made: Attempt, answer: string | null): void {
  const { partnerId, webhookId, at, duration, status, problem } = made;
  const key = keyOf(made);
  const { attempt } = prepared<{ attempt: number }>(
    handle,
    `select coalesce(max(attempt), 0) + 1 as attempt from delivery_attempts where ${ofDelivery}`,
  ).get(...key)!;
  const isLong = answer !== null && answer.length > longestShortAnswer;
  const short = isLong ? null : answer;
  prepared(handle, insertAttempt).run(...key, attempt, at, duration, status, problem, short);
  if (attempt > keptAttempts)
    prepared(handle, `delete from delivery_attempts where ${ofDelivery} and attempt = ?`).run(
      ...[...key, attempt - keptAttempts],
    );
  const { long_answers } = prepared<Pick<WebhooksTable, 'long_answers'>>(
    handle,
    `update webhooks set long_answers = long_answers + ?, last_triggered_at = ?
     where partner_id = ? and id = ? returning long_answers`,
  ).get(isLong ? 1 : 0, at, partnerId, webhookId)!;
  if (!isLong) return;
  const slot = long_answers % keptLongAnswers;
  prepared(handle, insertAnswer).run(partnerId, webhookId, slot, made.number, attempt, answer);
}

/** How a webhook is to be disabled by what became of an attempt. */
export type Disabling = 'gone' | 'failing';

interface Surroundings {
  /** Who has leased the webhook, if it still is the one who made the attempt. */
  holder: string;
  now: number;
  random: Random;
  /** Whether the clock can be trusted: else nothing follows from how long something has lasted. */
  trustsClock: boolean;
}

/**
 * Writes down what became of an attempt, and what follows for its delivery and its webhook. Returns
 * whether the webhook is to be disabled.
 */
export function settleAttempt(
  handle: SQLite.Database,
  made: Attempt,
  surroundings: Surroundings,
): Disabling | null {
  const webhook = prepared<WebhooksTable>(
    handle,
    'select * from webhooks where partner_id = ? and id = ? and deleted_at is null',
  ).get(made.partnerId, made.webhookId);
  const delivery = prepared<DeliveriesTable>(
    handle,
    `select * from deliveries where ${ofDelivery}`,
  ).get(...keyOf(made));
  if (!webhook || delivery?.event_id !== made.id) return null;
  recordAttempt(handle, made, isErased(handle, made, delivery) ? null : made.answer);
  if (isSuccess(made)) {
    setDelivery(handle, made, { state: 'delivered', tries: delivery.tries + 1, due: 0 });
    prepared(
      handle,
      `update webhooks
       set failure_count = 0, failing_since = null, rests_until = null, not_before = null
       where partner_id = ? and id = ?`,
    ).run(made.partnerId, made.webhookId);
    return null;
  }
  // Another process goes on with it, or it has another address: that is no failure of what is there now.
  if (webhook.leased_by !== surroundings.holder || webhook.url !== made.url) return null;
  return settleFailure(handle, made, webhook, delivery, surroundings);
}

/** Whether what was sent has been erased since. */
function isErased(
  handle: SQLite.Database,
  { partnerId, digest }: Attempt,
  { event, event_number }: DeliveriesTable,
): boolean {
  if (event_number === null) return false;
  const body = payloadOf(handle, partnerId, event_number);
  return body === null || digestOfPayload(event, body) !== digest;
}

/** While a webhook fails, the first try of a new delivery waits for so long after a failure, ms. */
function restAfter(failures: number): number {
  return Math.min(second * 2 ** (failures - 1), minute);
}

function settleFailure(
  handle: SQLite.Database,
  made: Attempt,
  webhook: WebhooksTable,
  delivery: DeliveriesTable,
  { now, random, trustsClock }: Surroundings,
): Disabling | null {
  const tries = delivery.tries + 1;
  const asked = retryAfter(made.retryAfter, now);
  const pause = pauseAfter(tries, random);
  if (delivery.state === 'waiting') {
    const state = pause === null ? 'failed' : 'waiting';
    setDelivery(handle, made, { state, tries, due: Math.max(now + (pause ?? 0), asked ?? 0) });
  }
  const known = webhook.failing_since;
  const since = known === null || known > now ? now : known;
  const failures = webhook.failure_count + 1;
  prepared(
    handle,
    `update webhooks set failure_count = ?, failing_since = ?, rests_until = ?, not_before = ?, hurries_until = null
     where partner_id = ? and id = ?`,
  ).run(
    ...[failures, since, now + restAfter(failures), asked ?? webhook.not_before],
    ...[made.partnerId, made.webhookId],
  );
  if (webhook.is_active === 0) return null;
  if (made.status === 410) return 'gone';
  return trustsClock && now - since >= longestFailing ? 'failing' : null;
}

function setDelivery(
  handle: SQLite.Database,
  made: Attempt,
  { state, tries, due }: { state: DeliveriesTable['state']; tries: number; due: number },
): void {
  prepared(
    handle,
    `update deliveries set state = ?, tries = ?, due_at = ?, digest = ? where ${ofDelivery}`,
  ).run(state, tries, due, made.digest, ...keyOf(made));
}
