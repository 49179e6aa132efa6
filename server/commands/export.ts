import { createWriteStream, lstatSync, renameSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import { type Period, periods } from '../../shared/period.ts';
import {
  type Direction,
  directions,
  type TradeStatus,
  tradeStatuses,
} from '../../shared/trades.ts';
import { whenOf } from '../answering.ts';
import { historyCsv, readHistoryPage } from '../export/history.ts';
import { historyWanted } from '../routes/trades-csv.ts';
import { removeFile } from '../store/database-file.ts';
import { knownPartner, outside, refuseMissing, withDatabase } from './options.ts';
import { Failure, print } from './output.ts';
import { attemptOption, knownAccount, type OfPartner, ofPartner } from './records.ts';

interface Options extends OfPartner {
  account: string;
  attempt?: number;
  period: Period;
  symbol?: string;
  direction?: Direction;
  status: TradeStatus;
  output?: string;
}

export function exportCommand(): Command {
  return ofPartner(
    'export',
    'write the history of an account as CSV, from which an import makes it again',
  )
    .requiredOption('--account <account>', 'the account’s id, acc_…, or ext: and its external id')
    .option(
      '--output <file>',
      'the file to write, in place of one that is there (default: standard output)',
    )
    .addOption(attemptOption('only the trades of this attempt (default: those of all)'))
    .addOption(
      new Option('--period <period>', 'only trades closed in the last days, and open ones')
        .choices(periods)
        .default('all'),
    )
    .option('--symbol <symbol>', 'only trades in this symbol')
    .addOption(
      new Option('--direction <direction>', 'only long or only short ones').choices(directions),
    )
    .addOption(
      new Option('--status <status>', 'only closed or only open ones')
        .choices(tradeStatuses)
        .default('all'),
    )
    .action(async (options: Options) => {
      refuseMissing(options);
      await withDatabase(options, async (database) => {
        const { read } = database;
        const partner = await knownPartner(database, options.partner);
        const account = await knownAccount(read, partner.id, options.account, options.attempt);
        const when = whenOf({ now: outside.clock(), isTimely: false }, partner);
        const wanted = historyWanted(account, options, when);
        const pieces = historyCsv((place) => readHistoryPage(read, wanted, place));
        if (options.output === undefined) return toOutput(pieces);
        await toFile(pieces, options.output);
        print(options.json, { file: options.output }, `Wrote ${options.output}.`);
      });
    });
}

/** A reader may close its end of the pipe, such as `head`: then there is nothing more to do. */
async function toOutput(pieces: AsyncIterable<string>): Promise<void> {
  await pipeline(pieces, process.stdout, { end: false }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

/** Written under another name, so that a partial file is never taken for an export. */
async function toFile(pieces: AsyncIterable<string>, file: string): Promise<void> {
  const there = lstatSync(file, { throwIfNoEntry: false });
  if (there && !there.isFile()) throw new Failure(`${file} is no file. Name another.`);
  const partial = `${file}.${process.pid}.part`;
  try {
    await pipeline(pieces, createWriteStream(partial, { flags: 'wx', mode: 0o600 }));
    renameSync(partial, file);
  } catch (error) {
    removeFile(partial);
    const { syscall, code } = error as NodeJS.ErrnoException;
    if (!syscall) throw error;
    throw new Failure(`${file} can’t be written (${code}). Check its folder and disk.`);
  }
}
