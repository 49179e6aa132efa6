import type { AccountName, Coverage } from '../../shared/answers/stats.ts';
import { type Period, periodDays } from '../../shared/period.ts';
import { notFound, type Refusal } from '../refusal.ts';
import type { Asked } from '../route.ts';
import { type Account, countAccounts, findAccount } from '../store/accounts.ts';
import { always, type Span, type Subject } from '../store/days.ts';

/** The parameters of every question about a period of one account, or of all. */
export interface PeriodQuery {
  account_id?: string | undefined;
  currency?: string | undefined;
  period: Period;
}

/** What a question is about: whose days, which days, and the fields of the answer that say so. */
export interface Covered {
  subject: Subject;
  span: Span;
  coverage: Coverage;
}

/** Throws a 404 for an unknown account. */
export async function cover({
  query,
  partner,
  database,
  ...days
}: Asked<PeriodQuery>): Promise<Covered> {
  const { period } = query;
  const span = spanOf(period, days);
  const sums = { partnerId: partner.id, version: partner.sums_version };
  if (query.account_id === undefined) {
    const currency = query.currency ?? partner.currency;
    return {
      subject: { kind: 'partner', ...sums, currency },
      span,
      coverage: {
        account: null,
        currency,
        accounts: await countAccounts(database.read, partner.id, currency),
        period,
      },
    };
  }
  const account = await knownAccount(query.account_id, partner.id, database);
  return {
    subject: { kind: 'account', ...sums, account },
    span,
    coverage: {
      account: nameOf(account),
      currency: account.currency,
      accounts: { counted: 1, left_out: 0 },
      period,
    },
  };
}

export function nameOf({ id, nickname }: Account): AccountName {
  return { id, nickname };
}

export async function knownAccount(
  id: string,
  partnerId: string,
  database: Asked<unknown>['database'],
  attempt?: number,
) {
  const account = await findAccount(database.read, partnerId, id, attempt);
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
