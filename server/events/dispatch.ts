import type SQLite from 'better-sqlite3';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { hour, minute, second } from '../../shared/time.ts';
import { deliveriesAtOnce } from '../../shared/webhooks.ts';
import type { Queries } from '../store/database.ts';
import type { Random } from '../store/ids.ts';
import { readAccessChanges } from '../store/keys.ts';
import type { DeliveriesTable, WebhooksTable } from '../store/schema.ts';
import { prepared } from '../store/statements.ts';
import { type Attempt, ofWebhook, settleAttempt, type WebhookKey } from './attempts.ts';
import { disableWebhook } from './disabling.ts';
import { freshEvents, isOwedFresh, passFresh } from './fresh.ts';
import { mayBeSentTo } from './owing.ts';
import { digestOfPayload, findEvent, type OutboxEvent, payloadOf } from './payload.ts';
import { longestPause, restsUntil } from './retries.ts';
import { type SignedMessage, secretsOf } from './signing.ts';
import { WebhookRecords } from './webhook-records.ts';

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
/** How many times as many deliveries are handed out as may be on their way. */
const handedAhead = 4;
/** How many bytes of payloads are handed out at once. */
const mostBytes = 1024 * 1024;

/** A webhook that a process has leased. */
export interface LeasedWebhook extends WebhookKey {
  /** The numbers of the deliveries that were handed out to it, and whose outcome it does not know. */
  open: readonly number[];
  /** The number of the last event that it has seen of those that were never tried. */
  seen: number;
  /** Whether nothing more is handed out, so that another webhook gets its place. */
  isLeaving: boolean;
}

/** What a process has done, and what it can do. */
export interface DispatchAsked {
  /** The process. */
  holder: string;
  attempts: readonly Attempt[];
  leased: readonly LeasedWebhook[];
  /** How many more webhooks it can lease, of those that work and of those that fail. */
  room: { working: number; failing: number };
  /** How many deliveries to one webhook may be on their way at once. */
  slots: number;
  /** The ids of webhooks whose leases of other processes it has seen to be over for a while. */
  taking: readonly string[];
  trustsClock: boolean;
  canMail: boolean;
}

/** A delivery that is to be begun, at once or soon. */
export interface Post extends WebhookKey, SignedMessage {
  /** The delivery's. */
  number: number;
  url: string;
  /** The digest of the body, if erasing may change that. */
  digest: string | null;
}

/** A webhook that the process has leased now. */
export interface HandedOut extends WebhookKey {
  /** How many deliveries may be on their way at once. */
  slots: number;
  /** As of {@link LeasedWebhook}. */
  seen: number;
}

