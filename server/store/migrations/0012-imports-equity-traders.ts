import { type Kysely, type RawBuilder, sql } from 'kysely';

/**
 * What is needed to take imports back: a record of each, which of them a trade came with, which
 * others have it too, and the open trades that they closed.
 */
const imports: RawBuilder<unknown>[] = [
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
    refusals text not null,
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

/** First, last, high and low of what was observed within a stretch of time. */
const slots = sql.raw(`(
    partner_id text not null,
    account_id text not null,
    start integer not null,
    first_at integer not null,
    last_at integer not null,
    equity_first integer not null,
    equity_last integer not null,
    equity_high integer not null,
    equity_low integer not null,
    balance_first integer not null,
    balance_last integer not null,
    balance_high integer not null,
    balance_low integer not null,
    primary key (partner_id, account_id, start)
  ) strict, without rowid`);

/** What accounts are worth while positions are open. It has a number of its own beside the revision. */
const observations = [
  sql`alter table partners add column observation_revision integer not null default 0`,
  sql`create table observed_quarters ${slots}`,
  sql`create table observed_minutes ${slots}`,
  sql`create index observed_minutes_by_age on observed_minutes (start)`,
  sql`create table latest_observations (
    partner_id text not null,
    account_id text not null,
    observed_at integer not null,
    balance integer not null,
    equity integer not null,
    open_pnl integer,
    revision integer not null,
    primary key (partner_id, account_id)
  ) strict, without rowid`,
];

/** The sessions of traders, which begin as a link, and the mails with such links. */
const traders = [
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
  for (const statement of [...imports, ...observations, ...traders]) {
    await statement.execute(database);
  }
}
