import { z } from 'zod';
import { successAnswer } from '../../shared/answers/partner.ts';
import { userAnswer } from '../../shared/answers/users.ts';
import { emailAddress, externalId, text } from '../fields.ts';
import { eraseUser } from '../records/erasing.ts';
import { changeUser, findOrMakeUser } from '../records/users.ts';
import { change, partnerWriting } from '../route.ts';
import { knownUser, presentUser, userId } from './users.ts';

const path = '/api/partner/users';

const fields = {
  external_id: externalId.nullable().optional().describe('The partner’s own id of the user.'),
  name: text(200).nullable().optional().describe('The user’s name.'),
  email: emailAddress.nullable().optional().describe('The user’s e-mail address.'),
};

export const userCreation = change({
  name: 'createUser',
  method: 'POST',
  path,
  summary: 'Creates a user, or finds the one with the external id.',
  scope: 'users:write',
  query: z.object({}),
  body: z.strictObject(fields),
  answers: {
    200: { means: 'The user that has the external id already.', schema: userAnswer },
    201: { means: 'The new user.', schema: userAnswer },
  },
  refusals: { 409: ['conflict'] },
  change: async ({ body, ...writing }) => {
    const { user, isNew } = await findOrMakeUser(partnerWriting(writing), body);
    return { status: isNew ? 201 : 200, body: await presentUser(writing.transaction, user) };
  },
});

export const userChange = change({
  name: 'changeUser',
  method: 'PATCH',
  path: `${path}/:id`,
  summary: 'Changes the fields of a user that are sent. Null removes a value.',
  scope: 'users:write',
  query: z.object({ id: userId }),
  body: z.strictObject(fields),
  answers: { 200: { means: 'The user as it is now.', schema: userAnswer } },
  refusals: { 404: ['not_found'], 409: ['conflict'] },
  change: async ({ query, body, ...writing }) => {
    const user = await knownUser(writing.transaction, writing.caller.partner.id, query.id);
    const changed = await changeUser(partnerWriting(writing), user, body);
    return { status: 200, body: await presentUser(writing.transaction, changed) };
  },
});

export const userErasure = change({
  name: 'eraseUser',
  method: 'DELETE',
  path: `${path}/:id`,
  summary: 'Erases a user with all accounts and trades, and everything derived from them.',
  scope: 'users:write',
  query: z.object({ id: userId }),
  answers: { 200: { means: 'The user is erased.', schema: successAnswer } },
  refusals: { 404: ['not_found'] },
  change: async ({ query, ...writing }) => {
    const user = await knownUser(writing.transaction, writing.caller.partner.id, query.id);
    await eraseUser(partnerWriting(writing), user);
    return { status: 200, body: { success: true } };
  },
});
