import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, lockTimeout } from '../store/database.ts';
import { isBusy } from '../store/dialect.ts';
import type { Random } from '../store/ids.ts';
import { takeStep } from '../store/long-work.ts';
import { openWriter } from '../store/writer-connection.ts';
import { type Importing, type ImportStep, OwnImporting } from './importing.ts';
import type { ImportProgress } from './keeping.ts';
import type { ImportOptions, ImportReport } from './report.ts';

/** How long an import waits before it asks again whether others are done with the account, ms. */
const waitingPause = 100;
/** How often a running import says that its process is alive, ms. */
const beatEvery = 2_000;

/** An import was left to whichever process takes it back. */
export class ImportLeft extends Error {}

/** Who has an import done. */
export interface Driver {
  clock: () => number;
  /** Called after each step. Returns what the next one does. */
  progressed?(progress: ImportProgress): ImportStep;
}

/**
 * Takes the steps of an import whose file was read whole, until there is a report. Throws
 * ImportRefused, NotPossible, and failures of the database if nothing is kept so far.
 */
export async function finishImport(
  database: Database,
  importing: Importing,
  { clock, progressed = () => 'next' }: Driver,
): Promise<ImportReport> {
  let progress = await importing.end();
  let beaten = performance.now();
  for (let isLeft = false; !isLeft; ) {
    const wanted = progressed(progress);
    if (progress.report) return progress.report;
    const isBeat = wanted === 'next' && progress.id && performance.now() - beaten > beatEvery;
    const step = isBeat ? 'beat' : wanted;
    if (isBeat) beaten = performance.now();
    isLeft = step === 'leave';
    if (step === 'next' && progress.isWaiting) await sleep(waitingPause);
    const take = () => importing.step(step, clock());
    try {
      progress = await (step === 'next' && !progress.writes
        ? importing.alone(take)
        : takeStep(database, importing.alone, take, lockTimeout));
    } catch (error) {
      // What is recorded must come to an end, however long another process holds the lock.
      if (!isBusy(error) || progress.id === null || isLeft) throw error;
    }
  }
  throw new ImportLeft('The import was left to another process.');
}

/**
 * Imports a statement into an account, in this process (importing.ts). Nothing is imported when a
 * row is refused, unless `skipsBad` is set. Throws UnreadableStatement when the file can't be read as
 * a statement, RangeError for an unknown zone, ImportRefused, NotPossible.
 */
export async function importStatement(
  database: Database,
  input: AsyncIterable<Uint8Array>,
  options: ImportOptions,
  clock: () => number,
  random: Random,
  progressed?: (progress: ImportProgress) => void,
): Promise<ImportReport> {
  const importing = new OwnImporting(openWriter(database.file()), options, clock(), random);
  const close = () => importing.close();
  database.releases.add(close);
  try {
    for await (const bytes of input) await importing.read(bytes);
    return await finishImport(database, importing, {
      clock,
      progressed: (progress) => {
        progressed?.(progress);
        return 'next';
      },
    });
  } finally {
    database.releases.delete(close);
    await close();
  }
}
