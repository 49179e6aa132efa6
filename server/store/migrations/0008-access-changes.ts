import { type Kysely, sql } from 'kysely';

const raise = 'begin update access_changes set count = count + 1; end';

/**
 * A count that triggers raise with every change of what access depends on. So no writer can forget
 * it, not even a person with a tool of SQLite's. Not among the columns: `last_used_at` of keys, and
 * what is read anew after every write, such as a partner's revision and brand (known-keys.ts).
 * SQLite drops the triggers with their table: a migration that rebuilds one makes them again.
 */
export const accessChanges = [
  'create table access_changes (count integer not null) strict',
  'insert into access_changes (count) values (0)',
  `create trigger key_added after insert on keys ${raise}`,
  `create trigger key_removed after delete on keys ${raise}`,
  `create trigger key_changed after update of
     partner_id, id, digest, prefix, label, scopes, created_at, expires_at, revoked_at,
     allowed_origins, replaced_by, root_id, paused_at
   on keys ${raise}`,
  `create trigger partner_added after insert on partners ${raise}`,
  `create trigger partner_removed after delete on partners ${raise}`,
  `create trigger partner_changed after update of
     id, tier, is_active, allowed_origins, token_generation
   on partners ${raise}`,
];

export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of accessChanges) await sql.raw(statement).execute(database);
}
