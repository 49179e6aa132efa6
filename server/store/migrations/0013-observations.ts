import { type Kysely, sql } from 'kysely';

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
const statements = [
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

export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(database);
}
