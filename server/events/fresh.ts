import type SQLite from 'better-sqlite3';
import type { OwedEventsTable, WebhooksTable } from '../store/schema.ts';
import { prepared } from '../store/statements.ts';
import { ofWebhook } from './attempts.ts';
import type { OutboxEvent } from './payload.ts';

/** How many events are looked at for a webhook at once. */
const mostLookedAt = 1_000;

type Range = Pick<OwedEventsTable, 'next_event' | 'last_event' | 'events'>;

/**
 * The next events, in their order, that a webhook is owed and that were never tried, at most so many.
 * `after`: the number of the last event that the process has seen of them. Returns the same, for the
 * next time.
 */
export function freshEvents(
  handle: SQLite.Database,
  webhook: WebhooksTable,
  after: number,
  most: number,
): { events: OutboxEvent[]; seen: number } {
  const events: OutboxEvent[] = [];
  let seen = after;
  let left = mostLookedAt;
  for (const range of rangesOf(handle, webhook)) {
    const first = Math.max(range.next_event, after + 1);
    const last = Math.min(range.last_event, first + left - 1);
    if (first > last) continue;
    const found = eventsOf(handle, webhook, range.events, [first, last], most - events.length);
    events.push(...found);
    // If there may be more of them, it is gone on behind the last one.
    seen = events.length === most ? events.at(-1)!.number : last;
    left -= seen - first + 1;
    if (events.length === most || left <= 0) break;
  }
  return { events, seen };
}

/** Whether a webhook is owed events that were never tried. */
export function isOwedFresh(handle: SQLite.Database, webhook: WebhooksTable): boolean {
  return rangesOf(handle, webhook).length > 0;
}

/** Those that were set aside, then the current one. */
function rangesOf(handle: SQLite.Database, webhook: WebhooksTable): Range[] {
  const { partner_id, id, next_event, last_event, events } = webhook;
  const aside = prepared<Range>(
    handle,
    `select * from owed_events where ${ofWebhook} order by next_event`,
  ).all(partner_id, id);
  return last_event < next_event ? aside : [...aside, { next_event, last_event, events }];
}

/**
 * Those that were erased, or removed because of their age, are not owed any more; others may have been
 * delivered before a process was killed.
 */
function eventsOf(
  handle: SQLite.Database,
  { partner_id, id }: WebhooksTable,
  types: string,
  [first, last]: [number, number],
  most: number,
): OutboxEvent[] {
  return prepared<OutboxEvent>(
    handle,
    `select number, id, type, at, account_id, data from events
     where partner_id = ? and number between ? and ? and data is not null
       and instr(?, ' ' || type || ' ') > 0
       and not exists (
         select 1 from deliveries
         where ${ofWebhook} and deliveries.number = events.number)
     order by number limit ?`,
  ).all(partner_id, first, last, ` ${types} `, partner_id, id, most);
}

/** Notes that all that a webhook is owed before an event was tried. */
export function passFresh(handle: SQLite.Database, webhook: WebhooksTable, next: number): void {
  webhook.next_event = Math.max(webhook.next_event, Math.min(next, webhook.last_event + 1));
  const key = [webhook.partner_id, webhook.id];
  const isOf = `owed_events where ${ofWebhook}`;
  if (!prepared(handle, `select 1 from ${isOf} limit 1`).get(...key)) return;
  prepared(handle, `delete from ${isOf} and last_event < ?`).run(...key, next);
  prepared(
    handle,
    `update owed_events set next_event = ? where ${ofWebhook} and next_event < ?`,
  ).run(next, ...key, next);
}
