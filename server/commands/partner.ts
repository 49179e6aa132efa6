import SQLite from 'better-sqlite3';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type Tier, tiers } from '../../shared/access.ts';
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
  nonEmpty,
  outside,
  withDatabase,
} from './options.ts';
import { Failure, print, table, unknownPartner } from './output.ts';

export function partnerCommand(): Command {
  return new Command('partner')
    .description('the firms that use this server')
    .addCommand(create())
    .addCommand(list())
    .addCommand(set());
}

const tierOption = () => new Option('--tier <tier>', 'what it may use').choices(tiers);

function create(): Command {
  return new Command('create')
    .description('make a partner')
    .requiredOption('--name <name>', 'the firm’s name', nonEmpty(100))
    .requiredOption('--email <address>', 'where the firm is reached', emailAddress)
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
          createPartner(
            database.write,
            { name, email, tier, currency },
            outside.clock(),
            outside.random,
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

function emailAddress(text: string): string {
  const address = text.trim().toLowerCase();
  if (/^[^\s@]+@[^\s@]+$/.test(address) && address.length <= 254) return address;
  throw new InvalidArgumentError('It must be an e-mail address.');
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

function set(): Command {
  return new Command('set')
    .description('change a partner; what it may do changes with its next request')
    .argument('<partner>', 'its id, ptr_…')
    .addOption(tierOption())
    .addOption(new Option('--active <boolean>', 'whether its keys work').choices(['true', 'false']))
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(
      async (id: string, options: CommonOptions & { tier?: Tier; active?: 'true' | 'false' }) => {
        const changes: PartnerChanges = {};
        if (options.tier) changes.tier = options.tier;
        if (options.active) changes.is_active = options.active === 'true' ? 1 : 0;
        if (Object.keys(changes).length === 0)
          throw new Failure('Say what to change: --tier or --active.');
        const partner = await withDatabase(options, (database) =>
          changePartner(database.write, id, changes),
        );
        if (!partner) throw unknownPartner(id);
        const { tier, is_active } = partner;
        print(
          options.json,
          { partner: presentPartner(partner) },
          `${id} is ${is_active ? 'active' : 'inactive'} on ${tier}.`,
        );
      },
    );
}

function presentPartner({ id, name, email, tier, currency, is_active, created_at }: Partner) {
  return { id, name, email, tier, currency, is_active: is_active === 1, created_at };
}
