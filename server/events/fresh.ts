import type SQLite from 'better-sqlite3';
import type {
  DeliveriesTable,
  EventsTable,
  OwedEventsTable,
  WebhooksTable,
} from '../store/schema.ts';
import { insertion, prepared } from '../store/statements.ts';
import { ofWebhook } from './attempts.ts';

/** How many events of a range are looked at once. */
const mostLookedAt = 1_000;

/** Whether a webhook is owed events that were never tried. */
export function isOwedFresh(handle: SQLite.Database, webhook: WebhooksTable): boolean {
  return nextRange(handle, webhook) !== undefined;
}

/** The range of the oldest events that a webhook is owed. */
function nextRange(handle: SQLite.Database, webhook: WebhooksTable): OwedEventsTable | undefined {
  const { partner_id, id, next_event, last_event, events } = webhook;
  const aside = prepared<OwedEventsTable>(
    handle,
    `select * from owed_events where ${ofWebhook} order by next_event limit 1`,
  ).get(partner_id, id);
  if (aside || last_event < next_event) return aside;
  return { partner_id, webhook_id: id, next_event, last_event, events };
}

/**
 * Makes deliveries of the next events that a webhook is owed, in their order, at most so many. Those
 * are due at once, so that another process begins them if this one is killed.
 */
export function takeFresh(
  handle: SQLite.Database,
  webhook: WebhooksTable,
  most: number,
  now: number,
): DeliveriesTable[] {
  const made: DeliveriesTable[] = [];
  for (let looked = 0; looked < mostLookedAt && made.length < most; ) {
    const range = nextRange(handle, webhook);
    if (!range) break;
    const last = Math.min(range.last_event, range.next_event + mostLookedAt - looked - 1);
    const events = eventsOf(handle, range, last, most - made.length);
    // If there may be more of them, the range goes on behind the last one.
    const end = events.length === most - made.length ? events.at(-1)!.number : last;
    for (const event of events) made.push(makeDelivery(handle, webhook, event, now));
    pass(handle, webhook, range, end);
    looked += end - range.next_event + 1;
  }
  return made;
}

type Taken = Pick<EventsTable, 'number' | 'id' | 'type' | 'at'>;

/** Those that were erased, or removed because of their age, are not owed any more. */
function eventsOf(
  handle: SQLite.Database,
  { partner_id, next_event, events }: OwedEventsTable,
  last: number,
  most: number,
): Taken[] {
  return prepared<Taken>(
    handle,
    `select number, id, type, at from events
     where partner_id = ? and number between ? and ? and data is not null
       and type in (select value from json_each(?))
     order by number limit ?`,
  ).all(partner_id, next_event, last, JSON.stringify(events.split(' ')), most);
}

const insertDelivery = insertion('deliveries', [
  ...['partner_id', 'webhook_id', 'number', 'event_number', 'event_id', 'event'],
  ...['state', 'tries', 'due_at', 'digest', 'created_at'],
]);

function makeDelivery(
  handle: SQLite.Database,
  { partner_id, id }: WebhooksTable,
  event: Taken,
  now: number,
): DeliveriesTable {
  const { last_delivery: number } = prepared<Pick<WebhooksTable, 'last_delivery'>>(
    handle,
    `update webhooks set last_delivery = last_delivery + 1 where partner_id = ? and id = ?
     returning last_delivery`,
  ).get(partner_id, id)!;
  const delivery = {
    ...{ partner_id, webhook_id: id, number, event_number: event.number, event_id: event.id },
    ...{ event: event.type, state: 'waiting' as const, tries: 0, due_at: now, digest: null },
    created_at: event.at,
  };
  prepared(handle, insertDelivery).run(...Object.values(delivery));
  return delivery;
}

/** Notes that a webhook is not owed the events up to a number any more. */
function pass(
  handle: SQLite.Database,
  webhook: WebhooksTable,
  { partner_id, webhook_id, next_event, last_event }: OwedEventsTable,
  end: number,
): void {
  if (next_event === webhook.next_event) {
    webhook.next_event = end + 1;
    prepared(handle, 'update webhooks set next_event = ? where partner_id = ? and id = ?').run(
      ...[end + 1, partner_id, webhook_id],
    );
    return;
  }
  const range = `${ofWebhook} and next_event = ?`;
  const key = [partner_id, webhook_id, next_event];
  if (end >= last_event) prepared(handle, `delete from owed_events where ${range}`).run(...key);
  else
    prepared(handle, `update owed_events set next_event = ? where ${range}`).run(end + 1, ...key);
}
