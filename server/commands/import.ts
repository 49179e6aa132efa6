import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { Presets, SingleBar } from 'cli-progress';
import { Command, Option } from 'commander';
import { UnreadableStatement } from '../ingest/format.ts';
import { formats } from '../ingest/formats.ts';
import { importStatement } from '../ingest/import.ts';
import type { Odd } from '../ingest/odd-times.ts';
import {
  eventChoices,
  type ImportOptions,
  ImportRefused,
  type ImportReport,
} from '../ingest/report.ts';
import { operator } from '../store/audit.ts';
import { findPartner } from '../store/partners.ts';
import { takeBackInterrupted } from './imports.ts';
import {
  amount,
  type CommonOptions,
  currencyCode,
  databaseOption,
  jsonOption,
  line,
  outside,
  withDatabase,
} from './options.ts';
import { exitCodes, Failure, print, unknownPartner } from './output.ts';

interface Options extends CommonOptions {
  partner: string;
  account?: string;
  newAccount?: string;
  firm?: string;
  balance?: number;
  currency?: string;
  format: ImportOptions['format'];
  timezone?: string;
  skipBad?: boolean;
  dryRun?: boolean;
  restore?: boolean;
  events: ImportOptions['events'];
}

export function importCommand(): Command {
  return new Command('import')
    .description('import the trades of a broker’s statement into an account')
    .argument('<file>', 'the statement file')
    .requiredOption('--partner <partner>', 'the id of the account’s partner, ptr_…')
    .addOption(
      new Option(
        '--account <account>',
        'an existing account: its id, acc_…, or ext: and its external id',
      ).conflicts('newAccount'),
    )
    .option('--new-account <nickname>', 'create an account with this name', line(100))
    .option(
      '--firm <firm>',
      'for a new account: the name of the firm that it belongs to',
      line(200),
    )
    .option('--balance <amount>', 'for a new account: its starting balance', amount)
    .option(
      '--currency <code>',
      'for a new account: its currency (default: the one that the file names, else the partner’s)',
      currencyCode,
    )
    .addOption(
      new Option('--format <format>', 'the format of the file; auto detects it')
        .choices(['auto', ...formats.map(({ name }) => name)])
        .default('auto'),
    )
    .option(
      '--timezone <zone>',
      'the time zone of times that name none, such as America/Chicago (default: UTC)',
    )
    .option('--dry-run', 'read and check the file, but store nothing')
    .option('--skip-bad', 'store the good rows even if others are refused')
    .option('--restore', 'bring back trades that were deleted')
    .addOption(
      new Option(
        '--events <events>',
        'which events tell of its trades; auto: one for each of up to 1,000, each: of up to 10,000',
      )
        .choices(eventChoices)
        .default('auto'),
    )
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(async (file: string, options: Options) => {
      const report = await withDatabase(options, async (database) => {
        const partner = await findPartner(database.read, options.partner);
        if (!partner) throw unknownPartner(options.partner);
        const { size } = await stat(file);
        await takeBackInterrupted(database);
        const keeping = barFor('Keeping');
        return importStatement(
          database,
          withProgress(createReadStream(file), size),
          importOptions(options, path.basename(file)),
          outside.clock,
          outside.random,
          ({ part }) => keeping.show(part),
        )
          .finally(() => keeping.stop())
          .catch(explainRefusedFile);
      });
      print(options.json, report, describe(report, options));
      if (report.refused > 0 && !options.skipBad) process.exitCode = exitCodes.refused;
    });
}

function importOptions(options: Options, fileName: string): ImportOptions {
  const { partner, account, newAccount, firm, balance } = options;
  if (!account && !newAccount)
    throw new Failure('Say which account: --account acc_… or --new-account NICKNAME.');
  if (account && (firm ?? balance ?? options.currency) !== undefined) {
    throw new Failure(
      '--firm, --balance and --currency describe a new account; leave them out with --account.',
    );
  }
  return {
    partnerId: partner,
    account: account ?? {
      nickname: newAccount!,
      firm_id: firm ?? null,
      currency: options.currency ?? null,
      starting_balance: balance ?? null,
    },
    format: options.format,
    zone: options.timezone ?? null,
    skipsBad: options.skipBad ?? false,
    isDryRun: options.dryRun ?? false,
    restores: options.restore ?? false,
    events: options.events,
    fileName,
    actor: operator,
  };
}

