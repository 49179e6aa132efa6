import type { Readable } from 'node:stream';
import { z } from 'zod';
import {
  type ImportAnswer,
  type ImportSummary,
  importAnswer,
  importReport,
  importsAnswer,
} from '../../shared/answers/imports.ts';
import { toJsonSchema, written } from '../../shared/answers/json-schema.ts';
import { actorOf } from '../access/caller.ts';
import { admitImporter, forImporters } from '../access/import-rights.ts';
import { cursorsOf } from '../cursor.ts';
import { amountAboveZero, dayZone, externalId, text } from '../fields.ts';
import type { RunningImport } from '../imports.ts';
import { formats } from '../ingest/formats.ts';
import {
  type AccountToMake,
  eventChoices,
  type ImportReport,
  mostRefusalsListed,
} from '../ingest/report.ts';
import {
  accountId,
  currency,
  flag,
  mostProblems,
  oneOf,
  reference,
  wholeNumber,
} from '../query.ts';
import { importerOf } from '../records/interrupted-imports.ts';
import { undoAsAsked, undoSome } from '../records/undoing.ts';
import { notFound, Refusal } from '../refusal.ts';
import { action, change, question } from '../route.ts';
import type { Queries } from '../store/database.ts';
import {
  findImport,
  findSameFile,
  type ListedImport,
  listImports,
  type ShownImport,
  tradesOfImport,
} from '../store/imports.ts';
import { knownAccount } from './coverage.ts';

const path = '/api/partner/imports';

/** In bytes. */
const largestFile = 64 * 1024 * 1024;

const fileTypes = ['application/octet-stream', 'text/csv', 'text/html'] as const;

/** An amount of money above zero in a query. */
const amount = written(
  z
    .string()
    .regex(/^\d{1,11}(\.\d{1,4})?$/, 'must be an amount above zero')
    .transform(Number)
    .pipe(amountAboveZero)
    .optional(),
  toJsonSchema(amountAboveZero),
);

const importId = reference.describe('The id of an import.');

/** The fields of a new account, of which `nickname` is required. */
const newAccount = {
  nickname: text(100)
    .optional()
    .describe('Instead of `account_id`: the name of an account to be made.'),
  user_id: reference.optional().describe('Of a new account: its user.'),
  external_id: externalId.optional().describe('Of a new account: the partner’s own id of it.'),
  firm_id: text(200).optional().describe('Of a new account: by which lists are filtered.'),
  firm: text(200).optional().describe('Of a new account: the firm’s name.'),
  currency: currency
    .optional()
    .describe(
      'Of a new account: ISO 4217. Default: the one that the file names, else the partner’s.',
    ),
  starting_balance: amount.describe('Of a new account: the balance at its start.'),
  max_drawdown: amount.describe('Of a new account: how far it may fall below its peak.'),
};

const sending = z.object({
  account_id: reference.optional().describe('The account: its id, or `ext:` and its external id.'),
  ...newAccount,
  file_name: text(200).optional().describe('The name of the file, for lists.'),
  format: oneOf(['auto', ...formats.map(({ name }) => name)])
    .default('auto')
    .describe('The format of the file; `auto` detects it.'),
  timezone: dayZone
    .optional()
    .describe(
      'The zone of times in the file that name none, such as America/Chicago. Default: UTC.',
    ),
  skip_bad: flag.describe('Whether the valid rows are kept even if others are refused.'),
  dry_run: flag.describe('Whether everything is checked and nothing kept.'),
  restore: flag.describe('Whether trades that were deleted come back.'),
  events: oneOf(eventChoices)
    .default('auto')
    .describe(
      'Which events tell of its trades: `auto`: one for each of up to 1,000; `each`: of up to 10,000; `none`. One tells of the import in any case.',
    ),
});

