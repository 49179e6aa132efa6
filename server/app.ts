import { setTimeout as sleep } from 'node:timers/promises';
import Koa from 'koa';
import { type Burst, bursts } from '../shared/access.ts';
import { minute } from '../shared/time.ts';
import { Buckets } from './access/bucket.ts';
import type { TrustedProxies } from './access/client-address.ts';
import { AddressLimit, identifier } from './access/identify.ts';
import { KnownAccounts } from './access/known-accounts.ts';
import { KnownKeys } from './access/known-keys.ts';
import { Quota } from './access/quota.ts';
import { RunningRequests } from './access/running-requests.ts';
import { Secrets } from './access/secrets.ts';
import { Shares } from './access/shares.ts';
import { Usage } from './access/usage.ts';
import { BodyRoom } from './body.ts';
import { Deliverer } from './deliverer.ts';
import { type Files, serveFiles } from './embed/files.ts';
import { answerErrors, type Log } from './errors.ts';
import { headersOfAnswers, type NextHeaders } from './headers.ts';
import { Imports } from './imports.ts';
import { KnownAnswers } from './known-answers.ts';
import { Mailer, type SendMail } from './mail/mailer.ts';
import { InterruptedImports } from './records/interrupted-imports.ts';
import { Refusal } from './refusal.ts';
import type { Route } from './route.ts';
import { Routes } from './router.ts';
import { health, readiness } from './routes/health.ts';
import { routes } from './routes/index.ts';
import { queryMemory, serveRoute } from './serve-route.ts';
import { type Database, transact } from './store/database.ts';
import { isStorageFailure } from './store/dialect.ts';
import { keepFact } from './store/facts.ts';
import { isServedWithAnother } from './store/fingerprint.ts';
import type { Random } from './store/ids.ts';
import { Pruner } from './store/pruner.ts';
import { remakeSums } from './store/remaking.ts';
import { removeDeletedWebhooks } from './store/retention.ts';
import { Streams } from './streams.ts';
import type { Importer } from './threads/importer-thread.ts';
import type { Readers } from './threads/readers.ts';
import type { SenderThread } from './threads/sender-thread.ts';
import type { Writer } from './threads/writer-thread.ts';
import { WebhookTests } from './webhook-tests.ts';

export interface Dependencies {
  database: Database;
  /** Epoch ms. */
  clock: () => number;
  random: Random;
  /** The server's secret, from which the key that signs embed tokens is derived. */
  secret: string;
  /**
   * This server's public origin. Called only once the server listens: its port may be unknown
   * before.
   */
  publicUrl: () => string;
  sendMail: SendMail;
  /** Whether that sends anything; by default it does. Called only once the server listens. */
  canMail?: () => boolean;
  /** The built widgets. */
  files: Files;
  /** What works out answers that are not in memory. */
  readers: Readers;
  /** What performs writes. */
  writer: Writer;
  /** What imports files. */
  importer: Importer;
  /** What sends to webhooks; null: nothing is sent, and what is owed is kept. */
  sender: Pick<SenderThread, 'send'> | null;
  /** How much memory answers may take that are kept to be sent again, in bytes. */
  answerMemory: number;
  /** The proxies whose X-Forwarded-For header is believed. */
  trustedProxies: TrustedProxies;
  log: Log;
  /** The token bucket of each caller; by default `bursts.key`. */
  keyBurst?: Burst;
  /** By default the routes of the API. */
  routes?: readonly Route[];
}

export interface App {
  koa: Koa;
  /** The headers of a response that is written without Koa (serve.ts). */
  nextHeaders: NextHeaders;
  /** Sends the mail that is due; to be called every second. */
  sendMail(): Promise<void>;
  /** Delivers to webhooks what is owed, until nothing is on its way; to be called every few ms. */
  deliver(): Promise<void>;
  /** Tells streams what others have committed; to be called every few ms. */
  runStreams(): Promise<void>;
  /** Does the periodic work; to be called every few seconds. */
  tick(): Promise<void>;
  /** To be called after the last request has been answered. */
  close(): Promise<void>;
}

/** How long after a part of other periodic work the next one begins, ms: others write meanwhile. */
const pauseOfParts = 10;
/** How long making sums anew waits for other writers, ms: it goes on with the next tick. */
const remakingWait = 500;
const disconnects = new Set(['ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE']);

/**
 * The whole server except the socket. No side effects, no globals; clock and randomness are passed
 * in.
 */
