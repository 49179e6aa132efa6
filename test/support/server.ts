import { createHash, randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import { trustedProxies } from '../../server/access/client-address.ts';
import { createApp } from '../../server/app.ts';
import { builtWidgets } from '../../server/commands/start-server.ts';
import { readFiles } from '../../server/embed/files.ts';
import type { SendMail } from '../../server/mail/mailer.ts';
import type { Message } from '../../server/mail/message.ts';
import type { Route } from '../../server/route.ts';
import { listen, type Patience } from '../../server/serve.ts';
import type { Database } from '../../server/store/database.ts';
import type { Burst } from '../../shared/access.ts';
import { openTestDatabase } from './database.ts';
import { heldAddresses, holdAnswers } from './held.ts';

/** 2026-11-20T21:00Z, a Friday: when the made-up world of the tests asks. */
export const testNow = 1_795_208_400_000;

export interface TestServer {
  /** `http://127.0.0.1:…` */
  address: string;
  database: Database & { path: string };
  /** What the server takes for the time; set it to move on. */
  clock: { now: number };
  log: Readonly<Record<string, unknown>>[];
  /** What was mailed, the newest last. */
  mails: Message[];
  /** Does what the server does every few seconds. */
  tick(): Promise<void>;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** As at the end of the test, or before it. */
  stop(): Promise<void>;
}

/** What servers of one database share. */
export const testSecret = 'a secret of the tests, long enough for them';

interface TestServerOptions {
  now?: number;
  /** Where the world finds it, when that is not where it listens. */
  publicUrl?: string;
  /** How mail leaves; otherwise it is kept in `mails`. */
  sendMail?: SendMail;
  /** Whose X-Forwarded-For is believed. */
  trustedProxy?: string;
  /** Of each key, whose bucket the test's clock does not fill. */
  keyBurst?: Burst;
  /** Instead of the API's. */
  routes?: readonly Route[];
  /** With whoever neither reads nor sends. */
  patience?: Patience;
}

/** A real server on a real database file, at a time of the test's own. */
export async function startTestServer(
  test: TestContext,
  {
    now = testNow,
    publicUrl,
    sendMail,
    trustedProxy = '',
    keyBurst,
    routes,
    patience,
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
    files: readFiles(builtWidgets()),
    trustedProxies: trustedProxies(trustedProxy),
    log: (entry) => log.push(entry),
    ...(keyBurst && { keyBurst }),
    ...(routes && { routes }),
  });
  const checkAnswers = holdAnswers(app.koa);
  // What it does by itself every few seconds it does when the test says.
  const still = { ...app, tick: async () => {}, sendMail: async () => {} };
  const listener = await listen(still, 0, '127.0.0.1', patience);
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
    get: (path, headers) => fetch(address + path, { headers: headers ?? {} }),
    stop,
  };
}

/** The same bytes for the same seed, so that ids repeat. */
export function seededRandom(seed: string): (count: number) => Buffer {
  let turn = 0;
  return (count) => {
    const blocks = Array.from({ length: Math.ceil(count / 32) }, () =>
      createHash('sha256').update(`${seed} ${turn++}`).digest(),
    );
    return Buffer.concat(blocks).subarray(0, count);
  };
}
