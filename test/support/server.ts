import { createHash, randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { addressList } from '../../server/access/address-list.ts';
import { createApp } from '../../server/app.ts';
import type { SendMail } from '../../server/mail/mailer.ts';
import type { Message } from '../../server/mail/message.ts';
import type { Route } from '../../server/route.ts';
import { listen, type Timeouts } from '../../server/serve.ts';
import type { Database } from '../../server/store/database.ts';
import type { Readers } from '../../server/threads/readers.ts';
import type { SenderThread } from '../../server/threads/sender-thread.ts';
import type { Writer } from '../../server/threads/writer-thread.ts';
import type { Burst } from '../../shared/access.ts';
import { openTestDatabase } from './database.ts';
import { heldAddresses, holdAnswers } from './held.ts';
import {
  files,
  importerThread,
  readerThreads,
  senderThread,
  testSecret,
  writerThread,
} from './threads.ts';

/** 2026-11-20T21:00Z, a Friday: the present of the tests. */
export const testNow = 1_795_208_400_000;

export interface TestServer {
  /** `http://127.0.0.1:…` */
  address: string;
  database: Database & { path: string };
  /** The server's clock, epoch ms; a test sets it to let time pass. */
  clock: { now: number };
  log: Readonly<Record<string, unknown>>[];
  /** The mails sent, the newest last. */
  mails: Message[];
  /** Does the periodic work of a server and sends its mails, which never happens by itself here. */
  tick(): Promise<void>;
  /** Delivers to webhooks what is owed, until nothing is on its way, which never happens by itself. */
  deliver(): Promise<void>;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** Stops the server before the end of the test, which would stop it too. */
  stop(): Promise<void>;
}

export interface TestServerOptions {
  now?: number;
  /** The server's public address, where that is not the one it listens on. */
  publicUrl?: string;
  /** Sends a mail; by default mails are kept in `mails`. */
  sendMail?: SendMail;
  /** Whether the server can send mail. */
  canMail?: boolean;
  /** The proxies whose X-Forwarded-For is trusted. */
  trustedProxy?: string;
  /** The burst limit of each key, whose token bucket refills only when the test moves the clock. */
  keyBurst?: Burst;
  /** The routes to serve instead of the API's. */
  routes?: readonly Route[];
  /** How long the server waits for clients that neither send nor read. */
  timeouts?: Timeouts;
  /** The memory for answers, in bytes. */
  answerMemory?: number;
  /** What answers questions, and what writes; by default threads. */
  readers?: Readers;
  writer?: Writer;
  /** What sends to webhooks; null: nothing is sent. */
  sender?: Pick<SenderThread, 'send'> | null;
}

/** Starts a real server on a real database file, with a clock that the test sets. */
export async function startTestServer(
  test: TestContext,
  {
    now = testNow,
    publicUrl,
    sendMail,
    canMail = true,
    trustedProxy = '',
    keyBurst,
    routes,
    timeouts,
    answerMemory = 1024 * 1024,
    readers = readerThreads,
    writer = writerThread,
    sender = senderThread,
  }: TestServerOptions = {},
): Promise<TestServer> {
  let stop = async () => {};
  const database = await openTestDatabase(test, () => stop());
  const clock = { now };
  const log: TestServer['log'] = [];
  const mails: Message[] = [];
  let address = '';
  const app = createApp({
    database,
    clock: () => clock.now,
    random: randomBytes,
    secret: testSecret,
    publicUrl: () => publicUrl ?? address,
    sendMail:
      sendMail ??
      (async (message) => {
        mails.push(message);
      }),
    canMail: () => canMail,
    files,
    readers,
    writer,
    importer: importerThread,
    sender,
    answerMemory,
    trustedProxies: addressList(trustedProxy),
    log: (entry) => log.push(entry),
    ...(keyBurst && { keyBurst }),
    ...(routes && { routes }),
  });
  const checkAnswers = holdAnswers(app.koa);
  // These happen only when the test calls `tick` and `deliver`.
  const noWork = async () => {};
  const still = { ...app, tick: noWork, sendMail: noWork, deliver: noWork };
  const listener = await listen(still, 0, '127.0.0.1', timeouts);
  let stopped: Promise<void> | undefined;
  stop = () => {
    stopped ??= listener.stop().then(() => {
      heldAddresses.delete(address);
      checkAnswers();
    });
    return stopped;
  };
  address = `http://127.0.0.1:${listener.port}`;
  heldAddresses.add(address);
  return {
    address,
    database,
    clock,
    log,
    mails,
    tick: async () => {
      await app.tick();
      await app.sendMail();
    },
    deliver: async () => {
      // A commit is seen from the next turn of the event loop on.
      await nextTurn();
      await app.deliver();
    },
    get: (path, headers) => fetch(address + path, { headers: headers ?? {} }),
    stop,
  };
}

/** A source of random bytes that are the same for the same seed, so that ids repeat. */
export function seededRandom(seed: string): (count: number) => Buffer {
  let turn = 0;
  return (count) => {
    const blocks = Array.from({ length: Math.ceil(count / 32) }, () =>
      createHash('sha256').update(`${seed} ${turn++}`).digest(),
    );
    return Buffer.concat(blocks).subarray(0, count);
  };
}
