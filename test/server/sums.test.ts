import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import SQLite from 'better-sqlite3';
import fc from 'fast-check';
import { type CountedTrade, type Run, RunBuilder } from '../../server/analytics/run.ts';
import { measureFalls, WayBuilder } from '../../server/analytics/way.ts';
import { findAccount } from '../../server/store/accounts.ts';
import { checkSums, mendSums } from '../../server/store/check-sums.ts';
import { runNames, runOf } from '../../server/store/columns.ts';
import { transact } from '../../server/store/database.ts';
import { always, readRuns, readWays } from '../../server/store/days.ts';
import { InexactSums } from '../../server/store/exact-sums.ts';
import { findPartner } from '../../server/store/partners.ts';
import { remakeSums } from '../../server/store/remaking.ts';
import type { TradesTable } from '../../server/store/schema.ts';
import { changeDays } from '../../server/store/settings.ts';
import { day as dayLength, hour, minute } from '../../shared/time.ts';
import { type DaySettings, tradingDays, utcDays } from '../../shared/trading-day.ts';
import { openTestDatabase } from '../support/database.ts';
import { makePartner } from '../support/partner.ts';

const symbols = ['ES', 'NQ', 'CL'];

/** A change of one trade. */
type Change =
  | { kind: 'add'; account: number; attempt: number; trade: Figures }
  | { kind: 'many'; account: number; count: number; trade: Figures }
  | { kind: 'edit' | 'replace' | 'move' | 'delete'; which: number; trade: Figures };

interface Figures {
  symbol: string;
  entry_time: number;
  /** Null: it is open. */
  exit_time: number | null;
  pnl: number;
  commission: number;
}

/** The days from here on lie in two months. */
const firstDay = Date.UTC(2026, 10, 26);

// Few moments, on both sides of the beginnings of days, so that many trades end at the same time.
const moment = fc
  .tuple(
    fc.integer({ min: 0, max: 9 }),
    fc.constantFrom(0, 1, 13, 14, 22, 23),
    fc.integer({ min: 0, max: 3 }),
  )
  .map(([day, hours, step]) => firstDay + day * dayLength + hours * hour + step * minute);

const figures: fc.Arbitrary<Figures> = fc.record({
  symbol: fc.constantFrom(...symbols),
  entry_time: moment.map((at) => at - 5 * minute),
  exit_time: fc.option(moment, { freq: 8 }),
  pnl: fc.integer({ min: -50, max: 50 }),
  commission: fc.integer({ min: -3, max: 0 }),
});

const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('add' as const),
      account: fc.nat(2),
      attempt: fc.integer({ min: 1, max: 2 }),
      trade: figures,
    }),
  },
  {
    weight: 1,
    // More than a piece holds, at one moment.
    arbitrary: fc.record({
      kind: fc.constant('many' as const),
      account: fc.nat(2),
      count: fc.integer({ min: 200, max: 700 }),
      trade: figures,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('edit', 'replace', 'move', 'delete'),
      which: fc.nat(),
      trade: figures,
    }),
  },
);

const days: fc.Arbitrary<DaySettings> = fc.constantFrom(
  utcDays,
  { zone: 'America/Chicago', start: 17 * 60 },
  { zone: 'Australia/Lord_Howe', start: 30 },
  { zone: 'Asia/Kathmandu', start: 5 * 60 + 45 },
);