export const fileImport = action({
  name: 'importFile',
  method: 'POST',
  path,
  summary: 'Imports the trades of a broker’s file into an account.',
  ...forImporters,
  query: sending,
  streams: fileTypes,
  limits: { bytes: largestFile, seconds: 15 * 60, quietSeconds: 30 },
  answers: {
    200: { means: 'What would be kept: it was a dry run.', schema: importReport },
    201: { means: 'The import. Its trades are kept.', schema: importAnswer },
    202: {
      means: 'The import, which takes longer than ten seconds and goes on.',
      schema: importAnswer,
    },
  },
  refusals: {
    400: ['unreadable_file', 'import_refused', 'rows_refused', 'sums_too_large', 'invalid_body'],
    404: ['not_found'],
    409: ['conflict'],
    429: ['imports_running'],
  },
  act: async ({ query, stream, caller, services }) => {
    const { account_id, file_name, timezone } = query;
    const { database, imports } = services;
    const partnerId = caller.partner.id;
    refuseTwoAccounts(query);
    const account =
      account_id === undefined
        ? accountToMake(query)
        : (await knownAccount(account_id, partnerId, database.read)).id;
    admitImporter(caller, account);
    const options = {
      ...{ partnerId, account, fileName: file_name ?? null, actor: actorOf(caller) },
      ...{ format: query.format, zone: timezone ?? null, events: query.events },
      ...{ skipsBad: query.skip_bad, isDryRun: query.dry_run, restores: query.restore },
    };
    const running = await imports.begin(options, caller);
    await readAll(stream!, running);
    const outcome = await running.finish();
    if ('runningAs' in outcome) {
      const record = await knownImport(database.read, partnerId, outcome.runningAs);
      return { status: 202, body: await presentImport(database.read, record) };
    }
    const { report } = outcome;
    if (report.refused > 0 && !query.skip_bad) throw rowsRefused(report);
    const { id } = report;
    if (id === null) return { status: 200, body: { ...report, id } };
    const record = await knownImport(database.read, partnerId, id);
    return { status: 201, body: await presentImport(database.read, record) };
  },
});

/** Reads the file. One that can't be is received to its end: else its client would not be told why. */
async function readAll(stream: Readable, running: RunningImport): Promise<void> {
  let failure: unknown = null;
  const giveUp = async (error: unknown) => {
    failure ??= error;
    await running.giveUp();
  };
  try {
    for await (const bytes of stream) if (!failure) await running.read(bytes).catch(giveUp);
  } catch (error) {
    await giveUp(error);
  }
  if (failure) throw failure;
}

type Sending = z.output<typeof sending>;

/** Throws a 400 unless the query names an account, or a new one. */
function refuseTwoAccounts(query: Sending): void {
  const given = Object.keys(newAccount).filter(
    (name) => query[name as keyof Sending] !== undefined,
  );
  const isNew = query.account_id === undefined;
  if (isNew ? given.includes('nickname') : given.length === 0) return;
  const sentence = isNew
    ? 'Say which account: account_id, or for a new one its nickname.'
    : `${given.join(', ')} would describe a new account; leave that out with account_id.`;
  throw new Refusal(400, 'import_refused', sentence);
}

function accountToMake(query: Sending): AccountToMake {
  const { user_id, external_id, firm_id, firm, currency, starting_balance, max_drawdown } = query;
  const fields = { user_id, external_id, firm_id, firm, starting_balance, max_drawdown };
  return { nickname: query.nickname!, ...fields, currency: currency ?? null };
}

/** A 400 for a file of which nothing was kept, as rows of it were refused. */
function rowsRefused(report: ImportReport): Refusal {
  const { refused, refusals } = report;
  const details = refusals
    .slice(0, mostProblems)
    .map(({ line, reason }) => ({ path: `line ${line}`, message: reason }));
  const rows = refused === 1 ? 'One row is' : `${refused} rows are`;
  const sentence = `${rows} refused, so nothing was kept. Mend the file, or send it with skip_bad=true to keep the others.`;
  return new Refusal(400, 'rows_refused', sentence, { details, import: { ...report, id: null } });
}

const cursors = cursorsOf('imports', { created_at: z.int(), id: z.string().max(64) });

/** Who may import may see how that went, as may who reads the trades. */
const forReaders = ['trades:write', 'stats:read'] as const;

