import type { Day } from '../../shared/day.ts';
import type { Run, Tally } from '../analytics/run.ts';
import type { Way } from '../analytics/way.ts';
import type { Account } from './accounts.ts';
import { runOf, sequenceNames, tallyNames, tallyOf } from './columns.ts';
import type { Database, Queries } from './database.ts';
import { rebuildDay } from './partner-days.ts';
import { findPartner } from './partners.ts';

/** What a query is about: an account's current attempt, or a partner's accounts in a currency. */
export type Subject =
  | { kind: 'account'; partnerId: string; account: Account }
  | { kind: 'partner'; partnerId: string; currency: string };

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
      ? await accountDays(database, subject.account, span)
          .select(['day', ...tallyNames])
          .execute()
      : await partnerDays(database, subject, span)
          .select(['day', ...tallyNames])
          .execute();
  return rows.map((row) => ({ day: row.day, of: tallyOf(row) }));
}

/** The days with trades, in order, each with all its sums; stale days of a partner are rebuilt. */
export async function readRuns(
  database: Database,
  subject: Subject,
  span: Span,
): Promise<DayOf<Run>[]> {
  if (subject.kind === 'account') {
    const rows = await accountDays(database.read, subject.account, span)
      .select(['day', ...tallyNames, ...sequenceNames])
      .execute();
    return rows.map((row) => ({ day: row.day, of: runOf(row) }));
  }
  const rows = await partnerDays(database.read, subject, span).selectAll().execute();
  if (!rows.some((row) => row.is_stale)) {
    return rows.map((row) => ({ day: row.day, of: runOf(row) }));
  }
  const { revision } = (await findPartner(database.read, subject.partnerId))!;
  const days: DayOf<Run>[] = [];
  for (const row of rows) {
    const run = row.is_stale ? await rebuildDay(database, row, revision) : runOf(row);
    days.push({ day: row.day, of: run });
  }
  return days;
}

/** The ways of an account's running total on the days with trades, in order. */
export async function readWays(database: Queries, account: Account, span: Span): Promise<Way[]> {
  const rows = await accountDays(database, account, span).select('way').execute();
  return rows.map((row) => JSON.parse(row.way) as Way);
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
      ? await accountDays(database, subject.account, span, order).select('day').limit(1).execute()
      : await partnerDays(database, subject, span, order).select('day').limit(1).execute();
  return end?.day ?? null;
}

function accountDays(
  database: Queries,
  account: Account,
  { from, to }: Span,
  order: 'asc' | 'desc' = 'asc',
) {
  let rows = database
    .selectFrom('account_days')
    .where('partner_id', '=', account.partner_id)
    .where('account_id', '=', account.id)
    .where('attempt', '=', account.attempt)
    .orderBy('day', order);
  if (from !== null) rows = rows.where('day', '>=', from);
  if (to !== null) rows = rows.where('day', '<=', to);
  return rows;
}

function partnerDays(
  database: Queries,
  { partnerId, currency }: Subject & { kind: 'partner' },
  { from, to }: Span,
  order: 'asc' | 'desc' = 'asc',
) {
  let rows = database
    .selectFrom('partner_days')
    .where('partner_id', '=', partnerId)
    .where('currency', '=', currency)
    .orderBy('day', order);
  if (from !== null) rows = rows.where('day', '>=', from);
  if (to !== null) rows = rows.where('day', '<=', to);
  return rows;
}
