import path from 'node:path';
import { openDatabase } from '../../server/store/database.ts';
import { makePartner } from '../support/partner.ts';
import { type Child, startChild, withChildren } from './child.ts';
import { type Figure, progress, unbounded } from './figure.ts';
import { withFolder } from './folder.ts';

const turns = 30;
const megabyte = 1024 * 1024;

const list = (value: string) =>
  `{"scopes":[${`${value},`.repeat(megabyte / (value.length + 1) - 40)}${value}]}`;

const names = `{${Array.from({ length: 80_000 }, (_, number) => `"n${number}":0`).join(',')}}`;

/** Bodies that are refused, about as large as a body may be. */
const bodies: Record<string, string> = {
  'a list of zeros': list('0'),
  'a list of objects': list('{}'),
  'names that are not known': names,
  'one text': `{"label":"${'x'.repeat(megabyte - 100)}"}`,
};

const long = 14_000;
const shell = '/embed/partner/stats-card?key=none';
const heads: Record<string, { path: string; headers: Record<string, string> }> = {
  'Accept-Language': {
    path: shell,
    headers: { 'Accept-Language': `de${'-abcdefgh'.repeat(long / 9)}` },
  },
  lang: { path: `${shell}&lang=de${'-abcdefgh'.repeat(long / 9)}`, headers: {} },
};

/** The server's processor time and memory for requests that an attacker, or a partner, makes costly on purpose. */
export function measureBounded(): Promise<Figure[]> {
  return withFolder(async (folder) => {
    const file = path.join(folder, 'bounded.db');
    const database = await openDatabase(file);
    const { key } = await makePartner(database, 'enterprise');
    await database.close();
    return withChildren({ served: startChild('served.ts', [file]) }, async ({ served }) => {
      const address = await served.ask<string>('address');
      const send = (type: string, body: string) => () =>
        fetch(`${address}/api/partner/keys`, {
          method: 'POST',
          headers: { 'X-API-Key': key, 'Content-Type': type },
          body,
        });
      const json = 'application/json';
      const plain = send(json, '{"unknown":1}');
      const padded = send(json, '{"unknown":1}'.padEnd(megabyte));
      await measure(served, 'warming up', plain);
      const figures = [
        await measure(served, 'A refusal of a body of a few bytes', plain),
        await measure(served, '  of 1 MiB of spaces', padded),
      ];
      for (const [what, body] of Object.entries(bodies)) {
        figures.push(await measure(served, `  of 1 MiB: ${what}`, send(json, body)));
      }
      figures.push(
        await measure(
          served,
          '  of a Content-Type of 14 KB',
          send(`${json}${' '.repeat(long)}x`, '{}'),
        ),
        await measure(served, 'A refused shell', () => fetch(address + shell)),
      );
      for (const [what, { path, headers }] of Object.entries(heads)) {
        const ask = () => fetch(address + path, { headers });
        figures.push(await measure(served, `  with 14 KB of ${what}`, ask));
      }
      return figures;
    });
  });
}

async function measure(served: Child, what: string, ask: () => Promise<Response>): Promise<Figure> {
  progress(`bounded: ${what.trim()}`);
  const memoryBefore = await served.ask<number>('mostMemory');
  const before = await served.ask<number>('processorTime');
  for (let turn = 0; turn < turns; turn++) {
    const response = await ask();
    await response.arrayBuffer();
    if (response.status < 400 || response.status >= 500) {
      throw new Error(`${what}: ${response.status}`);
    }
  }
  const after = await served.ask<number>('processorTime');
  const memory = ((await served.ask<number>('mostMemory')) - memoryBefore) / 1e6;
  const cost = (after - before) / turns;
  return unbounded(
    what,
    `${cost.toFixed(1)} ms of processor, ${memory.toFixed(0)} MB more at most`,
  );
}
