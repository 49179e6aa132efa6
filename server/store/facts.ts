import type { Queries } from './database.ts';

/** What the server stores about itself. */
export interface Facts {
  /** The last time at which the clock was trusted, epoch ms (pruner.ts). */
  clock: number;
  /** The fingerprint of the secret that this database is served with (fingerprint.ts). */
  secret: string;
  /** When a write was last made only to test whether the database can be written, epoch ms. */
  tried: number;
}

export async function readFact<Name extends keyof Facts>(
  database: Queries,
  name: Name,
): Promise<Facts[Name] | null> {
  const row = await database
    .selectFrom('server_facts')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst();
  return row ? (JSON.parse(row.value) as Facts[Name]) : null;
}

export async function keepFact<Name extends keyof Facts>(
  database: Queries,
  name: Name,
  fact: Facts[Name],
): Promise<void> {
  const value = JSON.stringify(fact);
  await database
    .insertInto('server_facts')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
}
