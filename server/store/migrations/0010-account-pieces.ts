import { type Kysely, type RawBuilder, sql } from 'kysely';

const statements: RawBuilder<unknown>[] = [
  sql`create table account_pieces (
    partner_id text not null,
    version integer not null,
    account_id text not null,
    attempt integer not null,
    day integer not null,
    exit_time integer not null,
    entry_time integer not null,
    id text not null,
    trades integer not null,
    wins integer not null,
    losses integer not null,
    gross_profit integer not null,
    gross_loss integer not null,
    commission integer not null,
    squares text not null,
    duration integer not null,
    best integer not null,
    worst integer not null,
    high integer not null,
    low integer not null,
    fall integer not null,
    leading_wins integer not null,
    leading_losses integer not null,
    trailing_wins integer not null,
    trailing_losses integer not null,
    longest_wins integer not null,
    longest_losses integer not null,
    recent text not null,
    parts text not null,
    way blob not null,
    primary key (partner_id, version, account_id, attempt, day, exit_time, entry_time, id)
  ) strict, without rowid`,
  sql`alter table remakings add column account_done_entry integer not null default 0`,
  sql`alter table remakings add column account_done_id text not null default ''`,
  sql`alter table account_days add column way_as_doubles blob`,
];

/** A day's way as it was: JSON. */
interface OldWay {
  startedAt: number;
  endedAt: number;
  low: number;
  highs: [number, number, number][];
}

interface AccountDay {
  partner_id: string;
  version: number;
  account_id: string;
  attempt: number;
  day: number;
}

const key = sql.raw('partner_id, version, account_id, attempt, day');
const batch = 200;

/**
 * Adds the pieces of long days of accounts, and writes the ways of all days as doubles in place of
 * JSON. The pieces stay empty here: connections.ts fills them in the same transaction.
 */
export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(database);
  let last: AccountDay = { partner_id: '', version: 0, account_id: '', attempt: 0, day: 0 };
  for (;;) {
    const { rows } = await sql<AccountDay & { way: string }>`
      select ${key}, way from account_days
      where (${key}) > (${sql.join(valuesOf(last))})
      order by ${key} limit ${sql.lit(batch)}`.execute(database);
    for (const row of rows) {
      await sql`update account_days set way_as_doubles = ${doublesOf(JSON.parse(row.way))}
        where (${key}) = (${sql.join(valuesOf(row))})`.execute(database);
    }
    if (rows.length < batch) break;
    last = rows.at(-1)!;
  }
  await sql`alter table account_days drop column way`.execute(database);
  await sql`alter table account_days rename column way_as_doubles to way`.execute(database);
}

function valuesOf({ partner_id, version, account_id, attempt, day }: AccountDay) {
  return [partner_id, version, account_id, attempt, day];
}

function doublesOf({ startedAt, endedAt, low, highs }: OldWay): Buffer {
  const numbers = [startedAt, endedAt, low, ...highs.flat()];
  const bytes = Buffer.alloc(8 * numbers.length);
  for (const [index, number] of numbers.entries()) bytes.writeDoubleLE(number, 8 * index);
  return bytes;
}
