import { Command } from 'commander';
import { type CommonOptions, databaseOption, jsonOption, withDatabase } from './options.ts';
import { print } from './output.ts';
import { changeSecret } from './secret.ts';

export function newSecretCommand(): Command {
  return new Command('new-secret')
    .description(
      'switch to the current PROPTALLY_SECRET or secret file, or to a new one if there is neither; embed tokens signed with another secret end',
    )
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
