import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import SQLite from 'better-sqlite3';
import fc from 'fast-check';
import { checkSums } from '../../server/store/check-sums.ts';
import { type Database, openDatabase, transact } from '../../server/store/database.ts';
import { findPartner } from '../../server/store/partners.ts';
import { remakeSums } from '../../server/store/remaking.ts';
import { changeDays } from '../../server/store/settings.ts';
import { day, hour, minute } from '../../shared/time.ts';
import { widgetNames } from '../../shared/widgets.ts';
import { type Api, api } from '../support/api.ts';
import { serveBeside } from '../support/beside.ts';
import { importRows, takeBack } from '../support/importing.ts';
import { makePartner, type TestPartner, type TestTrade } from '../support/partner.ts';
import { startTestServer, type TestServer, testNow } from '../support/server.ts';
import { readersHere, writerHere } from '../support/threads.ts';

/** The accounts of the firm, in two currencies. */
const currencies = ['USD', 'USD', 'EUR'];

/** A few moments, so that trades meet at starts of days and of attempts. */
const moment = fc
  .tuple(fc.integer({ min: 0, max: 5 }), fc.constantFrom(0, 5, 14, 17, 23), fc.nat(2))
  .map(([days, hours, step]) => testNow - days * day - hours * hour - step * minute);

const trade = fc.record({
  id: fc.constantFrom(...Array.from({ length: 12 }, (_, number) => `T${number}`)),
  symbol: fc.constantFrom('ES', 'NQ'),
  entry: moment,
  /** How long it was open, ms; null: it still is. */
  open: fc.option(fc.constantFrom(0, minute, 3 * hour, 2 * day), { freq: 4 }),
  pnl: fc.integer({ min: -40, max: 60 }),
});
type Trade = typeof trade extends fc.Arbitrary<infer Value> ? Value : never;

