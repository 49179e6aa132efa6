import { z } from 'zod';
import { type AccountAnswer, accountAnswer } from '../../shared/answers/accounts.ts';
import { successAnswer } from '../../shared/answers/partner.ts';
import { amountAboveZero, externalId, moment, text } from '../fields.ts';
import { accountId, currency } from '../query.ts';
import {
  changeAccount,
  closeAccount,
  findOrMakeAccount,
  reopenAccount,
  resetAccount,
} from '../records/accounts.ts';
import { eraseAccount } from '../records/erasing.ts';
import type { PartnerWriting } from '../records/partner-writing.ts';
import { change, partnerWriting, type Writing } from '../route.ts';
import type { Account } from '../store/accounts.ts';
import { describeAccount } from './accounts.ts';
import { knownAccount } from './coverage.ts';

const path = '/api/partner/accounts';

const nickname = text(100).describe('The account’s name, which widgets show.');
const startingBalance = amountAboveZero.nullable().optional();
const maxDrawdown = amountAboveZero.nullable().optional();

const fields = {
  user_id: z
    .string('must be the id of a user')
    .max(100, 'is too long for an id')
    .nullable()
    .optional()
    .describe('The user that it belongs to: an id, or `ext:` and an external id.'),
  external_id: externalId.nullable().optional().describe('The partner’s own id of the account.'),
  firm_id: text(200)
    .nullable()
    .optional()
    .describe('By which lists and leaderboards are filtered.'),
  firm: text(200).nullable().optional().describe('The firm’s name.'),
  starting_balance: startingBalance.describe('The balance at the start of the current attempt.'),
  max_drawdown: maxDrawdown.describe(
    'How far the account may fall below its peak: the limit of its drawdown gauge.',
  ),
};

const query = z.object({ account_id: accountId });
const answered = { means: 'The account as it is now.', schema: accountAnswer };

export const accountCreation = change({
  name: 'createAccount',
  method: 'POST',
  path,
  summary: 'Creates an account, or finds the one with the external id.',
  scope: 'accounts:write',
  query: z.object({}),
  body: z.strictObject({
    nickname,
    currency: currency.optional().describe('ISO 4217; by default the partner’s.'),
    ...fields,
  }),
  answers: {
    200: { means: 'The account that has the external id already.', schema: accountAnswer },
    201: { means: 'The new account.', schema: accountAnswer },
  },
  refusals: { 404: ['not_found'], 409: ['conflict'] },
  change: async ({ body, ...writing }) => {
    const given = { ...body, currency: body.currency ?? writing.caller.partner.currency };
    const isCurrencyGiven = body.currency !== undefined;
    const { account, isNew } = await findOrMakeAccount(
      partnerWriting(writing),
      given,
      isCurrencyGiven,
    );
    const answer = await describeAccount(writing.transaction, account);
    return { status: isNew ? 201 : 200, body: answer };
  },
});

export const accountChange = change({
  name: 'changeAccount',
  method: 'PATCH',
  path: `${path}/:account_id`,
  summary: 'Changes the fields of an account that are sent. Null removes a value.',
  scope: 'accounts:write',
  query,
  body: z.strictObject({
    nickname: nickname.optional(),
    currency: currency.optional().describe('ISO 4217. Only while the account has no trades.'),
    ...fields,
  }),
  answers: { 200: answered },
  refusals: { 404: ['not_found'], 409: ['conflict'] },
  change: ({ query, body, ...writing }) =>
    changed(writing, query, (of, account) => changeAccount(of, account, body)),
});

export const accountClosing = change({
  name: 'closeAccount',
  method: 'POST',
  path: `${path}/:account_id/close`,
  summary: 'Closes an account: trades can be corrected and closed, but none opened any more.',
  scope: 'accounts:write',
  query,
  answers: { 200: answered },
  refusals: { 404: ['not_found'] },
  change: ({ query, ...writing }) => changed(writing, query, closeAccount),
});

export const accountReopening = change({
  name: 'reopenAccount',
  method: 'POST',
  path: `${path}/:account_id/reopen`,
  summary: 'Opens a closed account again.',
  scope: 'accounts:write',
  query,
  answers: { 200: answered },
  refusals: { 404: ['not_found'] },
  change: ({ query, ...writing }) => changed(writing, query, reopenAccount),
});

export const accountReset = change({
  name: 'resetAccount',
  method: 'POST',
  path: `${path}/:account_id/reset`,
  summary:
    'Starts the next attempt of an account. Trades that were opened since then move with it.',
  scope: 'accounts:write',
  query,
  body: z.strictObject({
    at: moment
      .optional()
      .describe(
        'When the attempt starts, after the current one did. In epoch milliseconds. Default: now.',
      ),
    starting_balance: startingBalance.describe(
      'Its balance at the start. Default: that of the current one.',
    ),
    max_drawdown: maxDrawdown.describe(
      'How far it may fall below its peak. Default: as in the current one.',
    ),
  }),
  answers: { 200: answered },
  refusals: { 404: ['not_found'], 409: ['account_closed'] },
  change: ({ query, body, ...writing }) =>
    changed(writing, query, (of, account) =>
      resetAccount(of, account, { ...body, at: body.at ?? writing.now }),
    ),
});

export const accountErasure = change({
  name: 'eraseAccount',
  method: 'DELETE',
  path: `${path}/:account_id`,
  summary: 'Erases an account with its trades, and everything derived from them.',
  scope: 'accounts:write',
  query,
  answers: { 200: { means: 'The account is erased.', schema: successAnswer } },
  refusals: { 404: ['not_found'] },
  change: async ({ query, ...writing }) => {
    await eraseAccount(partnerWriting(writing), await accountOf(writing, query));
    return { status: 200, body: { success: true } };
  },
});

function accountOf(
  { transaction, caller }: Writing,
  { account_id }: { account_id: string },
): Promise<Account> {
  return knownAccount(account_id, caller.partner.id, transaction);
}

async function changed(
  writing: Writing,
  query: { account_id: string },
  work: (writing: PartnerWriting, account: Account) => Promise<Account>,
): Promise<{ status: 200; body: AccountAnswer }> {
  const account = await work(partnerWriting(writing), await accountOf(writing, query));
  return { status: 200, body: await describeAccount(writing.transaction, account) };
}
