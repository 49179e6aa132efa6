import { randomBytes } from 'node:crypto';
import { addressList } from '../../server/access/address-list.ts';
import { createApp } from '../../server/app.ts';
import { listen } from '../../server/serve.ts';
import { openDatabase } from '../../server/store/database.ts';
import { heldAddresses, holdAnswers } from './held.ts';
import type { TestServer } from './server.ts';
import {
  files,
  importerThread,
  readerThreads,
  senderThread,
  testSecret,
  writerThread,
} from './threads.ts';

export interface ServerBeside extends AsyncDisposable {
  address: string;
  /** Does the periodic work of a server, which never runs by itself here. */
  tick(): Promise<void>;
  /** Delivers to webhooks, which never happens by itself here. */
  deliver(): Promise<void>;
}

/**
 * Starts a second server as another process would run it: on the same database file and clock,
 * sharing no memory. It stops at the end of its block.
 */
export async function serveBeside({
  database,
  clock,
}: Pick<TestServer, 'clock'> & { database: { path: string } }): Promise<ServerBeside> {
  const own = await openDatabase(database.path);
  let address = '';
  const app = createApp({
    database: own,
    clock: () => clock.now,
    random: randomBytes,
    secret: testSecret,
    publicUrl: () => address,
    sendMail: async () => {},
    files,
    readers: readerThreads,
    writer: writerThread,
    importer: importerThread,
    sender: senderThread,
    answerMemory: 1024 * 1024,
    trustedProxies: addressList(''),
    log: () => {},
  });
  const checkAnswers = holdAnswers(app.koa);
  const listener = await listen({ ...app, deliver: async () => {} }, 0, '127.0.0.1');
  address = `http://127.0.0.1:${listener.port}`;
  heldAddresses.add(address);
  return {
    address,
    tick: app.tick,
    deliver: app.deliver,
    [Symbol.asyncDispose]: async () => {
      await listener.stop();
      await own.close();
      heldAddresses.delete(address);
      checkAnswers();
    },
  };
}
