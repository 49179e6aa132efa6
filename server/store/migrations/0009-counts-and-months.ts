import { type Kysely, type RawBuilder, sql } from 'kysely';

const dayLength = sql.lit(86_400_000);

/** The UTC day of a time. No time lies before 1970. */
function dayOf(time: 'entry_time' | 'exit_time') {
  return sql`${sql.ref(time)} / ${dayLength}`;
}

/**
 * Adds what is needed to find a page of an account's trades and to rank accounts without reading
 * all their trades or days, and the revision at which a partner's settings last changed.
 */
const statements: RawBuilder<unknown>[] = [
  sql`alter table partners add column settings_revision integer not null default 0`,
  sql`update partners set settings_revision = revision`,
  sql`create index accounts_by_age on accounts (partner_id, created_at, id, firm)`,
  sql`create index trades_by_entry
    on trades (partner_id, account_id, attempt, entry_time, exit_time, id)`,
  sql`create table trade_counts (
    partner_id text not null,
    account_id text not null,
    attempt integer not null,
    day integer not null,
    entered integer not null,
    exited integer not null,
    primary key (partner_id, account_id, attempt, day)
  ) strict, without rowid`,
  sql`insert into trade_counts
    select partner_id, account_id, attempt, day, sum(entered), sum(exited) from (
      select partner_id, account_id, attempt, ${dayOf('entry_time')} as day,
        1 as entered, 0 as exited
      from trades where exit_time is not null
      union all
      select partner_id, account_id, attempt, ${dayOf('exit_time')}, 0, 1
      from trades where exit_time is not null)
    group by partner_id, account_id, attempt, day`,
  sql`create table account_months (
    partner_id text not null,
    version integer not null,
    month integer not null,
    account_id text not null,
    attempt integer not null,
    trades integer not null,
    wins integer not null,
    pnl integer not null,
    primary key (partner_id, version, month, account_id, attempt)
  ) strict, without rowid`,
  sql`insert into account_months
    select partner_id, version,
      12 * (strftime('%Y', 86400 * day, 'unixepoch') - 1970)
        + strftime('%m', 86400 * day, 'unixepoch') - 1,
      account_id, attempt, sum(trades), sum(wins), sum(gross_profit + gross_loss)
    from account_days
    group by 1, 2, 3, 4, 5`,
];

export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(database);
}
