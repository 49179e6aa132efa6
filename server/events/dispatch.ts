import type SQLite from 'better-sqlite3';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { hour, minute, second } from '../../shared/time.ts';
import { deliveriesAtOnce, longestSecretOverlap } from '../../shared/webhooks.ts';
import type { Queries } from '../store/database.ts';
import type { Random } from '../store/ids.ts';
import type { DeliveriesTable, WebhooksTable } from '../store/schema.ts';
import { prepared } from '../store/statements.ts';
import { type Attempt, ofWebhook, settleAttempt, type WebhookKey } from './attempts.ts';
import { disableWebhook } from './disabling.ts';
import { isOwedFresh, takeFresh } from './fresh.ts';
import { mayBeSentTo } from './owing.ts';
import { digestOfPayload, payloadOf } from './payload.ts';
import { longestPause } from './retries.ts';
import type { SignedMessage } from './signing.ts';

/**
 * A webhook is served by one process at a time, which leases it: so its deliveries are begun in
 * order, at most ten at once, and each by one process alone. The process writes down what became of
 * attempts, and learns what to begin next, in one transaction.
 */

/** How long a webhook is leased, ms: if its process is killed, another one goes on after that. */
export const lease = 8 * second;
/** The rest of a lease at which it is renewed, ms. */
const renewAt = 5 * second;
/** When a webhook is looked at again whose secret can't be read, ms. */
const unreadablePause = hour;
/** How many bytes of payloads are handed out at once. */
const mostBytes = 1024 * 1024;

/** A webhook that a process has leased, with the numbers of the deliveries that are on their way. */
export interface LeasedWebhook extends WebhookKey {
  inFlight: readonly number[];
}

/** What a process has done, and what it can do. */
export interface DispatchAsked {
  /** The process. */
  holder: string;
  attempts: readonly Attempt[];
  leased: readonly LeasedWebhook[];
  /** How many more webhooks it can lease, of those that work and of those that fail. */
  room: { working: number; failing: number };
  trustsClock: boolean;
  canMail: boolean;
}

/** A delivery that is to be begun at once. */
export interface Post extends WebhookKey, SignedMessage {
  /** The delivery's. */
  number: number;
  url: string;
  /** The digest of the body, if erasing may change that. */
  digest: string | null;
}

export interface Dispatched {
  /** All that the process has leased now, and how many deliveries to each may be on their way at once. */
  leased: (WebhookKey & { slots: number })[];
  /** In the order in which they are to be begun. */
  posts: Post[];
  /** Whether there was no room for more in one go. */
  isMore: boolean;
}

export interface DispatchSurroundings {
  transaction: Queries;
  /** The connection of the transaction. */
  handle: SQLite.Database;
  now: number;
  random: Random;
  /** The inverse of what encrypted the secrets; null: another server's secret did. */
  decrypt(bytes: Buffer): string | null;
}

/** Settles attempts, and says what to begin next. */
export async function dispatch(
  { holder, attempts, leased, room, trustsClock, canMail }: DispatchAsked,
  surroundings: DispatchSurroundings,
): Promise<Dispatched> {
  const { handle, now } = surroundings;
  for (const attempt of attempts) {
    const disabling = settleAttempt(handle, attempt, { ...surroundings, holder, trustsClock });
    if (disabling) await disableWebhook(attempt, disabling, canMail, surroundings);
  }
  const result = new Result();
  const due = [
    ...(await findDue('working', room.working, surroundings)),
    ...(await findDue('failing', room.failing, surroundings)),
  ];
  for (const webhook of due) {
    if (result.isFull) break;
    if (beginNext(webhook, [], surroundings, result) === 0) giveBack(webhook, surroundings);
    else {
      result.lease(webhook);
      takeLease(handle, webhook, holder, now);
    }
  }
  for (const each of leased) {
    const webhook = findWebhook(handle, each);
    if (webhook?.leased_by !== holder) continue;
    const begun = beginNext(webhook, each.inFlight, surroundings, result);
    if (begun + each.inFlight.length === 0 && !result.isFull) giveBack(webhook, surroundings);
    else {
      result.lease(webhook);
      if (!isLeased(webhook, now + lease - renewAt)) takeLease(handle, webhook, holder, now);
    }
  }
  return { leased: result.leased, posts: result.posts, isMore: result.isFull };
}

