import type { Queries } from './database.ts';

/** What the server remembers of itself. */
export interface Facts {
  /** The last time at which the clock was believed, epoch ms. */
  clock: number;
  /** By which the secret that this database is served with is known again. */
  secret: string;
  /** When something was last written only to see whether it can be, epoch ms. */
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
