import { z } from 'zod';
import { successAnswer } from '../../shared/answers/partner.ts';
import { loginLinkAnswer } from '../../shared/answers/users.ts';
import type { Manager } from '../access/caller.ts';
import { endSessionsOfUser, makeTraderLink } from '../records/traders.ts';
import { Refusal } from '../refusal.ts';
import { change, partnerWriting } from '../route.ts';
import { type Maker, traderLink } from '../store/traders.ts';
import { knownUser, userId } from './users.ts';

const path = '/api/partner/users/:id';

export const loginLinkCreation = change({
  name: 'createLoginLink',
  method: 'POST',
  path: `${path}/login-link`,
  summary: 'Makes a link to a page that shows a user its accounts, and mails it if asked to.',
  grants: true,
  scope: ['users:write', 'embed:read'],
  query: z.object({ id: userId }),
  body: z.strictObject({
    send: z
      .boolean('must be true or false')
      .default(false)
      .describe('Whether to mail the link to the user’s address.'),
  }),
  answers: { 201: { means: 'The link.', schema: loginLinkAnswer } },
  refusals: { 404: ['not_found'], 409: ['conflict'] },
  change: async ({ query, body: { send }, publicUrl, canMail, encrypt, ...writing }) => {
    const { transaction, caller } = writing;
    const user = await knownUser(transaction, caller.partner.id, query.id);
    if (send && !canMail) throw cannotMail();
    const { secret, expiresAt } = await makeTraderLink(
      partnerWriting(writing),
      user,
      makerOf(caller),
      send ? encrypt : null,
    );
    const url = traderLink(publicUrl, secret);
    return { status: 201, body: { url, expires_at: expiresAt, sent: send } };
  },
});

function makerOf(caller: Manager): Maker {
  return {
    key_id: caller.key?.id ?? null,
    session_id: caller.by === 'session' ? caller.session.id : null,
  };
}

function cannotMail(): Refusal {
  return new Refusal(
    409,
    'conflict',
    'This server can send no mail: its operator has set no PROPTALLY_SMTP_URL. Send the link yourself.',
  );
}

export const traderSessionsEnding = change({
  name: 'endSessionsOfUser',
  method: 'DELETE',
  path: `${path}/sessions`,
  summary: 'Ends all sessions in which a user sees its page, and the links that would open more.',
  ends: true,
  scope: 'users:write',
  query: z.object({ id: userId }),
  answers: { 200: { means: 'The sessions are ended.', schema: successAnswer } },
  refusals: { 404: ['not_found'] },
  change: async ({ query, ...writing }) => {
    const user = await knownUser(writing.transaction, writing.caller.partner.id, query.id);
    await endSessionsOfUser(partnerWriting(writing), user);
    return { status: 200, body: { success: true } };
  },
});
