import { Command, InvalidArgumentError } from 'commander';
import { lifetimes } from '../../shared/access.ts';
import { second } from '../../shared/time.ts';
import { isWidgetName, type WidgetName, widgetNames } from '../../shared/widgets.ts';
import { TokenSigner } from '../access/embed-token.ts';
import { recordToken, refuseSmallerTier } from '../routes/embed-tokens.ts';
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
import { knownAccount } from './records.ts';
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
  expiresIn: number;
}

function create(): Command {
  return new Command('create')
    .description('create an embed token, which is not stored')
    .argument('<partner>', 'the partner’s id, ptr_…')
    .option(
      '--widgets <a,b>',
      'the widgets that the token opens, separated by commas (default: all of the tier; with --account, all but the leaderboard)',
      widgetList,
    )
    .option(
      '--account <account>',
      'the only account that the token opens: its id, acc_…, or ext: and its external id (default: all)',
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
      const { widgets = null, account: named = null, expiresIn } = options;
      const expires = now + expiresIn * second;
      const { token, account } = await withDatabase(options, async (database) => {
        const partner = await knownPartner(database, id);
        refuseSmallerTier(partner, widgets ?? []);
        const account = named === null ? null : (await knownAccount(database.read, id, named)).id;
        const generation = partner.token_generation;
        const made = { partner: id, key: null, widgets, account, expires, generation };
        const secret = await agreeOnSecret(database, options.db);
        await transact(database, (transaction) => recordToken(transaction, made, operator, now));
        return { token: new TokenSigner(secret).sign(made), account };
      });
      print(options.json, { token, expires_at: expires, widgets, account_id: account }, token);
    });
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
