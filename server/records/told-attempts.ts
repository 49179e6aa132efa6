import type { Units } from '../../shared/money.ts';
import type { Account } from '../store/accounts.ts';
import { NotPossible } from '../store/not-possible.ts';
import { insertion, prepared } from '../store/statements.ts';
import { hasTrades, storeChanges } from './accounts.ts';
import type { PartnerWriting } from './partner-writing.ts';

/** An attempt of an account, as a file tells it. */
export interface ToldAttempt {
  attempt: number;
  /** Epoch ms; null: it is the first, which reaches back without end. */
  startedAt: number | null;
  startingBalance: Units | null;
  maxDrawdown: Units | null;
}

/**
 * Makes the attempts that a file tells of in an account without trades that was never reset; any
 * other stays as it is, and its own attempts count. Returns the account as it is then; to be called
 * before trades are added, which belong to the attempts that are there. `attempts`: all from the
 * first on, in order. Throws NotPossible for one that starts in the future.
 */
export async function makeToldAttempts(
  writing: PartnerWriting,
  account: Account,
  attempts: readonly ToldAttempt[],
): Promise<Account> {
  const [first, ...later] = attempts;
  if (!first || account.attempt > 1 || hasTrades(writing, account)) return account;
  const last = later.at(-1) ?? first;
  if (last.startedAt !== null && last.startedAt > writing.now) {
    const sentence = `The attempt ${last.attempt} starts in the future.`;
    throw new NotPossible('invalid_body', sentence, 'attempt_started_at');
  }
  const changes = [
    ...(later.length > 0 ? ['attempt'] : []),
    ...(first.startingBalance === account.starting_balance ? [] : ['starting_balance']),
    ...(first.maxDrawdown === account.max_drawdown ? [] : ['max_drawdown']),
  ];
  if (changes.length === 0) return account;
  const { handle, partnerId } = writing;
  prepared(
    handle,
    `update attempts set starting_balance = ?, max_drawdown = ?
     where partner_id = ? and account_id = ? and attempt = 1`,
  ).run(first.startingBalance, first.maxDrawdown, partnerId, account.id);
  const insert = prepared(handle, insertion('attempts', attemptColumns));
  for (const { attempt, startedAt, startingBalance, maxDrawdown } of later) {
    const told = [partnerId, account.id, attempt, startedAt, startingBalance, maxDrawdown];
    insert.run(...told, ...sums.map(() => 0));
  }
  return storeChanges(writing, account, { attempt: last.attempt }, 'account.changed', changes);
}

const sums = ['trade_count', 'wins', 'total_pnl', 'money', 'duration'];
const attemptColumns = [
  ...['partner_id', 'account_id', 'attempt', 'started_at', 'starting_balance', 'max_drawdown'],
  ...sums,
];
