import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createAccount } from '../../server/store/accounts.ts';
import { openDatabase, transact } from '../../server/store/database.ts';
import { columns, makePartner } from '../support/partner.ts';
import { testNow } from '../support/server.ts';
import { startChild, withChildren } from './child.ts';
import type { InsertedRows } from './children/bare-inserts.ts';
import { atLeast, atMost, type Figure, median, progress, unbounded } from './figure.ts';
import { withFolder } from './folder.ts';
import { madeRows } from './trades.ts';

const least = 0.25;
const mostMemory = 230;
const rows = 1_000_000;
const rounds = 3;
const root = path.resolve(import.meta.dirname, '..', '..');

interface Import {
  seconds: number;
  /** The peak memory of the process, MB. */
  memory: number;
}

/** Compares an import of a million rows of plain CSV by the command line with the inserts alone. */
export function measureImport(): Promise<Figure[]> {
  return withFolder(async (folder) => {
    const file = path.join(folder, 'trades.csv');
    progress(`import: writing a file of ${rows} rows`);
    await pipeline(Readable.from(csvLines()), createWriteStream(file));
    const imports: Import[] = [];
    const inserts: number[] = [];
    for (let round = 1; round <= rounds; round++) {
      progress(`import: round ${round} of ${rounds}`);
      imports.push(await runImport(folder, file, `import-${round}`));
      inserts.push(await runInserts(folder, `inserts-${round}`));
    }
    const seconds = median(imports.map((each) => each.seconds));
    const memory = Math.max(...imports.map((each) => each.memory));
    const inserting = median(inserts);
    return [
      atLeast('Imported rows/s against bare inserts', inserting / seconds, least),
      unbounded('  import, whole command', `${seconds.toFixed(1)} s, ${perSecond(seconds)}`),
      unbounded(
        '  bare inserts, one transaction',
        `${inserting.toFixed(1)} s, ${perSecond(inserting)}`,
      ),
      atMost(`Peak memory of an import of ${rows.toLocaleString('en')} rows`, memory, mostMemory, {
        unit: ' MB',
        digits: 0,
      }),
    ];
  });
}

function perSecond(seconds: number): string {
  return `${Math.round(rows / seconds).toLocaleString('en')} rows/s`;
}

function* csvLines(): Generator<string> {
  yield `${columns.join(',')}\n`;
  let lines = '';
  for (const trade of madeRows(rows)) {
    lines += `${columns.map((column) => trade[column]).join(',')}\n`;
    if (lines.length < 65_536) continue;
    yield lines;
    lines = '';
  }
  yield lines;
}

async function runImport(folder: string, file: string, name: string): Promise<Import> {
  const db = path.join(folder, `${name}.db`);
  const { partnerId, accountId } = await prepare(db);
  const report = path.join(folder, `${name}.memory`);
  const preload = path.join(import.meta.dirname, 'children', 'report-memory.ts');
  const start = performance.now();
  const command = spawn(
    process.execPath,
    [
      ...['--import', preload, path.join(root, 'server', 'bin.js'), 'import', file, '--json'],
      ...['--db', db, '--partner', partnerId, '--account', accountId, '--timezone', 'UTC'],
    ],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, PROPTALLY_BENCH_MEMORY: report },
    },
  );
  const [code] = await once(command, 'exit');
  const seconds = (performance.now() - start) / 1000;
  if (code !== 0) throw new Error(`The import ended with ${code}.`);
  await holdAllRows(db);
  return { seconds, memory: Number(readFileSync(report, 'utf8')) / 1e6 };
}

/** How many seconds the inserts alone take. */
async function runInserts(folder: string, name: string): Promise<number> {
  const db = path.join(folder, `${name}.db`);
  const { partnerId, accountId } = await prepare(db);
  const inserted: InsertedRows = { db, partnerId, accountId, rows };
  const seconds = await withChildren({ inserts: startChild('bare-inserts.ts') }, ({ inserts }) =>
    inserts.ask<number>('insert', inserted),
  );
  await holdAllRows(db);
  return seconds;
}

/** Makes a database with an account and no trades. */
async function prepare(file: string): Promise<{ partnerId: string; accountId: string }> {
  const database = await openDatabase(file);
  const { id } = await makePartner(database);
  const account = { nickname: 'Apex 50K', firm: null, currency: 'USD', startingBalance: null };
  const made = await transact(database, (transaction) =>
    createAccount(transaction, id, account, testNow, randomBytes),
  );
  await database.close();
  return { partnerId: id, accountId: made.id };
}

async function holdAllRows(file: string): Promise<void> {
  const database = await openDatabase(file);
  const count = database.handle.prepare('select count(*) from trades').pluck().get();
  await database.close();
  if (count !== rows) throw new Error(`There are ${count} rows instead of ${rows}.`);
}
