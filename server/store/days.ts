import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Day } from '../../shared/day.ts';
import type { Run, Tally } from '../analytics/run.ts';
import { decodeWay, type WayDay } from '../analytics/way.ts';
import type { Account } from './accounts.ts';
import { type Breakdown, type KeyOf, owners, type Part, partSums, tableOf } from './breakdowns.ts';
import { runNames, runOf, tallyNames, tallyOf } from './columns.ts';
import type { Queries } from './database.ts';

/** What a query is about: an attempt of an account, or a partner's accounts in a currency. */
export type Subject = {
  partnerId: string;
  /** The version of the partner's sums that is in force. */
  version: number;
} & ({ kind: 'account'; account: Account } | { kind: 'partner'; currency: string });

export type AccountSubject = Subject & { kind: 'account' };
export type PartnerSubject = Subject & { kind: 'partner' };

/** The first and the last day of a range, both included; null: unbounded. */
export interface Span {
  from: Day | null;
  to: Day | null;
}

/** The whole history. */
export const always: Span = { from: null, to: null };

export interface DayOf<What> {
  day: Day;
  of: What;
}

/** The days with trades, in order, each with the sums that do not depend on the order of trades. */
export async function readTallies(
  database: Queries,
  subject: Subject,
  span: Span,
): Promise<DayOf<Tally>[]> {
  const rows =
    subject.kind === 'account'
      ? await accountDays(database, subject, span)
          .select(['day', ...tallyNames])
          .execute()
      : await partnerDays(database, subject, span)
          .select(['day', ...tallyNames])
          .execute();
  return rows.map((row) => ({ day: row.day, of: tallyOf(row) }));
}

/** The days with trades, in order, each with all its sums. */
export async function readRuns(
  database: Queries,
  subject: Subject,
  span: Span,
): Promise<DayOf<Run>[]> {
  const rows =
    subject.kind === 'account'
      ? await accountDays(database, subject, span)
          .select(['day', ...runNames])
          .execute()
      : await partnerDays(database, subject, span)
          .select(['day', ...runNames])
          .execute();
  return rows.map((row) => ({ day: row.day, of: runOf(row) }));
}

/** Reads the sums over a span of days, by symbol or by hour, in ascending order of that. */
export async function readParts<By extends Breakdown>(
  database: Queries,
  by: By,
  subject: Subject,
  span: Span,
): Promise<Part<KeyOf<By>>[]> {
  const { rows } = await sql<Part<KeyOf<By>>>`
    select ${sql.ref(by)} as key,
      ${sql.join(partSums.map((name) => sql`sum(${sql.ref(name)}) as ${sql.ref(name)}`))}
    from ${sql.table(tableOf(subject.kind, by))}
    where ${isOf(subject, span)}
    group by ${sql.ref(by)}
    order by ${sql.ref(by)}`.execute(database);
  return rows;
}

/** Whether a row is one of a subject's, on a day of a span. */
function isOf(subject: Subject, { from, to }: Span): RawBuilder<SqlBool> {
  const owner = ownerOf(subject);
  const conditions = owners[subject.kind].map(
    (name, index) => sql`${sql.ref(name)} = ${owner[index]}`,
  );
  if (from !== null) conditions.push(sql`day >= ${from}`);
  if (to !== null) conditions.push(sql`day <= ${to}`);
  return sql`${sql.join(conditions, sql` and `)}`;
}

function ownerOf(subject: Subject): (string | number)[] {
  const { partnerId, version } = subject;
  return subject.kind === 'account'
    ? [partnerId, version, subject.account.id, subject.account.attempt]
    : [partnerId, version, subject.currency];
}

/**
 * The course of an account's running total: its days with trades, in order, and of a long day its
 * pieces.
 */
export async function readWays(
  database: Queries,
  subject: AccountSubject,
  span: Span,
): Promise<WayDay[]> {
  const columns = ['day', 'gross_profit', 'gross_loss', 'high', 'low', 'way'] as const;
  const days = await accountDays(database, subject, span).select(columns).execute();
  const pieces = await accountPieces(database, subject, span).select(columns).execute();
  const piecesOf = Map.groupBy(pieces, ({ day }) => day);
  return days
    .flatMap((row) => (row.way ? row : (piecesOf.get(row.day) ?? [])))
    .map(({ gross_profit, gross_loss, high, low, way }) => ({
      run: { grossProfit: gross_profit, grossLoss: gross_loss, high, low },
      readWay: () => decodeWay(way!),
    }));
}

/** The first and the last day with trades; null without any. */
export interface Ends {
  first: Day | null;
  last: Day | null;
}

export function endsOf(days: readonly { day: Day }[]): Ends {
  return { first: days[0]?.day ?? null, last: days.at(-1)?.day ?? null };
}

export async function readEnds(database: Queries, subject: Subject, span: Span): Promise<Ends> {
  return {
    first: await readEnd(database, subject, span, 'asc'),
    last: await readEnd(database, subject, span, 'desc'),
  };
}

async function readEnd(
  database: Queries,
  subject: Subject,
  span: Span,
  order: 'asc' | 'desc',
): Promise<Day | null> {
  const [end] =
    subject.kind === 'account'
      ? await accountDays(database, subject, span, order).select('day').limit(1).execute()
      : await partnerDays(database, subject, span, order).select('day').limit(1).execute();
  return end?.day ?? null;
}

function accountDays(
  database: Queries,
  subject: AccountSubject,
  span: Span,
  order: 'asc' | 'desc' = 'asc',
) {
  return database.selectFrom('account_days').where(isOf(subject, span)).orderBy('day', order);
}

function accountPieces(database: Queries, subject: AccountSubject, span: Span) {
  return database
    .selectFrom('account_pieces')
    .where(isOf(subject, span))
    .orderBy('day')
    .orderBy('exit_time')
    .orderBy('entry_time')
    .orderBy('id');
}

function partnerDays(
  database: Queries,
  subject: PartnerSubject,
  span: Span,
  order: 'asc' | 'desc' = 'asc',
) {
  return database.selectFrom('partner_days').where(isOf(subject, span)).orderBy('day', order);
}
