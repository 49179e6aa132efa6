import { type Kysely, type RawBuilder, sql } from 'kysely';

const tally = sql.raw(`
  trades integer not null,
  wins integer not null,
  losses integer not null,
  gross_profit integer not null,
  gross_loss integer not null,
  commission integer not null,
  squares text not null,
  duration integer not null,
  best integer not null,
  worst integer not null`);

const sequence = sql.raw(`
  high integer not null,
  low integer not null,
  fall integer not null,
  leading_wins integer not null,
  leading_losses integer not null,
  trailing_wins integer not null,
  trailing_losses integer not null,
  longest_wins integer not null,
  longest_losses integer not null,
  recent text not null`);

const part = sql.raw(`
  trades integer not null,
  wins integer not null,
  gross_profit integer not null,
  gross_loss integer not null`);

const tallyNames =
  'trades, wins, losses, gross_profit, gross_loss, commission, squares, duration, best, worst';
const sequenceNames = `high, low, fall, leading_wins, leading_losses, trailing_wins, trailing_losses,
  longest_wins, longest_losses, recent`;

/** The tables of days, whose keys get the version. */
const tables = [
  'account_days',
  'account_symbol_days',
  'account_hour_days',
  'partner_days',
  'partner_symbol_days',
  'partner_hour_days',
];

/**
 * Gives every table of days the version that its sums belong to, and adds a partner's day, pieces
 * of a partner's trades, and what is needed to make sums anew. Sums of all accounts now count all
 * attempts. The pieces and the days of partners that are made of them stay empty here:
 * connections.ts fills them in the same transaction.
 */
