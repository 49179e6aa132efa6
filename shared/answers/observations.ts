import { z } from 'zod';
import { count } from './fields.ts';

/** `POST /observations` */
export const observationsWritten = z
  .object({
    observations: count('The number of observations that were sent.'),
    accounts: count('The number of accounts that they are of.'),
    changed: count(
      'The number of these accounts of which something was kept that was not there already.',
    ),
  })
  .meta({ id: 'ObservationsWritten' });

export type ObservationsWritten = z.output<typeof observationsWritten>;