/** Gives all back that a process has leased, so that others need not wait. */
export function endLeases(handle: SQLite.Database, holder: string): void {
  prepared(
    handle,
    'update webhooks set leased_by = null, leased_until = null where leased_by = ?',
  ).run(holder);
}

class Result {
  readonly leased: Dispatched['leased'] = [];
  readonly posts: Post[] = [];
  #bytes = 0;

  lease(webhook: WebhooksTable): void {
    const { partner_id, id } = webhook;
    this.leased.push({ partnerId: partner_id, webhookId: id, slots: slotsOf(webhook) });
  }

  add(post: Post): void {
    this.posts.push(post);
    this.#bytes += post.body.length;
  }

  get isFull(): boolean {
    return this.#bytes > mostBytes;
  }
}

function findWebhook(
  handle: SQLite.Database,
  { partnerId, webhookId }: WebhookKey,
): WebhooksTable | undefined {
  return prepared<WebhooksTable>(
    handle,
    'select * from webhooks where partner_id = ? and id = ? and deleted_at is null',
  ).get(partnerId, webhookId);
}

/** A lease that ends later than one can was taken by a clock that was ahead. */
function isLeased({ leased_until }: WebhooksTable, now: number): boolean {
  return leased_until !== null && leased_until > now && leased_until <= now + lease;
}

function takeLease(
  handle: SQLite.Database,
  { partner_id, id }: WebhooksTable,
  holder: string,
  now: number,
): void {
  prepared(
    handle,
    'update webhooks set leased_by = ?, leased_until = ? where partner_id = ? and id = ?',
  ).run(holder, now + lease, partner_id, id);
}

/** Ends a lease, and notes when there may be something to send again. */
function giveBack(webhook: WebhooksTable, surroundings: DispatchSurroundings): void {
  prepared(
    surroundings.handle,
    `update webhooks set leased_by = null, leased_until = null, due_at = ?
     where partner_id = ? and id = ?`,
  ).run(nextDue(webhook, surroundings), webhook.partner_id, webhook.id);
}

/** Null: there is nothing to send. */
function nextDue(webhook: WebhooksTable, surroundings: DispatchSurroundings): number | null {
  const { handle, now } = surroundings;
  if (!maySendTo(handle, webhook)) return null;
  if (!secretsOf(webhook, surroundings)) return now + unreadablePause;
  const { again } = prepared<{ again: number | null }>(
    handle,
    `select min(due_at) as again from deliveries where ${ofWebhook} and state = 'waiting'`,
  ).get(webhook.partner_id, webhook.id)!;
  const fresh = isOwedFresh(handle, webhook) ? freshFrom(webhook, now) : null;
  const hurries = again !== null && again <= (webhook.hurries_until ?? 0);
  const dues = [hurries ? 0 : again, fresh].filter((due) => due !== null);
  return dues.length === 0 ? null : Math.max(Math.min(...dues), restsUntil(webhook, now));
}

/** Until when it asked to be left in peace; 0: it did not. */
function restsUntil({ not_before }: WebhooksTable, now: number): number {
  return not_before !== null && not_before <= now + longestPause ? not_before : 0;
}

/** From when on something new is tried, while it fails; 0: it does not fail. */
function freshFrom({ rests_until }: WebhooksTable, now: number): number {
  return rests_until !== null && rests_until <= now + minute ? rests_until : 0;
}

function maySendTo(handle: SQLite.Database, { partner_id, is_active }: WebhooksTable): boolean {
  if (is_active === 0) return false;
  return (
    prepared(handle, `select 1 from partners where id = ? and ${mayBeSentTo}`).get(partner_id) !==
    undefined
  );
}

