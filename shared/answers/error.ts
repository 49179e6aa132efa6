import { z } from 'zod';
import { refusalCodes } from '../refusals.ts';
import { text } from './fields.ts';
import { importReport } from './imports.ts';

const value = z.union([z.string(), z.number(), z.null()]);

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
          code: z
            .enum(refusalCodes)
            .optional()
            .describe('Of a row of a batch: what is wrong, as a code for programs.'),
          stored: value.optional().describe('In a conflict: the value that is stored.'),
          given: value.optional().describe('In a conflict: the value that was sent.'),
        }),
      )
      .optional()
      .describe('For invalid parameters, bodies and conflicts: every problem, up to a hundred.'),
    import: importReport
      .optional()
      .describe('Of a file with refused rows: what became of it, and all that were refused.'),
    cursor: text('For a cursor that is gone: the oldest one there is.').optional(),
  })
  .meta({ id: 'ErrorAnswer', description: 'The body of every error response.' });

export type ErrorAnswer = z.output<typeof errorAnswer>;