const statements: RawBuilder<unknown>[] = [
  ...tables.map(
    (table) => sql`alter table ${sql.table(table)} rename to ${sql.table(`old_${table}`)}`,
  ),
  sql`drop index account_days_by_day`,
  sql`alter table partners add column day_zone text not null default 'UTC'`,
  sql`alter table partners add column day_start integer not null default 0`,
  sql`alter table partners add column sums_version integer not null default 1`,
  sql`alter table partners add column last_sums_version integer not null default 1`,
  sql`alter table accounts add column revision integer not null default 0`,
  sql`update accounts set revision = (select revision from partners where id = partner_id)`,
  sql`create index accounts_by_revision on accounts (partner_id, revision)`,
  sql`alter table attempts add column money integer not null default 0`,
  sql`alter table attempts add column duration integer not null default 0`,
  sql`drop index trades_by_exit`,
  sql`create index trades_by_exit on trades
    (partner_id, exit_time, entry_time, account_id, id, pnl, commission)
    where exit_time is not null`,
  sql`create table account_days (
    partner_id text not null,
    version integer not null,
    account_id text not null,
    attempt integer not null,
    day integer not null,
    ${tally},
    ${sequence},
    way text not null,
    primary key (partner_id, version, account_id, attempt, day)
  ) strict, without rowid`,
  sql`create table account_symbol_days (
    partner_id text not null,
    version integer not null,
    account_id text not null,
    attempt integer not null,
    day integer not null,
    symbol text not null,
    ${part},
    primary key (partner_id, version, account_id, attempt, day, symbol)
  ) strict, without rowid`,
  sql`create table account_hour_days (
    partner_id text not null,
    version integer not null,
    account_id text not null,
    attempt integer not null,
    day integer not null,
    hour integer not null,
    ${part},
    primary key (partner_id, version, account_id, attempt, day, hour)
  ) strict, without rowid`,
  sql`create table partner_days (
    partner_id text not null,
    version integer not null,
    day integer not null,
    currency text not null,
    ${tally},
    ${sequence},
    primary key (partner_id, version, day, currency)
  ) strict, without rowid`,
  sql`create table partner_symbol_days (
    partner_id text not null,
    version integer not null,
    currency text not null,
    day integer not null,
    symbol text not null,
    ${part},
    primary key (partner_id, version, currency, day, symbol)
  ) strict, without rowid`,
  sql`create table partner_hour_days (
    partner_id text not null,
    version integer not null,
    currency text not null,
    day integer not null,
    hour integer not null,
    ${part},
    primary key (partner_id, version, currency, day, hour)
  ) strict, without rowid`,
  sql`create table partner_pieces (
    partner_id text not null,
    level integer not null,
    exit_time integer not null,
    entry_time integer not null,
    account_id text not null,
    id text not null,
    currency text not null,
    ${tally},
    ${sequence},
    primary key (partner_id, level, exit_time, entry_time, account_id, id, currency)
  ) strict, without rowid`,
  sql`create table partner_extents (
    partner_id text not null,
    currency text not null,
    money integer not null,
    duration integer not null,
    primary key (partner_id, currency)
  ) strict, without rowid`,
  sql`create table remakings (
    partner_id text not null primary key references partners (id),
    version integer not null,
    day_zone text not null,
    day_start integer not null,
    partner_done integer not null,
    account_id text not null,
    attempt integer not null,
    account_done integer not null
  ) strict`,
  sql`create table old_sums (
    partner_id text not null,
    version integer not null,
    primary key (partner_id, version)
  ) strict, without rowid`,
  sql`insert into account_days
    select partner_id, 1, account_id, attempt, day, ${sql.raw(tallyNames)},
      ${sql.raw(sequenceNames)}, way from old_account_days`,
  sql`create index account_days_by_day on account_days
    (partner_id, version, day, account_id, attempt, trades, wins, gross_profit, gross_loss)`,
  ...['symbol', 'hour'].flatMap((by) => [
    sql`insert into ${sql.table(`account_${by}_days`)}
      select partner_id, 1, account_id, attempt, day, ${sql.ref(by)},
        trades, wins, gross_profit, gross_loss
      from ${sql.table(`old_account_${by}_days`)}`,
    sql`insert into ${sql.table(`partner_${by}_days`)}
      select accounts.partner_id, 1, currency, day, ${sql.ref(by)},
        sum(trades), sum(wins), sum(gross_profit), sum(gross_loss)
      from ${sql.table(`old_account_${by}_days`)} as days
      join accounts on accounts.partner_id = days.partner_id and accounts.id = days.account_id
      group by 1, 3, 4, 5`,
  ]),
  ...tables.map((table) => sql`drop table ${sql.table(`old_${table}`)}`),
  sql`update attempts set (money, duration) = (
    select coalesce(sum(gross_profit - gross_loss - commission), 0), coalesce(sum(duration), 0)
    from account_days as days
    where days.partner_id = attempts.partner_id and days.version = 1
      and days.account_id = attempts.account_id and days.attempt = attempts.attempt
  )`,
  sql`insert into partner_extents
    select accounts.partner_id, currency, sum(money), sum(duration)
    from attempts
    join accounts on accounts.partner_id = attempts.partner_id and accounts.id = account_id
    group by 1, 2
    having sum(money) > 0 or sum(duration) > 0`,
];

const raise = 'begin update access_changes set count = count + 1; end';

/**
 * A count that triggers raise with every change of what access depends on. So no writer can forget
 * it, not even a person with a tool of SQLite's. Not among the columns: `last_used_at` of keys, and
 * what is read anew after every write, such as a partner's revision and brand (known-keys.ts).
 * SQLite drops the triggers with their table: a migration that rebuilds one makes them again.
 */
const accessChanges = [
  'create table access_changes (count integer not null) strict',
  'insert into access_changes (count) values (0)',
  `create trigger key_added after insert on keys ${raise}`,
  `create trigger key_removed after delete on keys ${raise}`,
  `create trigger key_changed after update of
     partner_id, id, digest, prefix, label, scopes, created_at, expires_at, revoked_at,
     allowed_origins, replaced_by, root_id, paused_at
   on keys ${raise}`,
  `create trigger partner_added after insert on partners ${raise}`,
  `create trigger partner_removed after delete on partners ${raise}`,
  `create trigger partner_changed after update of
     id, tier, is_active, allowed_origins, token_generation
   on partners ${raise}`,
];

export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(database);
  for (const statement of accessChanges) await sql.raw(statement).execute(database);
}
