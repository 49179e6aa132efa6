import { z } from 'zod';
import { actorTypes, auditActions } from '../audit.ts';
import { count, moment, text } from './fields.ts';

export const auditActor = z
  .object({
    type: z
      .enum(actorTypes)
      .describe(
        '`operator`: a person at the server’s command line; `server`: the server by itself.',
      ),
    id: text(
      'The id of the session (`ses_…`) or of the key (`key_…`); null for the operator and the server.',
    ).nullable(),
    name: text(
      'The e-mail address that signed in, or the key’s label at that time; null for the operator and the server. A label never has an @, so it can’t be taken for an address.',
    ).nullable(),
    key_id: text('The id of the key that opened the session; null for any other actor.').nullable(),
  })
  .meta({ id: 'AuditActor', description: 'Who did it.' });

export type AuditActor = z.output<typeof auditActor>;

const auditEntry = z
  .object({
    number: count(
      'The entry’s number. The entries of a partner are numbered 1, 2, … in their order.',
    ),
    at: moment('When it happened.'),
    actor: auditActor,
    action: z.enum(auditActions).describe('What was done.'),
    subject: text(
      'The id of what was acted on, or the e-mail address. For a new embed token it is the id of the key that made it, or null.',
    ).nullable(),
    details: z
      .record(z.string(), z.unknown())
      .describe('The new values; empty where there are none.'),
  })
  .meta({ id: 'AuditEntry' });

export type AuditEntry = z.output<typeof auditEntry>;

/** `GET /audit`: the newest first. */
export const auditAnswer = z
  .object({
    entries: z.array(auditEntry).describe('The entries, the newest first.'),
    next: count('The `before` of the next page; null: there are no older entries.').nullable(),
  })
  .meta({ id: 'AuditAnswer' });

export type AuditAnswer = z.output<typeof auditAnswer>;
