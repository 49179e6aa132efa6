import { z } from 'zod';
import { streamMessage } from '../../shared/answers/stream.ts';
import { streamRoute } from '../route.ts';
import { streamType } from '../streams.ts';

export const stream = streamRoute({
  name: 'followChanges',
  path: '/api/partner/stream',
  summary:
    'Tells which accounts have a new revision, as it happens. It counts as one request for each quarter of an hour that it is open.',
  keyParameter: 'api_key',
  reachedBy: 'script',
  scopes: ['embed:read'],
  query: z.object({
    last_event_id: z
      .string()
      .default('')
      .describe(
        'Goes on after the message with this id, like the header `Last-Event-ID`, which only a browser’s own `EventSource` sends.',
      ),
  }),
  message: streamMessage,
  answers: {
    200: {
      means:
        'Server-sent events. The first one, named `stream`, has the id of the stream, `{"stream": "str_…"}`; all others have no name and are messages. Every 20 s there is a comment. After each message that tells of something new, 30 more questions by the same credential that name the stream do not count against the quota.',
      type: streamType,
    },
  },
  refusals: { 429: ['too_many_streams'] },
  lastId: ({ last_event_id }) => last_event_id,
});
