import { randomBytes } from 'node:crypto';
import { authorizing } from '../access/import-rights.ts';
import { UnreadableStatement } from '../ingest/format.ts';
import { OwnImporting } from '../ingest/importing.ts';
import { ImportRefused } from '../ingest/report.ts';
import { Refusal } from '../refusal.ts';
import { DatabaseLost } from '../store/database-file.ts';
import { openWriter } from '../store/writer-connection.ts';
import { refusalOf } from '../writing.ts';
import type { Job, Reply } from './importer-thread.ts';
import { replyInTurn } from './replying.ts';

/** The thread that reads files and keeps what is in them, each with a connection of its own. */

const importing = new Map<number, OwnImporting>();

async function perform(job: Job): Promise<Reply> {
  if (job.kind === 'begin') {
    const { caller, options } = job;
    const authorize = authorizing(caller, options.account);
    const begun = new OwnImporting(openWriter(job.file), options, job.now, randomBytes, authorize);
    importing.set(job.id, begun);
    return {};
  }
  const one = importing.get(job.id);
  // Its connection was closed with the database that it was to.
  if (!one) throw new DatabaseLost('The database was exchanged while the file was read.');
  switch (job.kind) {
    case 'read':
      await one.read(job.bytes);
      return {};
    case 'end':
      return { progress: await one.end() };
    case 'step':
      return { progress: await one.step(job.step, job.now) };
    case 'close':
      importing.delete(job.id);
      await one.close();
      return {};
  }
}

/** An error as a client is told it, if it is the file's or the request's fault. */
function explained(error: unknown): unknown {
  if (error instanceof UnreadableStatement) {
    const { line, message } = error;
    const sentence = `${line === null ? '' : `Line ${line}: `}${message} Nothing was kept.`;
    return new Refusal(400, 'unreadable_file', sentence);
  }
  if (error instanceof ImportRefused)
    return new Refusal(400, 'import_refused', `${error.message} Nothing was kept.`);
  return refusalOf(error);
}

// In turn, so that a connection is not closed under a step.
replyInTurn(perform, { explain: explained });
