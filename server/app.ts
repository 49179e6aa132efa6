import { createHash } from 'node:crypto';
import Router from '@koa/router';
import Koa from 'koa';
import type { TrustedProxies } from './access/client-address.ts';
import { KnownKeys } from './access/known-keys.ts';
import { Quota } from './access/quota.ts';
import { answerMemory } from './answers.ts';
import { type Files, serveFiles } from './embed/files.ts';
import { answerErrors, type Log } from './errors.ts';
import { type RouteDependencies, serveRoute } from './route.ts';
import { health } from './routes/health.ts';
import { routes } from './routes/index.ts';
import type { Database } from './store/database.ts';
import type { Random } from './store/ids.ts';

export interface Dependencies {
  database: Database;
  /** Epoch ms. */
  clock: () => number;
  random: Random;
  /** The built widgets. */
  files: Files;
  /** Whose word about a client's address is believed. */
  trustedProxies: TrustedProxies;
  log: Log;
}

export interface App {
  koa: Koa;
  /** Work for now and then; to be called every few seconds. */
  tick(): Promise<void>;
  /** To be called when the last request is answered. */
  close(): Promise<void>;
}

const answerMemoryBytes = 64 * 1024 * 1024;

/** The whole server but for the socket. No side effect, no global, no clock of its own. */
export function createApp(dependencies: Dependencies): App {
  const { database, clock, files } = dependencies;
  const quota = new Quota(database);
  const shared: RouteDependencies = {
    database,
    clock,
    quota,
    files,
    keys: new KnownKeys(database),
    answers: answerMemory(answerMemoryBytes),
    edition: editionOf(files),
  };
  const router = new Router();
  router.get('/health', health(database));
  for (const route of routes) router.get(route.path, serveRoute(route, shared));

  const koa = new Koa();
  koa.use(answerErrors(dependencies));
  koa.use(router.routes());
  koa.use(router.allowedMethods());
  koa.use(serveFiles(files));
  return { koa, tick: () => quota.giveBackIdle(clock()), close: () => quota.close() };
}

/** Names this build, so that what an older one answered is not taken for its answers. */
function editionOf({ files }: Files): string {
  const hash = createHash('sha256');
  for (const [address, file] of files) hash.update(`${address} ${file.etag}\n`);
  return hash.digest('base64url').slice(0, 12);
}
