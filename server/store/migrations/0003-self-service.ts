import { type Kysely, type RawBuilder, sql } from 'kysely';

/** Adds what a partner manages by itself: branding, origins, sign-in, usage, audit trail. */
const statements: RawBuilder<unknown>[] = [
  sql`alter table partners add column billing_status text not null default 'active'
    check (billing_status in ('active', 'trialing', 'past_due', 'canceled'))`,
  sql`alter table partners add column logo_url_light text`,
  sql`alter table partners add column logo_url_dark text`,
  sql`alter table partners add column allowed_origins text`,
  sql`alter table partners add column token_generation integer not null default 0`,
  sql`alter table keys add column allowed_origins text`,
  sql`alter table keys add column replaced_by text`,
  sql`alter table keys add column last_used_at integer`,
  // Quotas are also counted for embed tokens that no key made, so `key_id` need not refer to a key.
  sql`create table key_days_anew (
    partner_id text not null references partners (id),
    key_id text not null,
    day integer not null,
    leased integer not null,
    primary key (partner_id, key_id, day)
  ) strict, without rowid`,
  sql`insert into key_days_anew select partner_id, key_id, day, leased from key_days`,
  sql`drop table key_days`,
  sql`alter table key_days_anew rename to key_days`,
  sql`create table usage_days (
    partner_id text not null references partners (id),
    day integer not null,
    key_id text not null,
    endpoint text not null,
    method text not null,
    requests integer not null,
    admitted integer not null,
    errors integer not null,
    milliseconds integer not null,
    primary key (partner_id, day, key_id, endpoint, method)
  ) strict, without rowid`,
  sql`create table sign_in_addresses (
    partner_id text not null references partners (id),
    email text not null,
    created_at integer not null,
    primary key (partner_id, email)
  ) strict`,
  // Not unique: one person may work for several firms.
  sql`create index sign_in_addresses_by_email on sign_in_addresses (email)`,
  sql`insert into sign_in_addresses select id, lower(email), created_at from partners`,
  sql`create table sign_in_links (
    partner_id text not null references partners (id),
    digest text not null unique,
    email text not null,
    browser text,
    expires_at integer not null,
    used_at integer,
    primary key (partner_id, digest)
  ) strict`,
  sql`create index sign_in_links_by_end on sign_in_links (expires_at)`,
  sql`create table sessions (
    partner_id text not null references partners (id),
    id text not null,
    digest text not null unique,
    email text,
    key_id text,
    created_at integer not null,
    used_at integer not null,
    expires_at integer not null,
    ended_at integer,
    primary key (partner_id, id),
    check ((email is null) <> (key_id is null))
  ) strict`,
  sql`create index sessions_by_end on sessions (expires_at)`,
  sql`create table mail (
    id text not null primary key,
    recipient text not null,
    browser text not null,
    network text not null,
    asked_at integer not null,
    due_at integer not null,
    attempts integer not null,
    state text not null check (state in ('waiting', 'sent', 'dropped')),
    problem text
  ) strict`,
  sql`create index mail_to_send on mail (due_at) where state = 'waiting'`,
  sql`create index mail_by_recipient on mail (recipient, asked_at)`,
  sql`create index mail_by_time on mail (asked_at)`,
  sql`create table audit (
    partner_id text not null references partners (id),
    number integer not null,
    at integer not null,
    actor text not null check (actor in ('session', 'key', 'operator')),
    actor_id text,
    actor_name text,
    action text not null,
    subject text,
    details text not null,
    primary key (partner_id, number)
  ) strict, without rowid`,
  sql`create index audit_by_time on audit (at)`,
  sql`create index usage_days_by_day on usage_days (day)`,
  sql`create index key_days_by_day on key_days (day)`,
];

export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(database);
}
