import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { checkSums } from '../../server/store/check-sums.ts';
import type { Database } from '../../server/store/database.ts';
import type { EventsAnswer } from '../../shared/answers/events.ts';
import { hour, minute } from '../../shared/time.ts';
import { type Api, api } from '../support/api.ts';
import { importRows, takeBack } from '../support/importing.ts';
import { makePartner, type TestTrade } from '../support/partner.ts';
import { startTestServer, testNow } from '../support/server.ts';
import { readersHere, writerHere } from '../support/threads.ts';

const row = fc
  .record({
    id: fc.constantFrom('A', 'B', 'C'),
    entry: fc.constantFrom(5, 5, 5, 9),
    isOpen: fc.boolean(),
    pnl: fc.constantFrom(-3, 4, 4, 4),
  })
  .map(
    ({ id, entry, isOpen, pnl }): TestTrade => ({
      ...{ id, entry_time: testNow - entry * hour, commission: isOpen ? -1 : -2 },
      ...(isOpen
        ? { exit_time: null, pnl: null }
        : { exit_time: testNow - id.charCodeAt(0) * minute, pnl }),
    }),
  );

const rows = fc.array(row, { minLength: 1, maxLength: 6 });
const flag = fc.boolean();
const file = fc.record({ rows, skipsBad: flag, restores: flag, isSmall: flag });
type File = typeof file extends fc.Arbitrary<infer Value> ? Value : never;

const other = fc.oneof(
  fc.record({ does: fc.constant('import' as const), file }),
  fc.record({ does: fc.constant('send' as const), row, restore: flag }),
  fc.record({
    ...{ does: fc.constant('change' as const), row },
    changes: fc.constantFrom<object>({ notes: 'seen' }, { quantity: 2 }, { pnl: 9 }),
  }),
  fc.record({ does: fc.constant('delete' as const), row }),
  fc.record({ does: fc.constant('take back' as const), which: fc.nat(5), force: flag }),
);
type Other = typeof other extends fc.Arbitrary<infer Value> ? Value : never;

class Firm {
  readonly database: Database;
  readonly client: Api;
  readonly partnerId: string;
  readonly account: string;
  readonly imports: string[] = [];

  constructor(database: Database, client: Api, partnerId: string, account: string) {
    this.database = database;
    this.client = client;
    this.partnerId = partnerId;
    this.account = account;
  }

  /** Imports a file; or, if `stopAfter` steps are given, leaves it then to be taken back. */
  async import({ rows, skipsBad, restores, isSmall }: File, stopAfter = Infinity) {
    const { database, partnerId, account } = this;
    const options = { skipsBad, restores };
    const wanted = { partnerId, account, rows, options, inParts: isSmall, stopAfter };
    const report = await importRows(database, wanted);
    if (report?.id) this.imports.push(report.id);
    return report;
  }

  takeBack(id: string, isForced: boolean): Promise<void> {
    return takeBack(this.database, this.partnerId, id, isForced);
  }

  /** Sends a trade by API; of an open one nothing about an exit. */
  async send({ id, exit_time, pnl, ...row }: TestTrade): Promise<void> {
    const entry = { ...row, symbol: 'ES', direction: 'long', quantity: 1, entry_price: 5000 };
    const trade = exit_time === null ? entry : { ...entry, exit_time, pnl, exit_price: 5000 };
    const sent = { ...trade, account_id: this.account, external_id: id };
    const { status, text } = await this.client.post('trades', sent);
    assert.ok(status <= 201, text);
  }

  async take(one: Other): Promise<void> {
    const { account, client } = this;
    if (one.does === 'import') await this.import(one.file);
    else if (one.does === 'take back') {
      const id = this.imports[one.which];
      if (id) await this.takeBack(id, one.force);
    } else {
      const { id, ...fields } = one.row;
      const whole = { ...fields, symbol: 'ES', direction: 'long', quantity: 1, entry_price: 5000 };
      const trade = fields.exit_time === null ? whole : { ...whole, exit_price: 5000 };
      const path = `trades/${id}?account_id=${account}`;
      if (one.does === 'delete') await client.delete(path);
      else if (one.does === 'change') await client.patch(path, one.changes);
      else {
        const sent = { ...trade, account_id: account, external_id: id };
        await client.post(`trades?restore=${one.restore}`, sent);
      }
    }
    assert.deepEqual(checkSums(this.database.handle), []);
  }

  /** The ids of the trades that who follows the events believes to be there. */
  async told(): Promise<string[]> {
    const { body } = await this.client.get<EventsAnswer>(
      'events?limit=1000&types=trade.created,trade.deleted',
    );
    const ids = new Set<string>();
    for (const { event, data } of body.events) {
      const { trade_id } = data as { trade_id: string };
      assert.equal(ids.has(trade_id), event === 'trade.deleted', `${event} of ${trade_id}`);
      if (event === 'trade.created') ids.add(trade_id);
      else ids.delete(trade_id);
    }
    return [...ids].sort();
  }

  /** All that an import may change, without what trades say of imports. */
  state() {
    const { handle } = this.database;
    const all = (text: string) => handle.prepare<[], { id: string }>(text).all();
    return {
      trades: all(
        `select id, attempt, symbol, entry_time, exit_time, exit_price, pnl, commission, notes
         from trades order by id`,
      ),
      deleted: all('select id from deleted_trades where restored_by is null order by id'),
      corrected: all('select id, at_entry, at_exit from corrected_trades order by id'),
    };
  }
}

