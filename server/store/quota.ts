import { sql } from 'kysely';
import type { Day } from '../../shared/day.ts';
import { type Database, transact } from './database.ts';
import { selectRows } from './dialect.ts';
import { prepared } from './statements.ts';

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

/** A lease that is asked for: `count` more requests, if the sum of all leases stays within `most`. */
export interface Wanted extends KeyDay {
  count: number;
  most: number;
}

/**
 * Leases requests of several quotas in one transaction, so that all of them wait for the disk once.
 * Returns the new sums; null where the requests did not fit, or the partner is not in the file, as
 * another one may have been opened meanwhile. Each lease is one statement, so that several processes
 * never lease more than fits together.
 */
export function lease(database: Database, wanted: readonly Wanted[]): Promise<(number | null)[]> {
  const leaseOne = ({ partner_id, key_id, day, count, most }: Wanted) =>
    prepared<{ leased: number }>(
      database.handle,
      `insert into key_days (partner_id, key_id, day, leased)
       select id, ?, ?, ? from partners where id = ?
       on conflict (partner_id, key_id, day) do update
       set leased = key_days.leased + excluded.leased
       where key_days.leased + excluded.leased <= ?
       returning leased`,
    ).get(key_id, day, count, partner_id, most)?.leased ?? null;
  return transact(database, async () => wanted.map(leaseOne), 0);
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
