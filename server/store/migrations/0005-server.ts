import { type Kysely, sql } from 'kysely';

/** Adds what the server stores about itself, and a random number that identifies the file. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`create table server_facts (
    name text not null primary key,
    value text not null
  ) strict, without rowid`.execute(database);
  // For a database that was in use before: the latest time that is stored in it.
  await sql`insert into server_facts
    select 'clock', cast(max(at) as text) from (
      select max(at) as at from audit union all select max(asked_at) from mail
      union all select max(used_at) from sessions union all select max(last_used_at) from keys
      union all select max(created_at) from keys union all select max(created_at) from partners
    ) having max(at) is not null`.execute(database);
  const { rows } = await sql<{ user_version: number }>`pragma user_version`.execute(database);
  if (rows[0]!.user_version === 0) await stampAnew(database);
}

/** Sets a random stamp in the file's header, where it is read without SQLite (database-file.ts). */
export async function stampAnew(database: Kysely<unknown>): Promise<void> {
  const drawn = sql<{ stamp: number }>`select abs(random() % 2147483646) + 1 as stamp`;
  const { rows } = await drawn.execute(database);
  await sql.raw(`pragma user_version = ${rows[0]!.stamp}`).execute(database);
}