async function makeFirms(t: Parameters<typeof startTestServer>[0]): Promise<() => Promise<Firm>> {
  const server = await startTestServer(t, { writer: writerHere, readers: readersHere });
  // Hundreds of writes need not survive a power cut.
  server.database.handle.pragma('synchronous = off');
  return async () => {
    server.database.handle.exec(
      'delete from trades; delete from deleted_trades; delete from corrected_trades',
    );
    server.clock.now += hour;
    const partner = await makePartner(server.database, 'enterprise');
    const account = await partner.newAccount();
    return new Firm(server.database, api(server, partner.key), partner.id, account);
  };
}

test('whatever came before, a file that is taken back leaves everything as it was', async (t) => {
  const makeFirm = await makeFirms(t);
  await fc.assert(
    fc.asyncProperty(fc.array(other, { maxLength: 8 }), file, async (before, last) => {
      const firm = await makeFirm();
      for (const one of before) await firm.take(one);
      const state = firm.state();
      const report = await firm.import(last);
      assert.deepEqual(checkSums(firm.database.handle), []);
      if (report?.id) await firm.takeBack(report.id, false);
      assert.deepEqual(firm.state(), state);
      assert.deepEqual(checkSums(firm.database.handle), []);
    }),
    { numRuns: 40 },
  );
});

test('so does one whose process ends at any step', async (t) => {
  const makeFirm = await makeFirms(t);
  const steps = fc.nat(9);
  await fc.assert(
    fc.asyncProperty(fc.array(other, { maxLength: 5 }), file, steps, async (before, last, stop) => {
      const firm = await makeFirm();
      for (const one of before) await firm.take(one);
      const state = firm.state();
      const report = await firm.import({ ...last, isSmall: true }, stop);
      if (report?.id) return;
      assert.deepEqual(firm.state(), state);
      assert.deepEqual(checkSums(firm.database.handle), []);
    }),
    { numRuns: 15 },
  );
});

test('when all files are taken back, in any order, nothing is left of them', async (t) => {
  const makeFirm = await makeFirms(t);
  const files = fc.array(fc.tuple(file, fc.nat()), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(files, async (given) => {
      const firm = await makeFirm();
      const kept: { id: string; order: number }[] = [];
      for (const [one, order] of given) {
        const report = await firm.import(one);
        if (report?.id) kept.push({ id: report.id, order });
      }
      for (const { id } of kept.sort((a, b) => a.order - b.order)) await firm.takeBack(id, false);
      assert.deepEqual(firm.state().trades, []);
    }),
    { numRuns: 15 },
  );
});

test('a file that is kept in parts becomes what it becomes at once', async (t) => {
  const makeFirm = await makeFirms(t);
  await fc.assert(
    fc.asyncProperty(fc.array(other, { maxLength: 4 }), file, async (before, last) => {
      const results = [];
      for (const isSmall of [false, true]) {
        const firm = await makeFirm();
        for (const one of before) await firm.take(one);
        const report = await firm.import({ ...last, isSmall });
        const { added, refused, kept } = report ?? { added: 0, refused: 0, kept: false };
        const { trades, deleted } = firm.state();
        results.push({ trades, deleted, kept, added, refused });
      }
      assert.deepEqual(results[0], results[1]);
    }),
    { numRuns: 15 },
  );
});

test('what is left after files were taken back, in any order, is what the other writes alone would have made', async (t) => {
  const makeFirm = await makeFirms(t);
  /** Two versions of each of two trades: open, and closed. */
  const version = fc
    .record({ id: fc.constantFrom('A', 'B'), isOpen: fc.boolean() })
    .map(({ id, isOpen }): TestTrade => {
      const exit_time = isOpen ? null : testNow - minute;
      return { id, entry_time: testNow - 5 * hour, exit_time, pnl: isOpen ? null : 4 };
    });
  const versions = fc.array(version, { minLength: 1, maxLength: 3 });
  const write = fc.oneof(
    { weight: 4, arbitrary: fc.record({ rows: versions, isSmall: flag, isTakenBack: flag }) },
    { weight: 1, arbitrary: fc.record({ sent: version }) },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(write, { minLength: 2, maxLength: 4 }),
      flag,
      async (writes, last) => {
        const run = async (wanted: typeof writes) => {
          const firm = await makeFirm();
          const undone: string[] = [];
          for (const one of wanted) {
            if ('sent' in one) await firm.send(one.sent);
            else {
              const { rows, isSmall } = one;
              const report = await firm.import({ rows, isSmall, skipsBad: true, restores: false });
              if (one.isTakenBack && report?.id) undone.push(report.id);
            }
          }
          for (const id of last ? undone.reverse() : undone) await firm.takeBack(id, false);
          const state = firm.state();
          const ids = state.trades.map(({ id }) => id);
          assert.deepEqual(await firm.told(), ids);
          return state;
        };
        const all = await run(writes);
        assert.deepEqual(all, await run(writes.filter((one) => 'sent' in one || !one.isTakenBack)));
      },
    ),
    { numRuns: 60 },
  );
});
