import { Command, InvalidArgumentError, Option } from 'commander';
import { lifetimes, mostAccountsOfToken } from '../../shared/access.ts';
import { second } from '../../shared/time.ts';
import { isWidgetName, type WidgetName, widgetNames } from '../../shared/widgets.ts';
import { type EmbedToken, TokenSigner } from '../access/embed-token.ts';
import { presentToken, recordToken, refuseSmallerTier } from '../routes/embed-tokens.ts';
import { operator } from '../store/audit.ts';
import { type Queries, transact } from '../store/database.ts';
import { endTokens } from '../store/partners.ts';
import {
  asLongAsItTakes,
  type CommonOptions,
  databaseOption,
  jsonOption,
  knownPartner,
  outside,
  wholeNumber,
  withDatabase,
} from './options.ts';
import { print } from './output.ts';
import { knownAccountIds, knownUser } from './records.ts';
import { agreeOnSecret } from './secret.ts';

export function tokenCommand(): Command {
  return new Command('token')
    .description('create and revoke embed tokens, which pages use instead of a key')
    .addCommand(create())
    .addCommand(revoke());
}

interface CreateOptions extends CommonOptions {
  widgets?: WidgetName[];
  account?: string;
  accounts?: string[];
  user?: string;
  expiresIn: number;
}

function create(): Command {
  return new Command('create')
    .description('create an embed token, which is not stored')
    .argument('<partner>', 'the partner’s id, ptr_…')
    .option(
      '--widgets <a,b>',
      'the widgets that the token opens, separated by commas (default: all of the tier; with --account, --accounts or --user, all but the leaderboard)',
      widgetList,
    )
    .option(
      '--account <account>',
      'the only account that the token opens: its id, acc_…, or ext: and its external id (default: all)',
    )
    .addOption(
      new Option(
        '--accounts <a,b>',
        'or the only accounts, separated by commas; it opens the first unless asked',
      )
        .argParser(accountList)
        .conflicts(['account', 'user']),
    )
    .addOption(
      new Option(
        '--user <user>',
        'or the user whose accounts it opens, as they are at each request: usr_…, or ext: and the external id',
      ).conflicts('account'),
    )
    .option(
      '--expires-in <seconds>',
      `when the token expires, in seconds; at most ${lifetimes.longestToken}`,
      wholeNumber(1, lifetimes.longestToken),
      lifetimes.token,
    )
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(async (id: string, options: CreateOptions) => {
      const now = outside.clock();
      const { widgets = null, account, user, expiresIn } = options;
      const accounts = options.accounts ?? (account === undefined ? null : [account]);
      const shown = await withDatabase(options, async (database) => {
        const partner = await knownPartner(database, id);
        refuseSmallerTier(partner, widgets ?? []);
        const made: EmbedToken = {
          partner: id,
          key: null,
          widgets,
          accounts: accounts && (await knownAccountIds(database.read, id, accounts)),
          user: user === undefined ? null : (await knownUser(database.read, id, user)).id,
          expires: now + expiresIn * second,
          generation: partner.token_generation,
        };
        const secret = await agreeOnSecret(database, options.db);
        await transact(database, (transaction) => recordToken(transaction, made, operator, now));
        return presentToken(made, new TokenSigner(secret).sign(made));
      });
      print(options.json, shown, shown.token);
    });
}

function accountList(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.length <= mostAccountsOfToken && names.every((name) => name !== '')) return names;
  throw new InvalidArgumentError(
    `It must name 1 to ${mostAccountsOfToken} accounts, separated by commas.`,
  );
}

function widgetList(text: string): WidgetName[] {
  const names = [...new Set(text.split(',').map((name) => name.trim()))];
  const unknown = names.filter((name) => !isWidgetName(name));
  if (unknown.length > 0)
    throw new InvalidArgumentError(
      `There is no widget ${unknown[0]}. There are ${widgetNames.join(', ')}.`,
    );
  return names as WidgetName[];
}

function revoke(): Command {
  return new Command('revoke')
    .description('revoke all embed tokens of a partner')
    .argument('<partner>', 'the partner’s id, ptr_…')
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(async (id: string, options: CommonOptions) => {
      await withDatabase(options, async (database) => {
        await knownPartner(database, id);
        const end = (transaction: Queries) => endTokens(transaction, id, operator, outside.clock());
        await transact(database, end, asLongAsItTakes);
      });
      print(options.json, { partner_id: id, revoked: true }, `No token of ${id} works any more.`);
    });
}
