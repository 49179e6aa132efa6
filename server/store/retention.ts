import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { sql } from 'kysely';
import { utcDay } from '../../shared/day.ts';
import { day } from '../../shared/time.ts';
import { type Database, type Queries, transact } from './database.ts';
import { raiseRevision } from './partners.ts';

/** How long data are kept, in days; after that the server deletes them. */
export const keptForDays = {
  /** Requests by day, key and endpoint, and the counts of the quotas. */
  usage: 90,
  audit: 365,
  /** The entries of the audit trail for newly made embed tokens and links to traders' pages. */
  madeTokens: 30,
  /** Keys, sessions and sign-in links, from when they ended or expired. */
  keys: 90,
  sessions: 30,
  links: 1,
  /** Sessions of traders and links to their pages, from when they expired. */
  traders: 1,
  /** Mails in the queue, with their recipients' addresses, from when they were requested. */
  mail: 7,
  droppedMail: 1,
  /** What partners are told by the list of events, and what was sent of it to webhooks. */
  events: 30,
  /** The answers of requests that may be repeated. */
  storedAnswers: 1,
  /** What was observed in each minute; that of quarters of an hour stays. */
  observedMinutes: 1,
} as const;

/** How many rows are deleted in one transaction, so that no request waits for long. */
const batch = 500;
const mostBatches = 40;

/**
 * Deletes what has been kept for long enough; of each kind at most `mostBatches` batches. Returns
 * whether there may be more of some kind.
 */
export async function prune(database: Database, now: number): Promise<boolean> {
  const before = (days: number) => now - days * day;
  const firstUsageDay = utcDay(before(keptForDays.usage));
  const old = [
    sql`delete from usage_days where (partner_id, day, key_id, endpoint, method) in (
      select partner_id, day, key_id, endpoint, method from usage_days
      where day < ${firstUsageDay} limit ${batch})`,
    sql`delete from key_days where (partner_id, key_id, day) in (
      select partner_id, key_id, day from key_days where day < ${firstUsageDay} limit ${batch})`,
    sql`delete from audit where (partner_id, number) in (
      select partner_id, number from audit where at < ${before(keptForDays.audit)}
        or (at < ${before(keptForDays.madeTokens)} 
          and action in ('embed_token.created', 'trader_link.created'))
      limit ${batch})`,
    sql`delete from sign_in_links where (partner_id, digest) in (
      select partner_id, digest from sign_in_links
      where expires_at < ${before(keptForDays.links)} limit ${batch})`,
    sql`delete from sessions where (partner_id, id) in (
      select partner_id, id from sessions
      where expires_at < ${before(keptForDays.sessions)}
        or ended_at < ${before(keptForDays.sessions)} limit ${batch})`,
    sql`delete from trader_sessions where (partner_id, link) in (
      select partner_id, link from trader_sessions
      where expires_at < ${before(keptForDays.traders)} limit ${batch})`,
    sql`delete from keys where (partner_id, id) in (
      select partner_id, id from keys
      where revoked_at < ${before(keptForDays.keys)} or expires_at < ${before(keptForDays.keys)}
      limit ${batch})`,
    sql`delete from mail where id in (
      select id from mail where asked_at < ${before(keptForDays.mail)}
        or (asked_at < ${before(keptForDays.droppedMail)} and state = 'dropped')
      limit ${batch})`,
    sql`delete from stored_answers where (partner_id, id) in (
      select partner_id, id from stored_answers
      where created_at < ${before(keptForDays.storedAnswers)} limit ${batch})`,
    sql`delete from observed_minutes where (partner_id, account_id, start) in (
      select partner_id, account_id, start from observed_minutes
      where start < ${before(keptForDays.observedMinutes)} limit ${batch})`,
  ];
  let isMore = await pruneEvents(database, before(keptForDays.events));
  if (await pruneDeliveries(database, before(keptForDays.events))) isMore = true;
  for (const deletion of old) {
    const left = await inBatches(database, mostBatches, async (transaction) => {
      const { numAffectedRows } = await deletion.execute(transaction);
      return Number(numAffectedRows ?? 0n);
    });
    isMore ||= left === 0;
  }
  return isMore;
}

/**
 * Deletes by batches, each in a transaction of its own, until one of them is not full. Returns how
 * many of `most` batches are left.
 */
async function inBatches(
  database: Database,
  most: number,
  deleteBatch: (transaction: Queries) => Promise<number>,
): Promise<number> {
  for (let left = most; left > 0; ) {
    const deleted = await transact(database, deleteBatch);
    left--;
    await yieldToEventLoop();
    if (deleted < batch) return left;
  }
  return 0;
}

/** How many partners are looked through at once. */
const partnersAtOnce = 500;

