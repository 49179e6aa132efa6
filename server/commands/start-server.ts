import path from 'node:path';
import { findZone } from '../../shared/zone.ts';
import { type App, createApp } from '../app.ts';
import { readFiles } from '../embed/files.ts';
import { type Listener, listen } from '../serve.ts';
import type { Database } from '../store/database.ts';
import { ImporterThread } from '../threads/importer-thread.ts';
import { ReaderThreads } from '../threads/readers.ts';
import { SenderThread } from '../threads/sender-thread.ts';
import { WriterThread } from '../threads/writer-thread.ts';
import { packageFolder } from './installed.ts';
import { logWarnings, showOf, writeLog } from './log.ts';
import { outside, type ServeOptions } from './options.ts';
import { exitCodes } from './output.ts';
import { agreeOnSecret } from './secret.ts';
import { chooseSendMail } from './send-mail.ts';

/** The folder that `npm run build` writes. */
export function builtWidgets(): string {
  return path.join(packageFolder, 'dist', 'widgets');
}

const mebibyte = 1024 * 1024;

export interface RunningServer extends Listener {
  /** The server's public URL, without a slash at its end. */
  address: string;
}

/**
 * Serves a database until SIGTERM or SIGINT. Then it finishes the running requests and closes the
 * database.
 */
export async function startServer(
  database: Database,
  options: ServeOptions,
  extend: (app: App) => void = () => {},
): Promise<RunningServer> {
  logWarnings();
  // The first zone that a process looks up takes it 25 ms, which no request should have to wait for.
  findZone('Etc/GMT');
  const files = readFiles(builtWidgets());
  const secret = await agreeOnSecret(database, options.db);
  const readers = new ReaderThreads(files);
  const { webhookAllow } = options;
  const writer = new WriterThread({ secret, webhookAllow });
  const importer = new ImporterThread();
  const sender = options.webhooks === 'off' ? null : new SenderThread({ allowed: webhookAllow });
  readers.start(database);
  let address = options.publicUrl ?? '';
  const publicUrl = () => address;
  const app = createApp({
    database,
    ...outside,
    publicUrl,
    secret,
    ...chooseSendMail(`${options.db}-mail`, publicUrl, showOf(options)),
    files,
    readers,
    writer,
    importer,
    sender,
    trustedProxies: options.trustedProxy,
    answerMemory: options.answerMemory * mebibyte,
    log: writeLog,
    ...(options.keyBurst && { keyBurst: options.keyBurst }),
  });
  extend(app);
  const listener = await listen(app, options.port, options.host);
  address ||= `http://${hostInUrl(options.host)}:${listener.port}`;
  const stop = async () => {
    await listener.stop();
    await database.close();
    await readers.close();
    await writer.close();
    await importer.close();
  };
  // Exits explicitly: a mail that is being sent to a server that does not answer would keep the
  // process alive.
  const leave = () => void stop().then(() => process.exit(exitCodes.done));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, leave);
  return { ...listener, address };
}

function hostInUrl(host: string): string {
  if (host === '127.0.0.1' || host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
