import type SQLite from 'better-sqlite3';
import type { AuditActor } from '../../shared/answers/audit.ts';
import type { AuditAction } from '../../shared/audit.ts';
import { type NewEvent, raiseEvents } from '../events/outbox.ts';
import { recordAct } from '../store/audit.ts';
import type { Queries } from '../store/database.ts';
import type { Random } from '../store/ids.ts';

/** A transaction in which something of a partner's is written, and who does so. */
export interface PartnerWriting {
  transaction: Queries;
  /** The connection of the transaction. */
  handle: SQLite.Database;
  partnerId: string;
  actor: AuditActor;
  now: number;
  random: Random;
}

export function raise(
  { handle, partnerId, now, random }: PartnerWriting,
  ...events: NewEvent[]
): void {
  raiseEvents(handle, partnerId, events, { now, random });
}

/**
 * Adds an entry to the audit trail. It holds ids, names of fields and counts alone: no name and no
 * figure of a person, which could not be erased.
 */
export function record(
  { transaction, partnerId, actor, now }: PartnerWriting,
  action: AuditAction,
  subject: string | null,
  details: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  return recordAct(transaction, partnerId, actor, { action, subject, details }, now);
}
