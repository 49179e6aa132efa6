import { z } from 'zod';
import { type BulkEntry, bulkAnswer } from '../../shared/answers/stats.ts';
import { accountIds, attempt, type NamedAccount, period } from '../query.ts';
import { type Asked, question } from '../route.ts';
import { findAccount } from '../store/accounts.ts';
import { coverAccount, type PeriodQuery } from './coverage.ts';
import { readStats } from './stats.ts';

export const bulk = question({
  name: 'readStatsOfAccounts',
  path: '/api/partner/stats/bulk',
  summary: 'Reads the statistics of a period for up to 100 accounts, each by itself.',
  keyParameter: 'api_key',
  scopes: ['stats:read'],
  tier: 'growth',
  query: z.object({ account_id: accountIds, attempt, period }),
  answers: {
    200: { means: 'The statistics of each account, in the order asked for.', schema: bulkAnswer },
  },
  refusals: {},
  answer: async (asked) => {
    const accounts: BulkEntry[] = [];
    for (const named of asked.query.account_id) accounts.push(await readEntry(named, asked));
    return { status: 200, body: { accounts } };
  },
});

async function readEntry(
  named: NamedAccount,
  asked: Asked<Pick<PeriodQuery, 'attempt' | 'period'>>,
): Promise<BulkEntry> {
  const { query, partner, database } = asked;
  const account = await findAccount(database.read, partner.id, named.id, query.attempt);
  if (!account) return { account_id: named.asked, error: 'not_found' };
  return readStats(database, coverAccount(account, asked));
}
