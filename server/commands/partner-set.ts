import { Command, Option } from 'commander';
import { type BillingStatus, billingStatuses, type Tier } from '../../shared/access.ts';
import { type DaySettings, formatDayStart } from '../../shared/trading-day.ts';
import { dayStart, dayZone, emailAddress } from '../fields.ts';
import { operator } from '../store/audit.ts';
import { type Database, type Queries, transact } from '../store/database.ts';
import {
  changePartner,
  findPartner,
  type Partner,
  type PartnerChanges,
} from '../store/partners.ts';
import { remakeSums } from '../store/remaking.ts';
import { changeDays, findRemaking, type Remaking, refuseOtherCurrency } from '../store/settings.ts';
import { replaceSignInAddress } from '../store/sign-in.ts';
import {
  asLongAsItTakes,
  type CommonOptions,
  currencyCode,
  databaseOption,
  jsonOption,
  knownPartner,
  line,
  outside,
  readAs,
  withDatabase,
} from './options.ts';
import { Failure, print, unknownPartner } from './output.ts';
import { describeDays, explainTaken, presentPartner, tierOption } from './partner-fields.ts';

interface Options extends CommonOptions {
  name?: string;
  email?: string;
  currency?: string;
  tier?: Tier;
  active?: 'true' | 'false';
  billing?: BillingStatus;
  dayZone?: string;
  dayStart?: number;
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
    .option(
      '--day-zone <zone>',
      'the time zone of its trading days, such as America/Chicago',
      readAs(dayZone),
    )
    .option(
      '--day-start <time>',
      'when a trading day begins on the zone’s clock, such as 17:00',
      readAs(dayStart),
    )
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(async (id: string, options: Options) => {
      const { name, email, currency, tier, active, billing } = options;
      const days = {
        ...(options.dayZone !== undefined && { zone: options.dayZone }),
        ...(options.dayStart !== undefined && { start: options.dayStart }),
      };
      const changesDays = Object.keys(days).length > 0;
      const details = {
        ...(name && { name }),
        ...(email && { email }),
        ...(currency && { currency }),
        ...(tier && { tier }),
        ...(active && { is_active: active === 'true' }),
        ...(billing && { billing_status: billing }),
        ...(days.zone !== undefined && { day_zone: days.zone }),
        ...(days.start !== undefined && { day_start: formatDayStart(days.start) }),
      };
      if (Object.keys(details).length === 0)
        throw new Failure(
          'Say what to change: --name, --email, --currency, --tier, --active, --billing, --day-zone or --day-start.',
        );
      const { is_active, day_zone: _zone, day_start: _start, ...others } = details;
      const changes: PartnerChanges = {
        ...others,
        ...(is_active !== undefined && { is_active: is_active ? 1 : 0 }),
      };
      const { partner, replaced, coming } = await withDatabase(options, async (database) => {
        const changed = await transact(
          database,
          (transaction) => change(database, transaction, id, { changes, details, days }),
          is_active === false ? asLongAsItTakes : undefined,
        );
        if (!changesDays) return changed;
        // Summing may take minutes, in which the operator wants to know what for.
        if (changed.coming && !options.json)
          print(false, {}, describeDays(changed.partner, changed.coming));
        await remakeSums(database, () => false, { wait: asLongAsItTakes });
        const coming = await findRemaking(database.read, id);
        return { ...changed, partner: await knownPartner(database, id), coming };
      }).catch((error) => explainTaken(error, email));
      print(options.json, { partner: presentPartner(partner) }, [
        `${id} is ${partner.is_active ? 'active' : 'inactive'} on ${partner.tier}.`,
        ...(changesDays ? [describeDays(partner, coming)] : []),
        ...(replaced ? [`${email} signs in in place of ${replaced}.`] : []),
      ]);
    });
}

interface Change {
  changes: PartnerChanges;
  /** What the audit trail says. */
  details: Readonly<Record<string, unknown>>;
  days: Partial<DaySettings>;
}

interface Changed {
  /** As it is then. */
  partner: Partner;
  /** The address that no longer signs in, or null. */
  replaced: string | null;
  /** The days for which its sums are made from then on; undefined: they are as they are to be. */
  coming: Remaking | undefined;
}

async function change(
  database: Database,
  transaction: Queries,
  id: string,
  { changes, details, days }: Change,
): Promise<Changed> {
  const now = outside.clock();
  const before = await findPartner(transaction, id);
  if (!before) throw unknownPartner(id);
  if (changes.currency) await refuseOtherCurrency(transaction, id, changes.currency);
  const act = { action: 'partner.changed', details } as const;
  const partner = (await changePartner(transaction, id, changes, act, operator, now))!;
  await changeDays(database.handle, transaction, partner, days);
  const moved = { from: before.email.toLowerCase(), to: partner.email };
  const isReplaced =
    changes.email !== undefined &&
    (await replaceSignInAddress(transaction, id, moved, operator, now));
  const coming = await findRemaking(transaction, id);
  return { partner, replaced: isReplaced ? moved.from : null, coming };
}