/** A bar on a terminal. It appears when there is something to show: a part, from 0 to 1. */
function barFor(what: string) {
  const bar = new SingleBar(
    { format: `${what} {bar} {percentage}%`, stream: process.stderr, noTTYOutput: false },
    Presets.shades_classic,
  );
  let isShown = false;
  return {
    show(part: number) {
      if (part === 0) return;
      if (!isShown) bar.start(1, part);
      else bar.update(part);
      isShown = true;
    },
    stop() {
      if (isShown) bar.stop();
    },
  };
}

/** Yields the same bytes. A bar on a terminal shows how many of them have been read. */
async function* withProgress(bytes: AsyncIterable<Uint8Array>, size: number) {
  const bar = barFor('Reading');
  let read = 0;
  try {
    for await (const chunk of bytes) {
      yield chunk;
      read += chunk.length;
      bar.show(read / size);
    }
  } finally {
    bar.stop();
  }
}

function explainRefusedFile(error: unknown): never {
  if (error instanceof UnreadableStatement) {
    const place = error.line === null ? '' : `Line ${error.line}: `;
    throw new Failure(`${place}${error.message} Nothing was kept.`);
  }
  if (error instanceof ImportRefused) throw new Failure(`${error.message} Nothing was kept.`);
  if (error instanceof RangeError) throw new Failure(error.message);
  throw error;
}

function describe(report: ImportReport, options: Options): string[] {
  const format = formats.find(({ name }) => name === report.format)!;
  const lines = [
    `Read ${report.read} ${report.read === 1 ? 'trade' : 'trades'} of ${format.title}: ${report.added} added, ${report.already_there} already there, ${report.refused} refused.`,
  ];
  if (report.corrected > 0) {
    lines.push(`${report.corrected} of those there were corrected since, and stay as they are.`);
  }
  if (report.deleted > 0) {
    lines.push(
      `${report.deleted} were deleted since and are passed over; --restore brings them back.`,
    );
  }
  if (report.closed > 0) lines.push(`${report.closed} that were open are closed now.`);
  for (const [what, count] of Object.entries(report.passed_over)) {
    lines.push(`Passed over, being no trades: ${count} × ${what}.`);
  }
  if (report.assumed_zone) {
    lines.push('Its times name no zone and were taken as UTC. Name theirs with --timezone.');
  }
  const listed = report.refusals.slice(0, 20);
  for (const { line, reason } of listed) lines.push(`Line ${line}: ${reason}`);
  if (report.refused > listed.length) lines.push(`… and ${report.refused - listed.length} more.`);
  if (report.same_file_in) {
    const { import_id, account_id, nickname } = report.same_file_in;
    lines.push(
      `The same file is in ${account_id} (${nickname}) already, by ${import_id}: its trades count in both. If that is wrong, take one back: proptally imports undo.`,
    );
  }
  lines.push(...describeOdd(report.in_future, 'In the future'));
  lines.push(...describeOdd(report.long_ago, 'More than thirty years old'));
  if (report.refused > 0 && !options.skipBad) {
    const others = report.held_back === 0 ? '' : ', or keep the others with --skip-bad';
    lines.push(`Nothing was kept. Mend these rows${others}.`);
  } else if (report.dry_run) lines.push('Nothing was kept: this was a dry run.');
  else if (options.newAccount) {
    lines.push(`Made ${report.account?.id} (${options.newAccount}), in ${report.currency}.`);
  }
  if (report.id) lines.push(`This import is ${report.id}.`);
  return lines;
}

function describeOdd({ trades, lines }: Odd, what: string): string[] {
  if (trades === 0) return [];
  const shown = lines.slice(0, 5);
  const more = trades > shown.length ? ', …' : '';
  const s = trades === 1 ? '' : 's';
  return [
    `${what}, perhaps by a mistyped year: ${trades} trade${s} (line${s} ${shown.join(', ')}${more}).`,
  ];
}
