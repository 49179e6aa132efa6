import type { Day } from '../../shared/day.ts';
import type { Database } from './database.ts';

/** A key on a UTC day: what a quota is counted for. */
export interface KeyDay {
  partner_id: string;
  key_id: string;
  day: Day;
}

/** How many requests of the day have been leased by all processes. */
export async function readLeased(database: Database, key: KeyDay): Promise<number> {
  const row = await database.read
    .selectFrom('key_days')
    .select('leased')
    .where((eb) => eb.and({ ...key }))
    .executeTakeFirst();
  return row?.leased ?? 0;
}

/**
 * Leases `count` more requests, if all of them fit under `most`. One statement, so that any number
 * of processes lease exactly `most` together. The sum leased since, or null when they did not fit.
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

/** Returns leased requests that nobody spent. */
export async function giveBack(database: Database, key: KeyDay, count: number): Promise<void> {
  await database.write
    .updateTable('key_days')
    .set((eb) => ({ leased: eb('leased', '-', count) }))
    .where((eb) => eb.and({ ...key }))
    .execute();
}
