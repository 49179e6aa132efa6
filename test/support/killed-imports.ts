import assert from 'node:assert/strict';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import SQLite from 'better-sqlite3';
import { checkSums } from '../../server/store/check-sums.ts';
import { openDatabase } from '../../server/store/database.ts';
import type { ImportAnswer } from '../../shared/answers/imports.ts';
import { minute } from '../../shared/time.ts';
import { api } from './api.ts';
import { sendFile } from './files.ts';
import { serveFile } from './kill-rounds.ts';
import { makePartner, plainCsv, tradesOf } from './partner.ts';
import { testNow } from './server.ts';

/** How many trades a file has: it is kept in steps. */
const rows = 12_000;

/** How long a server may take to find that an import was interrupted, and to take it back, ms. */
const longestRecovery = 60_000;

/** What became of a file whose server was killed. */
export type Fate = 'nothing' | 'done' | 'undone';

/** A firm whose server is killed while it imports a large file, or takes it back. */
export class KilledImports {
  readonly #file: string;
  readonly #program: readonly string[];
  readonly #key: string;
  readonly #account: string;
  #files = 0;
  /** The trades that are kept. */
  #kept = 0;

  /** `program`: the arguments of Node that run the command line. */
  static async make(file: string, program: readonly string[]): Promise<KilledImports> {
    const database = await openDatabase(file);
    const partner = await makePartner(database, 'enterprise');
    const account = await partner.newAccount();
    await database.close();
    return new KilledImports(file, program, partner.key, account);
  }

  constructor(file: string, program: readonly string[], key: string, account: string) {
    this.#file = file;
    this.#program = program;
    this.#key = key;
    this.#account = account;
  }

  /**
   * Sends a file, kills the server after so many ms, starts another one, and checks that the file is
   * there with its event, or gone without a trace. What is there is taken back, with a kill in between.
   */
  async round(after: number): Promise<Fate> {
    const file = this.#files++;
    await this.#killWhile(after, (address) => this.#send(address, file));
    const { fate, id } = await this.#recover(file);
    if (fate !== 'done') return fate;
    await this.#killWhile(after / 3, (address) =>
      api({ address }, this.#key).delete(`imports/${id}`),
    );
    const { child, address } = await serveFile(this.#file, this.#program);
    const { body } = await api({ address }, this.#key).delete<ImportAnswer>(`imports/${id}`);
    assert.ok(body.state === 'undoing' || body.state === 'undone', body.state);
    await this.#settled(address);
    child.kill('SIGTERM');
    await once(child, 'exit');
    this.#kept -= rows;
    this.#check(file, 'undone');
    return fate;
  }

  #send(address: string, file: number) {
    const trades = tradesOf(
      Array.from({ length: rows }, (_, index) => (index % 5) - 2),
      testNow - file * rows * minute,
    ).map((trade, index) => ({ ...trade, id: `f${file}-${index}` }));
    const query = { account_id: this.#account, file_name: String(file) };
    return sendFile({ address }, this.#key, query, plainCsv(trades));
  }

  async #killWhile(after: number, ask: (address: string) => Promise<unknown>): Promise<void> {
    const { child, address } = await serveFile(this.#file, this.#program);
    const asked = ask(address).catch(() => {});
    await sleep(after);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await asked;
    this.#look((handle) => assert.deepEqual(checkSums(handle), []));
  }

  /** Lets another server finish what was interrupted. */
  async #recover(file: number): Promise<{ fate: Fate; id: string | undefined }> {
    const { child, address } = await serveFile(this.#file, this.#program);
    await this.#settled(address);
    const { body } = await api({ address }, this.#key).get<{ imports: ImportAnswer[] }>('imports');
    child.kill('SIGTERM');
    await once(child, 'exit');
    const found = body.imports.find(({ file_name }) => file_name === String(file));
    const fate = found ? (found.state as Fate) : 'nothing';
    if (fate === 'done') this.#kept += rows;
    this.#check(file, fate);
    return { fate, id: found?.id };
  }

  async #settled(address: string): Promise<void> {
    const begun = performance.now();
    for (;;) {
      const { body } = await api({ address }, this.#key).get<{ imports: ImportAnswer[] }>(
        'imports',
      );
      const isGoingOn = body.imports.some(({ state }) => /^(running|undoing)$/.test(state));
      if (!isGoingOn) return;
      assert.ok(performance.now() - begun < longestRecovery, JSON.stringify(body.imports[0]));
      await sleep(250);
    }
  }

  /** All trades of the file are there or none, with the events that tell so, each once. */
  #check(file: number, fate: Fate): void {
    this.#look((handle) => {
      const count = handle.prepare('select count(*) from trades').pluck().get();
      assert.equal(count, this.#kept);
      assert.deepEqual(checkSums(handle), []);
      const told = handle
        .prepare<[string], { isUndone: number }>(
          `select data ->> 'undone' is not null as isUndone from events
           where type = 'import.completed' and data ->> 'file' = ? order by number`,
        )
        .all(String(file));
      const undone = told.filter(({ isUndone }) => isUndone).length;
      assert.ok(told.length - undone <= 1, 'told once that it is done');
      if (fate === 'nothing') assert.equal(told.length, 0);
      if (fate === 'done') assert.deepEqual([told.length, undone], [1, 0]);
      if (fate === 'undone') assert.equal(undone, 1);
    });
  }

  #look(see: (handle: SQLite.Database) => void): void {
    const handle = new SQLite(this.#file);
    try {
      see(handle);
    } finally {
      handle.close();
    }
  }
}
