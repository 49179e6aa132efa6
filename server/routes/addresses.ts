import { z } from 'zod';
import {
  type AddressesAnswer,
  addressesAnswer,
  successAnswer,
} from '../../shared/answers/partner.ts';
import { emailAddress } from '../fields.ts';
import { notFound } from '../refusal.ts';
import { action, change } from '../route.ts';
import type { Queries } from '../store/database.ts';
import { addSignInAddress, listSignInAddresses, removeSignInAddress } from '../store/sign-in.ts';

const path = '/api/partner/addresses';

export const addressList = action({
  name: 'listAddresses',
  method: 'GET',
  path,
  summary: 'Lists the addresses that may sign in for the partner.',
  query: z.object({}),
  answers: { 200: { means: 'The addresses.', schema: addressesAnswer } },
  refusals: {},
  act: async ({ caller, services: { database } }) => ({
    status: 200,
    body: await answerOf(database.read, caller.partner.id),
  }),
});

// A person who signs in has all rights of the partner's tier, so no key may add an address.
export const addressAddition = change({
  name: 'addAddress',
  method: 'POST',
  path,
  summary: 'Allows another address to sign in.',
  isPersonal: true,
  query: z.object({}),
  body: z.strictObject({
    email: emailAddress.describe('The address that may sign in from now on.'),
  }),
  answers: { 201: { means: 'The addresses, including the new one.', schema: addressesAnswer } },
  refusals: { 400: ['too_many_addresses'] },
  change: async ({ body, transaction, caller: { partner }, actor, now }) => {
    await addSignInAddress(transaction, partner.id, body.email, actor, now);
    return { status: 201, body: await answerOf(transaction, partner.id) };
  },
});

export const addressRemoval = change({
  name: 'removeAddress',
  method: 'DELETE',
  path: `${path}/:email`,
  summary: 'Removes an address, and ends its sessions and sign-in links.',
  isPersonal: true,
  ends: true,
  query: z.object({ email: z.string().toLowerCase().describe('The address, in any case.') }),
  answers: { 200: { means: 'The address is removed.', schema: successAnswer } },
  refusals: { 400: ['last_address'], 404: ['not_found'] },
  change: async ({ query, transaction, caller: { partner }, actor, now }) => {
    if (!(await removeSignInAddress(transaction, partner.id, query.email, actor, now)))
      throw notFound('There is no such address. GET /api/partner/addresses lists them.');
    return { status: 200, body: { success: true } };
  },
});

async function answerOf(database: Queries, partnerId: string): Promise<AddressesAnswer> {
  const addresses = await listSignInAddresses(database, partnerId);
  return { addresses: addresses.map(({ email, created_at }) => ({ email, created_at })) };
}
