import { z } from 'zod';
import { auditAnswer } from '../../shared/answers/audit.ts';
import { wholeNumber } from '../query.ts';
import { action } from '../route.ts';
import { readAudit } from '../store/audit.ts';

/** Larger than the number of any entry. */
const lastNumber = 1_000_000_000;

export const audit = action({
  name: 'readAudit',
  method: 'GET',
  path: '/api/partner/audit',
  summary: 'Lists who did what and when, the newest first.',
  query: z.object({
    limit: wholeNumber(1, 200, 50).describe('How many entries to list.'),
    before: wholeNumber(1, lastNumber, lastNumber).describe(
      'Only entries with a lower number: the `next` of the page before.',
    ),
  }),
  answers: { 200: { means: 'A page of entries.', schema: auditAnswer } },
  refusals: {},
  act: async ({ query, caller, services: { database } }) => {
    const { limit, before } = query;
    const entries = await readAudit(database.read, caller.partner.id, { before, limit: limit + 1 });
    const next = entries.length > limit ? entries[limit - 1]!.number : null;
    return { status: 200, body: { entries: entries.slice(0, limit), next } };
  },
});
