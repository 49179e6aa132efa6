import { parentPort, workerData } from 'node:worker_threads';
import { type AskedQuestion, workOut } from '../answering.ts';
import type { FrameManifest } from '../embed/files.ts';
import { questions } from '../routes/questions.ts';
import { openReader, type ReadingConnection } from '../store/thread-connections.ts';
import { failureOf } from './failures.ts';
import type { ReaderMessage, ReaderReply } from './readers.ts';

/*
 * A thread that answers questions. It opens a file with the first question about it, and closes it
 * when it is told to.
 */

const files = workerData as FrameManifest;
const definitions = new Map(questions.map((question) => [question.name, question]));
const connections = new Map<string, ReadingConnection>();

function release(path: string): void {
  connections.get(path)?.close();
  connections.delete(path);
}

async function answer(asked: AskedQuestion, file: ReaderMessage['file']) {
  let connection = connections.get(file.path);
  if (!connection) {
    connection = openReader(file);
    connections.set(file.path, connection);
  }
  const database = { read: connection.read, edition: () => asked.edition };
  return workOut(definitions.get(asked.route)!, asked, { database, files });
}

async function handle({ number, asked, file }: ReaderMessage): Promise<void> {
  const reply = (reply: ReaderReply, transferred: ArrayBuffer[] = []) =>
    parentPort!.postMessage(reply, transferred);
  try {
    if (!asked) {
      release(file.path);
      return reply({ number });
    }
    const answered = await answer(asked, file);
    const { body } = answered.answer;
    reply({ number, answered }, [body.buffer as ArrayBuffer]);
  } catch (error) {
    reply({ number, failure: failureOf(error) });
  }
}

// One after another: a file is not closed under a question.
let last = Promise.resolve();
parentPort!.on('message', (message: ReaderMessage) => {
  last = last.then(() => handle(message));
});