/** Deletes old events, partner by partner. Returns whether there may be more. */
async function pruneEvents(database: Database, before: number): Promise<boolean> {
  let left = mostBatches;
  for (let last = ''; ; ) {
    const outboxes = await database.read
      .selectFrom('outboxes')
      .select(({ selectFrom }) => [
        'partner_id',
        selectFrom('events')
          .select('at')
          .whereRef('events.partner_id', '=', 'outboxes.partner_id')
          .orderBy('number')
          .limit(1)
          .as('oldest'),
      ])
      .where('partner_id', '>', last)
      .orderBy('partner_id')
      .limit(partnersAtOnce)
      .execute();
    for (const { partner_id, oldest } of outboxes) {
      if (oldest === null || oldest >= before) continue;
      left = await inBatches(database, left, (transaction) =>
        pruneEventsOf(transaction, partner_id, before),
      );
      if (left === 0) return true;
    }
    if (outboxes.length < partnersAtOnce) return false;
    last = outboxes.at(-1)!.partner_id;
  }
}

/**
 * Deletes the oldest events of a partner up to the first that is young enough: those that are left
 * have no gap, also if the clock was put back. What was deleted last is kept in mind, as a cursor may
 * name it. Returns how many were deleted.
 */
async function pruneEventsOf(
  transaction: Queries,
  partnerId: string,
  before: number,
): Promise<number> {
  const oldest = await transaction
    .selectFrom('events')
    .select(['number', 'id', 'at'])
    .where('partner_id', '=', partnerId)
    .orderBy('number')
    .limit(batch)
    .execute();
  const young = oldest.findIndex(({ at }) => at >= before);
  const old = young < 0 ? oldest : oldest.slice(0, young);
  const last = old.at(-1);
  if (!last) return 0;
  await transaction
    .deleteFrom('events')
    .where('partner_id', '=', partnerId)
    .where('number', '<=', last.number)
    .execute();
  await transaction
    .updateTable('outboxes')
    .set({ pruned_number: last.number, pruned_id: last.id })
    .where('partner_id', '=', partnerId)
    .execute();
  // The list of events is cached by it.
  await raiseRevision(transaction, partnerId);
  return old.length;
}

/** Deletes old deliveries, webhook by webhook. Returns whether there may be more. */
async function pruneDeliveries(database: Database, before: number): Promise<boolean> {
  let left = mostBatches;
  const webhooks = await database.read
    .selectFrom('webhooks')
    .select(['partner_id', 'id'])
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('deliveries')
          .select('number')
          .whereRef('deliveries.partner_id', '=', 'webhooks.partner_id')
          .whereRef('webhook_id', '=', 'webhooks.id')
          .where('deliveries.created_at', '<', before),
      ),
    )
    .limit(mostBatches)
    .execute();
  for (const webhook of webhooks) {
    left = await inBatches(database, left, (transaction) =>
      deleteDeliveries(transaction, webhook, before),
    );
    if (left === 0) return true;
  }
  return webhooks.length === mostBatches;
}

/** Deletes some of the deliveries of a webhook whose events happened before a time; returns how many. */
async function deleteDeliveries(
  transaction: Queries,
  { partner_id, id }: { partner_id: string; id: string },
  before: number,
): Promise<number> {
  const old = await transaction
    .selectFrom('deliveries')
    .select('number')
    .where('partner_id', '=', partner_id)
    .where('webhook_id', '=', id)
    .where('created_at', '<', before)
    .limit(batch)
    .execute();
  const numbers = old.map(({ number }) => number);
  for (const table of ['deliveries', 'delivery_attempts', 'long_answers'] as const)
    await transaction
      .deleteFrom(table)
      .where('partner_id', '=', partner_id)
      .where('webhook_id', '=', id)
      .where('number', 'in', numbers)
      .execute();
  return old.length;
}

/**
 * Removes what is left of deleted webhooks: to be called every few seconds, as each may take much
 * room.
 */
export async function removeDeletedWebhooks(database: Database): Promise<void> {
  const deleted = await database.read
    .selectFrom('webhooks')
    .select(['partner_id', 'id'])
    .where('deleted_at', 'is not', null)
    .limit(batch)
    .execute();
  let left = mostBatches;
  for (const webhook of deleted) {
    left = await inBatches(database, left, (transaction) =>
      deleteDeliveries(transaction, webhook, Number.MAX_SAFE_INTEGER),
    );
    if (left === 0) return;
    await transact(database, async (transaction) => {
      for (const [table, column] of [
        ['owed_events', 'webhook_id'],
        ['webhooks', 'id'],
      ] as const)
        await transaction
          .deleteFrom(table)
          .where('partner_id', '=', webhook.partner_id)
          .where(column as 'partner_id', '=', webhook.id)
          .execute();
    });
  }
}
