import { Command } from 'commander';
import { type CommonOptions, databaseOption, jsonOption, withDatabase } from './options.ts';
import { print } from './output.ts';
import { changeSecret } from './secret.ts';

export function newSecretCommand(): Command {
  return new Command('new-secret')
    .description('go by the secret that is set now, or a new one where none is, from now on')
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(async (options: CommonOptions) => {
      await withDatabase(options, (database) => changeSecret(database, options.db));
      print(
        options.json,
        { changed: true },
        'The database goes by the secret that is set now. Embed tokens signed with another have ended.',
      );
    });
}
