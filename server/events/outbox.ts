import type SQLite from 'better-sqlite3';
import { type SelectQueryBuilder, sql } from 'kysely';
import type { EventType } from '../../shared/events.ts';
import type { Queries } from '../store/database.ts';
import { newIds, type Random } from '../store/ids.ts';
import type { OutboxesTable, Schema } from '../store/schema.ts';
import { insertion, prepared } from '../store/statements.ts';
import { owe } from './owing.ts';
import { type SummaryAccount, type SummaryData, withoutAccounts } from './summary-data.ts';

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
  const ids = newIds('evt', events.length, random);
  for (const [index, { type, accountId, data }] of events.entries()) {
    insert.run(
      partnerId,
      before + index + 1,
      ids[index],
      type,
      now,
      accountId,
      JSON.stringify(data),
    );
  }
  owe(
    handle,
    partnerId,
    before,
    events.map(({ type }) => type),
  );
}

/** Where a reader of events stands: after the event with this number and id; 0 and '': before all. */
export interface EventPlace {
  number: number;
  id: string;
}

/** An event as it is told. */
export interface ToldEvent {
  id: string;
  type: EventType;
  at: number;
  /** Null: it was erased. */
  data: Record<string, unknown> | null;
}

/** A partner's events after a place, the oldest first. */
export interface EventsPage {
  events: ToldEvent[];
  /** The place from which to read on: that of the last event that was looked at. */
  next: EventPlace;
  /** Whether there are more. */
  hasMore: boolean;
}

/** How many events are looked at for one page, and how many bytes of data end it. */
const mostLookedAt = 10_000;
const mostBytes = 4 * 1024 * 1024;

/** The place before the oldest event that is kept. */
export async function oldestPlace(database: Queries, partnerId: string): Promise<EventPlace> {
  const outbox = await database
    .selectFrom('outboxes')
    .select(['pruned_number as number', 'pruned_id as id'])
    .where('partner_id', '=', partnerId)
    .executeTakeFirst();
  return outbox ?? { number: 0, id: '' };
}

/**
 * Whether events can be read on from a place: not if one after it was removed because of its age, or
 * if the database was restored from a backup that did not have it.
 */
export async function isReadable(
  database: Queries,
  partnerId: string,
  { number, id }: EventPlace,
): Promise<boolean> {
  const oldest = await oldestPlace(database, partnerId);
  if (number === oldest.number) return id === oldest.id;
  const event = await database
    .selectFrom('events')
    .select('id')
    .where('partner_id', '=', partnerId)
    .where('number', '=', number)
    .executeTakeFirst();
  return event?.id === id;
}

/**
 * At most `limit` events after a place, of some types or (null) of all. A page may have fewer, even
 * none, and still more may follow.
 */
export async function readEvents(
  database: Queries,
  partnerId: string,
  after: EventPlace,
  types: readonly EventType[] | null,
  limit: number,
): Promise<EventsPage> {
  const looked = database
    .selectFrom('events')
    .where('partner_id', '=', partnerId)
    .where('number', '>', after.number)
    .where('number', '<=', after.number + mostLookedAt);
  const wanted = types === null ? looked : looked.where('type', 'in', types);
  const found = await wanted
    .select(['number', 'id', sql<number>`coalesce(octet_length(data), 0)`.as('bytes')])
    .orderBy('number')
    .limit(limit + 1)
    .execute();
  const fitting = countFitting(found, limit);
  if (fitting < found.length) {
    const { number, id } = found[fitting - 1]!;
    const events = await tell(database, partnerId, wanted.where('number', '<=', number));
    return { events, next: { number, id }, hasMore: true };
  }
  const last = await looked
    .select(['number', 'id'])
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  const next = last ?? after;
  const following = await database
    .selectFrom('events')
    .select('number')
    .where('partner_id', '=', partnerId)
    .where('number', '>', next.number)
    .limit(1)
    .executeTakeFirst();
  const events = found.length === 0 ? [] : await tell(database, partnerId, wanted);
  return { events, next, hasMore: following !== undefined };
}

/** How many of the found events a page has: always one, so that a reader gets on. */
function countFitting(found: readonly { bytes: number }[], limit: number): number {
  let sum = 0;
  for (const [index, { bytes }] of found.entries()) {
    sum += bytes;
    if (index === limit || (index > 0 && sum > mostBytes)) return index;
  }
  return found.length;
}

/** Events as they are told: without anything about accounts that are being erased, or are gone. */
async function tell(
  database: Queries,
  partnerId: string,
  wanted: SelectQueryBuilder<Schema, 'events', unknown>,
): Promise<ToldEvent[]> {
  const rows = await wanted.selectAll().orderBy('number').execute();
  const events = rows.map(({ id, type, at, account_id, data }) => ({
    ...{ id, type, at, account_id },
    data: data === null ? null : (JSON.parse(data) as Record<string, unknown>),
  }));
  const named = events.flatMap(({ account_id, ...event }) => [
    ...(account_id === null ? [] : [account_id]),
    ...summarized(event).map((each) => each.account_id),
  ]);
  const shown = new Set(await shownAmong(database, partnerId, named));
  return events.map(({ account_id, ...event }) => {
    if (account_id !== null && !shown.has(account_id)) return { ...event, data: null };
    if (event.data === null || event.type !== 'daily_summary') return event;
    const data = event.data as unknown as SummaryData;
    return { ...event, data: { ...withoutAccounts(data, (id) => !shown.has(id)) } };
  });
}

/** The entries of accounts in a daily summary; of other events none. */
function summarized({ type, data }: ToldEvent): readonly SummaryAccount[] {
  return type === 'daily_summary' && data ? (data as unknown as SummaryData).accounts : [];
}

async function shownAmong(
  database: Queries,
  partnerId: string,
  ids: readonly string[],
): Promise<string[]> {
  const asJson = JSON.stringify([...new Set(ids)]);
  const rows = await database
    .selectFrom(sql<{ value: string }>`json_each(${asJson})`.as('named'))
    // SQLite keeps the order of a cross join: else it would go through all of the partner's accounts.
    .crossJoin('accounts')
    .select('accounts.id')
    .where('accounts.partner_id', '=', partnerId)
    .whereRef('accounts.id', '=', 'named.value')
    .where('accounts.status', '<>', 'erased')
    .execute();
  return rows.map(({ id }) => id);
}
