import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { finishImport } from '../../server/ingest/import.ts';
import { OwnImporting } from '../../server/ingest/importing.ts';
import { type PartSizes, partSizes } from '../../server/ingest/incoming.ts';
import type { ImportOptions, ImportReport } from '../../server/ingest/report.ts';
import { beginUndoing, undoSome } from '../../server/records/undoing.ts';
import { operator } from '../../server/store/audit.ts';
import { type Database, transact } from '../../server/store/database.ts';
import { findImport } from '../../server/store/imports.ts';
import { openWriter } from '../../server/store/writer-connection.ts';
import { importDefaults, plainCsv, type TestTrade } from './partner.ts';
import { testNow } from './server.ts';

/** With these a file of two rows is kept in parts, like one of 5,001 otherwise. */
const smallParts: PartSizes = { atOnce: 1, checked: 2, first: 1, least: 1, most: 2 };

interface RowsToImport {
  partnerId: string;
  account: string;
  rows: readonly TestTrade[];
  options?: Partial<ImportOptions>;
  /** Whether they are kept in parts. */
  inParts?: boolean;
  /** After how many steps its process ends; what was kept is taken back then. */
  stopAfter?: number;
}

/** Imports rows; null: its process ended before it was over. */
export async function importRows(
  database: Database,
  { partnerId, account, rows, options = {}, inParts = false, stopAfter = Infinity }: RowsToImport,
): Promise<ImportReport | null> {
  const connection = openWriter(database.file());
  // Hundreds of imports need not survive a power cut.
  connection.handle.pragma('synchronous = off');
  const importing = new OwnImporting(
    connection,
    { ...importDefaults, ...options, partnerId, account, format: 'csv', zone: 'UTC' },
    testNow,
    randomBytes,
    undefined,
    inParts ? smallParts : partSizes,
  );
  let steps = 0;
  let id: string | null = null;
  try {
    await importing.read(Buffer.from(plainCsv(rows)));
    return await finishImport(database, importing, {
      clock: () => testNow,
      progressed: (progress) => {
        id = progress.id;
        if (!progress.report && steps++ >= stopAfter) throw new Error('stopped');
        return 'next';
      },
    });
  } catch (error) {
    assert.equal((error as Error).message, 'stopped');
    if (id) await takeBack(database, partnerId, id);
    return null;
  } finally {
    await importing.close();
  }
}

export async function takeBack(
  database: Database,
  partnerId: string,
  id: string,
  isForced = false,
): Promise<void> {
  await transact(database, async (transaction) => {
    const writing = {
      ...{ transaction, handle: database.handle, now: testNow, random: randomBytes },
    };
    const record = await findImport(transaction, partnerId, id);
    // It is gone with its account.
    if (!record) return;
    await beginUndoing(writing, record, 'asked', isForced, operator);
    while (await undoSome(writing, () => true, record));
  });
}
