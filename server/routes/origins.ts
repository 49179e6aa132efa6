import { z } from 'zod';
import type { OriginsAnswer } from '../../shared/answers/partner.ts';
import { actorOf } from '../access/caller.ts';
import { json } from '../answers.ts';
import { origins } from '../fields.ts';
import { action } from '../route.ts';
import { transact } from '../store/database.ts';
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
  act: async ({ body, caller, now, services: { database } }) => {
    const changes = { allowed_origins: joinOrigins(body.allowed_origins) };
    const { id } = caller.partner;
    const changed = await transact(database, (transaction) =>
      changePartner(transaction, id, changes, 'origins.changed', actorOf(caller), now),
    );
    return { status: 200, content: json(answerOf(changed!)) };
  },
});

function answerOf({ allowed_origins }: Partner): OriginsAnswer {
  return { allowed_origins: splitOrigins(allowed_origins) };
}
