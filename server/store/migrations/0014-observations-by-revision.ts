import { type Kysely, sql } from 'kysely';

/** Streams tell which accounts were observed after a revision (store/changed-accounts.ts). */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`create index latest_observations_by_revision
    on latest_observations (partner_id, revision)`.execute(database);
}
