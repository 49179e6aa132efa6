import { type Kysely, sql } from 'kysely';

/**
 * Removes the CHECKs on the words that a column may hold: tiers, billing statuses, states of mail
 * and types of actors are lists in the code, which may grow. The CHECK on a trade's direction
 * stays: that list is final, and the table of trades is too large to be rebuilt for it.
 */
export async function up(database: Kysely<unknown>): Promise<void> {
  await remake(database, 'partners', {
    id: 'text not null primary key',
    name: 'text not null',
    email: 'text not null unique',
    tier: 'text not null',
    is_active: 'integer not null',
    currency: 'text not null',
    billing_status: 'text not null',
    primary_color: 'text',
    logo_url: 'text',
    logo_url_light: 'text',
    logo_url_dark: 'text',
    company_name: 'text',
    hide_powered_by: 'integer not null',
    allowed_origins: 'text',
    token_generation: 'integer not null',
    revision: 'integer not null',
    created_at: 'integer not null',
  });
  await remake(database, 'mail', {
    id: 'text not null primary key',
    recipient: 'text not null',
    browser: 'text not null',
    asked_at: 'integer not null',
    asks: 'integer not null default 1',
    due_at: 'integer not null',
    tried_at: 'integer',
    attempts: 'integer not null',
    state: 'text not null',
    problem: 'text',
  });
  await sql`create index mail_to_send on mail (due_at) where state = 'waiting'`.execute(database);
  await sql`create index mail_by_recipient on mail (recipient, asked_at)`.execute(database);
  await sql`create index mail_by_time on mail (asked_at)`.execute(database);
  await remake(
    database,
    'audit',
    {
      partner_id: 'text not null references partners (id)',
      number: 'integer not null',
      at: 'integer not null',
      actor: 'text not null',
      actor_id: 'text',
      actor_name: 'text',
      actor_key_id: 'text',
      action: 'text not null',
      subject: 'text',
      details: 'text not null',
    },
    ', primary key (partner_id, number)) strict, without rowid',
  );
  await sql`create index audit_by_time on audit (at)`.execute(database);
}

/** Rebuilds a table, since SQLite can't drop a CHECK. Its indexes are dropped with the old one. */
async function remake(
  database: Kysely<unknown>,
  table: string,
  columns: Record<string, string>,
  rest = ') strict',
): Promise<void> {
  const names = Object.keys(columns).join(', ');
  const definitions = Object.entries(columns).map((definition) => definition.join(' '));
  for (const statement of [
    `create table ${table}_anew (${definitions.join(', ')}${rest}`,
    `insert into ${table}_anew (${names}) select ${names} from ${table}`,
    `drop table ${table}`,
    `alter table ${table}_anew rename to ${table}`,
  ]) {
    await sql.raw(statement).execute(database);
  }
}
