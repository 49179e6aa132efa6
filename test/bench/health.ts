import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../../server/store/database.ts';
import { columns, makePartner } from '../support/partner.ts';
import { startChild, withChildren } from './child.ts';
import { type Figure, progress, unbounded } from './figure.ts';
import { withFolder } from './folder.ts';
import { madeRows } from './trades.ts';

const rows = 100_000;
const accounts = 2;
const seconds = 10;
const bin = path.join(import.meta.dirname, '..', '..', 'server', 'bin.js');

/** How long `/health` takes alone, during the slowest questions and during an import. */
export function measureHealth(): Promise<Figure[]> {
  return withFolder(async (folder) => {
    const db = path.join(folder, 'health.db');
    const file = path.join(folder, 'trades.csv');
    await pipeline(Readable.from(csvLines()), createWriteStream(file));
    const database = await openDatabase(db);
    const partner = await makePartner(database, 'enterprise');
    const ids: string[] = [];
    while (ids.length <= accounts) ids.push(await partner.newAccount());
    await database.close();
    const add = (account: string) =>
      once(
        spawn(
          process.execPath,
          [
            bin,
            'import',
            file,
            '--json',
            '--db',
            db,
            '--partner',
            partner.id,
            '--account',
            account,
          ],
          { stdio: ['ignore', 'ignore', 'inherit'] },
        ),
        'exit',
      );
    progress(`health: importing ${accounts} times ${rows} rows`);
    for (const account of ids.slice(0, accounts)) await add(account);
    return withChildren({ served: startChild('served.ts', [db]) }, async ({ served }) => {
      const address = await served.ask<string>('address');
      const headers = { 'X-API-Key': partner.key };
      let number = 0;
      const question = async () => {
        // Another limit each time, so that no answer comes from the cache.
        const widget = `risk-metrics?period=all&max_drawdown=${++number}`;
        const response = await fetch(`${address}/api/partner/widgets/${widget}`, { headers });
        await response.arrayBuffer();
      };
      const beside = async (what: string, isOver: () => boolean) =>
        unbounded(`/health ${what}`, await tell(`${address}/health`, isOver));
      const after = (ms: number) => {
        const end = performance.now() + ms;
        return () => performance.now() > end;
      };
      progress('health: asking');
      await question();
      const alone = await beside('alone', after(seconds * 1_000));
      const isOver = after(seconds * 1_000);
      const asking = (async () => {
        while (!isOver()) await question();
      })();
      const questions = await beside('beside questions about everything', isOver);
      await asking;
      let isImported = false;
      const importing = add(ids[accounts]!).then(() => {
        isImported = true;
      });
      const imports = await beside(`beside an import of ${rows} rows`, () => isImported);
      await importing;
      return [alone, questions, imports];
    });
  });
}

async function tell(url: string, isOver: () => boolean): Promise<string> {
  const times: number[] = [];
  while (!isOver()) {
    const start = performance.now();
    await (await fetch(url)).arrayBuffer();
    times.push(performance.now() - start);
    await sleep(2);
  }
  times.sort((one, other) => one - other);
  const at = (share: number) => times[Math.floor((times.length - 1) * share)]!.toFixed(1);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`;
}

function* csvLines(): Generator<string> {
  yield `${columns.join(',')}\n`;
  for (const trade of madeRows(rows)) {
    yield `${columns.map((column) => trade[column]).join(',')}\n`;
  }
}
