import { workerData } from 'node:worker_threads';
import { workOut } from '../answering.ts';
import type { FrameManifest } from '../embed/files.ts';
import { readHistoryPage } from '../export/history.ts';
import { questions } from '../routes/questions.ts';
import type { OpenFile } from '../store/connections.ts';
import { Rankings } from '../store/rankings.ts';
import { openReader, type ReaderConnection } from '../store/reader-connection.ts';
import type { Job, Reply } from './readers.ts';
import { replyInTurn } from './replying.ts';

/** A thread that answers questions and reads pages, each of one of the databases that it has open. */

const files = workerData as FrameManifest;
const definitions = new Map(questions.map((question) => [question.name, question]));
const rankings = new Rankings();
const connections = new Map<string, ReaderConnection>();

function connect(file: OpenFile): ReaderConnection {
  const connection = connections.get(file.path) ?? openReader(file);
  connections.set(file.path, connection);
  return connection;
}

function release(path: string): void {
  connections.get(path)?.close();
  connections.delete(path);
}

async function perform(job: Job): Promise<Reply> {
  if (job.kind === 'release') {
    release(job.path);
    return {};
  }
  const { read } = connect(job.file);
  if (job.kind === 'open') return {};
  if (job.kind === 'history') {
    const { wanted, place } = job.asked;
    return { page: await readHistoryPage(read, wanted, place) };
  }
  const { asked } = job;
  const database = { read, edition: () => asked.edition };
  const from = { database, rankings, files };
  return { answered: await workOut(definitions.get(asked.route)!, asked, from) };
}

// In turn, so a file is not closed under a question.
replyInTurn(perform, {
  movedOf: ({ answered }) => (answered ? [answered.answer.body.buffer as ArrayBuffer] : []),
});
