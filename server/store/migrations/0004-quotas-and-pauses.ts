import { type Kysely, type RawBuilder, sql } from 'kysely';

/**
 * Adds the key whose quota a rolled key uses, pauses of keys, the key behind an audit entry, and
 * what is needed to limit mails to one a minute.
 */
const statements: RawBuilder<unknown>[] = [
  sql`alter table keys add column root_id text`,
  sql`alter table keys add column paused_at integer`,
  sql`alter table audit add column actor_key_id text`,
  sql`alter table mail drop column network`,
  sql`alter table mail add column asks integer not null default 1`,
  sql`alter table mail add column tried_at integer`,
];

interface Rolled {
  partner_id: string;
  id: string;
  replaced_by: string;
}

interface Opened {
  partner_id: string;
  subject: string;
  details: string;
}

export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(database);
  await fillRoots(database);
  await fillActorKeys(database);
}

/** Sets `root_id` of every key that replaced another one: the first key of its chain. */
async function fillRoots(database: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<Rolled>`
    select partner_id, id, replaced_by from keys where replaced_by is not null`.execute(database);
  const replacedBy = new Map(rows.map((key) => [key.id, key.replaced_by]));
  const successors = new Set(replacedBy.values());
  for (const { partner_id, id: root } of rows) {
    if (successors.has(root)) continue;
    for (let id = replacedBy.get(root); id !== undefined; id = replacedBy.get(id)) {
      await sql`update keys set root_id = ${root}
        where partner_id = ${partner_id} and id = ${id}`.execute(database);
    }
  }
}

/** Sets the key of all entries of a session that a key opened; its first entry names the key. */
async function fillActorKeys(database: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<Opened>`
    select partner_id, subject, details from audit where action = 'session.opened'`.execute(
    database,
  );
  await sql`create index audit_by_actor on audit (partner_id, actor_id)`.execute(database);
  for (const { partner_id, subject, details } of rows) {
    const { key_id } = JSON.parse(details) as { key_id?: string };
    if (key_id === undefined) continue;
    await sql`update audit set actor_key_id = ${key_id}
      where partner_id = ${partner_id} and actor_id = ${subject}`.execute(database);
  }
  await sql`drop index audit_by_actor`.execute(database);
}
