import { z } from 'zod';
import { actorTypes, auditActions } from '../audit.ts';
import { count, moment, text } from './fields.ts';

const auditActor = z
  .object({
    type: z.enum(actorTypes).describe('`operator`: whoever has the server’s command line.'),
    id: text('`ses_…`, `key_…`').nullable(),
    name: text(
      'The address that signed in, or the key’s label at that time, which is never written as an address.',
    ).nullable(),
    key_id: text('The key that opened the session; null: none did.').nullable(),
  })
  .meta({ id: 'AuditActor' });

export type AuditActor = z.output<typeof auditActor>;

const auditEntry = z
  .object({
    number: count('1, 2, … in the order of what happened to this partner.'),
    at: moment('When.'),
    actor: auditActor,
    action: z.enum(auditActions),
    subject: text('The id of what was changed, or the address.').nullable(),
    details: z.record(z.string(), z.unknown()).describe('What it was changed to.'),
  })
  .meta({ id: 'AuditEntry' });

export type AuditEntry = z.output<typeof auditEntry>;

/** `GET /audit`: the newest first. */
export const auditAnswer = z
  .object({
    entries: z.array(auditEntry).describe('The newest first.'),
    next: count('For `before`, to go on; null: there are no older ones.').nullable(),
  })
  .meta({ id: 'AuditAnswer' });

export type AuditAnswer = z.output<typeof auditAnswer>;
