import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { findAccount } from '../../server/store/accounts.ts';
import { transact } from '../../server/store/database.ts';
import { always } from '../../server/store/days.ts';
import { listTrades, type TradesWanted } from '../../server/store/list-trades.ts';
import { findPartner } from '../../server/store/partners.ts';
import { remakeSums } from '../../server/store/remaking.ts';
import { changeDays } from '../../server/store/settings.ts';
import type { TradesAnswer } from '../../shared/answers/trades.ts';
import { type Day, latestDay, startOfUtcDay, utcDay } from '../../shared/day.ts';
import { type Period, periodDays } from '../../shared/period.ts';
import { day, hour, minute } from '../../shared/time.ts';
import {
  type Direction,
  type SortOrder,
  sortOrders,
  type TradeSort,
  type TradeStatus,
  tradeSorts,
  tradeStatuses,
} from '../../shared/trades.ts';
import { type DaySettings, tradingDays, utcDays } from '../../shared/trading-day.ts';
import { api } from '../support/api.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer, testNow } from '../support/server.ts';
import { planOf, skippedRows, statementsOf } from '../support/sql.ts';

interface TestTrade {
  id: string;
  attempt: number;
  symbol: string;
  direction: Direction;
  quantity: number;
  entry_time: number;
  /** Null: it is open. */
  exit_time: number | null;
  pnl: number | null;
}

interface List {
  status: TradeStatus;
  period: Period;
  sort: TradeSort;
  order: SortOrder;
  symbol?: string;
  direction?: Direction;
}

const chicago: DaySettings = { zone: 'America/Chicago', start: 17 * 60 };

/** When the first day of `7d` begins, and the one after its last, in Chicago and in UTC. */
const starts = [-6, 2].flatMap((by) => {
  const midnight = startOfUtcDay(utcDay(testNow) + by);
  return [midnight - hour, midnight];
});

let made = 0;

function tradeOf(entry_time: number, exit_time: number | null, attempt = 2): TestTrade {
  const number = ++made;
  return {
    // Not in the order in which they are made.
    id: `t${(number * 7_919) % 10_007}`,
    attempt,
    symbol: ['ES', 'NQ', 'CL'][number % 3]!,
    direction: number % 4 === 0 ? 'short' : 'long',
    quantity: 1 + (number % 5),
    entry_time,
    exit_time,
    pnl: exit_time === null ? null : (number % 11) - 5,
  };
}

