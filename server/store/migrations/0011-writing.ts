import { type Kysely, type RawBuilder, sql } from 'kysely';

/**
 * Adds what is needed to write by API: users, states of accounts, notes, the marks of corrected and
 * deleted trades, the events of each partner, stored answers of requests that may be repeated, and
 * accounts that are being erased.
 */
const statements: RawBuilder<unknown>[] = [
  sql`create table users (
    partner_id text not null references partners (id),
    id text not null,
    external_id text,
    name text,
    email text,
    created_at integer not null,
    primary key (partner_id, id)
  ) strict`,
  sql`create unique index users_by_external_id on users (partner_id, external_id)
    where external_id is not null`,
  sql`create index users_by_age on users (partner_id, created_at, id)`,
  sql`alter table accounts add column firm_name text`,
  sql`alter table accounts add column user_id text`,
  sql`alter table accounts add column external_id text`,
  sql`alter table accounts add column status text not null default 'active'`,
  sql`alter table accounts add column closed_at integer`,
  sql`create unique index accounts_by_external_id on accounts (partner_id, external_id)
    where external_id is not null`,
  sql`create index accounts_by_user on accounts (partner_id, user_id, created_at, id, status)
    where user_id is not null`,
  sql`drop index accounts_by_age`,
  sql`create index accounts_by_age on accounts (partner_id, created_at, id, firm, status)`,
  sql`alter table attempts add column max_drawdown integer`,
  sql`alter table trades add column notes text`,
  sql`create table corrected_trades (
    partner_id text not null,
    account_id text not null,
    id text not null,
    at_entry text not null,
    at_exit text,
    primary key (partner_id, account_id, id)
  ) strict, without rowid`,
  sql`create table deleted_trades (
    partner_id text not null,
    account_id text not null,
    id text not null,
    deleted_at integer not null,
    primary key (partner_id, account_id, id)
  ) strict, without rowid`,
  sql`create table outboxes (
    partner_id text not null primary key references partners (id),
    last_number integer not null,
    pruned_number integer not null,
    pruned_id text not null,
    summarized_day integer
  ) strict`,
  sql`create table events (
    partner_id text not null,
    number integer not null,
    id text not null,
    type text not null,
    at integer not null,
    account_id text,
    data text,
    primary key (partner_id, number)
  ) strict, without rowid`,
  sql`create index events_by_account on events (partner_id, account_id, number)`,
  sql`create index events_by_age on events (at)`,
  sql`create table milestones (
    partner_id text not null,
    account_id text not null,
    attempt integer not null,
    name text not null,
    reached_at integer not null,
    primary key (partner_id, account_id, attempt, name)
  ) strict, without rowid`,
  sql`create table stored_answers (
    partner_id text not null,
    id text not null,
    request text not null,
    status integer not null,
    content blob,
    subjects text not null,
    created_at integer not null,
    primary key (partner_id, id)
  ) strict, without rowid`,
  sql`create index stored_answers_by_age on stored_answers (created_at)`,
  sql`create table erasures (
    partner_id text not null,
    account_id text not null,
    primary key (partner_id, account_id)
  ) strict, without rowid`,
];

const add = `insert into account_counts (partner_id, currency, accounts)
  select new.partner_id, new.currency, 1 where new.status <> 'erased'
  on conflict (partner_id, currency) do update set accounts = accounts + 1;`;
const remove = `update account_counts set accounts = accounts - 1
  where partner_id = old.partner_id and currency = old.currency and old.status <> 'erased';`;

/** Accounts that are being erased no longer count. */
const accountCounts = [
  'drop trigger account_added',
  'drop trigger account_removed',
  'drop trigger account_changed',
  `create trigger account_added after insert on accounts begin ${add} end`,
  `create trigger account_removed after delete on accounts begin ${remove} end`,
  `create trigger account_changed after update of partner_id, currency, status on accounts
    begin ${remove} ${add} end`,
];

export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(database);
  for (const statement of accountCounts) await sql.raw(statement).execute(database);
}
