import { z } from 'zod';
import { id, moment, text } from './fields.ts';

/** A user without its accounts: what a write of it answers. */
export const userAnswer = z
  .object({
    id: id('usr', 'The user’s id.'),
    external_id: text('The partner’s own id of the user.').nullable(),
    name: text('The user’s name.').nullable(),
    email: text('The user’s e-mail address.').nullable(),
    created_at: moment('When the user was made.'),
  })
  .meta({ id: 'UserAnswer' });

export type UserAnswer = z.output<typeof userAnswer>;
