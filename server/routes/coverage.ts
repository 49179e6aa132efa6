import type { AccountName, Coverage } from '../../shared/answers/stats.ts';
import { type Period, periodDays } from '../../shared/period.ts';
import { notFound, type Refusal } from '../refusal.ts';
import type { Asked } from '../route.ts';
import { type Account, countAccounts, findAccount } from '../store/accounts.ts';
import type { Queries } from '../store/database.ts';
import { always, type Span, type Subject } from '../store/days.ts';
import type { Partner } from '../store/partners.ts';

/** The parameters of every question about a period of one account, or of all. */
export interface PeriodQuery {
  account_id?: string | undefined;
  /** Which attempt of the account; absent: the current one. */
  attempt?: number | undefined;
  currency?: string | undefined;
  period: Period;
}

/** What a question is about: whose days, which days, and the fields of the answer that say so. */
export interface Covered {
  subject: Subject;
  span: Span;
  coverage: Coverage;
}

/** Throws a 404 for an unknown account or attempt. */
export async function cover(asked: Asked<PeriodQuery>): Promise<Covered> {
  const { query, partner, database } = asked;
  const { account_id, attempt, period } = query;
  if (account_id !== undefined) {
    return coverAccount(await knownAccount(account_id, partner.id, database.read, attempt), asked);
  }
  const currency = query.currency ?? partner.currency;
  return {
    subject: { kind: 'partner', ...sumsOf(partner), currency },
    span: spanOf(period, asked),
    coverage: {
      account: null,
      currency,
      accounts: await countAccounts(database.read, partner.id, currency),
      period,
    },
  };
}

/** The attempt of an account that it was read with. */
export function coverAccount(account: Account, asked: Asked<Pick<PeriodQuery, 'period'>>): Covered {
  const { period } = asked.query;
  return {
    subject: { kind: 'account', ...sumsOf(asked.partner), account },
    span: spanOf(period, asked),
    coverage: {
      account: nameOf(account),
      currency: account.currency,
      accounts: { counted: 1, left_out: 0 },
      period,
    },
  };
}

function sumsOf({ id, sums_version }: Partner) {
  return { partnerId: id, version: sums_version };
}

export function nameOf({ id, nickname }: Account): AccountName {
  return { id, nickname };
}

/** Throws a 404 for an unknown account or attempt. */
export async function knownAccount(
  id: string,
  partnerId: string,
  database: Queries,
  attempt?: number,
): Promise<Account> {
  const account = await findAccount(database, partnerId, id, attempt);
  if (!account) throw noSuchAccount();
  return account;
}

export function noSuchAccount(): Refusal {
  return notFound(
    'There is no such account or attempt. GET /api/partner/accounts lists the accounts.',
  );
}

/**
 * The days of a period. It ends with today, but includes trades of tomorrow where that has begun in
 * some zone. `all` has no bounds.
 */
export function spanOf(
  period: Period,
  { today, latest }: Pick<Asked<unknown>, 'today' | 'latest'>,
): Span {
  const days = periodDays[period];
  return days === null ? always : { from: today - days + 1, to: latest };
}
