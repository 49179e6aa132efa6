import type { Selectable } from 'kysely';
import type { AuditActor, AuditEntry } from '../../shared/answers/audit.ts';
import type { AuditAction } from '../../shared/audit.ts';
import { hasAtSign } from '../../shared/printable.ts';
import type { Queries } from './database.ts';
import type { AuditTable } from './schema.ts';

/** The actor of changes that are made on the command line. */
export const operator: AuditActor = { type: 'operator', id: null, name: null, key_id: null };

/** The actor of what the server does by itself. */
export const theServer: AuditActor = { type: 'server', id: null, name: null, key_id: null };

export interface Act {
  action: AuditAction;
  /** The id of what was changed, or the address. */
  subject: string | null;
  /** What it was changed to; never a secret. */
  details?: Readonly<Record<string, unknown>>;
}

/** Adds an entry to the audit trail; to be called in the transaction that makes the change. */
export async function recordAct(
  database: Queries,
  partnerId: string,
  actor: AuditActor,
  { action, subject, details = {} }: Act,
  now: number,
): Promise<void> {
  await database
    .insertInto('audit')
    .values((eb) => ({
      partner_id: partnerId,
      number: eb
        .selectFrom('audit')
        .where('partner_id', '=', partnerId)
        .select((last) =>
          last(last.fn.coalesce(last.fn.max('number'), last.val(0)), '+', 1).as('n'),
        ),
      at: now,
      actor: actor.type,
      actor_id: actor.id,
      actor_name: actor.name,
      actor_key_id: actor.key_id,
      action,
      subject,
      details: JSON.stringify(details),
    }))
    .execute();
}

/** A partner's entries numbered below `before`, the newest first. */
export async function readAudit(
  database: Queries,
  partnerId: string,
  { before, limit }: { before: number; limit: number },
): Promise<AuditEntry[]> {
  const rows = await database
    .selectFrom('audit')
    .selectAll()
    .where('partner_id', '=', partnerId)
    .where('number', '<', before)
    .orderBy('number', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    number: row.number,
    at: row.at,
    actor: actorOf(row),
    action: row.action,
    subject: row.subject,
    details: JSON.parse(row.details) as Record<string, unknown>,
  }));
}

function actorOf(row: Selectable<AuditTable>): AuditActor {
  const { actor: type, actor_id: id, actor_name, actor_key_id: key_id } = row;
  const isKey = type === 'key' || key_id !== null;
  return { type, id, name: isKey ? notAnAddress(actor_name) : actor_name, key_id };
}

/** Labels of keys could once contain @; an old one must not look like a person's email address. */
function notAnAddress(label: string | null): string | null {
  return label && hasAtSign(label) ? label.normalize('NFKC').replaceAll('@', ' (at) ') : label;
}
