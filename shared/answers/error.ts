import { z } from 'zod';
import { refusalCodes } from '../refusals.ts';
import { text } from './fields.ts';

/** The body of every answer that is not a success. */
export const errorAnswer = z
  .object({
    error: text('A sentence for a person.'),
    code: z.enum(refusalCodes).describe('For a program.'),
    details: z
      .array(
        z.object({
          path: text('The parameter or field.'),
          message: text('What is wrong with it.'),
        }),
      )
      .optional()
      .describe('Of invalid input every problem, not only the first.'),
  })
  .meta({ id: 'ErrorAnswer', description: 'The body of every answer that is not a success.' });

export type ErrorAnswer = z.output<typeof errorAnswer>;
