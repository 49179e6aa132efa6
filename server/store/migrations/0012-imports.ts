import { type Kysely, type RawBuilder, sql } from 'kysely';

/**
 * Adds what is needed to take imports back: a record of each, which of them a trade came with, which
 * others have it too, and the open trades that they closed.
 */
const statements: RawBuilder<unknown>[] = [
  sql`create table imports (
    partner_id text not null references partners (id),
    id text not null,
    number integer not null unique,
    account_id text,
    file_name text,
    sha256 text not null,
    options text not null,
    actor text not null,
    actor_id text,
    actor_name text,
    actor_key_id text,
    state text not null,
    owner text,
    beats integer not null,
    trades integer not null,
    passed integer not null,
    added integer not null,
    closed integer not null,
    report text not null,
    made_account integer not null,
    reason text,
    is_forced integer not null,
    tells_each integer not null,
    removed integer not null,
    reopened integer not null,
    confirmed integer not null,
    created_at integer not null,
    finished_at integer,
    undone_at integer,
    primary key (partner_id, id)
  ) strict`,
  sql`create index imports_by_age on imports (partner_id, created_at, id)`,
  sql`create index imports_by_account on imports (partner_id, account_id, created_at, id)`,
  sql`create index imports_by_file on imports (partner_id, sha256)`,
  sql`create index imports_going_on on imports (state) where state in ('running', 'undoing')`,
  sql`alter table trades add column added_by integer`,
  sql`alter table trades add column confirmed_by text`,
  sql`alter table trades add column is_edited integer not null default 0`,
  sql`alter table trades add column closed_by integer`,
  sql`alter table trades add column open_commission integer`,
  sql`alter table trades add column closing_confirmed_by text`,
  sql`alter table trades add column is_closing_edited integer not null default 0`,
  sql`create index trades_by_import on trades (added_by, is_edited) where added_by is not null`,
  sql`create index trades_by_closing on trades (closed_by, is_closing_edited)
    where closed_by is not null`,
  sql`alter table deleted_trades add column restored_by integer`,
];

export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(database);
}
