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

const symbols = sql.raw(`
  symbol text not null,
  trades integer not null,
  wins integer not null,
  gross_profit integer not null,
  gross_loss integer not null`);

const statements: RawBuilder<unknown>[] = [
  sql`create table partners (
    id text primary key,
    name text not null,
    email text not null unique,
    tier text not null check (tier in ('starter', 'growth', 'enterprise')),
    is_active integer not null,
    currency text not null,
    primary_color text,
    logo_url text,
    company_name text,
    hide_powered_by integer not null,
    revision integer not null,
    created_at integer not null
  ) strict`,
  sql`create table keys (
    partner_id text not null references partners (id),
    id text not null,
    digest text not null unique,
    prefix text not null,
    label text not null,
    scopes text not null,
    created_at integer not null,
    expires_at integer,
    revoked_at integer,
    primary key (partner_id, id)
  ) strict`,
  sql`create table key_days (
    partner_id text not null,
    key_id text not null,
    day integer not null,
    leased integer not null,
    primary key (partner_id, key_id, day),
    foreign key (partner_id, key_id) references keys (partner_id, id)
  ) strict, without rowid`,
  sql`create table accounts (
    partner_id text not null references partners (id),
    id text not null,
    nickname text not null,
    firm text,
    currency text not null,
    attempt integer not null,
    created_at integer not null,
    primary key (partner_id, id)
  ) strict`,
  sql`create index accounts_by_currency on accounts (partner_id, currency)`,
  sql`create table attempts (
    partner_id text not null,
    account_id text not null,
    attempt integer not null,
    starting_balance integer,
    started_at integer not null,
    trade_count integer not null,
    total_pnl integer not null,
    primary key (partner_id, account_id, attempt),
    foreign key (partner_id, account_id) references accounts (partner_id, id)
  ) strict, without rowid`,
  sql`create table trades (
    partner_id text not null,
    account_id text not null,
    id text not null,
    attempt integer not null,
    symbol text not null,
    contract text,
    direction text not null check (direction in ('long', 'short')),
    quantity real not null,
    entry_price real not null,
    exit_price real,
    entry_time integer not null,
    exit_time integer,
    pnl integer,
    commission integer not null,
    setup_type text,
    primary key (partner_id, account_id, id),
    foreign key (partner_id, account_id, attempt)
      references attempts (partner_id, account_id, attempt),
    check ((exit_time is null) = (pnl is null) and (exit_time is null) = (exit_price is null))
  ) strict`,
  sql`create index trades_in_order
    on trades (partner_id, account_id, attempt, exit_time, entry_time, id)`,
  sql`create table account_days (
    partner_id text not null,
    account_id text not null,
    attempt integer not null,
    day integer not null,
    ${tally},
    ${sequence},
    way text not null,
    primary key (partner_id, account_id, attempt, day)
  ) strict, without rowid`,
  sql`create index account_days_by_day on account_days (partner_id, day)`,
  sql`create table account_symbol_days (
    partner_id text not null,
    account_id text not null,
    attempt integer not null,
    day integer not null,
    ${symbols},
    primary key (partner_id, account_id, attempt, day, symbol)
  ) strict, without rowid`,
  sql`create table partner_days (
    partner_id text not null,
    currency text not null,
    day integer not null,
    ${tally},
    is_stale integer not null,
    ${sequence},
    primary key (partner_id, currency, day)
  ) strict, without rowid`,
  sql`create table partner_symbol_days (
    partner_id text not null,
    currency text not null,
    day integer not null,
    ${symbols},
    primary key (partner_id, currency, day, symbol)
  ) strict, without rowid`,
];

export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(database);
}
