import { createHash } from 'node:crypto';
import Router from '@koa/router';
import Koa from 'koa';
import { type Burst, bursts } from '../shared/access.ts';
import { Buckets } from './access/bucket.ts';
import type { TrustedProxies } from './access/client-address.ts';
import { TokenSigner } from './access/embed-token.ts';
import { AddressLimit, identifier } from './access/identify.ts';
import { KnownKeys } from './access/known-keys.ts';
import { Quota } from './access/quota.ts';
import { Shares } from './access/shares.ts';
import { Usage } from './access/usage.ts';
import { answerMemory } from './answers.ts';
import { type Files, serveFiles } from './embed/files.ts';
import { answerErrors, type Log } from './errors.ts';
import { headersOfAnswers, type NextHeaders } from './headers.ts';
import { Mailer, type SendMail } from './mail/mailer.ts';
import type { Route } from './route.ts';
import { health, readiness } from './routes/health.ts';
import { routes } from './routes/index.ts';
import { serveRoute } from './serve-route.ts';
import { type Database, transact } from './store/database.ts';
import { isStorageFailure } from './store/dialect.ts';
import { keepFact } from './store/facts.ts';
import { isServedWithAnother } from './store/fingerprint.ts';
import type { Random } from './store/ids.ts';
import { Pruner } from './store/pruner.ts';

export interface Dependencies {
  database: Database;
  /** Epoch ms. */
  clock: () => number;
  random: Random;
  /** Signs what is signed. */
  secret: string;
  /** Where the world finds this server: an origin. Asked for once it listens. */
  publicUrl: () => string;
  sendMail: SendMail;
  /** The built widgets. */
  files: Files;
  /** Whose word about a client's address is believed. */
  trustedProxies: TrustedProxies;
  log: Log;
  /** Of each key; by default as documented. */
  keyBurst?: Burst;
  /** By default those of the API. */
  routes?: readonly Route[];
}

export interface App {
  koa: Koa;
  /** Of what is answered without the koa. */
  nextHeaders: NextHeaders;
  /** Sends the mail that is due; to be called every second. */
  sendMail(): Promise<void>;
  /** Work for now and then; to be called every few seconds. */
  tick(): Promise<void>;
  /** To be called when the last request is answered. */
  close(): Promise<void>;
}

/** Of a path: each other case and trailing slash is another path. */
const oneSpelling = { sensitive: true, strict: true };
const answerMemoryBytes = 64 * 1024 * 1024;
const gone = new Set(['ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE']);

/** The whole server but for the socket. No side effect, no global, no clock of its own. */
export function createApp(dependencies: Dependencies): App {
  const { database, clock, random, publicUrl, files, log } = dependencies;
  const quota = new Quota(database);
  const usage = new Usage(database);
  const keys = new KnownKeys(database);
  const tokens = new TokenSigner(dependencies.secret);
  const addressLimit = new AddressLimit(dependencies.trustedProxies);
  const complain = (problem: string) => log({ level: 'error', problem });
  const pruner = new Pruner(database, complain);
  const mailer = new Mailer({ ...dependencies, send: dependencies.sendMail, complain });
  const shared = {
    services: {
      database,
      random,
      signToken: tokens.sign.bind(tokens),
      flushUsage: () => usage.flush(),
    },
    clock,
    publicUrl,
    identify: identifier({ database, keys, tokens, addressLimit, publicUrl }),
    addressLimit,
    bursts: new Buckets(dependencies.keyBurst ?? bursts.key),
    quota,
    shares: new Shares(quota),
    usage,
    files,
    answers: answerMemory(answerMemoryBytes),
    edition: editionOf(files),
  };
  // A router looks at all its routes for every request: questions have one of their own.
  const [questions, others] = [new Router(oneSpelling), new Router(oneSpelling)];
  others.get('/health', health);
  others.get('/ready', readiness(database));
  for (const route of dependencies.routes ?? routes) {
    const router = route.kind === 'question' ? questions : others;
    router.register(route.path, [route.method], serveRoute(route, shared));
  }

  const nextHeaders = headersOfAnswers(random, publicUrl);
  const koa = new Koa();
  koa.on('error', (error: NodeJS.ErrnoException) => {
    // Everything else is answered and logged by answerErrors; clients that go away are no news.
    if (!gone.has(error.code ?? '')) complain(String(error));
  });
  koa.use(answerErrors(dependencies, nextHeaders));
  koa.use(questions.routes());
  koa.use(others.routes());
  koa.use(others.allowedMethods());
  koa.use(serveFiles(files));

  const watch = async () => {
    const edition = database.edition();
    const news = await database.watch();
    if (news) complain(news);
    if (database.edition() === edition) return;
    // What was counted belongs to partners that the file which stands there now may not know.
    quota.forget();
    usage.forget();
    if (await isServedWithAnother(database.read, dependencies.secret))
      complain(
        'The database that stands there now has been served with another secret, so its embed tokens are refused. Start the server again with that secret.',
      );
  };
  // Whoever sees that it is not ready asks it nothing, and so has it write nothing.
  const tryWriting = async () => {
    if (!database.outcomes.writeFailed) return;
    await transact(database, (transaction) => keepFact(transaction, 'tried', clock()), 0);
  };
  const runChores = async () => {
    for (const work of [
      watch,
      () => quota.giveBackIdle(clock()),
      () => usage.flush(),
      tryWriting,
      () => pruner.run(clock()),
    ]) {
      try {
        await work();
      } catch (error) {
        // The next tick finds it as it is.
        if (!isStorageFailure(error)) complain(String(error));
      }
    }
  };
  // One after another, however long they take.
  let chores = Promise.resolve();
  const tick = () => {
    chores = chores.then(runChores);
    return chores;
  };
  const close = async () => {
    mailer.close();
    await usage.flush();
    await quota.close();
  };
  return { koa, nextHeaders, sendMail: () => mailer.sendDue(), tick, close };
}

/** Names this build, so that what an older one answered is not taken for its answers. */
function editionOf({ files }: Files): string {
  const hash = createHash('sha256');
  for (const [address, file] of files) hash.update(`${address} ${file.tag}\n`);
  return hash.digest('base64url').slice(0, 12);
}