export const imports = question({
  name: 'listImports',
  path,
  summary: 'Lists the files that were imported, the newest first.',
  scopes: forReaders,
  query: z.object({
    account_id: accountId.optional().describe('Only imports into this account.'),
    limit: wholeNumber(1, 200, 50).describe('How many imports to list.'),
    cursor: cursors.parameter.optional().describe('The `next` of the page before.'),
  }),
  answers: { 200: { means: 'A page of imports.', schema: importsAnswer } },
  refusals: { 404: ['not_found'] },
  answer: async ({ query, partner, database: { read } }) => {
    const { account_id, limit, cursor } = query;
    const account =
      account_id === undefined ? null : await knownAccount(account_id, partner.id, read);
    const found = await listImports(read, partner.id, {
      ...{ accountId: account?.id ?? null, before: cursor ?? null, limit: limit + 1 },
    });
    const page = found.slice(0, limit);
    const next = found.length > limit ? cursors.write(page.at(-1)!) : null;
    const body = {
      imports: await Promise.all(page.map((each) => summarizeImport(read, each))),
      next,
    };
    return { status: 200, body };
  },
});

export const fileImported = question({
  name: 'readImport',
  path: `${path}/:id`,
  summary: 'Reads what became of a file, or how far its import is.',
  scopes: forReaders,
  query: z.object({ id: importId }),
  answers: { 200: { means: 'The import.', schema: importAnswer } },
  refusals: { 404: ['not_found'] },
  answer: async ({ query, partner, database: { read } }) => {
    const record = await knownImport(read, partner.id, query.id);
    return { status: 200, body: await presentImport(read, record) };
  },
});

/** How long the first step of taking an import back takes, ms; later ones follow beside requests. */
const firstStep = 15;

export const importUndoing = change({
  name: 'undoImport',
  method: 'DELETE',
  path: `${path}/:id`,
  summary:
    'Takes an import back: removes the trades that it added, and opens those that it closed.',
  scope: 'trades:write',
  query: z.object({
    id: importId,
    force: flag.describe('Whether trades that were changed or closed by API since go, too.'),
  }),
  answers: {
    200: { means: 'The import, which is taken back.', schema: importAnswer },
    202: { means: 'The import, which is being taken back.', schema: importAnswer },
  },
  refusals: { 404: ['not_found'] },
  change: async ({ query, transaction, handle, caller, actor, now, random }) => {
    const writing = { transaction, handle, now, random };
    const partnerId = caller.partner.id;
    const record = await knownImport(transaction, partnerId, query.id);
    await undoAsAsked(writing, record, query.force, actor);
    const begun = performance.now();
    await undoSome(writing, () => performance.now() - begun > firstStep, record);
    const after = await knownImport(transaction, partnerId, query.id);
    const body = await presentImport(transaction, after);
    return { status: after.state === 'undoing' ? 202 : 200, body };
  },
});

export async function knownImport(
  database: Queries,
  partnerId: string,
  id: string,
): Promise<ShownImport> {
  const found = await findImport(database, partnerId, id);
  if (found) return found;
  throw notFound('There is no such import. GET /api/partner/imports lists them.');
}

export async function presentImport(database: Queries, record: ShownImport): Promise<ImportAnswer> {
  const refusals = JSON.parse(record.refusals) as ImportReport['refusals'];
  const { state } = record;
  const changed_since =
    state === 'undone' ? await tradesOfImport(database, record, mostRefusalsListed) : [];
  return { ...(await summarizeImport(database, record)), refusals, changed_since };
}

export async function summarizeImport(
  database: Queries,
  record: ListedImport,
): Promise<ImportSummary> {
  const { id: _, ...report } = JSON.parse(record.report) as Omit<ImportReport, 'refusals'>;
  const { partner_id, sha256, number, account_id, nickname, state, reason } = record;
  const { removed, reopened, confirmed } = record;
  const account = account_id === null ? null : { id: account_id, nickname: nickname ?? '' };
  return {
    ...report,
    ...{ id: record.id, account, state, kept: state === 'done' },
    part: state === 'done' ? 1 : record.passed / Math.max(1, record.trades),
    ...{ file_name: record.file_name, sha256, options: JSON.parse(record.options) },
    by: importerOf(record),
    ...{ created_at: record.created_at, finished_at: record.finished_at },
    same_file_in:
      account_id === null
        ? null
        : await findSameFile(database, partner_id, sha256, account_id, number),
    undone: reason && {
      ...{ reason, force: record.is_forced === 1, at: record.undone_at },
      ...{ removed, reopened, confirmed },
    },
  };
}
