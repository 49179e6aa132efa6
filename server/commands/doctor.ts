import SQLite from 'better-sqlite3';
import { Command } from 'commander';
import { checkSums, type Difference, mendSums } from '../store/check-sums.ts';
import {
  type CommonOptions,
  databaseOption,
  jsonOption,
  refuseMissing,
  withDatabase,
} from './options.ts';
import { exitCodes, Failure, print } from './output.ts';

interface Options extends CommonOptions {
  sums?: boolean;
  mend?: boolean;
}

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('check a database, and mend it')
    .option('--sums', 'compare all sums with ones made anew from the trades')
    .option('--mend', 'make sums that differ anew')
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(async (options: Options) => {
      if (!options.sums) throw new Failure('Say what to check: --sums.');
      refuseMissing(options);
      const { found, left } = await withDatabase(options, async (database) => {
        const found = checkFile(options.db);
        if (!options.mend || found.length === 0) return { found, left: found };
        await mendSums(database, found);
        return { found, left: checkFile(options.db) };
      });
      print(options.json, { differences: found, left }, describe(found, left));
      if (left.length > 0) process.exitCode = exitCodes.failed;
    });
}

/** Checks through a connection of its own, as others may write meanwhile. */
function checkFile(file: string): Difference[] {
  const handle = new SQLite(file);
  try {
    return checkSums(handle);
  } finally {
    handle.close();
  }
}

function describe(found: readonly Difference[], left: readonly Difference[]): string[] {
  if (found.length === 0) return ['All sums are as the trades are.'];
  const lines = found.map(
    ({ partner, table, rows }) =>
      `${partner}: ${rows === 1 ? '1 row' : `${rows} rows`} of ${table} ${rows === 1 ? 'differs' : 'differ'}`,
  );
  if (left.length === 0) return [...lines, 'They were made anew, and now are as the trades are.'];
  return [...lines, 'Make them anew with --mend.'];
}
