import { once } from 'node:events';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { openDatabase } from '../../server/store/database.ts';
import { type CommandLine, lineOf } from './command.ts';

export const firmEmail = 'ops@firm.example';

/** Makes a partner by the command line; returns its id. */
export async function makeFirm({ json }: CommandLine, tier = 'growth'): Promise<string> {
  const { partner } = await json<{ partner: { id: string } }>(
    ...['partner', 'create', '--name', 'Firm', '--email', firmEmail, '--tier', tier],
  );
  return partner.id;
}

/** Starts `serve`. `ask` requests a path and returns the status; `end` stops the process. */
export async function serve({ start }: CommandLine) {
  const process = start('serve', '--port', '0');
  const address = await lineOf(process, /(http:\S+)/);
  const ask = async (pathAndQuery: string, key?: string) => {
    const headers: Record<string, string> = key === undefined ? {} : { 'X-API-Key': key };
    return (await fetch(address + pathAndQuery, { headers })).status;
  };
  const end = async () => {
    process.kill('SIGTERM');
    await once(process, 'exit');
  };
  return { address, ask, end };
}

/** Keeps the database open, as a server that is running already would. */
export async function holdOpen(test: TestContext, { folder }: CommandLine) {
  const database = await openDatabase(path.join(folder, 'test.db'));
  test.after(() => database.close());
  return database;
}
