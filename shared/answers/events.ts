import { z } from 'zod';
import { eventTypes } from '../events.ts';
import { cursor, id, yesOrNo } from './fields.ts';

const eventAnswer = z
  .object({
    id: id('evt', 'The event’s id.'),
    event: z.enum(eventTypes).describe('What happened.'),
    timestamp: z.iso.datetime().describe('When it happened. ISO 8601, in UTC, to the millisecond.'),
    data: z
      .record(z.string(), z.unknown())
      .nullable()
      .describe('What the event tells; null: it was erased, with the account that it was about.'),
  })
  .meta({ id: 'EventAnswer' });

export type EventAnswer = z.output<typeof eventAnswer>;

/** `GET /events` */
export const eventsAnswer = z
  .object({
    events: z.array(eventAnswer).describe('Events, the oldest first.'),
    next: cursor('What to send as `after` to go on from here, now or later.'),
    has_more: yesOrNo('Whether there are more already.'),
  })
  .meta({ id: 'EventsAnswer' });

export type EventsAnswer = z.output<typeof eventsAnswer>;
