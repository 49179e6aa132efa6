import { z } from 'zod';
import { mostSignInAddresses } from '../../shared/access.ts';
import type { AddressesAnswer, SuccessAnswer } from '../../shared/answers/partner.ts';
import { actorOf } from '../access/caller.ts';
import { json } from '../answers.ts';
import { emailAddress } from '../fields.ts';
import { notFound, Refusal } from '../refusal.ts';
import { action } from '../route.ts';
import { type Queries, transact } from '../store/database.ts';
import { addSignInAddress, listSignInAddresses, removeSignInAddress } from '../store/sign-in.ts';

const path = '/api/partner/addresses';

export const addressList = action({
  method: 'GET',
  path,
  summary: 'Who may sign in for the partner.',
  query: z.object({}),
  act: async ({ caller, services: { database } }) => ({
    status: 200,
    content: json(await answerOf(database.read, caller.partner.id)),
  }),
});

// Whoever signs in has all rights of the partner's tier, so no key may say who that is.
export const addressAddition = action({
  method: 'POST',
  path,
  summary: 'Lets another address sign in.',
  isPersonal: true,
  query: z.object({}),
  body: z.strictObject({ email: emailAddress }),
  act: async ({ body, caller, now, services: { database } }) => {
    const { id } = caller.partner;
    const answer = await transact(database, async (transaction) => {
      if ((await listSignInAddresses(transaction, id)).length >= mostSignInAddresses) {
        throw new Refusal(
          400,
          'too_many_addresses',
          `At most ${mostSignInAddresses} addresses may sign in. Remove one first.`,
        );
      }
      await addSignInAddress(transaction, id, body.email, actorOf(caller), now);
      return answerOf(transaction, id);
    });
    return { status: 201, content: json(answer) };
  },
});

export const addressRemoval = action({
  method: 'DELETE',
  path: `${path}/:email`,
  summary: 'Takes an address away, with its sessions and links.',
  isPersonal: true,
  query: z.object({ email: z.string().toLowerCase() }),
  act: async ({ query, caller, now, services: { database } }) => {
    const { id } = caller.partner;
    await transact(database, async (transaction) => {
      const known = await listSignInAddresses(transaction, id);
      if (!known.some(({ email }) => email === query.email))
        throw notFound('There is no such address. GET /api/partner/addresses lists them.');
      if (known.length === 1)
        throw new Refusal(400, 'last_address', 'Nobody could sign in any more. Add another first.');
      await removeSignInAddress(transaction, id, query.email, actorOf(caller), now);
    });
    const answer: SuccessAnswer = { success: true };
    return { status: 200, content: json(answer) };
  },
});

async function answerOf(database: Queries, partnerId: string): Promise<AddressesAnswer> {
  const addresses = await listSignInAddresses(database, partnerId);
  return { addresses: addresses.map(({ email, created_at }) => ({ email, created_at })) };
}
