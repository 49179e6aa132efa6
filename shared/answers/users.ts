import { z } from 'zod';
import { accountSummary } from './accounts.ts';
import { count, cursor, id, moment, text, yesOrNo } from './fields.ts';

/** The most accounts that a user is shown with. */
export const mostAccountsOfUser = 100;

/** `GET /users/{id}` */
export const userAnswer = z
  .object({
    id: id('usr', 'The user’s id.'),
    external_id: text('The firm’s own id of the user; null: it has none.').nullable(),
    name: text('The user’s name; null: none was given.').nullable(),
    email: text('The user’s e-mail address; null: none was given.').nullable(),
    created_at: moment('When the user was made.'),
    accounts: z
      .array(accountSummary)
      .describe(
        `The user’s accounts, the oldest first, at most ${mostAccountsOfUser}; \`GET /accounts?user_id=\` lists all.`,
      ),
    account_count: count('The number of all accounts of the user.'),
  })
  .meta({ id: 'UserAnswer', description: 'A trader, with the accounts that belong to it.' });

export type UserAnswer = z.output<typeof userAnswer>;

/** `POST /users/{id}/login-link` */
export const loginLinkAnswer = z
  .object({
    url: text('The link. It opens the user’s page once, on one device.'),
    expires_at: moment('When the link expires; a mailed one, when it was sent at once.'),
    sent: yesOrNo('Whether the link is mailed to the user, too.'),
  })
  .meta({ id: 'LoginLinkAnswer' });

export type LoginLinkAnswer = z.output<typeof loginLinkAnswer>;

/** `GET /users` */
export const usersAnswer = z
  .object({
    users: z.array(userAnswer).describe('The users of this page, the oldest first.'),
    next: cursor('The `cursor` of the next page; null: this is the last one.').nullable(),
  })
  .meta({ id: 'UsersAnswer' });

export type UsersAnswer = z.output<typeof usersAnswer>;
