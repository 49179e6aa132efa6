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
import { digestOfPayload, findEvent, payloadOf } from './payload.ts';
import { longestPause, pauseAfter, restsUntil, retryAfter } from './retries.ts';

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
  /** The event's id: a number may mean another event in a database that was restored. */
  id: string;
  url: string;
  /** The digest of the payload, if erasing may change that. */
  digest: string | null;
  at: number;
}

export const ofWebhook = 'partner_id = ? and webhook_id = ?';
const ofDelivery = `${ofWebhook} and number = ?`;

export function findDeliveryRow(
  handle: SQLite.Database,
  { partnerId, webhookId, number }: WebhookKey & { number: number },
): DeliveriesTable | undefined {
  return prepared<DeliveriesTable>(handle, `select * from deliveries where ${ofDelivery}`).get(
    partnerId,
    webhookId,
    number,
  );
}

export function isSuccess({ status, problem }: Pick<Outcome, 'status' | 'problem'>): boolean {
  return problem === null && status !== null && status >= 200 && status < 300;
}

/** How a webhook is to be disabled by what became of an attempt. */
export type Disabling = 'gone' | 'failing';

interface Surroundings {
  /** Who made the attempt. */
  holder: string;
  now: number;
  random: Random;
  /** Whether the clock can be trusted: else nothing follows from how long something has lasted. */
  trustsClock: boolean;
}

/**
 * Writes down what became of an attempt, and changes the record of its webhook by what follows.
 * Returns whether the webhook is to be disabled.
 */
export function settleAttempt(
  handle: SQLite.Database,
  made: Attempt,
  webhook: WebhooksTable,
  surroundings: Surroundings,
): Disabling | null {
  const event = findEvent(handle, made.partnerId, made.number);
  const known = findDeliveryRow(handle, made);
  if ((known?.event_id ?? event?.id) !== made.id) return null;
  const body = event && payloadOf(handle, made.partnerId, event);
  const isErased = !body || digestOfPayload(event.type, body) !== made.digest;
  const { state, tries, due_at, created_at } = known ?? {
    ...{ state: 'waiting' as const, tries: 0, due_at: null, created_at: event!.at },
  };
  const attempt = {
    ...{ event: known?.event ?? event!.type, digest: made.digest, created_at },
    ...{ state, tries: tries + 1, due_at },
  };
  if (isSuccess(made)) {
    Object.assign(attempt, { state: 'delivered', due_at: null });
    Object.assign(webhook, noFailure);
    recordAttempt(handle, made, webhook, known, attempt, isErased);
    return null;
  }
  const isCurrent = webhook.leased_by === surroundings.holder && webhook.url === made.url;
  if (state === 'waiting') Object.assign(attempt, nextTry(attempt.tries, made, surroundings));
  recordAttempt(handle, made, webhook, known, attempt, isErased);
  // Another process goes on with it, or it has another address: what is there now did not fail.
  return isCurrent ? noteFailure(made, webhook, surroundings) : null;
}

const noFailure = {
  failure_count: 0,
  failing_since: null,
  rests_until: null,
} satisfies Partial<WebhooksTable>;

function nextTry(
  tries: number,
  { retryAfter: header }: Attempt,
  { now, random }: Surroundings,
): Pick<DeliveriesTable, 'state' | 'due_at'> {
  const pause = pauseAfter(tries, random);
  if (pause === null) return { state: 'failed', due_at: null };
  return { state: 'waiting', due_at: Math.max(now + pause, retryAfter(header, now) ?? 0) };
}

/** While a webhook fails, the first try of a new delivery waits for so long after a failure, ms. */
function restAfter(failures: number): number {
  return Math.min(second * 2 ** (failures - 1), minute);
}

function noteFailure(
  made: Attempt,
  webhook: WebhooksTable,
  { now, trustsClock }: Surroundings,
): Disabling | null {
  const { failing_since: known, rests_until } = webhook;
  // A time in which nothing was tried is none of failure.
  const isOn = known !== null && known <= now && now - (rests_until ?? now) <= longestPause;
  const since = isOn ? known : now;
  webhook.failure_count++;
  webhook.failing_since = since;
  webhook.rests_until = now + restAfter(webhook.failure_count);
  const asked = retryAfter(made.retryAfter, now);
  if (asked !== null) webhook.not_before = Math.max(asked, restsUntil(webhook, now));
  webhook.hurries_until = null;
  if (webhook.is_active === 0) return null;
  if (made.status === 410) return 'gone';
  return trustsClock && now - since >= longestFailing ? 'failing' : null;
}

type Recorded = Pick<
  DeliveriesTable,
  'event' | 'state' | 'tries' | 'due_at' | 'digest' | 'created_at'
>;

const attemptColumns = ['attempt', 'at', 'duration', 'status', 'problem', 'answer'] as const;
const columns = [
  ...['partner_id', 'webhook_id', 'number', 'event_id', 'event', 'state', 'tries', 'due_at'],
  ...['digest', 'created_at', ...attemptColumns],
];
const writeDelivery = insertion('deliveries', columns).replace('insert', 'insert or replace');
const keep = ['partner_id', 'webhook_id', 'number', ...attemptColumns].join(', ');
const keepAttempt = `insert into delivery_attempts (${keep})
  select ${keep} from deliveries where ${ofDelivery}`;
const writeAnswer = insertion('long_answers', [
  ...['partner_id', 'webhook_id', 'slot', 'number', 'attempt', 'answer'],
]).replace('insert', 'insert or replace');

/**
 * Writes an attempt into its delivery, whose attempt before is kept beside it. A long answer takes
 * the place of an old one. `isErased`: the answer is left out, as it may repeat what was erased.
 */
export function recordAttempt(
  handle: SQLite.Database,
  made: Attempt,
  webhook: WebhooksTable,
  known: DeliveriesTable | undefined,
  { event, state, tries, due_at, digest, created_at }: Recorded,
  isErased: boolean,
): void {
  const { partnerId, webhookId, number, id, at, duration, status, problem } = made;
  const key = [partnerId, webhookId, number];
  const attempt = (known?.attempt ?? 0) + 1;
  if (known) prepared(handle, keepAttempt).run(...key);
  if (attempt > keptAttempts)
    prepared(handle, `delete from delivery_attempts where ${ofDelivery} and attempt = ?`).run(
      ...[...key, attempt - keptAttempts],
    );
  const answer = isErased ? null : made.answer;
  const isLong = answer !== null && answer.length > longestShortAnswer;
  prepared(handle, writeDelivery).run(
    ...[...key, id, event, state, tries, due_at, digest, created_at],
    ...[attempt, at, duration, status, problem, isLong ? null : answer],
  );
  webhook.last_triggered_at = at;
  if (!isLong) return;
  const slot = ++webhook.long_answers % keptLongAnswers;
  prepared(handle, writeAnswer).run(partnerId, webhookId, slot, number, attempt, answer);
}
