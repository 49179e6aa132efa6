import { Command, Option } from 'commander';
import { labelOf, type TradeField, type TradeStatus, tradeStatuses } from '../../shared/trades.ts';
import type { PartnerWriting } from '../records/partner-writing.ts';
import { type Refused, TradeWriter, type Verdict } from '../records/trades.ts';
import { recordDeletions } from '../routes/trade-writing.ts';
import { presentTradeDetails } from '../routes/trades.ts';
import { findTrade, readAccountTrades } from '../store/account-trades.ts';
import { knownPartner, wholeNumber, withDatabase } from './options.ts';
import { describe, Failure, NotUnderstood, print, readable, table } from './output.ts';
import {
  attemptOption,
  knownAccount,
  type OfPartner,
  ofPartner,
  unknownAccount,
  writeRecords,
} from './records.ts';
import { addTradeFields, optionName, tradeFieldsOf } from './trade-fields.ts';

export function tradeCommand(): Command {
  return new Command('trade')
    .description('list, add, correct and remove trades')
    .addCommand(list())
    .addCommand(show())
    .addCommand(add())
    .addCommand(set())
    .addCommand(remove());
}

interface OfAccount extends OfPartner {
  account: string;
}

function ofAccount(name: string, description: string): Command {
  return ofPartner(name, description).requiredOption(
    '--account <account>',
    'the account’s id, acc_…, or ext: and its external id',
  );
}

function ofTrade(name: string, description: string): Command {
  return ofAccount(name, description).argument('<trade>', 'the trade’s id');
}

interface ListOptions extends OfAccount {
  attempt?: number;
  status: TradeStatus;
  limit: number;
}

function list(): Command {
  return ofAccount('list', 'list the trades of one attempt, those opened last first')
    .addOption(attemptOption())
    .addOption(
      new Option('--status <status>', 'only closed or only open ones')
        .choices(tradeStatuses)
        .default('all'),
    )
    .option('--limit <count>', 'how many to list', wholeNumber(1, 10_000), 50)
    .action(async (options: ListOptions) => {
      const { partner, attempt, status, limit } = options;
      const { account, found } = await withDatabase(options, async (database) => {
        await knownPartner(database, partner);
        const account = await knownAccount(database.read, partner, options.account, attempt);
        const wanted = { status, order: 'desc', after: null, limit: limit + 1 } as const;
        return { account, found: await readAccountTrades(database.read, account, wanted) };
      });
      const { id, nickname } = account;
      const trades = found.slice(0, limit).map(presentTradeDetails);
      const has_more = found.length > limit;
      const rows = trades.map((trade) => [
        trade.id,
        trade.symbol,
        trade.direction,
        String(trade.quantity),
        readable('entry_time', trade.entry_time),
        trade.exit_time === null ? 'open' : readable('exit_time', trade.exit_time),
        trade.pnl === null ? '' : `${trade.pnl} ${account.currency}`,
      ]);
      const heads = ['id', 'symbol', 'direction', 'quantity', 'entry', 'exit', 'P&L'];
      print(
        options.json,
        { account: { id, nickname }, attempt: account.attempt, trades, has_more },
        rows.length > 0
          ? [...table(heads, rows), ...(has_more ? ['There are more: --limit lists them.'] : [])]
          : 'No trades.',
      );
    });
}

function show(): Command {
  return ofTrade('show', 'show a trade, of whatever attempt').action(
    async (id: string, options: OfAccount) => {
      const { partner } = options;
      const trade = await withDatabase(options, async (database) => {
        await knownPartner(database, partner);
        const account = await knownAccount(database.read, partner, options.account);
        return findTrade(database.read, account, id);
      });
      if (!trade) throw unknownTrade(id, options.account);
      const shown = presentTradeDetails(trade);
      print(options.json, shown, describe(shown));
    },
  );
}

function unknownTrade(id: string, account: string): Failure {
  return new Failure(`The account ${account} has no trade ${id}. proptally trade list shows them.`);
}

