import { randomBytes } from 'node:crypto';
import { workerData } from 'node:worker_threads';
import { Secrets } from '../access/secrets.ts';
import type { PreparedOperation } from '../operation.ts';
import { performOperation, prepareOperation } from '../operations.ts';
import { isStorageFailure } from '../store/dialect.ts';
import { openWriter, type WriterConnection } from '../store/writer-connection.ts';
import type { WriteSurroundings } from '../writing.ts';
import { type Failure, failureOf } from './failures.ts';
import { replyInTurn } from './replying.ts';
import type { Job, Outcome, Reply, Told, WriterSettings } from './writer-thread.ts';

/** The thread that writes, to each of the databases that it is told to. */

const { secret, webhookAllow } = workerData as WriterSettings;
const secrets = new Secrets(secret);
const connections = new Map<string, WriterConnection>();
const prepared = new Map<number, PreparedOperation>();

/** How long operations are added to a transaction, ms: then others have their turn to write. */
const longestTransaction = 8;

async function perform(job: Job): Promise<Reply> {
  switch (job.kind) {
    case 'prepare':
      prepared.set(job.id, prepareOperation(job.operation));
      return {};
    case 'forget':
      for (const id of job.ids) prepared.delete(id);
      return {};
    case 'release':
      connections.get(job.path)?.close();
      connections.delete(job.path);
      return {};
    case 'perform':
      return { outcomes: await performTogether(job) };
  }
}

/** Performs operations in one transaction, as many as there is time for. */
async function performTogether({
  file,
  operations,
  now,
}: Job & { kind: 'perform' }): Promise<Outcome[]> {
  const ready = operations.map(takePrepared);
  const connection = connections.get(file.path) ?? openWriter(file);
  connections.set(file.path, connection);
  const { handle, write } = connection;
  const begun = performance.now();
  const outcomes: Outcome[] = [];
  await write.transaction().execute(async (transaction) => {
    for (const operation of ready) {
      const surroundings = {
        ...{ transaction, handle, now, random: randomBytes, secrets, webhookAllow },
      };
      outcomes.push('failure' in operation ? operation : await performOne(operation, surroundings));
      if (performance.now() - begun > longestTransaction) return;
    }
  });
  for (const { id } of operations.slice(0, outcomes.length)) prepared.delete(id);
  return outcomes;
}

/** An operation that was prepared before, or is now; else why it can't be. */
function takePrepared({ id, operation }: Told): PreparedOperation | { failure: Failure } {
  const known = prepared.get(id);
  if (known) return known;
  try {
    return prepareOperation(operation!);
  } catch (error) {
    return { failure: failureOf(error) };
  }
}

/** Performs an operation, or leaves no trace of it. A failure of the disk is one of all. */
async function performOne(
  operation: PreparedOperation,
  surroundings: WriteSurroundings,
): Promise<Outcome> {
  const { handle } = surroundings;
  handle.exec('savepoint operation');
  try {
    const result = await performOperation(operation, surroundings);
    handle.exec('release operation');
    return { result };
  } catch (error) {
    // SQLite may have rolled back all by itself; then nothing more may be written.
    if (!handle.inTransaction || isStorageFailure(error)) throw error;
    handle.exec('rollback to operation');
    handle.exec('release operation');
    return { failure: failureOf(error) };
  }
}

// In turn, so a file is not closed under an operation.
replyInTurn(perform);
