import { z } from 'zod';
import { count } from './fields.ts';

/** What the first event of a stream says, `stream`. */
export interface StreamOpened {
  /** Its id, which questions name as `stream` not to be counted. */
  stream: string;
}

/** What each message of a stream says. */
export const streamMessage = z
  .object({
    account: z
      .string()
      .nullable()
      .describe(
        'The account that has a new revision: its id for a token that names accounts or a user, else the SHA-256 of its id in hex digits. Null: anything may be different.',
      ),
    revision: count('The account’s revision, or the partner’s if no account is named.'),
    observed: z
      .boolean()
      .describe(
        'Whether nothing but what the account was observed to be worth is new, which raises no revision.',
      ),
    within: count('Over how many ms clients are to spread what they ask now.'),
  })
  .meta({ id: 'StreamMessage' });

export type StreamMessage = z.output<typeof streamMessage>;
