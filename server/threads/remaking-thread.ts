import { parentPort, workerData } from 'node:worker_threads';
import type { OpenFile } from '../store/database.ts';
import { remakeSums } from '../store/remaking.ts';
import { openWriter } from '../store/thread-connections.ts';
import { failureOf } from './failures.ts';

/** How long a step waits for other writers, ms: the server goes on a few seconds later. */
const wait = 500;

let isOver = false;
parentPort!.once('message', () => {
  isOver = true;
});
try {
  const database = openWriter(workerData as OpenFile);
  try {
    await remakeSums(database, () => isOver, { wait });
  } finally {
    database.close();
  }
} catch (error) {
  parentPort!.postMessage(failureOf(error));
}
// The thread ends when nothing listens any more.
parentPort!.removeAllListeners();
parentPort!.unref();