function times<Value>(count: number, make: (index: number) => Value): Value[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** The trades of an account in its second attempt, and some of its first. */
function someTrades(): TestTrade[] {
  const instant = testNow - 5 * day;
  return [
    // From tomorrow to ten weeks ago, some of them held for days.
    ...times(220, (n) => {
      const exit = testNow + 30 * hour - n * 7.2 * hour;
      return tradeOf(exit - ((n * 37) % 70) * hour, exit);
    }),
    ...times(130, () => tradeOf(instant - hour, instant)),
    ...times(20, (n) => tradeOf(instant - hour, instant + n * 5 * hour)),
    ...starts.flatMap((start) =>
      [-1, 0, 1].flatMap((by) => [
        ...times(4, (n) => tradeOf(start + by - (n % 2) * day, start + by)),
        tradeOf(start + by, start + 2 * day),
      ]),
    ),
    ...times(25, (n) => tradeOf(testNow - n * 41 * hour, null)),
    ...times(5, () => tradeOf(instant - hour, null)),
    ...times(30, (n) => tradeOf(instant - n * hour, instant, 1)),
  ];
}

async function startFirm(t: TestContext) {
  const server = await startTestServer(t, { keyBurst: { atOnce: 1e6, perSecond: 1 } });
  const { database } = server;
  const partner = await makePartner(database, 'enterprise');
  const [account = '', other = ''] = [await partner.newAccount(), await partner.newAccount()];
  const { handle } = database;
  handle
    .prepare(
      `insert into attempts (partner_id, account_id, attempt, started_at, trade_count, total_pnl)
       select partner_id, account_id, 2, started_at, 0, 0 from attempts`,
    )
    .run();
  handle.prepare('update accounts set attempt = 2').run();
  const insert = handle.prepare(
    `insert into trades (partner_id, account_id, id, attempt, symbol, direction,
       quantity, entry_price, entry_time, exit_time, exit_price, pnl, commission)
     values (?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, 0)
     on conflict do update set attempt = excluded.attempt, symbol = excluded.symbol,
       entry_time = excluded.entry_time, exit_time = excluded.exit_time,
       exit_price = excluded.exit_price, pnl = excluded.pnl`,
  );
  const write = (work: () => void) => transact(database, async () => work());
  const put = (trades: readonly TestTrade[]) =>
    write(() => {
      for (const each of trades) {
        const { id, attempt, symbol, direction, quantity, entry_time, exit_time, pnl } = each;
        insert.run(
          ...[partner.id, account, id, attempt, symbol, direction, quantity],
          ...[entry_time, exit_time, exit_time === null ? null : 1, pnl],
        );
      }
    });
  const remove = (ids: readonly string[]) =>
    write(() => {
      for (const id of ids) handle.prepare('delete from trades where id = ?').run(id);
    });
  const moveAway = (ids: readonly string[]) =>
    write(() => {
      for (const id of ids)
        handle.prepare('update trades set account_id = ? where id = ?').run(other, id);
    });
  const change = async (days: DaySettings) => {
    await transact(database, async (transaction) => {
      const current = (await findPartner(transaction, partner.id))!;
      await changeDays(database.handle, transaction, current, days);
    });
    await remakeSums(database, () => false);
  };
  const { get } = api(server, partner.key);
  const ask = async (list: List, limit: number, page: number) => {
    const query = new URLSearchParams({
      account_id: account,
      ...list,
      limit: `${limit}`,
      page: `${page}`,
    });
    const { status, text, body } = await get<TradesAnswer>(`trades?${query}`);
    assert.equal(status, 200, text);
    return body;
  };
  return { database, partner, account, put, remove, moveAway, change, ask };
}

type Firm = Awaited<ReturnType<typeof startFirm>>;

/** The trades of a list, worked out by filtering and sorting all of an account. */
function listOf(trades: readonly TestTrade[], list: List, settings: DaySettings): TestTrade[] {
  const { dayOf } = tradingDays(settings);
  const count = periodDays[list.period];
  const from = count === null ? -Infinity : dayOf(testNow) - count + 1;
  const to = count === null ? Infinity : Math.max(dayOf(testNow), latestDay(testNow));
  const isIn = (closed: Day) => closed >= from && closed <= to;
  const keys = [list.sort, 'exit_time', 'entry_time', 'id'] as const;
  const sign = list.order === 'asc' ? 1 : -1;
  return trades
    .filter(({ attempt, exit_time, symbol, direction }) => {
      if (attempt !== 2) return false;
      if (symbol !== (list.symbol ?? symbol)) return false;
      if (direction !== (list.direction ?? direction)) return false;
      if (exit_time === null) return list.status !== 'closed';
      return list.status !== 'open' && isIn(dayOf(exit_time));
    })
    .sort((one, other) => {
      for (const key of keys) {
        // Without an exit or a P&L, a trade comes before those that have one.
        const [first, second] = [one[key] ?? -Infinity, other[key] ?? -Infinity];
        if (first !== second) return first < second ? -sign : sign;
      }
      return 0;
    });
}

async function assertPages(
  { ask }: Firm,
  trades: readonly TestTrade[],
  list: List,
  limit: number,
  days: DaySettings,
): Promise<void> {
  const expected = listOf(trades, list, days).map(({ id }) => id);
  const pages = Math.ceil(expected.length / limit);
  const answers = await Promise.all(times(pages + 1, (index) => ask(list, limit, index + 1)));
  const what = JSON.stringify([list, limit, days]);
  for (const [index, answer] of answers.entries()) {
    assert.deepEqual(
      answer.trades.map(({ id }) => id),
      expected.slice(index * limit, (index + 1) * limit),
      `page ${index + 1} of ${what}`,
    );
    const { total, total_pages, has_more } = answer.pagination;
    assert.deepEqual([total, total_pages, has_more], [expected.length, pages, index + 1 < pages]);
  }
}

/** The lists by these fields, in all orders. */
function* listsBy(sorts: readonly TradeSort[], periods: readonly Period[]): Generator<List> {
  for (const sort of sorts) {
    for (const order of sortOrders) {
      for (const status of tradeStatuses) {
        for (const period of periods) yield { sort, order, status, period };
      }
    }
  }
}

const byTime = ['entry_time', 'exit_time'] as const;

test('all pages of a list are what filtering and sorting all trades gives, whenever days begin', async (t) => {
  const firm = await startFirm(t);
  const trades = someTrades();
  await firm.put(trades);
  for (const days of [utcDays, chicago]) {
    await firm.change(days);
    for (const list of listsBy(byTime, ['7d', '30d', 'all'])) {
      for (const limit of [100, 41]) await assertPages(firm, trades, list, limit, days);
    }
    for (const list of listsBy(tradeSorts, ['30d', 'all'])) {
      await assertPages(firm, trades, { ...list, symbol: 'NQ' }, 50, days);
      await assertPages(firm, trades, { ...list, direction: 'short' }, 50, days);
    }
    for (const list of listsBy(['pnl', 'symbol', 'quantity'], ['30d', 'all'])) {
      await assertPages(firm, trades, list, 100, days);
    }
  }
});

test('all pages follow when trades are added, edited, closed, reopened, moved and deleted', async (t) => {
  const firm = await startFirm(t);
  let trades = someTrades();
  await firm.put(trades);
  const check = async () => {
    for (const list of listsBy(byTime, ['30d', 'all'])) {
      if (list.status === 'closed') await assertPages(firm, trades, list, 100, utcDays);
    }
    const inSymbol = { sort: 'pnl', order: 'asc', period: 'all', symbol: 'ES' } as const;
    for (const status of tradeStatuses)
      await assertPages(firm, trades, { ...inSymbol, status }, 100, utcDays);
  };
  await check();
  const edit = async (every: number, to: (trade: TestTrade) => Partial<TestTrade>) => {
    trades = trades.map((each, index) => (index % every === 0 ? { ...each, ...to(each) } : each));
    await firm.put(trades);
    await check();
  };
  await edit(7, ({ entry_time }) => ({ entry_time: entry_time - 3 * day }));
  await edit(11, ({ entry_time }) => ({ exit_time: entry_time + 4 * day, pnl: 1 }));
  await edit(13, () => ({ exit_time: null, pnl: null }));
  await edit(17, ({ attempt }) => ({ attempt: 3 - attempt }));
  await edit(5, () => ({ symbol: 'ES' }));
  trades = [...trades, tradeOf(testNow - day, testNow)];
  await firm.put(trades);
  await check();
  for (const take of [firm.remove, firm.moveAway]) {
    const taken = trades.filter((_, index) => index % 6 === 0).map(({ id }) => id);
    trades = trades.filter(({ id }) => !taken.includes(id));
    await take(taken);
    await check();
  }
});

/** The statements by which a page is found, and all steps in which trades are read. */
async function readingOf(t: TestContext, firm: Firm, asked: Partial<TradesWanted>) {
  const { database, partner, account } = firm;
  const found = (await findAccount(database.read, partner.id, account))!;
  const wanted: TradesWanted = {
    ...{ status: 'closed', span: always, symbol: null, direction: null },
    ...{ sort: 'entry_time', order: 'desc', limit: 50, offset: 0 },
    ...asked,
  };
  const statements = await statementsOf(t, async () => {
    const { trades } = await listTrades(database, found, tradingDays(utcDays), wanted);
    assert.equal(trades.length, wanted.limit);
  });
  const steps = statements.flatMap((each) => planOf(database, each));
  return { statements, steps: steps.filter((step) => /\btrades\b/.test(step)) };
}

/** 2,000 trades, ten a day. */
async function startLongHistory(t: TestContext) {
  const firm = await startFirm(t);
  await firm.put(
    times(2_000, (n) => {
      const exit = startOfUtcDay(utcDay(testNow)) - Math.floor(n / 10) * day + (n % 10) * minute;
      return tradeOf(exit - minute / 2, exit);
    }),
  );
  return firm;
}

const byId =
  'SEARCH trades USING INDEX sqlite_autoindex_trades_1 (partner_id=? AND account_id=? AND id=?)';

test('to find a page by entry or exit, only trades of the day in which it begins are skipped', async (t) => {
  const firm = await startLongHistory(t);
  const today = utcDay(testNow);
  const ofYear = { span: { from: today - 364, to: today }, sort: 'exit_time' } as const;
  for (const list of [{ sort: 'entry_time' }, { sort: 'exit_time' }, ofYear] as const) {
    for (const order of sortOrders) {
      for (const offset of [0, 733, 1_000, 1_408, 1_950]) {
        const { statements, steps } = await readingOf(t, firm, { ...list, order, offset });
        const [skipped = NaN, ...others] = skippedRows(statements);
        assert.deepEqual(others, []);
        assert.ok(skipped < 10, `${skipped} of ${offset}`);
        const [index, name] =
          list.sort === 'entry_time'
            ? ['trades_by_entry', 'entry_time']
            : ['trades_in_order', 'exit_time'];
        const search = `SEARCH trades USING COVERING INDEX ${index}`;
        const bound = steps.find(
          (step) => step.includes(`${name}<?`) || step.includes(`${name}>?`),
        );
        assert.ok(bound?.startsWith(search), steps.join('\n'));
        assert.deepEqual(
          steps.filter((step) => !step.includes(' COVERING ')),
          [byId],
        );
      }
    }
  }
});

test('by entry, a page of a period is found from the latest trade on, and nothing older is gone through', async (t) => {
  const firm = await startLongHistory(t);
  const today = utcDay(testNow);
  const ofMonth = { span: { from: today - 29, to: today }, offset: 100 };
  for (const [order, before] of [
    ['desc', 100],
    ['asc', 300 - 100 - 50],
  ] as const) {
    const { statements, steps } = await readingOf(t, firm, { ...ofMonth, order });
    assert.deepEqual(skippedRows(statements), [before]);
    const inOrder =
      'SEARCH trades USING COVERING INDEX trades_by_entry (partner_id=? AND account_id=? AND attempt=?)';
    assert.ok(steps.includes(inOrder), steps.join('\n'));
  }
});

test('of trades that are only skipped or counted, none is read outside an index', async (t) => {
  const firm = await startLongHistory(t);
  const today = utcDay(testNow);
  const ofYear = { from: today - 364, to: today };
  for (const status of ['closed', 'all'] as const) {
    for (const sort of byTime) {
      for (const order of sortOrders) {
        for (const span of [always, ofYear]) {
          const list = { status, sort, order, span, offset: 1_234 };
          const { steps } = await readingOf(t, firm, list);
          assert.deepEqual(
            steps.filter((step) => !step.includes(' COVERING ')),
            [byId],
            JSON.stringify(list),
          );
        }
      }
    }
  }
});

test('filtered trades are counted once for all pages, until the account changes', async (t) => {
  const firm = await startLongHistory(t);
  const counts = async (offset: number, filter: Partial<TradesWanted> = { symbol: 'ES' }) => {
    const { statements } = await readingOf(t, firm, { ...filter, offset });
    return statements.filter(({ text }) => /^select count\(/.test(text)).length;
  };
  assert.deepEqual([await counts(0), await counts(50), await counts(200)], [1, 0, 0]);
  assert.equal(await counts(0, { direction: 'short' }), 1);
  await firm.put([tradeOf(testNow - hour, testNow)]);
  assert.deepEqual([await counts(0), await counts(50)], [1, 0]);
});
