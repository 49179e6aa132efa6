import { type Kysely, type RawBuilder, sql } from 'kysely';

const hours = sql.raw(`
  hour integer not null,
  trades integer not null,
  wins integer not null,
  gross_profit integer not null,
  gross_loss integer not null`);

/** Adds sums of days by hour of entry, wins of attempts, and indexes for latest trades and ranks. */
const statements: RawBuilder<unknown>[] = [
  sql`create table account_hour_days (
    partner_id text not null,
    account_id text not null,
    attempt integer not null,
    day integer not null,
    ${hours},
    primary key (partner_id, account_id, attempt, day, hour)
  ) strict, without rowid`,
  // 1970-01-01 was a Thursday: it began 96 hours after the start of a Sunday.
  sql`insert into account_hour_days
    select partner_id, account_id, attempt, exit_time / 86400000,
      (entry_time / 3600000 + 96) % 168, count(*),
      sum(case when pnl > 0 then 1 else 0 end),
      sum(case when pnl > 0 then pnl else 0 end),
      sum(case when pnl < 0 then pnl else 0 end)
    from trades
    where exit_time is not null
    group by 1, 2, 3, 4, 5`,
  sql`create table partner_hour_days (
    partner_id text not null,
    currency text not null,
    day integer not null,
    ${hours},
    primary key (partner_id, currency, day, hour)
  ) strict, without rowid`,
  sql`insert into partner_hour_days
    select accounts.partner_id, accounts.currency, days.day, days.hour,
      sum(days.trades), sum(days.wins), sum(days.gross_profit), sum(days.gross_loss)
    from accounts
    join account_hour_days as days
      on days.partner_id = accounts.partner_id and days.account_id = accounts.id
      and days.attempt = accounts.attempt
    group by 1, 2, 3, 4`,
  sql`alter table attempts add column wins integer not null default 0`,
  sql`update attempts set wins = coalesce((
    select sum(days.wins) from account_days as days
    where days.partner_id = attempts.partner_id and days.account_id = attempts.account_id
      and days.attempt = attempts.attempt
  ), 0)`,
  sql`drop index account_days_by_day`,
  sql`create index account_days_by_day on account_days
    (partner_id, day, account_id, attempt, trades, wins, gross_profit, gross_loss)`,
  sql`create index trades_by_exit on trades (partner_id, exit_time) where exit_time is not null`,
];

export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(database);
}
