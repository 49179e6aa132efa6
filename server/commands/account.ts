import { Command, Option } from 'commander';
import { type ShownStatus, shownStatuses } from '../../shared/accounts.ts';
import type { AccountAnswer, AccountSummary } from '../../shared/answers/accounts.ts';
import { externalId } from '../fields.ts';
import {
  type AccountFields,
  changeAccount,
  closeAccount,
  findOrMakeAccount,
  reopenAccount,
  resetAccount,
} from '../records/accounts.ts';
import { eraseAccount } from '../records/erasing.ts';
import type { PartnerWriting } from '../records/partner-writing.ts';
import { describeAccount, presentAccount } from '../routes/accounts.ts';
import { type Account, type AccountsFilter, listAccounts } from '../store/accounts.ts';
import type { Queries } from '../store/database.ts';
import { NotPossible } from '../store/not-possible.ts';
import {
  amount,
  currencyCode,
  knownPartner,
  line,
  orNone,
  type Removable,
  readAs,
  time,
  timeHint,
  withDatabase,
} from './options.ts';
import { describe, Failure, print, table } from './output.ts';
import {
  attemptOption,
  eraseRecords,
  knownAccount,
  knownUser,
  type OfPartner,
  ofPartner,
  writeRecords,
} from './records.ts';

export function accountCommand(): Command {
  return new Command('account')
    .description('create, list, change, close, reset and remove trading accounts')
    .addCommand(create())
    .addCommand(list())
    .addCommand(show())
    .addCommand(set())
    .addCommand(close())
    .addCommand(reopen())
    .addCommand(reset())
    .addCommand(remove());
}

function ofAccount(name: string, description: string): Command {
  return ofPartner(name, description).argument(
    '<account>',
    'the account’s id, acc_…, or ext: and its external id',
  );
}

interface FieldOptions {
  nickname?: string;
  user?: Removable<string>;
  externalId?: Removable<string>;
  firmId?: Removable<string>;
  firm?: Removable<string>;
  currency?: string;
  balance?: Removable<number>;
  maxDrawdown?: Removable<number>;
}

const nicknameOption = () => new Option('--nickname <name>', 'its name').argParser(line(100));

const balanceOption = (what: string) =>
  new Option('--balance <amount>', what).argParser(orNone(amount));

const maxDrawdownOption = () =>
  new Option('--max-drawdown <amount>', 'how far it may fall below its peak').argParser(
    orNone(amount),
  );

function addFields(command: Command): Command {
  return command
    .option(
      '--user <user>',
      'the user that it belongs to: an id, usr_…, or ext: and an external id',
      orNone((text) => text),
    )
    .option('--external-id <id>', 'the partner’s own id of it', orNone(readAs(externalId)))
    .option('--firm-id <id>', 'by which lists and leaderboards are filtered', orNone(line(200)))
    .option('--firm <name>', 'the name of the firm that it belongs to', orNone(line(200)))
    .option('--currency <code>', 'its currency; only while it has no trades', currencyCode)
    .addOption(balanceOption('its balance at the start of the current attempt'))
    .addOption(maxDrawdownOption());
}

function fieldsOf(options: FieldOptions): AccountFields {
  return {
    nickname: options.nickname,
    user_id: options.user?.value,
    external_id: options.externalId?.value,
    firm_id: options.firmId?.value,
    firm: options.firm?.value,
    currency: options.currency,
    starting_balance: options.balance?.value,
    max_drawdown: options.maxDrawdown?.value,
  };
}

function create(): Command {
  const command = ofPartner(
    'create',
    'create an account, or find the one that has the external id; its currency is the partner’s unless said',
  ).addOption(nicknameOption().makeOptionMandatory());
  return addFields(command).action(
    async (options: OfPartner & FieldOptions & { nickname: string }) => {
      const { nickname, currency } = options;
      const { shown, isNew } = await writeRecords(options, async (writing, partner) => {
        const { account, isNew } = await findOrMakeAccount(
          writing,
          { ...fieldsOf(options), nickname, currency: currency ?? partner.currency },
          currency !== undefined,
        );
        return { shown: await describeAccount(writing.transaction, account), isNew };
      });
      const { id } = shown;
      print(
        options.json,
        shown,
        isNew ? `Made ${id} (${nickname}).` : `${id} (${nickname}) is there already.`,
      );
    },
  );
}

interface ListOptions extends OfPartner {
  user?: string;
  status: ShownStatus | 'all';
  firmId?: string;
}

function list(): Command {
  return ofPartner('list', 'list accounts, the oldest first')
    .option('--user <user>', 'only those of this user: an id, usr_…, or ext: and an external id')
    .addOption(
      new Option('--status <status>', 'only active or only closed ones')
        .choices([...shownStatuses, 'all'])
        .default('all'),
    )
    .option('--firm-id <id>', 'only those with this firm id')
    .action(async (options: ListOptions) => {
      const { partner, user, status, firmId } = options;
      const accounts = await withDatabase(options, async (database) => {
        await knownPartner(database, partner);
        const found = await allAccounts(database.read, partner, {
          ...(user !== undefined && { userId: (await knownUser(database.read, partner, user)).id }),
          ...(status !== 'all' && { status }),
          ...(firmId !== undefined && { firm: firmId }),
        });
        return found.map(presentAccount);
      });
      print(options.json, { accounts }, tableOfAccounts(accounts));
    });
}