interface AddOptions extends OfAccount {
  id?: string;
  upsert?: boolean;
  restore?: boolean;
}

const saidOf = {
  created: (id: string) => `Added ${id}.`,
  closed: (id: string) => `Closed ${id}.`,
  updated: (id: string) => `Changed ${id}.`,
  unchanged: (id: string) => `${id} is there already.`,
};

function add(): Command {
  const command = ofAccount(
    'add',
    'add a trade, or find the one with the id: an exit closes it if it is open',
  ).option('--id <id>', 'its id, such as the broker’s ticket (default: one is made)');
  return addTradeFields(command)
    .option('--upsert', 'change the given fields of a trade that is there')
    .option('--restore', 'bring back a trade that was deleted')
    .action(async (options: AddOptions) => {
      const { account, id, upsert = false, restore = false } = options;
      const given = { account, id, fields: tradeFieldsOf(options) };
      const { kind, trade } = await write(options, (writer) =>
        writer.send(given, { upsert, restore }),
      );
      print(options.json, presentTradeDetails(trade), saidOf[kind](trade.id));
    });
}

function set(): Command {
  const command = ofTrade(
    'set',
    'change the given fields of a trade; the value none removes one, and none as exit time opens it again',
  );
  return addTradeFields(command).action(async (id: string, options: OfAccount) => {
    const fields = tradeFieldsOf(options);
    if (Object.keys(fields).length === 0) throw new Failure('Say what to change. See --help.');
    const given = { account: options.account, id, fields };
    const { kind, trade } = await write(options, (writer) => writer.change(given));
    print(
      options.json,
      presentTradeDetails(trade),
      kind === 'unchanged' ? `${id} is like that already.` : saidOf[kind](id),
    );
  });
}

function remove(): Command {
  return ofTrade('remove', 'delete a trade, so that it does not come back with its file').action(
    async (id: string, options: OfAccount) => {
      await write(options, async (writer, writing) => {
        const verdict = writer.remove({ account: options.account, id });
        if (verdict.kind === 'deleted') await recordDeletions(writing, 1);
        return verdict;
      });
      print(options.json, { id, deleted: true }, `Deleted ${id}.`);
    },
  );
}

/** Writes one trade. Throws a Failure that says why it is refused. */
function write<Result extends Verdict>(
  options: OfAccount,
  work: (writer: TradeWriter, writing: PartnerWriting) => Result | Promise<Result>,
): Promise<Exclude<Result, Refused>> {
  return writeRecords(options, async (writing) => {
    const writer = new TradeWriter(writing);
    const verdict = await work(writer, writing);
    if (verdict.kind === 'refused') throw failureOf(verdict, options);
    writer.finish();
    return verdict as Exclude<Result, Refused>;
  });
}

/** The account is named as it was asked for. */
function failureOf(refused: Refused, { account, partner }: OfAccount): Failure {
  const { id } = refused;
  const name = id === undefined ? 'The trade' : `The trade ${id}`;
  switch (refused.reason) {
    case 'invalid': {
      const problems = refused.problems.map(
        ({ field, message }) => `${optionName(field)} ${message}`,
      );
      return new NotUnderstood(`${problems.join('; ')}.`);
    }
    case 'no account':
      return unknownAccount(partner, account);
    case 'no trade':
      return unknownTrade(id!, account);
    case 'deleted':
      return new Failure(`${name} was deleted. --restore brings it back.`);
    case 'account closed':
      return new Failure(
        `${name} was opened after the account ${account} was closed. proptally account reopen opens that again.`,
      );
    case 'conflict': {
      const told = refused.differences.map(
        ({ field, stored, given }) =>
          `its ${labelOf(field as TradeField)} is ${readable(field, stored)}, not ${readable(field, given)}`,
      );
      return new Failure(`${name} is there already: ${told.join('; ')}. --upsert changes it.`);
    }
  }
}
