import { Command, Option } from 'commander';
import { type BillingStatus, billingStatuses, type Tier } from '../../shared/access.ts';
import { emailAddress } from '../fields.ts';
import { countAccounts } from '../store/accounts.ts';
import { operator } from '../store/audit.ts';
import { type Queries, transact } from '../store/database.ts';
import {
  changePartner,
  findPartner,
  type Partner,
  type PartnerChanges,
} from '../store/partners.ts';
import { replaceSignInAddress } from '../store/sign-in.ts';
import {
  asLongAsItTakes,
  type CommonOptions,
  currencyCode,
  databaseOption,
  jsonOption,
  line,
  outside,
  readAs,
  withDatabase,
} from './options.ts';
import { Failure, print, unknownPartner } from './output.ts';
import { explainTaken, presentPartner, tierOption } from './partner-fields.ts';

interface Options extends CommonOptions {
  name?: string;
  email?: string;
  currency?: string;
  tier?: Tier;
  active?: 'true' | 'false';
  billing?: BillingStatus;
}

export function partnerSetCommand(): Command {
  return new Command('set')
    .description('change a partner; its rights change from its next request on')
    .argument('<partner>', 'the partner’s id, ptr_…')
    .option('--name <name>', 'the firm’s name', line(100))
    .option(
      '--email <address>',
      'the firm’s e-mail address; if the old one could sign in, the new one signs in instead',
      readAs(emailAddress),
    )
    .option(
      '--currency <code>',
      'the currency in which its accounts are added up; all of them must have it',
      currencyCode,
    )
    .addOption(tierOption())
    .addOption(
      new Option('--active <boolean>', 'whether its keys, tokens and sessions are valid').choices([
        'true',
        'false',
      ]),
    )
    .addOption(
      new Option('--billing <status>', 'the billing status that its dashboard shows').choices(
        billingStatuses,
      ),
    )
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(async (id: string, options: Options) => {
      const { name, email, currency, tier, active, billing } = options;
      const details = {
        ...(name && { name }),
        ...(email && { email }),
        ...(currency && { currency }),
        ...(tier && { tier }),
        ...(active && { is_active: active === 'true' }),
        ...(billing && { billing_status: billing }),
      };
      if (Object.keys(details).length === 0)
        throw new Failure(
          'Say what to change: --name, --email, --currency, --tier, --active or --billing.',
        );
      const { is_active, ...others } = details;
      const changes: PartnerChanges = {
        ...others,
        ...(is_active !== undefined && { is_active: is_active ? 1 : 0 }),
      };
      const { partner, replaced } = await withDatabase(options, (database) =>
        transact(
          database,
          (transaction) => change(transaction, id, changes, details),
          is_active === false ? asLongAsItTakes : undefined,
        ),
      ).catch((error) => explainTaken(error, email));
      print(options.json, { partner: presentPartner(partner) }, [
        `${id} is ${partner.is_active ? 'active' : 'inactive'} on ${partner.tier}.`,
        ...(replaced ? [`${email} signs in in place of ${replaced}.`] : []),
      ]);
    });
}

/**
 * Changes a partner. Returns it as it is then, and the address that no longer signs in, or null.
 */
async function change(
  transaction: Queries,
  id: string,
  changes: PartnerChanges,
  details: Readonly<Record<string, unknown>>,
): Promise<{ partner: Partner; replaced: string | null }> {
  const now = outside.clock();
  const before = await findPartner(transaction, id);
  if (!before) throw unknownPartner(id);
  if (changes.currency) await refuseOtherCurrency(transaction, id, changes.currency);
  const act = { action: 'partner.changed', details } as const;
  const partner = (await changePartner(transaction, id, changes, act, operator, now))!;
  const moved = { from: before.email.toLowerCase(), to: partner.email };
  const isReplaced =
    changes.email !== undefined &&
    (await replaceSignInAddress(transaction, id, moved, operator, now));
  return { partner, replaced: isReplaced ? moved.from : null };
}

async function refuseOtherCurrency(transaction: Queries, id: string, currency: string) {
  const { left_out } = await countAccounts(transaction, id, currency);
  if (left_out === 0) return;
  throw new Failure(
    `${left_out} of its accounts ${left_out === 1 ? 'has' : 'have'} another currency than ${currency}, and nothing is converted.`,
  );
}
