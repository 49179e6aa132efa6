import type SQLite from 'better-sqlite3';
import type { EventType } from '../../shared/events.ts';
import { newId, type Random } from '../store/ids.ts';
import type { EventsTable, OutboxesTable } from '../store/schema.ts';
import { insertion, prepared } from '../store/statements.ts';

/** Something that happened. */
export interface NewEvent {
  type: EventType;
  /** The only account that it is about; null: there is no single one. */
  accountId: string | null;
  /** The event's `data`, as JSON can hold it. */
  data: object;
}

const insertEvent = insertion('events', [
  ...['partner_id', 'number', 'id', 'type', 'at', 'account_id', 'data'],
]);

/** When events happen, and where their ids come from. */
export interface Moment {
  now: number;
  random: Random;
}

/**
 * Writes events into the outbox of a partner; to be called in the transaction that causes them. They
 * are numbered in it: as writers take turns, a reader that has seen a number has seen all before it.
 */
export function raiseEvents(
  handle: SQLite.Database,
  partnerId: string,
  events: readonly NewEvent[],
  { now, random }: Moment,
): void {
  if (events.length === 0) return;
  // By which the answers that tell of events go.
  prepared(handle, 'update partners set revision = revision + 1 where id = ?').run(partnerId);
  const { last_number: last } = prepared<Pick<OutboxesTable, 'last_number'>>(
    handle,
    `insert into outboxes (partner_id, last_number, pruned_number, pruned_id) values (?, ?, 0, '')
     on conflict (partner_id) do update set last_number = last_number + excluded.last_number
     returning last_number`,
  ).get(partnerId, events.length)!;
  const insert = prepared(handle, insertEvent);
  const before = last - events.length;
  for (const [index, { type, accountId, data }] of events.entries()) {
    const id = newId('evt', random);
    insert.run(partnerId, before + index + 1, id, type, now, accountId, JSON.stringify(data));
  }
}

/** Where a reader of events stands: after the event with this number and id; 0 and '': before all. */
export interface EventPlace {
  number: number;
  id: string;
}

/** A partner's events after a place, the oldest first. */
export interface EventsPage {
  events: EventsTable[];
  /** The place after them. */
  next: EventPlace;
  /** Whether there are more. */
  hasMore: boolean;
}
