import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { type Demo, fillDemo } from '../../demo/fill.ts';
import { openDatabase } from '../../server/store/database.ts';
import type { WidgetName } from '../../shared/widgets.ts';
import { type Child, startChild, withChildren } from './child.ts';
import { withFolder } from './folder.ts';

export interface Shells {
  folder: string;
  server: Child;
  /** The address of a widget's shell, for the demo's first trader. The curve covers a year, as the charts it is compared with do. */
  addressOf(widget: WidgetName): string;
}

/** Runs `work` on a server of the demo's database. */
export function withShells<Result>(work: (shells: Shells) => Promise<Result>): Promise<Result> {
  return withFolder(async (folder) => {
    const file = path.join(folder, 'demo.db');
    const { publishableKey, accountId } = await fill(file, path.join(folder, 'keys'));
    const queryOf = (widget: WidgetName) =>
      new URLSearchParams({
        key: publishableKey,
        account_id: accountId,
        period: widget === 'equity-curve' ? '1y' : '30d',
        max_drawdown: '2500',
      });
    return withChildren({ server: startChild('served.ts', [file]) }, async ({ server }) => {
      // Without TLS, browsers accept brotli only from localhost.
      const origin = (await server.ask<string>('address')).replace('127.0.0.1', 'localhost');
      const addressOf = (widget: WidgetName) =>
        `${origin}/embed/partner/${widget}?${queryOf(widget)}`;
      return work({ folder, server, addressOf });
    });
  });
}

async function fill(file: string, keyFile: string): Promise<Demo> {
  const database = await openDatabase(file);
  try {
    return await fillDemo(database, keyFile, Date.now(), randomBytes);
  } finally {
    await database.close();
  }
}
