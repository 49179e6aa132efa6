import { z } from 'zod';
import { importStates, undoReasons } from '../imports.ts';
import { auditActor } from './audit.ts';
import { count, cursor, figure, id, moment, text, yesOrNo } from './fields.ts';

const odd = z
  .object({
    trades: count('How many trades.'),
    lines: z.array(z.int()).describe('The lines of the first ones.'),
  })
  .meta({ id: 'OddTrades' });

const report = {
  format: text('The format of the file.'),
  account: z
    .object({
      id: id('acc', 'The account’s id; null: a dry run does not create it.').nullable(),
      nickname: text('The account’s name.'),
    })
    .nullable()
    .describe('The account that the trades go into; null: it was not created.'),
  currency: text('The account’s currency, ISO 4217; empty while there is no account.'),
  kept: yesOrNo('Whether the file’s valid rows are kept.'),
  dry_run: yesOrNo('Whether it was only to be seen what would be kept.'),
  read: count(
    'Rows that should be trades: once the import has ended, the sum of the seven counts that follow.',
  ),
  added: count('Rows that added a trade.'),
  closed: count('Trades that were open and are closed now.'),
  already_there: count('Rows that add nothing to what is stored, or to an earlier row.'),
  corrected: count('Rows of trades that were corrected since; they stay as they are.'),
  deleted: count('Rows of trades that were deleted since.'),
  refused: count('Rows that can’t be kept.'),
  held_back: count('Valid rows that were not kept because others were refused.'),
  passed_over: z
    .record(z.string(), z.int())
    .describe('How many rows are no trades, by what they are.'),
  assumed_zone: z
    .enum(['UTC'])
    .nullable()
    .describe('Set when times without a zone were taken as UTC.'),
  in_future: odd.describe('Trades after today in every zone: a year may be mistyped.'),
  long_ago: odd.describe('Trades that began more than thirty years ago.'),
  same_file_in: z
    .object({
      import_id: id('imp', 'That import’s id.'),
      account_id: id('acc', 'Its account’s id.'),
      nickname: text('Its account’s name.'),
    })
    .nullable()
    .describe(
      'A warning: the first import of the same file into another account, which counts its trades, too; null: there is none.',
    ),
  problem: text('Why nothing was kept, if not because of refused rows.').nullable(),
};

const refusedRow = z
  .object({
    line: z.int().describe('The line of the file, from 1.'),
    reason: text('Why the row can’t be kept.'),
  })
  .meta({ id: 'RefusedRow' });

const withRefusals = {
  ...report,
  refusals: z.array(refusedRow).describe('The refused rows, up to a thousand.'),
};

/** What a file would become, or was refused for. */
export const importReport = z
  .object({ id: z.null().describe('It has no record, as nothing was kept.'), ...withRefusals })
  .meta({ id: 'ImportReport' });

const recorded = {
  id: id('imp', 'The import’s id.'),
  state: z
    .enum(importStates)
    .describe(
      '`running`: its trades are being kept; `done`: they are; `refused`: nothing was kept; `undoing`, `undone`: it is being taken back, or was.',
    ),
  part: figure('How far it is, from 0 to 1.'),
  file_name: text('The name of the file; null: none was given.').nullable(),
  sha256: text('The SHA-256 of the file, hex.'),
  options: z
    .record(z.string(), z.union([z.string(), z.boolean(), z.null()]))
    .describe('The parameters that it was sent with.'),
  by: auditActor.describe('Who sent it.'),
  created_at: moment('When it was begun.'),
  finished_at: moment('When it was done, or refused; null: not yet.').nullable(),
  undone: z
    .object({
      reason: z
        .enum(undoReasons)
        .describe(
          '`asked`: somebody wanted it; `conflict`: rows had become impossible while others were kept; `interrupted`: the process that kept them has ended.',
        ),
      force: yesOrNo('Whether trades that were changed since were taken back, too.'),
      at: moment('When that was finished; null: not yet.').nullable(),
      removed: count('How many trades were removed.'),
      reopened: count('How many were opened again.'),
      confirmed: count('How many stayed because another import, or the API, has them, too.'),
    })
    .nullable()
    .describe('How it was taken back; null: it was not.'),
};

/** A file that was imported, without the rows that were refused. */
export const importSummary = z.object({ ...recorded, ...report }).meta({ id: 'ImportSummary' });

export type ImportSummary = z.output<typeof importSummary>;

/** `GET /imports/{id}` */
export const importAnswer = z
  .object({
    ...recorded,
    ...withRefusals,
    changed_since: z
      .array(z.string())
      .describe(
        'Of an import that was taken back: the ids of trades that stayed because they were changed or closed by API since, up to a thousand.',
      ),
  })
  .meta({ id: 'ImportAnswer', description: 'An import of a file.' });

export type ImportAnswer = z.output<typeof importAnswer>;

/** `GET /imports` */
export const importsAnswer = z
  .object({
    imports: z.array(importSummary).describe('The imports of this page, the newest first.'),
    next: cursor('The `cursor` of the next page; null: this is the last one.').nullable(),
  })
  .meta({ id: 'ImportsAnswer' });