/** Changes that are one transaction, a change of the day, or some steps towards it. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.array(change, { minLength: 1, maxLength: 12 }) },
  { weight: 1, arbitrary: days },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 3 }) },
);

async function openFirm(t: TestContext) {
  const database = await openTestDatabase(t);
  const partner = await makePartner(database);
  const accounts = [
    await partner.newAccount(),
    await partner.newAccount({ startingBalance: 50_000 }),
    await partner.newAccount({ currency: 'EUR' }),
  ];
  database.handle
    .prepare(
      `insert into attempts (partner_id, account_id, attempt, started_at, trade_count, total_pnl)
       select partner_id, account_id, 2, started_at, 0, 0 from attempts`,
    )
    .run();
  let made = 0;
  const { handle } = database;
  const ids = () =>
    handle
      .prepare<[string], string>('select id from trades where partner_id = ? order by id')
      .pluck()
      .all(partner.id);
  const valuesOf = ({ symbol, entry_time, exit_time, pnl, commission }: Figures) => {
    const isOpen = exit_time === null;
    return [symbol, entry_time, exit_time, isOpen ? null : pnl, isOpen ? null : 1, commission];
  };
  const insertion = (insert: string) =>
    handle.prepare(
      `${insert} into trades (partner_id, account_id, attempt, id, direction, quantity, entry_price,
         symbol, entry_time, exit_time, pnl, exit_price, commission)
       values (?, ?, ?, ?, 'long', 1, 1, ?, ?, ?, ?, ?, ?)`,
    );
  const insert = insertion('insert');
  const replace = insertion('insert or replace');
  const add = (account: number, attempt: number, trade: Figures) => {
    insert.run(partner.id, accounts[account], attempt, `t${++made}`, ...valuesOf(trade));
  };
  const apply = (change: Change) => {
    if (change.kind === 'add') return add(change.account, change.attempt, change.trade);
    if (change.kind === 'many') {
      for (let n = 0; n < change.count; n++) add(change.account, 1, change.trade);
      return;
    }
    const all = ids();
    if (all.length === 0) return;
    const id = all[change.which % all.length];
    if (change.kind === 'replace') {
      const { account_id, attempt } = handle
        .prepare<[unknown], TradesTable>('select * from trades where id = ?')
        .get(id)!;
      replace.run(partner.id, account_id, attempt, id, ...valuesOf(change.trade));
    } else if (change.kind === 'delete') handle.prepare('delete from trades where id = ?').run(id);
    else if (change.kind === 'move') {
      const to = [accounts[change.which % 3], 1 + (change.which % 2), id];
      handle.prepare('update trades set account_id = ?, attempt = ? where id = ?').run(...to);
    } else {
      handle
        .prepare(
          `update trades set symbol = ?, entry_time = ?, exit_time = ?, pnl = ?, exit_price = ?,
             commission = ? where id = ?`,
        )
        .run(...valuesOf(change.trade), id);
    }
  };
  const takeSteps = (count: number) => {
    let left = count;
    return remakeSums(database, () => left-- <= 0, { longestStep: 0 });
  };
  return { database, partner, accounts, apply, takeSteps };
}

type Firm = Awaited<ReturnType<typeof openFirm>>;

async function take(
  { database, partner, apply, takeSteps }: Firm,
  taken: Change[] | DaySettings | number,
) {
  if (typeof taken === 'number') return takeSteps(taken);
  await transact(database, async (transaction) => {
    if (Array.isArray(taken)) taken.forEach(apply);
    else {
      const current = (await findPartner(transaction, partner.id))!;
      await changeDays(database.handle, transaction, current, taken);
    }
  });
}

function differencesIn({ database }: Firm) {
  const handle = new SQLite(database.path);
  try {
    return checkSums(handle);
  } finally {
    handle.close();
  }
}

/** The runs of the partner's days, by currency and day, worked out from all its trades in order. */
async function runsOfTrades({ database, partner }: Firm): Promise<Map<string, Run>> {
  const { day_zone: zone, day_start: start } = (await findPartner(database.read, partner.id))!;
  const { dayOf } = tradingDays({ zone, start });
  const trades = database.handle
    .prepare<[], CountedTrade & { currency: string }>(
      `select trades.*, currency from trades join accounts on accounts.id = account_id
       where exit_time is not null order by exit_time, entry_time, account_id, trades.id`,
    )
    .all();
  const builders = new Map<string, RunBuilder>();
  for (const trade of trades) {
    const key = `${trade.currency} ${dayOf(trade.exit_time)}`;
    if (!builders.has(key)) builders.set(key, new RunBuilder());
    builders.get(key)!.add(trade);
  }
  return new Map([...builders].map(([key, builder]) => [key, builder.finish()]));
}

