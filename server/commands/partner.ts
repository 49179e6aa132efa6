import { Command } from 'commander';
import type { Tier } from '../../shared/access.ts';
import { emailAddress } from '../fields.ts';
import { readDashboard } from '../routes/dashboard.ts';
import { transact } from '../store/database.ts';
import { createPartner, listPartners } from '../store/partners.ts';
import { findRemaking } from '../store/settings.ts';
import {
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
import { print, table } from './output.ts';
import { describeDays, explainTaken, presentPartner, tierOption } from './partner-fields.ts';
import { partnerSetCommand } from './partner-set.ts';

export function partnerCommand(): Command {
  return new Command('partner')
    .description('create, list and change partners: the firms that use this server')
    .addCommand(create())
    .addCommand(list())
    .addCommand(show())
    .addCommand(partnerSetCommand());
}

function create(): Command {
  return new Command('create')
    .description('create a partner')
    .requiredOption('--name <name>', 'the firm’s name', line(100))
    .requiredOption(
      '--email <address>',
      'the firm’s e-mail address, the first one that may sign in',
      readAs(emailAddress),
    )
    .addOption(tierOption().default('starter'))
    .option(
      '--currency <code>',
      'the currency in which its accounts are added up',
      currencyCode,
      'USD',
    )
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(
      async (
        options: CommonOptions & { name: string; email: string; tier: Tier; currency: string },
      ) => {
        const { name, email, tier, currency } = options;
        const partner = await withDatabase(options, (database) =>
          transact(database, (transaction) =>
            createPartner(
              transaction,
              { name, email, tier, currency },
              outside.clock(),
              outside.random,
            ),
          ),
        ).catch((error) => explainTaken(error, email));
        print(options.json, { partner: presentPartner(partner) }, `Made ${partner.id} (${name}).`);
      },
    );
}

function list(): Command {
  return new Command('list')
    .description('list the partners')
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(async (options: CommonOptions) => {
      const partners = await withDatabase(options, (database) => listPartners(database.read));
      const rows = partners.map(({ id, name, email, tier, is_active }) => [
        id,
        name,
        email,
        tier,
        is_active ? 'active' : 'inactive',
      ]);
      print(
        options.json,
        { partners: partners.map(presentPartner) },
        rows.length > 0
          ? table(['id', 'name', 'email', 'tier', 'state'], rows)
          : 'No partners yet. Make one: proptally partner create --name … --email …',
      );
    });
}

function show(): Command {
  return new Command('show')
    .description('show a partner’s keys, usage and limits, as its own dashboard does')
    .argument('<partner>', 'the partner’s id, ptr_…')
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(async (id: string, options: CommonOptions) => {
      const { shown, days } = await withDatabase(options, async (database) => {
        const partner = await knownPartner(database, id);
        return {
          shown: await readDashboard(database.read, partner, outside.clock()),
          days: describeDays(partner, await findRemaking(database.read, id)),
        };
      });
      const { partner, keys, usage, limits } = shown;
      const rows = keys.map((key) => [
        key.id,
        `${key.prefix}…`,
        key.label,
        key.is_active ? 'active' : key.paused_at === null ? 'ended' : 'paused',
        String(key.requests_today),
        key.last_used_at === null ? 'never' : new Date(key.last_used_at).toISOString(),
      ]);
      print(options.json, shown, [
        `${partner.name}, ${partner.tier}, ${partner.billing_status}: ${usage.total_30d} requests in 30 days, ${usage.errors_30d} of them refused or failed; ${limits.daily_requests} a key and day.`,
        days,
        '',
        ...table(['id', 'key', 'label', 'state', 'today', 'last used'], rows),
      ]);
    });
}
