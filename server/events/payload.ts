import { hash } from 'node:crypto';
import type SQLite from 'better-sqlite3';
import type { EventsTable } from '../store/schema.ts';
import { prepared } from '../store/statements.ts';
import { type SummaryData, withoutAccounts } from './summary-data.ts';

/** An event as it is in the outbox. */
export type OutboxEvent = Omit<EventsTable, 'partner_id'>;

export function findEvent(
  handle: SQLite.Database,
  partnerId: string,
  number: number,
): OutboxEvent | undefined {
  return prepared<OutboxEvent>(
    handle,
    'select number, id, type, at, account_id, data from events where partner_id = ? and number = ?',
  ).get(partnerId, number);
}

/**
 * The body of an event's deliveries, the same bytes each time; null: what it told was erased. Nothing
 * in it is about accounts that are being erased.
 */
export function payloadOf(
  handle: SQLite.Database,
  partnerId: string,
  { type, at, account_id, data }: OutboxEvent,
): string | null {
  if (data === null) return null;
  if (account_id !== null && isBeingErased(handle, partnerId, account_id)) return null;
  return payload(type, at, type === 'daily_summary' ? shown(handle, partnerId, data) : data);
}

/** The digest of a payload that erasing may change: a summary of several accounts; else null. */
export function digestOfPayload(event: string, body: string): string | null {
  return event === 'daily_summary' ? hash('sha256', body) : null;
}

/** `data`: as JSON. */
export function payload(event: string, at: number, data: string): string {
  const timestamp = new Date(at).toISOString();
  return `{"event":${JSON.stringify(event)},"timestamp":"${timestamp}","data":${data}}`;
}

function shown(handle: SQLite.Database, partnerId: string, data: string): string {
  const summary = JSON.parse(data) as SummaryData;
  const rest = withoutAccounts(summary, (id) => isBeingErased(handle, partnerId, id));
  return rest === summary ? data : JSON.stringify(rest);
}

function isBeingErased(handle: SQLite.Database, partnerId: string, accountId: string): boolean {
  return (
    prepared(handle, 'select 1 from erasures where partner_id = ? and account_id = ?').get(
      partnerId,
      accountId,
    ) !== undefined
  );
}
