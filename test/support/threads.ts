import { randomBytes } from 'node:crypto';
import { addressList } from '../../server/access/address-list.ts';
import { Secrets } from '../../server/access/secrets.ts';
import { workOut } from '../../server/answering.ts';
import { builtWidgets } from '../../server/commands/start-server.ts';
import { readFiles } from '../../server/embed/files.ts';
import { readHistoryPage } from '../../server/export/history.ts';
import type { ResultOf } from '../../server/operation.ts';
import { performOperation, prepareOperation } from '../../server/operations.ts';
import { questions } from '../../server/routes/questions.ts';
import { transact } from '../../server/store/database.ts';
import { Rankings } from '../../server/store/rankings.ts';
import { ImporterThread } from '../../server/threads/importer-thread.ts';
import { type Readers, ReaderThreads } from '../../server/threads/readers.ts';
import { SenderThread } from '../../server/threads/sender-thread.ts';
import { type Writer, WriterThread } from '../../server/threads/writer-thread.ts';

export const files = readFiles(builtWidgets());

/** The secret, which all servers of one database share. */
export const testSecret = 'a secret of the tests, long enough for them';

/** The addresses of this machine on which tests receive webhooks. */
export const webhookAllow = addressList('127.0.0.1/32');

/** The threads of all servers of a test file, as starting some takes long. */
export const readerThreads = new ReaderThreads(files);
export const writerThread = new WriterThread({ secret: testSecret, webhookAllow });
export const importerThread = new ImporterThread();
export const senderThread = new SenderThread({ allowed: webhookAllow });

const rankings = new Rankings();

/** Answers on the thread of the test, which can then see the statements that are run. */
export const readersHere: Readers = {
  ask: (database, asked) => {
    const definition = questions.find(({ name }) => name === asked.route)!;
    return workOut(definition, asked, { database, rankings, files });
  },
  readHistory: (database, { wanted, place }) => readHistoryPage(database.read, wanted, place),
};

const secrets = new Secrets(testSecret);

/** Writes on the thread of the test. */
export const writerHere: Writer = {
  run: async (database, operation, { clock }) => {
    const prepared = prepareOperation(operation);
    return transact(database, (transaction) =>
      performOperation(prepared, {
        ...{ transaction, handle: database.handle, now: clock(), random: randomBytes, secrets },
        webhookAllow,
      }),
    ) as Promise<ResultOf<typeof operation>>;
  },
};