export function createApp(dependencies: Dependencies): App {
  const { database, clock, random, publicUrl, files, log, readers, writer } = dependencies;
  const canMail = dependencies.canMail ?? (() => true);
  const quota = new Quota(database);
  const usage = new Usage(database);
  const keys = new KnownKeys(database);
  const secrets = new Secrets(dependencies.secret);
  const addressLimit = new AddressLimit(dependencies.trustedProxies);
  const logError = (problem: string) => log({ level: 'error', problem });
  const pruner = new Pruner(database, logError);
  const imports = new Imports(database, dependencies.importer, clock, logError);
  const interrupted = new InterruptedImports(database, random);
  const mailer = new Mailer({
    ...dependencies,
    send: dependencies.sendMail,
    decrypt: (bytes) => secrets.decrypt(bytes),
    logError,
  });
  const deliverer =
    dependencies.sender &&
    new Deliverer({
      ...dependencies,
      sender: dependencies.sender,
      canMail,
      trustsClock: (now) => pruner.trusts(now),
      logError,
    });
  const streams = new Streams({ database, clock, random, logError });
  const shared = {
    services: {
      database,
      imports,
      webhookTests: new WebhookTests({
        ...{ database, clock, random, sender: dependencies.sender },
        decrypt: (bytes) => secrets.decrypt(bytes),
      }),
      random,
      readHistory: readers.readHistory.bind(readers, database),
      flushUsage: () => usage.flush(),
    },
    clock,
    publicUrl,
    canMail,
    identify: identifier({ database, keys, tokens: secrets.tokens, addressLimit, publicUrl }),
    addressLimit,
    bursts: new Buckets(dependencies.keyBurst ?? bursts.key),
    quota,
    shares: new Shares(quota),
    usage,
    files,
    accounts: new KnownAccounts(database),
    answers: new KnownAnswers(database, readers, dependencies.answerMemory),
    queries: queryMemory(),
    writer,
    running: new RunningRequests(),
    bodies: new BodyRoom(),
    streams,
  };
  const served = new Routes();
  served.add('GET', '/health', health, true);
  served.add('GET', '/ready', readiness(database));
  for (const route of dependencies.routes ?? routes)
    served.add(route.method, route.path, serveRoute(route, shared), route.kind === 'question');

  const nextHeaders = headersOfAnswers(random, publicUrl);
  const koa = new Koa();
  koa.on('error', (error: NodeJS.ErrnoException) => {
    // answerErrors answers and logs what a route throws, so these are errors of streams. Clients that
    // disconnect are not logged, nor refusals, such as that of an account that was erased meanwhile.
    if (error instanceof Refusal || disconnects.has(error.code ?? '')) return;
    logError(String(error));
  });
  koa.use(answerErrors(dependencies, nextHeaders));
  served.serveBy(koa);
  koa.use(serveFiles(files));

  const watch = async () => {
    const edition = database.edition();
    const news = await database.watch();
    if (news) logError(news);
    if (database.edition() === edition) return;
    // Another file was opened. What was counted belongs to partners that it may not have.
    quota.forget();
    usage.forget();
    if (await isServedWithAnother(database.read, dependencies.secret))
      logError(
        'The database that stands there now has been served with another secret, so its embed tokens are refused. Start the server again with that secret.',
      );
  };
  // A storage failure is not logged: the next tick tries again.
  const logFailure = (error: unknown) => {
    if (!isStorageFailure(error)) logError(String(error));
  };
  // While /ready answers 503, a load balancer may send no requests. Without this write, nothing
  // would then notice that the database can be written again.
  const tryWriting = async () => {
    if (!database.outcomes.writeFailed) return;
    await transact(database, (transaction) => keepFact(transaction, 'tried', clock()), 0);
  };
  let isClosing = false;
  // Takes as long as there is work, so the other chores do not wait for it.
  const beside = (work: () => Promise<void>) => {
    let running: Promise<void> | null = null;
    return {
      start: async () => {
        running ??= work()
          .catch(logFailure)
          .finally(() => {
            running = null;
          });
      },
      end: async () => running,
    };
  };
  const remaking = beside(() => remakeSums(database, () => isClosing, { wait: remakingWait }));
  const inParts = (kind: 'erase' | 'summarize' | 'undo') =>
    beside(async () => {
      while (!isClosing && (await writer.run(database, { kind }, { turn: kind, clock })))
        await sleep(pauseOfParts);
    });
  const erasing = inParts('erase');
  const erase = async () => {
    const left = await database.read.selectFrom('erasures').select('account_id').limit(1).execute();
    if (left.length > 0) await erasing.start();
  };
  const undoing = inParts('undo');
  const undo = async () => {
    const { isUndoing } = await interrupted.look(clock(), (id) => imports.has(id));
    if (isUndoing) await undoing.start();
  };
  const summarizing = inParts('summarize');
  let summarizedAt: number | null = null;
  // What is told of a day is not told again: the clock must be right.
  const summarize = async () => {
    const now = Math.floor(clock() / minute);
    if (now === summarizedAt || !pruner.isTrusting) return;
    summarizedAt = now;
    await summarizing.start();
  };
  const runChores = async () => {
    for (const work of [
      watch,
      () => quota.giveBackIdle(clock()),
      () => usage.flush(),
      tryWriting,
      () => pruner.run(clock()),
      () => removeDeletedWebhooks(database),
      remaking.start,
      erase,
      undo,
      summarize,
    ]) {
      if (isClosing) return;
      try {
        await work();
      } catch (error) {
        logFailure(error);
      }
    }
  };
  // Ticks run one after another, however long they take.
  let chores = Promise.resolve();
  const tick = () => {
    chores = chores.then(runChores);
    return chores;
  };
  const close = async () => {
    isClosing = true;
    mailer.close();
    await deliverer?.close();
    await chores;
    for (const { end } of [remaking, erasing, undoing, summarizing]) await end();
    await imports.close();
    await usage.flush();
    await quota.close();
  };
  const deliver = async () => deliverer?.deliver();
  const runStreams = () => streams.run();
  return { koa, nextHeaders, sendMail: () => mailer.sendDue(), deliver, runStreams, tick, close };
}
