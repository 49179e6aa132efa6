import { z } from 'zod';
import type { OriginsAnswer } from '../../shared/answers/partner.ts';
import { boundsOf, originsWithin } from '../access/bounds.ts';
import { json } from '../answers.ts';
import { origins } from '../fields.ts';
import { Refusal } from '../refusal.ts';
import { action } from '../route.ts';
import { joinOrigins, splitOrigins } from '../store/keys.ts';
import { changePartner, type Partner } from '../store/partners.ts';

const path = '/api/partner/origins';

export const originsReading = action({
  method: 'GET',
  path,
  summary: 'The origins of the pages that may show this partner’s widgets.',
  query: z.object({}),
  act: async ({ caller: { partner } }) => ({ status: 200, content: json(answerOf(partner)) }),
});

export const originsChange = action({
  method: 'PUT',
  path,
  summary: 'Replaces them; an empty list allows any.',
  query: z.object({}),
  body: z.strictObject({ allowed_origins: origins }),
  act: async ({ body, write }) => {
    const changed = await write(async ({ transaction, caller, actor, now }) => {
      if (!originsWithin(body.allowed_origins, boundsOf(caller).origins)) {
        throw new Refusal(403, 'beyond_key', 'A key can’t allow more origins than it has itself.');
      }
      const changes = { allowed_origins: joinOrigins(body.allowed_origins) };
      const { id } = caller.partner;
      const act = { action: 'origins.changed', details: body } as const;
      return changePartner(transaction, id, changes, act, actor, now);
    });
    return { status: 200, content: json(answerOf(changed!)) };
  },
});

function answerOf({ allowed_origins }: Partner): OriginsAnswer {
  return { allowed_origins: splitOrigins(allowed_origins) };
}
