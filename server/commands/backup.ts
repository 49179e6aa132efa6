import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { Command } from 'commander';
import { type CommonOptions, databaseOption, jsonOption, withDatabase } from './options.ts';
import { Failure, print } from './output.ts';
import { secretFileOf } from './secret.ts';

export function backupCommand(): Command {
  return new Command('backup')
    .description('write a copy of the database while it is in use')
    .argument('<file>', 'a new file')
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(async (file: string, options: CommonOptions) => {
      if (!existsSync(options.db))
        throw new Failure(`There is no database ${options.db}. Name it with --db.`);
      const secret = secretFileOf(options.db);
      const copies = existsSync(secret) ? [file, secretFileOf(file)] : [file];
      const taken = copies.find((copy) => existsSync(copy));
      if (taken) throw new Failure(`${taken} is there already. Name a new file.`);
      // Under another name until it is whole, so that a half one is never taken for a backup.
      const partial = `${file}.part`;
      rmSync(partial, { force: true });
      await withDatabase(options, async (database) => {
        database.handle.prepare('vacuum into ?').run(partial);
      });
      // Without it what the server signed or encrypted is lost.
      if (existsSync(secret)) copyFileSync(secret, secretFileOf(file));
      renameSync(partial, file);
      print(options.json, { file }, `Wrote ${file}.`);
    });
}
