import { Command } from 'commander';
import { operator } from '../store/audit.ts';
import { transact } from '../store/database.ts';
import { joinOrigins, splitOrigins } from '../store/keys.ts';
import { changePartner, type Partner } from '../store/partners.ts';
import {
  type CommonOptions,
  databaseOption,
  jsonOption,
  knownPartner,
  outside,
  readOrigins,
  withDatabase,
} from './options.ts';
import { print } from './output.ts';

export function originsCommand(): Command {
  return new Command('origins')
    .description('show or replace the origins of the pages that may show a partner’s widgets')
    .addCommand(show())
    .addCommand(set());
}

function printOrigins({ json }: CommonOptions, partner: Partner): void {
  const allowed_origins = splitOrigins(partner.allowed_origins);
  print(json, { allowed_origins }, allowed_origins.length > 0 ? allowed_origins : 'Any page may.');
}

function show(): Command {
  return new Command('show')
    .description('list the origins')
    .argument('<partner>', 'the partner’s id, ptr_…')
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(async (id: string, options: CommonOptions) => {
      printOrigins(options, await withDatabase(options, (database) => knownPartner(database, id)));
    });
}

function set(): Command {
  return new Command('set')
    .description('replace the origins')
    .argument('<partner>', 'the partner’s id, ptr_…')
    .argument(
      '<origins>',
      'the origins, separated by commas, such as https://app.example.com,https://example.com; or any',
      readOrigins,
    )
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(async (id: string, origins: string[], options: CommonOptions) => {
      const changes = { allowed_origins: joinOrigins(origins) };
      const act = { action: 'origins.changed', details: { allowed_origins: origins } } as const;
      const changed = await withDatabase(options, async (database) => {
        await knownPartner(database, id);
        return transact(database, (transaction) =>
          changePartner(transaction, id, changes, act, operator, outside.clock()),
        );
      });
      printOrigins(options, changed!);
    });
}
