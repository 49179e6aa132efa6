import { type Kysely, type RawBuilder, sql } from 'kysely';

const dayLength = sql.lit(86_400_000);

/** The UTC day of a time. No time lies before 1970. */
function dayOf(time: 'entry_time' | 'exit_time') {
  return sql`${sql.ref(time)} / ${dayLength}`;
}

/**
 * Adds what is needed to find a page of an account's trades, to rank accounts and to count them
 * without reading all of them, and the revision at which a partner's settings last changed.
 */
const statements: RawBuilder<unknown>[] = [
  sql`alter table partners add column settings_revision integer not null default 0`,
  sql`update partners set settings_revision = revision`,
  sql`drop index accounts_by_currency`,
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

const add = `insert into account_counts (partner_id, currency, accounts)
  values (new.partner_id, new.currency, 1)
  on conflict (partner_id, currency) do update set accounts = accounts + 1;`;
const remove = `update account_counts set accounts = accounts - 1
  where partner_id = old.partner_id and currency = old.currency;`;

/** How many accounts a partner has in each currency, kept by triggers: no writer can forget it. */
const accountCounts = [
  `create table account_counts (
    partner_id text not null,
    currency text not null,
    accounts integer not null,
    primary key (partner_id, currency)
  ) strict, without rowid`,
  `insert into account_counts
    select partner_id, currency, count(*) from accounts group by partner_id, currency`,
  `create trigger account_added after insert on accounts begin ${add} end`,
  `create trigger account_removed after delete on accounts begin ${remove} end`,
  `create trigger account_changed after update of partner_id, currency on accounts
    begin ${remove} ${add} end`,
];

export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(database);
  for (const statement of accountCounts) await sql.raw(statement).execute(database);
}
