import { z } from 'zod';
import { scopes } from '../access.ts';
import { count, id, moment, text, yesOrNo } from './fields.ts';

const fields = {
  id: id('key', 'Of the key.'),
  prefix: text('The first characters of the key.'),
  label: text('What it is for.'),
  scopes: z.array(z.enum(scopes)).describe('What it may do.'),
  allowed_origins: z
    .array(z.string())
    .describe('Where its widgets may appear; empty: wherever the partner’s may.'),
  is_active: yesOrNo('Whether it works: it was not revoked, is not paused and has not ended.'),
  created_at: moment('When it was made.'),
  expires_at: moment('When it ends; null: never.').nullable(),
  revoked_at: moment('When it was revoked; null: it was not.').nullable(),
  paused_at: moment('Since when it is paused; null: it is not.').nullable(),
  last_used_at: moment('When it was last used; null: never.').nullable(),
  replaced_by: text('The id of the key it was rolled into.').nullable(),
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
    keys: z.array(keySummary).describe('The active ones first, the newest first.'),
    limit: count('How many may be active at once.'),
  })
  .meta({ id: 'KeysAnswer' });

export type KeysAnswer = z.output<typeof keysAnswer>;

const newKey = {
  key: text('The key itself. No other answer holds it.'),
  ...fields,
  message: text('That it is shown this once.'),
};

/** `POST /keys` */
export const newKeyAnswer = z.object(newKey).meta({ id: 'NewKeyAnswer' });

export type NewKeyAnswer = z.output<typeof newKeyAnswer>;

/** `POST /keys/{id}/roll` */
export const rolledKeyAnswer = z
  .object({
    ...newKey,
    replaces: z
      .object({ id: id('key', 'Of the old key.'), expires_at: moment('Until when it works.') })
      .describe('The old key.'),
  })
  .meta({ id: 'RolledKeyAnswer' });

export type RolledKeyAnswer = z.output<typeof rolledKeyAnswer>;
