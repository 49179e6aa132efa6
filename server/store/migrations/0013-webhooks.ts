import { type Kysely, type RawBuilder, sql } from 'kysely';

/** Webhooks, what is delivered to them, and the mail about one that was disabled. */
const statements: RawBuilder<unknown>[] = [
  sql`create table webhooks (
    partner_id text not null references partners (id),
    id text not null,
    url text not null,
    description text,
    events text not null,
    is_active integer not null,
    secret blob not null,
    old_secret blob,
    old_secret_until integer,
    next_event integer not null,
    last_event integer not null,
    last_test integer not null,
    long_answers integer not null,
    last_triggered_at integer,
    failure_count integer not null,
    failing_since integer,
    rests_until integer,
    not_before integer,
    hurries_until integer,
    due_at integer,
    leased_by text,
    leased_until integer,
    created_at integer not null,
    deleted_at integer,
    primary key (partner_id, id)
  ) strict, without rowid`,
  sql`create index webhooks_by_due on webhooks (due_at) where due_at is not null`,
  sql`create index webhooks_by_lease on webhooks (leased_by) where leased_by is not null`,
  sql`create index webhooks_deleted on webhooks (deleted_at) where deleted_at is not null`,
  sql`create table owed_events (
    partner_id text not null,
    webhook_id text not null,
    next_event integer not null,
    last_event integer not null,
    events text not null,
    primary key (partner_id, webhook_id, next_event)
  ) strict, without rowid`,
  sql`create table deliveries (
    partner_id text not null,
    webhook_id text not null,
    number integer not null,
    event_id text not null,
    event text not null,
    state text not null,
    tries integer not null,
    due_at integer,
    digest text,
    created_at integer not null,
    attempt integer not null,
    at integer not null,
    duration integer not null,
    status integer,
    problem text,
    answer text,
    primary key (partner_id, webhook_id, number)
  ) strict, without rowid`,
  sql`create index deliveries_waiting on deliveries (partner_id, webhook_id, due_at, number)
    where state = 'waiting'`,
  sql`create index deliveries_by_age on deliveries (partner_id, webhook_id, created_at, number)`,
  sql`create table delivery_attempts (
    partner_id text not null,
    webhook_id text not null,
    number integer not null,
    attempt integer not null,
    at integer not null,
    duration integer not null,
    status integer,
    problem text,
    answer text,
    primary key (partner_id, webhook_id, number, attempt)
  ) strict, without rowid`,
  sql`create table long_answers (
    partner_id text not null,
    webhook_id text not null,
    slot integer not null,
    number integer not null,
    attempt integer not null,
    answer text not null,
    primary key (partner_id, webhook_id, slot)
  ) strict`,
  sql`create index long_answers_by_delivery
    on long_answers (partner_id, webhook_id, number, attempt)`,
  sql`alter table mail add column notice text`,
  // What was handed out to be sent is begun only if nothing of this has changed.
  sql.raw(`create trigger webhook_changed after update on webhooks
    when ${['url', 'is_active', 'secret', 'old_secret', 'deleted_at']
      .map((column) => `old.${column} is not new.${column}`)
      .join(' or ')}
    begin update access_changes set count = count + 1; end`),
  sql`create trigger erasing_begun after insert on erasures
    begin update access_changes set count = count + 1; end`,
];

export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(database);
}
