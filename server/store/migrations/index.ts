import type { Migration } from 'kysely/migration';
import * as start from './0001-start.ts';

/** Every change of the schema, in order. A landed one is never edited. */
export const migrations: Record<string, Migration> = {
  '0001-start': start,
};
