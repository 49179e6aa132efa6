import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import SQLite from 'better-sqlite3';
import fc from 'fast-check';
import { type CountedTrade, type Run, RunBuilder } from '../../server/analytics/run.ts';
import { checkSums } from '../../server/store/check-sums.ts';
import { runOf } from '../../server/store/columns.ts';
import { transact } from '../../server/store/database.ts';
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
      await changeDays(database, transaction, current, taken);
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