export interface Dispatched {
  /** All that the process has leased now. */
  leased: HandedOut[];
  /** In the order in which they are to be begun. */
  posts: Post[];
  /** The number by which it is known whether they may still be begun (store/keys.ts). */
  changes: number;
  /** Whether there was no room for more in one go. */
  isMore: boolean;
  /**
   * The ids of webhooks whose leases of other processes are over. One that could not write for a while
   * goes on with its own, so they are not taken at once.
   */
  over: string[];
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

/** Settles attempts, and says what to begin next, of as many webhooks as there is time for. */
export async function dispatch(
  { holder, attempts, leased, room, slots, taking, trustsClock, canMail }: DispatchAsked,
  surroundings: DispatchSurroundings,
  isOver: () => boolean,
): Promise<Dispatched> {
  const { handle, now } = surroundings;
  const records = new WebhookRecords(handle);
  for (const attempt of attempts) {
    const webhook = records.find(attempt);
    if (!webhook) continue;
    const settling = { ...surroundings, holder, trustsClock };
    const disabling = settleAttempt(handle, attempt, webhook, settling);
    if (disabling) await disableWebhook(webhook, disabling, canMail, surroundings);
  }
  const changes = await readAccessChanges(surroundings.transaction);
  const result: Dispatched = { leased: [], posts: [], changes, isMore: false, over: [] };
  let bytes = 0;
  const serve = (webhook: WebhooksTable, { open, seen, isLeaving }: Place) => {
    const most = slotsOf(webhook, slots);
    const ahead = isLeaving ? 0 : most === 1 ? 1 : most * handedAhead;
    const begun = new Beginning(webhook, open, seen, ahead, surroundings);
    begun.begin();
    if (open.length + begun.posts.length === 0) giveBack(webhook, isLeaving, surroundings);
    else {
      const isToEnd = !isLeased(webhook, now + lease - renewAt);
      if (webhook.leased_by !== holder || isToEnd) takeLease(webhook, holder, now);
      const { partner_id: partnerId, id: webhookId } = webhook;
      result.leased.push({ partnerId, webhookId, slots: most, seen: begun.seen });
    }
    for (const post of begun.posts) bytes += post.body.length;
    result.posts.push(...begun.posts);
    result.isMore = bytes > mostBytes || isOver();
  };
  const due = await findDue(room, surroundings);
  const isSame = (one: WebhookKey) => (other: WebhookKey) => other.webhookId === one.webhookId;
  for (const key of due) {
    const webhook = records.find(key);
    if (!webhook || result.isMore) continue;
    const { leased_by, id } = webhook;
    const isForeign = leased_by !== null && leased_by !== holder;
    if (isForeign) result.over.push(id);
    if (isForeign && !taking.includes(id)) continue;
    serve(webhook, leased.find(isSame(key)) ?? nothingBegun);
  }
  for (const each of leased) {
    const webhook = records.find(each);
    if (webhook?.leased_by !== holder || result.leased.some(isSame(each))) continue;
    if (result.isMore) result.leased.push({ ...each, slots: slotsOf(webhook, slots) });
    else serve(webhook, each);
  }
  records.save();
  return result;
}

type Place = Omit<LeasedWebhook, keyof WebhookKey>;

const nothingBegun: Place = { open: [], seen: 0, isLeaving: false };

function takeLease(webhook: WebhooksTable, holder: string, now: number): void {
  webhook.leased_by = holder;
  webhook.leased_until = now + lease;
}

/** Ends a lease, and notes when there may be something to send again. */
function giveBack(
  webhook: WebhooksTable,
  isLeaving: boolean,
  surroundings: DispatchSurroundings,
): void {
  webhook.leased_by = null;
  webhook.leased_until = null;
  const due = nextDue(webhook, surroundings);
  // Those that wait for its place are due since earlier.
  webhook.due_at = due === null || !isLeaving ? due : Math.max(due, surroundings.now);
}

/** Gives all back that a process has leased, so that others need not wait. */
export function endLeases(handle: SQLite.Database, holder: string): void {
  prepared(
    handle,
    'update webhooks set leased_by = null, leased_until = null where leased_by = ?',
  ).run(holder);
}

/** A lease that ends later than one can was taken by a clock that was ahead. */
function isLeased({ leased_until }: WebhooksTable, now: number): boolean {
  return leased_until !== null && leased_until > now && leased_until <= now + lease;
}

/** When there may be something to send; null: there is nothing. */
function nextDue(webhook: WebhooksTable, surroundings: DispatchSurroundings): number | null {
  const { handle, now } = surroundings;
  if (!maySendTo(handle, webhook)) return null;
  if (!secretsOf(webhook, now, surroundings.decrypt)) return now + unreadablePause;
  const { again } = prepared<{ again: number | null }>(
    handle,
    `select min(due_at) as again from deliveries where ${ofWebhook} and state = 'waiting'`,
  ).get(webhook.partner_id, webhook.id)!;
  const hurries = again !== null && again <= (webhook.hurries_until ?? 0);
  const fresh = isOwedFresh(handle, webhook) ? freshFrom(webhook, now) : null;
  const dues = [hurries ? 0 : again, fresh].filter((due) => due !== null);
  return dues.length === 0 ? null : Math.max(Math.min(...dues), restsUntil(webhook, now));
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

/** The webhooks that may have something to be sent now, and that nobody has leased. */
export function dueWebhooks(now: number): RawBuilder<WebhooksTable> {
  return sql`(
    select * from webhooks where due_at <= ${now}
    union all
    -- They were put off by a clock that was ahead.
    select * from webhooks where due_at > ${now + longestPause}
  ) where (leased_until is null or leased_until <= ${now} or leased_until > ${now + lease})`;
}

async function findDue(
  { working, failing }: DispatchAsked['room'],
  { transaction, now }: DispatchSurroundings,
): Promise<WebhookKey[]> {
  if (working + failing === 0) return [];
  const ofKind = (isOfKind: RawBuilder<SqlBool>, most: number) =>
    sql<WebhookKey>`select partner_id as partnerId, id as webhookId from ${dueWebhooks(now)}
      and ${isOfKind} order by due_at limit ${most}`.execute(transaction);
  const found = [
    await ofKind(sql`failure_count = 0`, working),
    await ofKind(sql`failure_count > 0`, failing),
  ];
  return found.flatMap(({ rows }) => rows);
}

/** How many deliveries may be on their way at once: one, while it fails. */
function slotsOf({ failure_count }: WebhooksTable, most: number): number {
  return failure_count > 0 ? 1 : Math.min(most, deliveriesAtOnce);
}

/** What is handed out of one webhook's deliveries. */
class Beginning {
  readonly posts: Post[] = [];
  seen: number;
  readonly #webhook: WebhooksTable;
  readonly #open: readonly number[];
  readonly #most: number;
  readonly #surroundings: DispatchSurroundings;
  readonly #secrets: Pick<Post, 'secret' | 'oldSecret'> | null;

  constructor(
    webhook: WebhooksTable,
    open: readonly number[],
    seen: number,
    most: number,
    surroundings: DispatchSurroundings,
  ) {
    this.#most = most;
    this.#webhook = webhook;
    this.#open = open;
    this.#surroundings = surroundings;
    this.#secrets = secretsOf(webhook, surroundings.now, surroundings.decrypt);
    this.seen = seen;
  }

  begin(): void {
    const { handle, now } = this.#surroundings;
    const webhook = this.#webhook;
    const slots = this.#most - this.#open.length;
    const mayBegin = restsUntil(webhook, now) <= now && maySendTo(handle, webhook);
    if (slots > 0 && mayBegin && this.#secrets) {
      // What is to be tried again comes before what is new.
      for (const delivery of waitingOf(handle, webhook, now, slots + this.#open.length))
        if (this.posts.length < slots) this.#tryAgain(delivery);
      if (this.posts.length < slots && freshFrom(webhook, now) <= now)
        this.#tryFresh(slots - this.posts.length);
    }
    // Nothing that is on its way may be passed: another process would not send it then.
    const open = [...this.#open, ...this.posts.map(({ number }) => number)];
    if (this.seen > 0) passFresh(handle, webhook, Math.min(...open, this.seen + 1));
  }

  #tryAgain(delivery: DeliveriesTable): void {
    const { handle } = this.#surroundings;
    const { partner_id, webhook_id, number, event_id, digest } = delivery;
    if (this.#open.includes(number)) return;
    const event = findEvent(handle, partner_id, number);
    const body = event?.id === event_id ? payloadOf(handle, partner_id, event) : null;
    const isSame = digest === null || (body && digestOfPayload(event!.type, body) === digest);
    if (body && isSame) this.#add(event!, body);
    // It can't be sent any more as it was.
    else
      prepared(
        handle,
        `update deliveries set state = 'canceled', due_at = null where ${ofWebhook} and number = ?`,
      ).run(partner_id, webhook_id, number);
  }

  #tryFresh(most: number): void {
    const { handle } = this.#surroundings;
    const { events, seen } = freshEvents(handle, this.#webhook, this.seen, most);
    this.seen = seen;
    for (const event of events) {
      if (this.#open.includes(event.number)) continue;
      const body = payloadOf(handle, this.#webhook.partner_id, event);
      if (body !== null) this.#add(event, body);
    }
  }

  #add({ number, id, type }: OutboxEvent, body: string): void {
    const { partner_id: partnerId, id: webhookId, url } = this.#webhook;
    const digest = digestOfPayload(type, body);
    const signing = { id, event: type, body, ...this.#secrets! };
    this.posts.push({ partnerId, webhookId, number, url, digest, ...signing });
  }
}

function waitingOf(
  handle: SQLite.Database,
  { partner_id, id, hurries_until }: WebhooksTable,
  now: number,
  most: number,
): DeliveriesTable[] {
  const select = (isDue: string) =>
    prepared<DeliveriesTable>(
      handle,
      `select * from deliveries where ${ofWebhook} and state = 'waiting' and ${isDue}
       order by due_at, number limit ?`,
    );
  return [
    // They were put off by a clock that was ahead.
    ...select('due_at > ?').all(partner_id, id, now + longestPause, most),
    ...select('due_at <= ?').all(partner_id, id, Math.max(now, hurries_until ?? 0), most),
  ];
}
