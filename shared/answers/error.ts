import { z } from 'zod';
import { refusalCodes } from '../refusals.ts';
import { text } from './fields.ts';

/** The body of every error response. */
export const errorAnswer = z
  .object({
    error: text('What is wrong, as a sentence for people.'),
    code: z.enum(refusalCodes).describe('What is wrong, as a code for programs.'),
    details: z
      .array(
        z.object({
          path: text('The parameter or field with the problem.'),
          message: text('What is wrong with it.'),
        }),
      )
      .optional()
      .describe('For invalid parameters and bodies: every problem, up to a hundred.'),
  })
  .meta({ id: 'ErrorAnswer', description: 'The body of every error response.' });

export type ErrorAnswer = z.output<typeof errorAnswer>;
