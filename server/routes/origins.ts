import { z } from 'zod';
import { type OriginsAnswer, originsAnswer } from '../../shared/answers/partner.ts';
import { boundsOf, originsWithin } from '../access/bounds.ts';
import { origins } from '../fields.ts';
import { Refusal } from '../refusal.ts';
import { action, change } from '../route.ts';
import { joinOrigins, splitOrigins } from '../store/keys.ts';
import { changePartner, type Partner } from '../store/partners.ts';

const path = '/api/partner/origins';

const allowed = { means: 'The origins as they are now.', schema: originsAnswer };

export const originsReading = action({
  name: 'readOrigins',
  method: 'GET',
  path,
  summary: 'Lists the origins of the pages that may show the partner’s widgets.',
  query: z.object({}),
  answers: { 200: allowed },
  refusals: {},
  act: async ({ caller: { partner } }) => ({ status: 200, body: answerOf(partner) }),
});

export const originsChange = change({
  name: 'replaceOrigins',
  method: 'PUT',
  path,
  summary:
    'Replaces the origins of the pages that may show the partner’s widgets. An empty list allows any.',
  query: z.object({}),
  body: z.strictObject({
    allowed_origins: origins.describe(
      'The origins from now on, such as `https://app.example.com`.',
    ),
  }),
  answers: { 200: allowed },
  refusals: { 403: ['beyond_key'] },
  change: async ({ body, transaction, caller, actor, now }) => {
    if (!originsWithin(body.allowed_origins, boundsOf(caller).origins)) {
      throw new Refusal(403, 'beyond_key', 'A key can’t allow more origins than it has itself.');
    }
    const changes = { allowed_origins: joinOrigins(body.allowed_origins) };
    const act = { action: 'origins.changed', details: body } as const;
    const changed = await changePartner(transaction, caller.partner.id, changes, act, actor, now);
    return { status: 200, body: answerOf(changed!) };
  },
});

function answerOf({ allowed_origins }: Partner): OriginsAnswer {
  return { allowed_origins: splitOrigins(allowed_origins) };
}
