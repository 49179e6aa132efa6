import { sql } from 'kysely';
import { type Day, hourOfWeek } from '../../shared/day.ts';
import type { Trade } from '../../shared/trades.ts';
import type { Database, Queries } from './database.ts';
import type { Span, Subject } from './days.ts';
import type { PartColumns } from './schema.ts';

/**
 * What the sums of days are broken down by: each function returns a trade's key. A breakdown is a
 * column of the same name in two tables, one of accounts' days and one of partners' days.
 */
export const breakdowns = {
  symbol: (trade: BrokenDown) => trade.symbol,
  /** The hour of the week of the entry, 0 to 167. */
  hour: (trade: BrokenDown) => hourOfWeek(trade.entry_time),
};

export type Breakdown = keyof typeof breakdowns;
export type BrokenDown = Pick<Trade, 'symbol' | 'entry_time'>;

type KeyOf<By extends Breakdown> = ReturnType<(typeof breakdowns)[By]>;

/** The sums of the trades with one symbol, or with one hour of entry. */
export interface Part<Key = string | number> extends PartColumns {
  key: Key;
}

export const breakdownNames = Object.keys(breakdowns) as Breakdown[];

const owners = {
  account: ['partner_id', 'account_id', 'attempt'],
  partner: ['partner_id', 'currency'],
} as const;

function tableOf(whose: keyof typeof owners, by: Breakdown): string {
  return `${whose}_${by}_days`;
}

function ownerOf(subject: Subject): (string | number)[] {
  return subject.kind === 'account'
    ? [subject.partnerId, subject.account.id, subject.account.attempt]
    : [subject.partnerId, subject.currency];
}

/** Sums over a span of days, by symbol or by hour, in ascending order of that. */
export async function readParts<By extends Breakdown>(
  database: Queries,
  by: By,
  subject: Subject,
  { from, to }: Span,
): Promise<Part<KeyOf<By>>[]> {
  const owner = ownerOf(subject);
  const conditions = owners[subject.kind].map(
    (name, index) => sql`${sql.ref(name)} = ${owner[index]}`,
  );
  if (from !== null) conditions.push(sql`day >= ${from}`);
  if (to !== null) conditions.push(sql`day <= ${to}`);
  const { rows } = await sql<Part<KeyOf<By>>>`
    select ${sql.ref(by)} as key, sum(trades) as trades, sum(wins) as wins,
      sum(gross_profit) as gross_profit, sum(gross_loss) as gross_loss
    from ${sql.table(tableOf(subject.kind, by))}
    where ${sql.join(conditions, sql` and `)}
    group by ${sql.ref(by)}
    order by ${sql.ref(by)}`.execute(database);
  return rows;
}

/** Prepares a statement and returns a function that adds a part to the stored sums of a day. */
export function partAdder({ handle }: Database, by: Breakdown, subject: Subject) {
  const table = tableOf(subject.kind, by);
  const key = [...owners[subject.kind], 'day', by];
  const sums = ['trades', 'wins', 'gross_profit', 'gross_loss'];
  const columns = [...key, ...sums];
  const statement = handle.prepare(`
    insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})
    on conflict (${key.join(', ')}) do update
    set ${sums.map((sum) => `${sum} = ${table}.${sum} + excluded.${sum}`).join(', ')}`);
  const owner = ownerOf(subject);
  return (day: Day, part: Part) => {
    const { trades, wins, gross_profit, gross_loss } = part;
    statement.run(...owner, day, part.key, trades, wins, gross_profit, gross_loss);
  };
}
