import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import type { ImportAnswer, ImportSummary } from '../../shared/answers/imports.ts';
import { InterruptedImports } from '../records/interrupted-imports.ts';
import { undoAsAsked, undoSome } from '../records/undoing.ts';
import { presentImport, summarizeImport } from '../routes/imports.ts';
import { operator } from '../store/audit.ts';
import { type Database, type Queries, transact } from '../store/database.ts';
import { findImport, listImports, type ShownImport } from '../store/imports.ts';
import { asLongAsItTakes, knownPartner, outside, wholeNumber, withDatabase } from './options.ts';
import { describe, Failure, print, table } from './output.ts';
import {
  counted,
  knownAccount,
  longestStep,
  type OfPartner,
  ofPartner,
  shortestPause,
} from './records.ts';

export function importsCommand(): Command {
  return new Command('imports')
    .description('list the files that were imported, and take one back')
    .addCommand(list())
    .addCommand(show())
    .addCommand(undo());
}

interface ListOptions extends OfPartner {
  account?: string;
  limit: number;
}

function list(): Command {
  return ofPartner('list', 'list imports, the newest first')
    .option('--account <account>', 'only those into this account')
    .option('--limit <count>', 'how many to list', wholeNumber(1, 10_000), 50)
    .action(async ({ partner, account, limit, ...options }: ListOptions) => {
      const imports = await withDatabase(options, async ({ read }) => {
        await knownPartner({ read } as Database, partner);
        const into = account === undefined ? null : await knownAccount(read, partner, account);
        const wanted = { accountId: into?.id ?? null, before: null, limit };
        const found = await listImports(read, partner, wanted);
        return Promise.all(found.map((each) => summarizeImport(read, each)));
      });
      print(
        options.json,
        { imports },
        imports.length > 0
          ? table(['id', 'begun', 'state', 'account', 'added', 'closed', 'file'], imports.map(row))
          : 'No imports yet. Import a file: proptally import FILE --partner …',
      );
    });
}

function row(summary: ImportSummary): string[] {
  const { id, created_at, state, account, added, closed, file_name } = summary;
  const begun = new Date(created_at).toISOString();
  return [id, begun, state, account?.id ?? '', String(added), String(closed), file_name ?? ''];
}

function ofImport(name: string, description: string): Command {
  return ofPartner(name, description).argument('<import>', 'the import’s id, imp_…');
}

function show(): Command {
  return ofImport('show', 'show an import, and what became of its rows').action(
    async (id: string, { partner, ...options }: OfPartner) => {
      const shown = await withDatabase(options, async ({ read }) =>
        presentImport(read, await known(read, partner, id)),
      );
      print(options.json, shown, describeImport(shown));
    },
  );
}

function describeImport(shown: ImportAnswer): string[] {
  const { refusals, changed_since, account, by, undone, options, passed_over, ...fields } = shown;
  const { in_future, long_ago, same_file_in, ...plain } = fields;
  const lines = describe({ ...plain, account: account?.id ?? null, by: by.name ?? by.type });
  if (undone) {
    const { removed, reopened, confirmed } = undone;
    lines.push(
      `Taken back: ${removed} removed, ${reopened} opened again, ${confirmed} kept, as others have them, too.`,
    );
  }
  for (const { line, reason } of refusals.slice(0, 20)) lines.push(`Line ${line}: ${reason}`);
  return [...lines, ...describeChanged(changed_since)];
}

function describeChanged(ids: readonly string[]): string[] {
  if (ids.length === 0) return [];
  const shown = ids.slice(0, 20).join(', ');
  const more = ids.length > 20 ? ', …' : '';
  return [`Kept, as they were changed since: ${shown}${more}. --force takes them back, too.`];
}

interface UndoOptions extends OfPartner {
  force?: boolean;
}

function undo(): Command {
  return ofImport('undo', 'take an import back: remove what it added, open what it closed')
    .option('--force', 'take back trades that were changed or closed by API since, too')
    .action(async (id: string, { partner, force = false, ...options }: UndoOptions) => {
      const undone = await withDatabase(options, async (database) => {
        const begin = async (transaction: Queries) => {
          const moment = { now: outside.clock(), random: outside.random };
          const writing = { transaction, handle: database.handle, ...moment };
          await undoAsAsked(writing, await known(transaction, partner, id), force, operator);
        };
        await transact(database, begin, asLongAsItTakes);
        await finishUndoing(database, partner, id);
        return presentImport(database.read, await known(database.read, partner, id));
      });
      const { removed = 0, reopened = 0, confirmed = 0 } = undone.undone ?? {};
      print(options.json, undone, [
        `${id} is taken back: ${counted(removed, 'trade')} removed, ${reopened} opened again, ${confirmed} kept, as others have them, too.`,
        ...describeChanged(undone.changed_since),
      ]);
    });
}

async function known(database: Queries, partnerId: string, id: string): Promise<ShownImport> {
  const found = await findImport(database, partnerId, id);
  if (found) return found;
  throw new Failure(`${partnerId} has no import ${id}. proptally imports list shows them.`);
}

/**
 * Goes on with taking an import back until nothing is left of it; before that, with those that were
 * interrupted while they were kept in its account. Other processes may do so, too.
 */
async function finishUndoing(database: Database, partnerId: string, id: string): Promise<void> {
  const interrupted = new InterruptedImports(database, outside.random);
  for (;;) {
    const record = await findImport(database.read, partnerId, id);
    if (record?.state !== 'undoing') return;
    await interrupted.look(outside.clock());
    const begun = performance.now();
    const isLeft = await undoStep(database);
    await sleep(isLeft ? Math.max(shortestPause, performance.now() - begun) : lookEvery / 5);
  }
}

/** Takes a step of taking imports back. */
function undoStep(database: Database): Promise<boolean> {
  const begun = performance.now();
  return transact(
    database,
    (transaction) => {
      const moment = { now: outside.clock(), random: outside.random };
      const writing = { transaction, handle: database.handle, ...moment };
      return undoSome(writing, () => performance.now() - begun > longestStep);
    },
    asLongAsItTakes,
  );
}

/** How often it is looked whether imports go on, ms. */
const lookEvery = 500;

/** Takes back the imports whose process has ended before they were done. */
export async function takeBackInterrupted(database: Database): Promise<void> {
  const interrupted = new InterruptedImports(database, outside.random);
  for (;;) {
    const { isUndoing, isUnsure } = await interrupted.look(outside.clock());
    const isLeft = isUndoing && (await undoStep(database));
    if (!isLeft && !isUnsure) return;
    await sleep(isLeft ? shortestPause : lookEvery);
  }
}