/** All accounts of a partner that match, the oldest first. */
export async function allAccounts(
  database: Queries,
  partnerId: string,
  filter: AccountsFilter,
): Promise<Account[]> {
  const page = { ...filter, limit: Number.MAX_SAFE_INTEGER, from: 0 };
  const { accounts } = await listAccounts(database, partnerId, page);
  return accounts;
}

export function tableOfAccounts(accounts: readonly AccountSummary[]): string[] {
  if (accounts.length === 0) return ['No accounts.'];
  return table(
    ['id', 'nickname', 'external id', 'user', 'firm id', 'state', 'trades', 'P&L'],
    accounts.map((account) => [
      account.id,
      account.nickname,
      account.external_id ?? '',
      account.user_id ?? '',
      account.firm_id ?? '',
      account.status,
      String(account.trade_count),
      `${account.total_pnl} ${account.currency}`,
    ]),
  );
}

function show(): Command {
  return ofAccount('show', 'show an account, with the figures of one attempt')
    .addOption(attemptOption())
    .action(async (reference: string, options: OfPartner & { attempt?: number }) => {
      const { partner, attempt } = options;
      const shown = await withDatabase(options, async (database) => {
        await knownPartner(database, partner);
        const { read } = database;
        return describeAccount(read, await knownAccount(read, partner, reference, attempt));
      });
      print(options.json, shown, describe(shown));
    });
}

/** Changes an account. Throws a Failure when there is none. */
function change(
  options: OfPartner,
  reference: string,
  work: (writing: PartnerWriting, account: Account) => Promise<Account>,
): Promise<AccountAnswer> {
  return writeRecords(options, async (writing) => {
    const { transaction, partnerId } = writing;
    const account = await work(writing, await knownAccount(transaction, partnerId, reference));
    return describeAccount(transaction, account);
  });
}

function set(): Command {
  const command = ofAccount(
    'set',
    'change the given fields of an account; the value none removes one',
  ).addOption(nicknameOption());
  return addFields(command).action(async (reference: string, options: OfPartner & FieldOptions) => {
    const fields = fieldsOf(options);
    if (Object.values(fields).every((value) => value === undefined))
      throw new Failure('Say what to change. See --help.');
    const account = await change(options, reference, (writing, account) =>
      changeAccount(writing, account, fields),
    );
    print(options.json, account, `Changed ${account.id}.`);
  });
}

function close(): Command {
  return ofAccount(
    'close',
    'close an account: trades can be corrected and closed, but none opened any more',
  ).action(async (reference: string, options: OfPartner) => {
    const account = await change(options, reference, closeAccount);
    print(options.json, account, `${account.id} is closed.`);
  });
}

function reopen(): Command {
  return ofAccount('reopen', 'open a closed account again').action(
    async (reference: string, options: OfPartner) => {
      const account = await change(options, reference, reopenAccount);
      print(options.json, account, `${account.id} is active.`);
    },
  );
}

interface ResetOptions extends OfPartner {
  at?: number;
  balance?: Removable<number>;
  maxDrawdown?: Removable<number>;
}

function reset(): Command {
  return ofAccount('reset', 'start the next attempt; trades opened since it started move with it')
    .option('--at <time>', `when it starts, ${timeHint} (default: now)`, time)
    .addOption(balanceOption('its balance then (default: that of the current attempt)'))
    .addOption(maxDrawdownOption())
    .action(async (reference: string, options: ResetOptions) => {
      const { at, balance, maxDrawdown } = options;
      const account = await change(options, reference, (writing, account) =>
        resetAccount(writing, account, {
          at: at ?? writing.now,
          starting_balance: balance?.value,
          max_drawdown: maxDrawdown?.value,
        }),
      ).catch(explainStart);
      const since = new Date(account.attempt_started_at!).toISOString();
      print(
        options.json,
        account,
        `${account.id} is in attempt ${account.attempt}, since ${since}.`,
      );
    });
}

/** Throws an error again; a refused start with the name of the option. */
function explainStart(error: unknown): never {
  const isOfStart = error instanceof NotPossible && error.details.some(({ path }) => path === 'at');
  throw isOfStart ? new Failure(`--at: ${error.message}`) : error;
}

function remove(): Command {
  return ofAccount(
    'remove',
    'erase an account with its trades, and everything derived from them',
  ).action((reference: string, options: OfPartner) =>
    eraseRecords(options, async (writing) => {
      const { transaction, partnerId } = writing;
      const account = await knownAccount(transaction, partnerId, reference);
      const { id } = account;
      return { id, accounts: [account], begin: () => eraseAccount(writing, account) };
    }),
  );
}