async function assertRight(firm: Firm): Promise<void> {
  assert.deepEqual(differencesIn(firm), []);
  const { database, partner } = firm;
  const { sums_version } = (await findPartner(database.read, partner.id))!;
  const rows = await database.read
    .selectFrom('partner_days')
    .selectAll()
    .where('version', '=', sums_version)
    .execute();
  const kept = new Map(rows.map((row) => [`${row.currency} ${row.day}`, runOf(row)]));
  assert.deepEqual(new Map([...kept].sort()), new Map([...(await runsOfTrades(firm))].sort()));
  for (const account of firm.accounts) await assertAccountRight(firm, account);
}

/** Compares the days of an account, and the falls of its running total, with those of its trades. */
async function assertAccountRight({ database, partner }: Firm, id: string): Promise<void> {
  const {
    day_zone: zone,
    day_start: start,
    ...rest
  } = (await findPartner(database.read, partner.id))!;
  const account = (await findAccount(database.read, partner.id, id))!;
  const subject = {
    ...{ kind: 'account' as const, partnerId: partner.id, account },
    version: rest.sums_version,
  };
  const trades = database.handle
    .prepare<[string, number], CountedTrade>(
      `select * from trades where account_id = ? and attempt = ? and exit_time is not null
       order by exit_time, entry_time, id`,
    )
    .all(id, account.attempt);
  const { dayOf } = tradingDays({ zone, start });
  const runs = [...Map.groupBy(trades, ({ exit_time }) => dayOf(exit_time))].map(
    ([day, trades]) => ({ day, of: sumOf(trades).run }),
  );
  assert.deepEqual(await readRuns(database.read, subject, always), runs);
  const whole = trades.length > 0 ? [sumOf(trades)] : [];
  assert.deepEqual(
    measureFalls(await readWays(database.read, subject, always), 1_000),
    measureFalls(whole, 1_000),
  );
}

function sumOf(trades: readonly CountedTrade[]) {
  const [run, way] = [new RunBuilder(), new WayBuilder()];
  for (const trade of trades) {
    run.add(trade);
    way.add(trade);
  }
  return { run: run.finish(), readWay: () => way.finish() };
}

test('sums follow any changes of trades and of the day, as if made from the trades that are left', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      const firm = await openFirm(t);
      for (const taken of steps) await take(firm, taken as Parameters<typeof take>[1]);
      await assertRight(firm);
      await remakeSums(firm.database, () => false);
      await assertRight(firm);
      await firm.database.close();
    }),
    { numRuns: 25 },
  );
});

/** A firm with an account that has so many trades on one day, a minute or less apart. */
async function firmWithLongDay(t: TestContext, count: number) {
  const firm = await openFirm(t);
  const add = (at: number, pnl: number): Change => {
    const times = { entry_time: at - minute, exit_time: at };
    const trade = { symbol: symbols[at % 3]!, ...times, pnl, commission: -1 };
    return { kind: 'add', account: 1, attempt: 1, trade };
  };
  const begin = firstDay + 2 * hour;
  await take(
    firm,
    Array.from({ length: count }, (_, n) => add(begin + n * 4_000, ((n * 37) % 101) - 49)),
  );
  return { ...firm, add, begin, end: begin + count * 4_000 };
}

type LongDay = Awaited<ReturnType<typeof firmWithLongDay>>;

function accountPieces({ database }: Firm): string[] {
  const rows = database.handle.prepare<[], object>('select * from account_pieces').all();
  return rows.map((row) => JSON.stringify(row));
}