const account = fc.nat(currencies.length - 1);
const trades = fc.array(trade, { minLength: 1, maxLength: 8 });
const flag = fc.boolean();

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('send'),
      ...{ account, trades, upsert: flag, partial: flag, restore: flag },
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('import'),
      ...{ account, trades, inParts: flag, stopAfter: fc.option(fc.nat(6), { freq: 3 }) },
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constant('take back'), which: fc.nat(4), force: flag }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('change'), account, trade }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('replace'), account, trade }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('delete'), account, trades }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constantFrom('close', 'reopen'), account }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('reset'), account, at: moment }) },
  {
    weight: 1,
    arbitrary: fc.record({
      does: fc.constant('day'),
      zone: fc.constantFrom('UTC', 'America/Chicago'),
      start: fc.constantFrom(0, 17 * 60),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('erase'), account }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

function bodyOf({ symbol, entry, open, pnl }: Omit<Trade, 'id'>) {
  const isOpen = open === null;
  return {
    ...{ symbol, direction: 'long', quantity: 1, entry_price: 5_000, entry_time: entry },
    ...(isOpen ? {} : { exit_price: 5_001, exit_time: entry + open, pnl: pnl / 4 }),
  };
}

function rowOf(each: Trade): TestTrade {
  const { exit_time = null, pnl = null, ...rest } = bodyOf(each);
  return { id: each.id, ...rest, direction: 'long', exit_time, pnl };
}

interface Firm {
  server: TestServer;
  partner: TestPartner;
  own: Api;
  accounts: string[];
  /** The imports that kept something. */
  imports: string[];
}

async function startFirm(t: TestContext): Promise<Firm> {
  const server = await startTestServer(t, { writer: writerHere, readers: readersHere });
  // Hundreds of writes need not survive a power cut.
  server.database.handle.pragma('synchronous = off');
  const partner = await makePartner(server.database, 'enterprise');
  const accounts = [];
  for (const currency of currencies) {
    accounts.push(await partner.newAccount({ currency, startingBalance: 10_000 }));
  }
  return { server, partner, own: api(server, partner.key), accounts, imports: [] };
}

async function take({ server, partner, own, accounts, imports }: Firm, one: Step): Promise<void> {
  // Time passes, so that no limit refuses the request.
  server.clock.now += 100;
  const id = 'account' in one ? accounts[one.account]! : '';
  const answered = async () => {
    switch (one.does) {
      case 'send': {
        const { upsert, partial, restore } = one as Extract<Step, { upsert: boolean }>;
        const sent = (one as Extract<Step, { upsert: boolean }>).trades.map((each) => ({
          ...bodyOf(each),
          ...{ account_id: id, external_id: each.id },
        }));
        const query = `upsert=${upsert}&partial=${partial}&restore=${restore}`;
        return own.post(`trades?${query}`, { trades: sent });
      }
      case 'change':
      case 'replace': {
        const { trade } = one as Extract<Step, { trade: Trade }>;
        const { entry_price: _, ...changes } = bodyOf(trade);
        const address = `trades/${trade.id}?account_id=${id}`;
        return one.does === 'change'
          ? own.patch(address, changes)
          : own.put(address, bodyOf(trade));
      }
      case 'delete': {
        const { trades } = one as Extract<Step, { trades: Trade[] }>;
        const named = trades.map((each) => ({ account_id: id, id: each.id }));
        return own.post('trades/delete?partial=true', { trades: named });
      }
      case 'close':
      case 'reopen':
        return own.post(`accounts/${id}/${one.does}`);
      case 'reset':
        return own.post(`accounts/${id}/reset`, { at: (one as { at: number }).at });
      case 'erase':
        return own.delete(`accounts/${id}`);
      default:
        return null;
    }
  };
  if (one.does === 'import') {
    const { trades, inParts, stopAfter } = one as Extract<Step, { inParts: boolean }>;
    const rows = trades.map(rowOf);
    const whole = { partnerId: partner.id, account: id, rows, inParts };
    // Nothing is left of it if its process ends; then it may be sent again.
    const wanted = stopAfter === null ? whole : { ...whole, stopAfter };
    const report = await importRows(server.database, wanted).catch((error: Error) => {
      assert.match(error.message, /has no account/);
      return null;
    });
    if (report?.id) imports.push(report.id);
    return;
  }
  if (one.does === 'take back') {
    const { which, force } = one as Extract<Step, { which: number }>;
    const taken = imports[which];
    if (taken) await takeBack(server.database, partner.id, taken, force);
    return;
  }
  if (one.does === 'day') {
    const { zone, start } = one as Extract<Step, { zone: string }>;
    const { database } = server;
    await transact(database, async (transaction) => {
      const current = (await findPartner(transaction, partner.id))!;
      await changeDays(database.handle, transaction, current, { zone, start });
    });
    return;
  }
  const answer = await answered();
  assert.ok(answer!.status < 500, answer!.text);
}

function differencesIn(file: string) {
  const handle = new SQLite(file);
  try {
    return checkSums(handle);
  } finally {
    handle.close();
  }
}

/** A new database with the same partner and accounts, into which all trades are put once. */
async function putOnce({ server, partner }: Firm): Promise<{ database: Database; file: string }> {
  const file = `${server.database.path}-once`;
  const database = await openDatabase(file);
  const { handle } = database;
  handle.exec(`attach '${server.database.path}' as old`);
  const columnsOf = (table: string) =>
    handle
      .prepare<[], { name: string }>(`pragma old.table_info(${table})`)
      .all()
      .map(({ name }) => name)
      .join(', ');
  const copy = (table: string) => {
    const columns = columnsOf(table);
    handle.exec(`insert into main.${table} (${columns}) select ${columns} from old.${table}`);
  };
  await transact(database, async () => {
    for (const table of ['partners', 'keys', 'users', 'accounts', 'attempts']) copy(table);
    handle.exec(`update attempts set trade_count = 0, wins = 0, total_pnl = 0, money = 0, duration = 0;
      delete from attempts where account_id in (select id from accounts where status = 'erased');
      delete from accounts where status = 'erased';
      update partners set sums_version = 1, last_sums_version = 1, revision = 1`);
    copy('trades');
  });
  handle.exec('detach old');
  assert.ok(await findPartner(database.read, partner.id));
  return { database, file };
}

/** The answers to every question that a page may ask of these accounts. */
async function answersOf(server: { address: string }, key: string, accounts: readonly string[]) {
  const { get } = api(server, key);
  const asked = accounts.flatMap((id) => [`account_id=${id}`]);
  const questions = [
    ...['stats?period=all', 'stats?period=all&currency=EUR', 'accounts'],
    ...asked.flatMap((of) => [`stats?period=7d&${of}`, `trades?period=all&status=all&${of}`]),
    ...widgetNames.flatMap((name) =>
      ['currency=USD', 'currency=EUR', ...asked].map(
        (of) => `widgets/${name}?period=all&max_drawdown=50&${of}`,
      ),
    ),
  ];
  const answers = new Map<string, unknown>();
  for (const question of questions) {
    const { body } = await get<Record<string, unknown>>(question);
    const { revision: _, ...rest } = body;
    answers.set(question, rest);
  }
  return answers;
}

test('after any sequence of writes, sums equal those of the trades, and answers those of a database that has them once', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
      const firm = await startFirm(t);
      for (const one of steps) await take(firm, one);
      const { server, partner, accounts } = firm;
      assert.deepEqual(differencesIn(server.database.path), []);
      await remakeSums(server.database, () => false);
      const once = await putOnce(firm);
      assert.deepEqual(differencesIn(once.file), []);
      await once.database.close();
      server.clock.now += hour;
      const { clock } = server;
      await using beside = await serveBeside({ database: { path: once.file }, clock });
      assert.deepEqual(
        await answersOf(server, partner.key, accounts),
        await answersOf(beside, partner.key, accounts),
      );
    }),
    { numRuns: 25 },
  );
});
