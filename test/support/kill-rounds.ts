import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import SQLite from 'better-sqlite3';
import { checkSums } from '../../server/store/check-sums.ts';
import { openDatabase } from '../../server/store/database.ts';
import type { TradesWritten } from '../../shared/answers/trades.ts';
import { minute } from '../../shared/time.ts';
import { type Api, api } from './api.ts';
import { makePartner } from './partner.ts';
import { testNow } from './server.ts';

/** How many trades a request sends. They have no ids of their own, but the request's name as a note. */
const tradesOfRequest = 3;
const writers = 4;

/** A request that was sent, and its answer, if that arrived. */
interface Sent {
  name: string;
  account: string;
  /** When its trades were closed. */
  exit: number;
  answer: string | null;
}

export interface ServedFile {
  child: ChildProcess;
  address: string;
}

/**
 * Starts a server on a database file, which may send to this machine. `program`: the arguments of
 * Node that run the command line.
 */
export async function serveFile(file: string, program: readonly string[]): Promise<ServedFile> {
  const child = spawn(process.execPath, [...program, 'serve', '--port', '0', '--db', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PROPTALLY_WEBHOOK_ALLOW: '127.0.0.1/32' },
  });
  for await (const line of createInterface({ input: child.stdout! })) {
    const address = /http:\S+/.exec(line)?.[0];
    if (address) return { child, address };
  }
  throw new Error('The server did not start.');
}

/** A firm whose server is killed again and again while it writes. */
export class KilledFirm {
  readonly #file: string;
  readonly #program: readonly string[];
  readonly #key: string;
  readonly #accounts: readonly string[];
  #requests: Sent[] = [];
  /** The trades whose deletion was acknowledged. */
  readonly #deleted = new Set<string>();
  #named = 0;

  /** `program`: the arguments of Node that run the command line. */
  static async make(file: string, program: readonly string[]): Promise<KilledFirm> {
    const database = await openDatabase(file);
    const partner = await makePartner(database, 'enterprise');
    const accounts = [await partner.newAccount(), await partner.newAccount({ currency: 'EUR' })];
    await database.close();
    return new KilledFirm(file, program, partner.key, accounts);
  }

  constructor(file: string, program: readonly string[], key: string, accounts: readonly string[]) {
    this.#file = file;
    this.#program = program;
    this.#key = key;
    this.#accounts = accounts;
  }

  /** Starts servers, kills them after so many ms while they write, and checks what is left. */
  async round(after: number, servers = 1): Promise<{ sent: number; acknowledged: number }> {
    this.#requests = [];
    const running = await Promise.all(Array.from({ length: servers }, () => this.#serve()));
    const firms = running.map(({ address }) => api({ address }, this.#key));
    const writing = Array.from({ length: writers }, (_, number) =>
      this.#write(firms[number % firms.length]!, number),
    );
    await this.#begun(writing);
    await sleep(after);
    for (const { child } of running) child.kill('SIGKILL');
    await Promise.all(running.map(({ child }) => once(child, 'exit')));
    await Promise.all(writing);
    const acknowledged = this.#requests.filter(({ answer }) => answer !== null).length;
    this.#check();
    await this.#repeat();
    return { sent: this.#requests.length, acknowledged };
  }

  /** Waits until a first request was acknowledged: a server takes a moment to get going. */
  async #begun(writing: readonly Promise<void>[]): Promise<void> {
    let isOver = false;
    void Promise.allSettled(writing).then(() => {
      isOver = true;
    });
    while (!isOver && !this.#requests.some(({ answer }) => answer !== null)) await sleep(5);
  }

  #serve(): Promise<ServedFile> {
    return serveFile(this.#file, this.#program);
  }

  /** Sends requests one after another until the server is gone. */
  async #write(firm: Api, writer: number): Promise<void> {
    for (let turn = 0; ; turn++) {
      const account = this.#accounts[(writer + turn) % this.#accounts.length]!;
      const exit = testNow - (this.#named % 500) * minute;
      const sent: Sent = { name: `request-${this.#named++}`, account, exit, answer: null };
      this.#requests.push(sent);
      try {
        sent.answer = await this.#send(firm, sent);
        if (turn % 3 !== 2) continue;
        const [first] = (JSON.parse(sent.answer) as TradesWritten).trades;
        const { status } = await firm.delete(`trades/${first!.id}?account_id=${account}`);
        if (status === 200) this.#deleted.add(first!.id!);
      } catch (error) {
        if (error instanceof TypeError) return;
        throw error;
      }
    }
  }

  async #send(firm: Api, { name, account, exit }: Sent): Promise<string> {
    const trades = Array.from({ length: tradesOfRequest }, (_, number) => ({
      ...{ account_id: account, symbol: 'ES', direction: 'long', quantity: 1, entry_price: 1 },
      ...{ entry_time: exit - minute, exit_time: exit, exit_price: 1, pnl: number - 1.25 },
      notes: name,
    }));
    const { status, text } = await firm.post('trades', { trades }, { 'Idempotency-Key': name });
    assert.equal(status, 201, text);
    return text;
  }

  /** What was acknowledged is there, nothing is half there, and each trade has its event. */
  #check(): void {
    const handle = new SQLite(this.#file);
    try {
      const trades = handle
        .prepare<[], { id: string; notes: string }>('select id, notes from trades')
        .all();
      const deleted = handle.prepare<[], string>('select id from deleted_trades').pluck().all();
      const told = (type: string) =>
        handle
          .prepare<[string], string>(
            "select data ->> 'trade_id' from events where type = ? order by number",
          )
          .pluck()
          .all(type);
      assert.deepEqual(
        told('trade.created').sort(),
        [...trades.map(({ id }) => id), ...deleted].sort(),
      );
      assert.deepEqual(told('trade.deleted').sort(), [...deleted].sort());
      for (const id of this.#deleted) assert.ok(deleted.includes(id), `${id} was deleted`);
      const ofRequest = Map.groupBy(trades, ({ notes }) => notes);
      const created = new Set(trades.map(({ id }) => id));
      for (const { name, answer } of this.#requests) {
        const ids = answer ? (JSON.parse(answer) as TradesWritten).trades.map(({ id }) => id!) : [];
        for (const id of ids) assert.ok(created.has(id) || deleted.includes(id), `${name}: ${id}`);
        const count = ofRequest.get(name)?.length ?? 0;
        if (!answer) assert.ok(count === 0 || count === tradesOfRequest, `${name}: ${count}`);
      }
      const numbers = handle
        .prepare<[], number>('select number from events order by number')
        .pluck()
        .all();
      assert.deepEqual(
        numbers,
        numbers.map((_, index) => index + 1),
      );
      assert.deepEqual(checkSums(handle), []);
    } finally {
      handle.close();
    }
  }

  /** Sends every request again: each is answered as before, or done now, and none is done twice. */
  async #repeat(): Promise<void> {
    const { child, address } = await this.#serve();
    try {
      const firm = api({ address }, this.#key);
      for (const sent of this.#requests) {
        const again = await this.#send(firm, sent);
        if (sent.answer) assert.equal(again, sent.answer);
        sent.answer = again;
      }
    } finally {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    this.#check();
    const handle = new SQLite(this.#file, { readonly: true });
    const counts = handle
      .prepare<[], { notes: string; count: number }>(
        `select notes, count(*) as count from trades group by notes`,
      )
      .all();
    handle.close();
    for (const { notes, count } of counts)
      assert.ok(count <= tradesOfRequest, `${notes}: ${count}`);
  }
}