/** The condition of the webhooks that may have something to be sent now, and that nobody has leased. */
export function isDueAt(now: number): RawBuilder<SqlBool> {
  return sql`due_at is not null and (due_at <= ${now} or due_at > ${now + longestPause})
    and (leased_until is null or leased_until <= ${now} or leased_until > ${now + lease})`;
}

async function findDue(
  kind: 'working' | 'failing',
  most: number,
  { transaction, now }: DispatchSurroundings,
): Promise<WebhooksTable[]> {
  const isOfKind = kind === 'failing' ? sql`failure_count > 0` : sql`failure_count = 0`;
  const { rows } = await sql<WebhooksTable>`select * from webhooks
    where ${isDueAt(now)} and ${isOfKind} order by due_at limit ${most}`.execute(transaction);
  return rows;
}

/** How many deliveries may be on their way at once: one, while it fails. */
function slotsOf({ failure_count }: WebhooksTable): number {
  return failure_count > 0 ? 1 : deliveriesAtOnce;
}

/** Adds what is to be begun of a webhook's deliveries to the result; returns how many those are. */
function beginNext(
  webhook: WebhooksTable,
  inFlight: readonly number[],
  surroundings: DispatchSurroundings,
  result: Result,
): number {
  const { handle, now } = surroundings;
  const slots = slotsOf(webhook) - inFlight.length;
  if (slots <= 0 || restsUntil(webhook, now) > now || !maySendTo(handle, webhook)) return 0;
  const secrets = secretsOf(webhook, surroundings);
  if (!secrets) return 0;
  let begun = 0;
  const begin = (delivery: DeliveriesTable) => {
    const body = bodyOf(handle, delivery);
    if (body === null) return;
    const { partner_id, id, url } = webhook;
    result.add({
      ...{ partnerId: partner_id, webhookId: id, number: delivery.number, url, ...secrets },
      ...{ id: delivery.event_id, event: delivery.event, body },
      digest: digestOfPayload(delivery.event, body),
    });
    begun++;
  };
  // What is to be tried again comes before what is new.
  for (const delivery of waitingOf(handle, webhook, now, slots + inFlight.length)) {
    if (begun === slots || result.isFull) return begun;
    if (!inFlight.includes(delivery.number)) begin(delivery);
  }
  if (freshFrom(webhook, now) > now) return begun;
  for (const delivery of takeFresh(handle, webhook, slots - begun, now)) begin(delivery);
  return begun;
}

function waitingOf(
  handle: SQLite.Database,
  { partner_id, id, hurries_until }: WebhooksTable,
  now: number,
  most: number,
): DeliveriesTable[] {
  const select = (isWanted: string) =>
    prepared<DeliveriesTable>(
      handle,
      `select * from deliveries where ${ofWebhook} and state = 'waiting' and ${isWanted}
       order by due_at, number limit ?`,
    );
  return [
    // Put off by a clock that was ahead.
    ...select('due_at > ?').all(partner_id, id, now + longestPause, most),
    ...select('due_at <= ?').all(partner_id, id, Math.max(now, hurries_until ?? 0), most),
  ];
}

/** Null: it can't be sent any more as it was, and the delivery is over. */
function bodyOf(handle: SQLite.Database, delivery: DeliveriesTable): string | null {
  const { partner_id, webhook_id, number, event, event_number, digest } = delivery;
  const body = payloadOf(handle, partner_id, event_number!);
  const isSame = digest === null || (body !== null && digestOfPayload(event, body) === digest);
  if (body !== null && isSame) return body;
  prepared(
    handle,
    `update deliveries set state = 'canceled' where ${ofWebhook} and number = ?`,
  ).run(partner_id, webhook_id, number);
  return null;
}

/** The secrets that sign now; null: they can't be read. */
function secretsOf(
  { secret, old_secret, old_secret_until: until }: WebhooksTable,
  { now, decrypt }: DispatchSurroundings,
): Pick<Post, 'secret' | 'oldSecret'> | null {
  const isOldValid = until !== null && until > now && until <= now + longestSecretOverlap * second;
  const current = decrypt(secret);
  if (current === null) return null;
  return { secret: current, oldSecret: old_secret && isOldValid ? decrypt(old_secret) : null };
}
