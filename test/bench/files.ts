import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../../server/store/database.ts';
import type { ImportAnswer } from '../../shared/answers/imports.ts';
import { makePartner } from '../support/partner.ts';
import { startChild, withChildren } from './child.ts';
import type { InsertedRows } from './children/bare-inserts.ts';
import { atLeast, atMost, type Figure, progress, unbounded } from './figure.ts';
import { withFolder } from './folder.ts';
import { madeRows } from './trades.ts';

const rows = Number(process.env.ROWS ?? 1_000_000);
const memoryBound = 250;
const longestWait = 1_000;
/** As it is installed: from its sources, the server takes a hundred MB more. */
const program = path.join(import.meta.dirname, '..', '..', 'dist', 'node', 'main.js');
const columns = [
  ...['symbol', 'direction', 'quantity', 'entry_price', 'exit_price', 'entry_time'],
  ...['exit_time', 'pnl'],
] as const;

/**
 * Compares a file of a million rows, sent by the API, with the inserts alone, while another firm
 * writes trades; and takes it back.
 */
export function measureFiles(): Promise<Figure[]> {
  return withFolder(async (folder) => {
    const db = path.join(folder, 'files.db');
    const bare = path.join(folder, 'bare.db');
    const firm = await makeFirm(db);
    const other = await makeFirm(db);
    const { partnerId, account: accountId } = await makeFirm(bare);
    progress(`files: inserting ${rows} rows`);
    const inserted: InsertedRows = { db: bare, partnerId, accountId, rows };
    const inserting = await withChildren({ child: startChild('bare-inserts.ts') }, ({ child }) =>
      child.ask<number>('insert', inserted),
    );
    return withServer(db, async (address, mostMemory) => {
      const send = caller(address, firm.key);
      const file = Buffer.from(csv());
      const beside = new Beside(address, other);
      progress(`files: sending ${rows} rows`);
      const importing = await beside.during(async () => {
        const query = `account_id=${firm.account}&timezone=UTC`;
        const sent = await send('POST', `imports?${query}`, file);
        return settled(send, sent);
      });
      const memory = mostMemory();
      if (importing.result.added !== rows) throw new Error(JSON.stringify(importing.result));
      progress('files: taking it back');
      const undoing = await beside.during(async () =>
        settled(send, await send('DELETE', `imports/${importing.result.id}`)),
      );
      if (undoing.result.undone?.removed !== rows) throw new Error(JSON.stringify(undoing.result));
      return [
        atLeast(
          'Rows/s of a file by POST /imports against bare inserts',
          inserting / importing.seconds,
          0.25,
          ` (${perSecond(importing.seconds)} against ${perSecond(inserting)})`,
        ),
        atMost(`  peak memory of the server`, memory, memoryBound, { unit: ' MB', digits: 0 }),
        ...tellOf('meanwhile', importing),
        unbounded('Rows/s taken back', perSecond(undoing.seconds)),
        ...tellOf('meanwhile', undoing),
      ];
    });
  });
}

interface Firm {
  partnerId: string;
  key: string;
  account: string;
}

async function makeFirm(file: string): Promise<Firm> {
  const database = await openDatabase(file);
  const partner = await makePartner(database, 'enterprise', `${Math.random()}@example.com`);
  const account = await partner.newAccount();
  await database.close();
  return { partnerId: partner.id, key: partner.key, account };
}

/** With short tickets, as a file has at most 64 MiB. */
function csv(): string {
  const lines = [`id,${columns.join(',')}`];
  for (const trade of madeRows(rows)) {
    const ticket = (10 ** 6 + lines.length).toString(36);
    lines.push(`${ticket},${columns.map((name) => trade[name]).join(',')}`);
  }
  return lines.join('\n');
}

/** Runs `work` beside a server, whose peak memory in MB can be asked for. */
async function withServer<Result>(
  db: string,
  work: (address: string, mostMemory: () => number) => Promise<Result>,
): Promise<Result> {
  const options = ['serve', '--port', '0', '--db', db];
  const server = spawn(process.execPath, [program, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: server.stdout }), 'line')) as [string];
  const mostMemory = () => {
    const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+)/m.exec(status)![1]) / 1_024;
  };
  try {
    return await work(/http:\S+/.exec(line)![0], mostMemory);
  } finally {
    server.kill();
    await once(server, 'exit');
  }
}

type Send = (method: string, path: string, body?: Buffer<ArrayBuffer>) => Promise<ImportAnswer>;

function caller(address: string, key: string): Send {
  return async (method, path, body) => {
    const headers = { 'X-API-Key': key, 'Content-Type': 'text/csv' };
    const url = `${address}/api/partner/${path}`;
    const response = await fetch(url, { method, headers, ...(body && { body }) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as ImportAnswer;
  };
}

/** Asks for an import until nothing more is done to it. */
async function settled(send: Send, { id, state }: ImportAnswer): Promise<ImportAnswer> {
  for (let now = state; now === 'running' || now === 'undoing'; ) {
    await sleep(250);
    now = (await send('GET', `imports/${id}`)).state;
  }
  return send('GET', `imports/${id}`);
}

function perSecond(seconds: number): string {
  return `${Math.round(rows / seconds).toLocaleString('en')} rows/s`;
}

interface Taken {
  result: ImportAnswer;
  seconds: number;
  /** How long each request for /health, and each trade of the other firm, took, ms. */
  health: number[];
  trades: number[];
}

function tellOf(when: string, { health, trades }: Taken): Figure[] {
  const at = (times: number[], share: number) =>
    times.toSorted((a, b) => a - b)[Math.floor((times.length - 1) * share)]!;
  const tell = (times: number[]) =>
    `p50 ${at(times, 0.5).toFixed(1)} ms, p99 ${at(times, 0.99).toFixed(1)} ms`;
  return [
    unbounded(`  /health ${when}`, tell(health)),
    unbounded(`  one trade of another firm ${when}`, tell(trades)),
    atMost(`  the longest wait for one`, Math.max(...trades), longestWait, {
      ...{ unit: ' ms', digits: 0 },
    }),
  ];
}

/** What others do meanwhile: they ask for /health, and send a trade now and then. */
class Beside {
  readonly #address: string;
  readonly #other: Firm;
  #sent = 0;

  constructor(address: string, other: Firm) {
    this.#address = address;
    this.#other = other;
  }

  async during(work: () => Promise<ImportAnswer>): Promise<Taken> {
    const begun = performance.now();
    let isOver = false;
    const again = async (ask: () => Promise<void>) => {
      const times: number[] = [];
      while (!isOver) {
        const start = performance.now();
        await ask();
        times.push(performance.now() - start);
        await sleep(20);
      }
      return times;
    };
    const health = again(async () => {
      await (await fetch(`${this.#address}/health`)).arrayBuffer();
    });
    const trades = again(() => this.#sendTrade());
    let seconds = 0;
    const result = await work().finally(() => {
      seconds = (performance.now() - begun) / 1_000;
      isOver = true;
    });
    return { result, seconds, health: await health, trades: await trades };
  }

  async #sendTrade(): Promise<void> {
    const now = Date.now();
    const response = await fetch(`${this.#address}/api/partner/trades`, {
      method: 'POST',
      headers: { 'X-API-Key': this.#other.key, 'Content-Type': 'application/json' },
      body: JSON.stringify({
        ...{ account_id: this.#other.account, external_id: `other-${this.#sent++}` },
        ...{ symbol: 'ES', direction: 'long', quantity: 1, entry_price: 1, exit_price: 1 },
        ...{ entry_time: now - 1_000, exit_time: now, pnl: 1 },
      }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.status} ${text}`);
  }
}