test('a trade of a day with thousands changes few of the rows that its sums are made of', async (t) => {
  const firm = await firmWithLongDay(t, 5_000);
  const { handle } = firm.database;
  const middle = (firm.begin + firm.end) / 2;
  const writes: [string, () => unknown][] = [
    ['added at the end', () => firm.apply(firm.add(firm.end, 5))],
    ['added in the middle', () => firm.apply(firm.add(middle, -700))],
    ['added before all', () => firm.apply(firm.add(firm.begin - hour, 3))],
    ['changed', () => handle.exec("update trades set pnl = 900 where id = 't2000'")],
    [
      'moved by hours',
      () => handle.exec(`update trades set exit_time = ${middle} where id = 't4'`),
    ],
    ['deleted', () => handle.exec("delete from trades where id = 't3000'")],
  ];
  for (const [what, write] of writes) {
    const before = new Set(accountPieces(firm));
    await transact(firm.database, async () => void write());
    const changed = accountPieces(firm).filter((row) => !before.has(row)).length;
    assert.ok(changed >= 1 && changed <= 4, `${what}: ${changed} of ${before.size}`);
    await assertRight(firm);
  }
});

test('a day with thousands of trades is made anew in steps, whatever is written to it meanwhile', async (t) => {
  const writes: Record<string, (firm: LongDay, step: number) => Change> = {
    'at its end': ({ add, end }, step) => add(end + step, 70),
    'at its beginning': ({ add, begin }, step) => add(begin + step, -70),
    'all over it': ({ add, begin, end }, step) =>
      add(begin + Math.floor(((end - begin) * (step % 9)) / 9), 7),
  };
  for (const [where, write] of Object.entries(writes)) {
    const firm = await firmWithLongDay(t, 5_000);
    await take(firm, { zone: 'Asia/Kathmandu', start: 5 * 60 + 45 });
    const left = firm.database.handle.prepare('select 1 from remakings');
    let steps = 0;
    for (; left.get() && steps < 100; steps++) {
      await firm.takeSteps(1);
      await take(firm, [write(firm, steps)]);
    }
    assert.ok(steps >= 5_000 / 512 && steps < 100, `${where}: ${steps} steps`);
    await assertRight(firm);
  }
});

test('a day that is long no more, or at last, is as one that always was as it is', async (t) => {
  const firm = await firmWithLongDay(t, 520);
  const { database } = firm;
  assert.ok(accountPieces(firm).length > 1);
  await transact(database, async () => {
    database.handle.exec("delete from trades where id like 't1_'");
  });
  assert.equal(accountPieces(firm).length, 0);
  await assertRight(firm);
  await take(
    firm,
    Array.from({ length: 20 }, (_, n) => firm.add(firm.end + n, 1)),
  );
  assert.ok(accountPieces(firm).length > 1);
  await assertRight(firm);
});

test('trades of a long day that could not be summed exactly are refused, and leave nothing', async (t) => {
  const firm = await firmWithLongDay(t, 600);
  const before = accountPieces(firm);
  const huge = Array.from({ length: 1_100 }, (_, n) => firm.add(firm.end + n, 9e15));
  await assert.rejects(take(firm, huge), InexactSums);
  assert.deepEqual(accountPieces(firm), before);
  await assertRight(firm);
});

test('wrong, missing and left-over pieces of a long day are found and mended', async (t) => {
  const firm = await firmWithLongDay(t, 2_000);
  const { database } = firm;
  const first = '(select min(exit_time) from account_pieces)';
  const faults = [
    `update account_pieces set gross_profit = gross_profit + 1 where exit_time = ${first}`,
    `update account_pieces set way = x'00' where exit_time = ${first}`,
    `update account_pieces set parts = '{"symbol":[],"hour":[]}' where exit_time = ${first}`,
    `delete from account_pieces where exit_time = ${first}`,
    'delete from account_pieces where exit_time = (select max(exit_time) from account_pieces)',
    'delete from account_pieces',
    `insert into account_pieces select partner_id, version, account_id, attempt, day + 1,
       exit_time, entry_time, id, ${runNames.join(', ')}, parts, way from account_pieces limit 1`,
  ];
  for (const fault of faults) {
    await transact(database, async () => void database.handle.exec(fault));
    const found = differencesIn(firm);
    assert.deepEqual(
      found.map(({ table }) => table),
      ['account_pieces'],
      fault,
    );
    await mendSums(database, found);
    await assertRight(firm);
  }
});
