import { sql } from 'kysely';
import { type Day, hourOfWeek } from '../../shared/day.ts';
import type { Trade } from '../../shared/trades.ts';
import type { Database, Queries } from './database.ts';
import type { Span, Subject } from './days.ts';
import type { PartColumns } from './schema.ts';

/**
 * What the sums of days are broken down by, each told of a trade. A breakdown is a column of this
 * name in two tables, the one of accounts' days and the one of partners'.
 */
export const breakdowns = {
  symbol: (trade: BrokenDown) => trade.symbol,
  /** Of the week, and of entry. */
  hour: (trade: BrokenDown) => hourOfWeek(trade.entry_time),
};

export type Breakdown = keyof typeof breakdowns;
export type BrokenDown = Pick<Trade, 'symbol' | 'entry_time'>;

type KeyOf<By extends Breakdown> = ReturnType<(typeof breakdowns)[By]>;

/** The sums of the trades with one symbol, or of one hour. */
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

/** Sums by symbol or hour, in their order. */
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

/** Prepares to add to what is kept of a day. */
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
