import { z } from 'zod';
import { scopes } from '../access.ts';
import { count, id, moment, text, yesOrNo } from './fields.ts';

const fields = {
  id: id('key', 'The key’s id.'),
  prefix: text('The first eleven characters of the key.'),
  label: text('The key’s label: what it is for.'),
  scopes: z.array(z.enum(scopes)).describe('The key’s scopes: what it may do.'),
  allowed_origins: z
    .array(z.string())
    .describe(
      'The origins of the pages that may show widgets with this key; empty: all that the partner allows.',
    ),
  is_active: yesOrNo('Whether the key is valid: not revoked, paused or expired.'),
  created_at: moment('When the key was created.'),
  expires_at: moment('When the key expires; null: never.').nullable(),
  revoked_at: moment('When the key was revoked; null: it is not revoked.').nullable(),
  paused_at: moment('When the key was paused; null: it is not paused.').nullable(),
  last_used_at: moment('When the key was last used; null: never.').nullable(),
  replaced_by: text(
    'The id of the key that replaced this one when it was rolled; null: it was not rolled.',
  ).nullable(),
};

/** A key as answers describe it: without the key itself. */
export const keySummary = z.object(fields).meta({ id: 'KeySummary' });

export type KeySummary = z.output<typeof keySummary>;

/**
 * `GET /keys`: the active ones first, then the paused, then the ended; of each kind the newest
 * first.
 */
export const keysAnswer = z
  .object({
    keys: z
      .array(keySummary)
      .describe(
        'The active keys, then the paused, then the expired and revoked ones; in each group the newest first.',
      ),
    limit: count('How many keys may be active at once.'),
  })
  .meta({ id: 'KeysAnswer' });

export type KeysAnswer = z.output<typeof keysAnswer>;

const newKey = {
  key: text('The key itself. It is shown in this response only.'),
  ...fields,
  message: text('A reminder to save the key, as it is not shown again.'),
};

/** `POST /keys` */
export const newKeyAnswer = z.object(newKey).meta({ id: 'NewKeyAnswer' });

export type NewKeyAnswer = z.output<typeof newKeyAnswer>;

/** `POST /keys/{id}/roll` */
export const rolledKeyAnswer = z
  .object({
    ...newKey,
    replaces: z
      .object({
        id: id('key', 'The old key’s id.'),
        expires_at: moment('When the old key expires.'),
      })
      .describe('The key that is replaced.'),
  })
  .meta({ id: 'RolledKeyAnswer' });

export type RolledKeyAnswer = z.output<typeof rolledKeyAnswer>;
