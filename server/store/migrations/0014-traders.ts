import { type Kysely, type RawBuilder, sql } from 'kysely';

/** Adds the sessions of traders, which begin as a link, and the mails with such links. */
const statements: RawBuilder<unknown>[] = [
  sql`create table trader_sessions (
    partner_id text not null references partners (id),
    link text not null unique,
    cookie text unique,
    user_id text not null,
    key_id text,
    session_id text,
    expires_at integer not null,
    primary key (partner_id, link)
  ) strict, without rowid`,
  sql`create index trader_sessions_by_user on trader_sessions (partner_id, user_id)`,
  sql`create index trader_sessions_by_end on trader_sessions (expires_at)`,
  sql`alter table mail add column partner_id text`,
  sql`alter table mail add column user_id text`,
  sql`alter table mail add column link blob`,
  sql`create index mail_to_users on mail (partner_id, user_id, asked_at) where user_id is not null`,
];

export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(database);
}
