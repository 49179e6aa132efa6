import SQLite from 'better-sqlite3';
import { Command, Option } from 'commander';
import { type BillingStatus, billingStatuses, type Tier, tiers } from '../../shared/access.ts';
import { emailAddress } from '../fields.ts';
import { readDashboard } from '../routes/dashboard.ts';
import { operator } from '../store/audit.ts';
import { transact } from '../store/database.ts';
import {
  changePartner,
  createPartner,
  listPartners,
  type Partner,
  type PartnerChanges,
} from '../store/partners.ts';
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
import { Failure, print, table, unknownPartner } from './output.ts';

export function partnerCommand(): Command {
  return new Command('partner')
    .description('the firms that use this server')
    .addCommand(create())
    .addCommand(list())
    .addCommand(show())
    .addCommand(set());
}

const tierOption = () => new Option('--tier <tier>', 'what it may use').choices(tiers);

function create(): Command {
  return new Command('create')
    .description('make a partner')
    .requiredOption('--name <name>', 'the firm’s name', line(100))
    .requiredOption(
      '--email <address>',
      'where the firm is reached, and who signs in first',
      readAs(emailAddress),
    )
    .addOption(tierOption().default('starter'))
    .option('--currency <code>', 'the currency its accounts are added up in', currencyCode, 'USD')
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
        ).catch((error) => {
          if (isTaken(error))
            throw new Failure(`A partner with the address ${email} is there already.`);
          throw error;
        });
        print(options.json, { partner: presentPartner(partner) }, `Made ${partner.id} (${name}).`);
      },
    );
}

function isTaken(error: unknown): boolean {
  return error instanceof SQLite.SqliteError && error.code === 'SQLITE_CONSTRAINT_UNIQUE';
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
    .description('what the partner sees of itself: keys, usage, limits')
    .argument('<partner>', 'its id, ptr_…')
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(async (id: string, options: CommonOptions) => {
      const shown = await withDatabase(options, async (database) =>
        readDashboard(database.read, await knownPartner(database, id), outside.clock()),
      );
      const { partner, keys, usage, limits } = shown;
      const rows = keys.map((key) => [
        key.id,
        `${key.prefix}…`,
        key.label,
        key.is_active ? 'active' : 'ended',
        String(key.requests_today),
        key.last_used_at === null ? 'never' : new Date(key.last_used_at).toISOString(),
      ]);
      print(options.json, shown, [
        `${partner.name}, ${partner.tier}, ${partner.billing_status}: ${usage.total_30d} requests in 30 days, ${usage.errors_30d} of them refused or failed; ${limits.daily_requests} a key and day.`,
        '',
        ...table(['id', 'key', 'label', 'state', 'today', 'last used'], rows),
      ]);
    });
}

type SetOptions = CommonOptions & {
  tier?: Tier;
  active?: 'true' | 'false';
  billing?: BillingStatus;
};

function set(): Command {
  return new Command('set')
    .description('change a partner; what it may do changes with its next request')
    .argument('<partner>', 'its id, ptr_…')
    .addOption(tierOption())
    .addOption(new Option('--active <boolean>', 'whether its keys work').choices(['true', 'false']))
    .addOption(
      new Option('--billing <status>', 'what it is told about its bills').choices(billingStatuses),
    )
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(async (id: string, options: SetOptions) => {
      const changes: PartnerChanges = {};
      if (options.tier) changes.tier = options.tier;
      if (options.active) changes.is_active = options.active === 'true' ? 1 : 0;
      if (options.billing) changes.billing_status = options.billing;
      if (Object.keys(changes).length === 0)
        throw new Failure('Say what to change: --tier, --active or --billing.');
      const { tier, active, billing } = options;
      const details = {
        ...(tier && { tier }),
        ...(active && { is_active: active === 'true' }),
        ...(billing && { billing_status: billing }),
      };
      const act = { action: 'partner.changed', details } as const;
      const partner = await withDatabase(options, (database) =>
        transact(database, (transaction) =>
          changePartner(transaction, id, changes, act, operator, outside.clock()),
        ),
      );
      if (!partner) throw unknownPartner(id);
      print(
        options.json,
        { partner: presentPartner(partner) },
        `${id} is ${partner.is_active ? 'active' : 'inactive'} on ${partner.tier}.`,
      );
    });
}

function presentPartner(partner: Partner) {
  const { id, name, email, tier, currency, is_active, billing_status, created_at } = partner;
  return {
    id,
    name,
    email,
    tier,
    currency,
    is_active: is_active === 1,
    billing_status,
    created_at,
  };
}
