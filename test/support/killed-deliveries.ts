import assert from 'node:assert/strict';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import SQLite from 'better-sqlite3';
import { openDatabase } from '../../server/store/database.ts';
import type { NewWebhookAnswer } from '../../shared/answers/webhooks.ts';
import { minute } from '../../shared/time.ts';
import { type Api, api } from './api.ts';
import { type ServedFile, serveFile } from './kill-rounds.ts';
import { makePartner } from './partner.ts';
import type { Receiver } from './receiver.ts';
import { testNow } from './server.ts';

/** How long it may take until everything that is owed has arrived, ms. */
const patience = 60_000;

/** A firm with a webhook, whose servers are killed again and again while they deliver. */
export class KilledDeliveries {
  readonly #file: string;
  readonly #program: readonly string[];
  readonly #receiver: Receiver;
  readonly #key: string;
  readonly #account: string;
  #isSubscribed = false;
  #trades = 0;

  /** `program`: the arguments of Node that run the command line. */
  static async make(
    file: string,
    program: readonly string[],
    receiver: Receiver,
  ): Promise<KilledDeliveries> {
    const database = await openDatabase(file);
    const partner = await makePartner(database, 'enterprise');
    const account = await partner.newAccount();
    await database.close();
    return new KilledDeliveries(file, program, receiver, partner.key, account);
  }

  constructor(
    file: string,
    program: readonly string[],
    receiver: Receiver,
    key: string,
    account: string,
  ) {
    this.#file = file;
    this.#program = program;
    this.#receiver = receiver;
    this.#key = key;
    this.#account = account;
  }

  /**
   * Starts servers, kills the first after so many ms while they deliver, and has what is left, or a
   * new one, deliver the rest. Returns how many events there were, and how many arrived twice.
   */
  async round(after: number, servers: number): Promise<{ events: number; twice: number }> {
    const { received } = this.#receiver;
    received.length = 0;
    const before = this.#lastEvent();
    const running = await Promise.all(Array.from({ length: servers }, () => this.#serve()));
    await this.#subscribe(running[0]!);
    const writing = running.map(({ address }) => this.#write(api({ address }, this.#key)));
    await this.#until(() => received.length > 0);
    await sleep(after);
    const [killed, ...others] = running as [ServedFile, ...ServedFile[]];
    killed.child.kill('SIGKILL');
    await once(killed.child, 'exit');
    const left = others.length > 0 ? others : [await this.#serve()];
    // Those that go on writing end a moment later.
    this.#isWriting = false;
    await Promise.all(writing);
    const owed = this.#eventsAfter(before);
    const arrived = () => new Set(received.map(({ headers }) => headers['webhook-id']));
    await this.#until(() => owed.every((id) => arrived().has(id)));
    for (const { child } of left) child.kill('SIGTERM');
    await Promise.all(left.map(({ child }) => once(child, 'exit')));
    const bodies = Map.groupBy(received, ({ headers }) => headers['webhook-id']);
    for (const same of bodies.values())
      assert.equal(new Set(same.map(({ body }) => body)).size, 1, 'the same bytes each time');
    return { events: owed.length, twice: received.length - bodies.size };
  }

  #isWriting = true;

  #serve(): Promise<ServedFile> {
    return serveFile(this.#file, this.#program);
  }

  async #subscribe({ address }: ServedFile): Promise<void> {
    this.#isWriting = true;
    if (this.#isSubscribed) return;
    this.#isSubscribed = true;
    const { url } = this.#receiver;
    const made = await api({ address }, this.#key).post<NewWebhookAnswer>('webhooks', { url });
    assert.equal(made.status, 201, made.text);
  }

  /** Sends trades one after another until the server is gone, or it is enough. */
  async #write(firm: Api): Promise<void> {
    while (this.#isWriting) {
      const exit = testNow - (this.#trades++ % 500) * minute;
      const trade = {
        ...{ account_id: this.#account, symbol: 'ES', direction: 'long', quantity: 1, pnl: 1 },
        ...{ entry_price: 1, exit_price: 1, entry_time: exit - minute, exit_time: exit },
      };
      try {
        await firm.post('trades', trade);
      } catch (error) {
        if (error instanceof TypeError) return;
        throw error;
      }
    }
  }

  #lastEvent(): number {
    return this.#read(
      (handle) =>
        handle.prepare<[], number>('select coalesce(max(number), 0) from events').pluck().get()!,
    );
  }

  #eventsAfter(number: number): string[] {
    return this.#read((handle) =>
      handle
        .prepare<[number], string>(
          "select id from events where number > ? and type = 'trade.created'",
        )
        .pluck()
        .all(number),
    );
  }

  #read<Result>(look: (handle: SQLite.Database) => Result): Result {
    const handle = new SQLite(this.#file, { readonly: true });
    try {
      return look(handle);
    } finally {
      handle.close();
    }
  }

  async #until(isSo: () => boolean): Promise<void> {
    const deadline = performance.now() + patience;
    while (!isSo()) {
      assert.ok(performance.now() < deadline, 'an event never arrived');
      await sleep(20);
    }
  }
}
