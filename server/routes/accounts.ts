import { z } from 'zod';
import { type ShownStatus, shownStatuses } from '../../shared/accounts.ts';
import {
  type AccountAnswer,
  type AccountSummary,
  accountAnswer,
  accountSummary,
  accountsAnswer,
} from '../../shared/answers/accounts.ts';
import { toDecimal, type Units } from '../../shared/money.ts';
import { csvTable } from '../csv.ts';
import { cursorsOf } from '../cursor.ts';
import {
  accountId,
  attempt,
  oneOf,
  optionalNumber,
  reference,
  textUpTo,
  wholeNumber,
} from '../query.ts';
import { question } from '../route.ts';
import { type Account, type AccountsPage, listAccounts } from '../store/accounts.ts';
import type { Queries } from '../store/database.ts';
import { findObservation } from '../store/observations.ts';
import { findUser } from '../store/users.ts';
import { knownAccount } from './coverage.ts';

const path = '/api/partner/accounts';
const columns = accountSummary.keyof().options;
const cursors = cursorsOf('accounts', { created_at: z.int(), id: z.string().max(64) });

export const accounts = question({
  name: 'listAccounts',
  path,
  summary: 'Lists trading accounts, with basic statistics: filtered and in pages.',
  keyParameter: 'api_key',
  scopes: ['accounts:list'],
  query: z
    .object({
      firm_id: z
        .string()
        .min(1, 'must not be empty')
        .max(200, 'is too long')
        .optional()
        .describe('Only the accounts of this firm.'),
      user_id: reference
        .optional()
        .describe('Only the accounts of this user; also as `ext:` and its external id.'),
      status: oneOf([...shownStatuses, 'all'])
        .default('all')
        .describe('Only active or only closed accounts.'),
      q: textUpTo(100, 'must have at most 100 characters')
        .optional()
        .describe(
          'Only accounts that have this text in their nickname or external id, with ASCII letters in upper or lower case.',
        ),
      limit: wholeNumber(1, 200, 50).describe('How many accounts to list.'),
      offset: optionalNumber(0, 1_000_000_000).describe(
        'How many accounts to skip; by default none.',
      ),
      cursor: cursors.parameter
        .optional()
        .describe('Instead of `offset`: the `next` of the page before.'),
    })
    .refine(({ offset, cursor }) => offset === undefined || cursor === undefined, {
      path: ['cursor'],
      message: 'can’t be given with an offset',
    }),
  answers: {
    200: {
      means: 'A page of accounts.',
      schema: accountsAnswer,
      headers: { Link: 'The address of the next page, as `rel="next"`; absent: this is the last.' },
    },
  },
  refusals: {},
  asCsv: ({ accounts }) => csvTable(columns, accounts),
  answer: async ({ query, partner, database, publicUrl }) => {
    const { firm_id, user_id, status, q, limit, cursor } = query;
    const offset = cursor ? null : (query.offset ?? 0);
    const user = user_id && (await findUser(database.read, partner.id, user_id));
    const page: AccountsPage = {
      firm: firm_id ?? null,
      userId: user ? user.id : null,
      status: status === 'all' ? null : status,
      text: q ?? null,
      limit,
      from: cursor ?? offset ?? 0,
    };
    const isOfNobody = user_id !== undefined && !user;
    const { accounts, total, hasMore } = isOfNobody
      ? { accounts: [], total: 0, hasMore: false }
      : await listAccounts(database.read, partner.id, page);
    const next = hasMore ? cursors.write(accounts.at(-1)!) : null;
    const body = { accounts: accounts.map(presentAccount), total, limit, offset, next };
    const headers = next === null ? {} : { Link: linkTo(`${publicUrl}${path}`, query, next) };
    return { status: 200, body, headers };
  },
});

/** The address of the next page of a list, for a Link header (RFC 8288). */
function linkTo(address: string, query: Readonly<Record<string, unknown>>, cursor: string): string {
  const parameters = { ...query, offset: undefined, cursor };
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
  return `<${address}?${text}>; rel="next"`;
}

export const account = question({
  name: 'readAccount',
  path: `${path}/:account_id`,
  summary: 'Reads an account, with the figures of its current attempt or of another.',
  keyParameter: 'api_key',
  scopes: ['accounts:list'],
  query: z.object({ account_id: accountId, attempt }),
  isLive: () => true,
  answers: { 200: { means: 'The account.', schema: accountAnswer } },
  refusals: { 404: ['not_found'] },
  answer: async ({ query, partner, database }) => {
    const { account_id, attempt } = query;
    const found = await knownAccount(account_id, partner.id, database.read, attempt);
    return { status: 200, body: await describeAccount(database.read, found) };
  },
});

export function presentAccount(account: Account): AccountSummary {
  return {
    id: account.id,
    external_id: account.external_id,
    nickname: account.nickname,
    user_id: account.user_id,
    firm_id: account.firm,
    // Those that are being erased are not found.
    status: account.status as ShownStatus,
    currency: account.currency,
    trade_count: account.trade_count,
    total_pnl: toDecimal(account.total_pnl),
  };
}

/** An account with what it was last observed to be worth. */
export async function describeAccount(database: Queries, account: Account): Promise<AccountAnswer> {
  const { starting_balance, max_drawdown, total_pnl } = account;
  const observation = await findObservation(database, account);
  return {
    ...presentAccount(account),
    firm: account.firm_name,
    attempt: account.attempt,
    attempt_started_at: account.attempt === 1 ? null : account.started_at,
    starting_balance: decimal(starting_balance),
    balance: decimal(starting_balance === null ? null : starting_balance + total_pnl),
    max_drawdown: decimal(max_drawdown),
    equity: decimal(observation?.equity ?? null),
    open_pnl: decimal(observation?.open_pnl ?? null),
    observed_at: observation?.time ?? null,
    created_at: account.created_at,
    closed_at: account.closed_at,
  };
}

function decimal(units: Units | null): number | null {
  return units === null ? null : toDecimal(units);
}
