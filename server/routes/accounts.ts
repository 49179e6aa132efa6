import { z } from 'zod';
import {
  type AccountAnswer,
  type AccountSummary,
  accountsAnswer,
} from '../../shared/answers/accounts.ts';
import { toDecimal } from '../../shared/money.ts';
import { wholeNumber } from '../query.ts';
import { question } from '../route.ts';
import { type Account, listAccounts } from '../store/accounts.ts';

export const accounts = question({
  name: 'listAccounts',
  path: '/api/partner/accounts',
  summary: 'Lists trading accounts, with basic statistics.',
  keyParameter: 'api_key',
  scopes: ['accounts:list'],
  query: z.object({
    firm_id: z
      .string()
      .min(1, 'must not be empty')
      .max(200, 'is too long')
      .optional()
      .describe('Only the accounts of this firm.'),
    limit: wholeNumber(1, 200, 50).describe('How many accounts to list.'),
    offset: wholeNumber(0, 1_000_000_000, 0).describe('How many accounts to skip.'),
  }),
  answers: { 200: { means: 'A page of accounts.', schema: accountsAnswer } },
  refusals: {},
  answer: async ({ query, partner, database }) => {
    const { firm_id, limit, offset } = query;
    const found = await listAccounts(database.read, partner.id, {
      firm: firm_id ?? null,
      limit,
      offset,
    });
    const { total } = found;
    const accounts = found.accounts.map(presentAccount);
    return { status: 200, body: { accounts, total, limit, offset } };
  },
});

export function presentAccountDetails(account: Account): AccountAnswer {
  const { starting_balance, max_drawdown, total_pnl, attempt } = account;
  return {
    ...presentAccount(account),
    user_id: account.user_id,
    external_id: account.external_id,
    firm: account.firm_name,
    status: account.status as AccountAnswer['status'],
    attempt,
    attempt_started_at: attempt === 1 ? null : account.started_at,
    starting_balance: starting_balance === null ? null : toDecimal(starting_balance),
    balance: starting_balance === null ? null : toDecimal(starting_balance + total_pnl),
    max_drawdown: max_drawdown === null ? null : toDecimal(max_drawdown),
    created_at: account.created_at,
    closed_at: account.closed_at,
  };
}

function presentAccount(account: Account): AccountSummary {
  return {
    id: account.id,
    nickname: account.nickname,
    firm_id: account.firm,
    currency: account.currency,
    trade_count: account.trade_count,
    total_pnl: toDecimal(account.total_pnl),
  };
}
