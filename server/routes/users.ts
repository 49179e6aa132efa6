import { z } from 'zod';
import {
  mostAccountsOfUser,
  type UserAnswer,
  userAnswer,
  usersAnswer,
} from '../../shared/answers/users.ts';
import { cursorsOf } from '../cursor.ts';
import { reference, wholeNumber } from '../query.ts';
import { notFound } from '../refusal.ts';
import { question } from '../route.ts';
import { accountsOfUsers } from '../store/accounts.ts';
import type { Queries } from '../store/database.ts';
import { findUser, listUsers, type User } from '../store/users.ts';
import { presentAccount } from './accounts.ts';

export const userId = reference.describe('The id of a user, or `ext:` and its external id.');

const cursors = cursorsOf('users', { created_at: z.int(), id: z.string().max(64) });

export const users = question({
  name: 'listUsers',
  path: '/api/partner/users',
  summary: 'Lists users with their accounts, the oldest first.',
  scopes: ['users:read'],
  query: z.object({
    limit: wholeNumber(1, 200, 50).describe('How many users to list.'),
    cursor: cursors.parameter.optional().describe('The `next` of the page before.'),
  }),
  answers: { 200: { means: 'A page of users.', schema: usersAnswer } },
  refusals: {},
  answer: async ({ query, partner, database }) => {
    const { limit, cursor } = query;
    const found = await listUsers(database.read, partner.id, cursor ?? null, limit + 1);
    const page = found.slice(0, limit);
    const next = found.length > limit ? cursors.write(page.at(-1)!) : null;
    return { status: 200, body: { users: await presentUsers(database.read, page), next } };
  },
});

export const user = question({
  name: 'readUser',
  path: '/api/partner/users/:id',
  summary: 'Reads a user with its accounts.',
  scopes: ['users:read'],
  query: z.object({ id: userId }),
  answers: { 200: { means: 'The user.', schema: userAnswer } },
  refusals: { 404: ['not_found'] },
  answer: async ({ query, partner, database }) => {
    const found = await knownUser(database.read, partner.id, query.id);
    return { status: 200, body: await presentUser(database.read, found) };
  },
});

/** A user, by its id or as `ext:` and its external id. Throws a 404 when there is none. */
export async function knownUser(
  database: Queries,
  partnerId: string,
  reference: string,
): Promise<User> {
  const user = await findUser(database, partnerId, reference);
  if (!user) throw notFound('There is no such user. GET /api/partner/users lists them.');
  return user;
}

export async function presentUser(database: Queries, user: User): Promise<UserAnswer> {
  const [presented] = await presentUsers(database, [user]);
  return presented!;
}

/** `users`: of one partner. */
export async function presentUsers(
  database: Queries,
  users: readonly User[],
): Promise<UserAnswer[]> {
  const [first] = users;
  if (!first) return [];
  const ids = users.map(({ id }) => id);
  const theirs = await accountsOfUsers(database, first.partner_id, ids, mostAccountsOfUser);
  return users.map(({ id, external_id, name, email, created_at }) => {
    const { accounts, count } = theirs.get(id) ?? { accounts: [], count: 0 };
    return {
      ...{ id, external_id, name, email, created_at },
      accounts: accounts.map(presentAccount),
      account_count: count,
    };
  });
}
