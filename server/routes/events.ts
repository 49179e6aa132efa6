import { z } from 'zod';
import { type EventAnswer, eventsAnswer } from '../../shared/answers/events.ts';
import { written } from '../../shared/answers/json-schema.ts';
import { type EventType, eventTypes } from '../../shared/events.ts';
import { cursorsOf } from '../cursor.ts';
import { isReadable, oldestPlace, readEvents, type ToldEvent } from '../events/outbox.ts';
import { wholeNumber } from '../query.ts';
import { Refusal } from '../refusal.ts';
import { question } from '../route.ts';

const cursors = cursorsOf('events', { number: z.int().min(0), id: z.string().max(64) });

const anyType = eventTypes.join('|').replaceAll('.', '\\.');
const typeList = new RegExp(`^(${anyType})(,(${anyType}))*$`);

/** Types of events with commas between them, read as a list in the usual order. */
const types = written(
  z
    .string()
    .max(1_000, { error: 'is too long', abort: true })
    .regex(typeList, `must be a list, with commas, of ${eventTypes.join(', ')}`)
    .transform((text): EventType[] => {
      const named = text.split(',');
      return eventTypes.filter((type) => named.includes(type));
    }),
  { type: 'string', pattern: typeList.source, maxLength: 1_000 },
);

export const events = question({
  name: 'listEvents',
  path: '/api/partner/events',
  summary: 'Lists what happened in the last 30 days, the oldest first.',
  scopes: ['webhooks:manage'],
  query: z.object({
    after: cursors.parameter
      .optional()
      .describe(
        'The `next` of the last response: only what happened after that. Without it, from the oldest event that is kept.',
      ),
    types: types.optional().describe('Only events of these types, with commas between them.'),
    limit: wholeNumber(1, 1_000, 100).describe('The most events to list.'),
  }),
  answers: {
    200: {
      means: 'Events. There may be fewer than `limit`, even none, and still `has_more`.',
      schema: eventsAnswer,
    },
  },
  refusals: { 410: ['cursor_gone'] },
  answer: async ({ query, partner, database: { read } }) => {
    const oldest = await oldestPlace(read, partner.id);
    const after = query.after ?? oldest;
    if (!(await isReadable(read, partner.id, after))) throw goneCursor(cursors.write(oldest));
    const page = await readEvents(read, partner.id, after, query.types ?? null, query.limit);
    const body = {
      events: page.events.map(present),
      next: cursors.write(page.next),
      has_more: page.hasMore,
    };
    return { status: 200, body };
  },
});

function present({ id, type, at, data }: ToldEvent): EventAnswer {
  return { id, event: type, timestamp: new Date(at).toISOString(), data };
}

function goneCursor(cursor: string): Refusal {
  const sentence =
    'What followed this cursor is not there any more, or the database was restored since. Go on from `cursor`, the oldest one, and expect to have missed events.';
  return new Refusal(410, 'cursor_gone', sentence, { cursor });
}
