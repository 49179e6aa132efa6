import { sql } from 'kysely';
import type { Day } from '../../shared/day.ts';
import type { Database } from './database.ts';
import { selectRows } from './dialect.ts';

/** A quota on a UTC day; `key_id` says what the quota belongs to (schema.ts). */
export interface KeyDay {
  partner_id: string;
  key_id: string;
  day: Day;
}

/** How many requests of the day all processes have leased together. */
export async function readLeased(database: Database, key: KeyDay): Promise<number> {
  const row = await database.read
    .selectFrom('key_days')
    .select('leased')
    .where((eb) => eb.and({ ...key }))
    .executeTakeFirst();
  return row?.leased ?? 0;
}

/**
 * Leases `count` more requests, if the sum of all leases stays within `most`. This is one
 * statement, so that several processes never lease more than that together. Returns the new sum;
 * null when the requests did not fit.
 */
export async function lease(
  database: Database,
  key: KeyDay,
  count: number,
  most: number,
): Promise<number | null> {
  const row = await database.write
    .insertInto('key_days')
    .values({ ...key, leased: count })
    .onConflict((conflict) =>
      conflict
        .columns(['partner_id', 'key_id', 'day'])
        .doUpdateSet((eb) => ({ leased: eb('key_days.leased', '+', eb.ref('excluded.leased')) }))
        .where((eb) => eb(eb('key_days.leased', '+', eb.ref('excluded.leased')), '<=', most)),
    )
    .returning('leased')
    .executeTakeFirst();
  return row?.leased ?? null;
}

/** Leased requests of a quota that were not used. */
export interface Unused extends KeyDay {
  count: number;
}

/** Returns leased requests of several quotas; each is given once. */
export async function giveBack(database: Database, unused: readonly Unused[]): Promise<void> {
  await sql`
    with unused as (${selectRows(unused, ['partner_id', 'key_id', 'day', 'count'])})
    update key_days set leased = leased - unused.count from unused
    where key_days.partner_id = unused.partner_id and key_days.key_id = unused.key_id
      and key_days.day = unused.day`.execute(database.write);
}
