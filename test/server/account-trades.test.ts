import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { readAccountTrades } from '../../server/store/account-trades.ts';
import { findAccount, insertAttempt } from '../../server/store/accounts.ts';
import { transact } from '../../server/store/database.ts';
import type {
  AccountTradesAnswer,
  TradeDetails,
  TradesAnswer,
} from '../../shared/answers/trades.ts';
import { day, minute } from '../../shared/time.ts';
import {
  type SortOrder,
  sortOrders,
  type TradeStatus,
  tradeStatuses,
} from '../../shared/trades.ts';
import { api } from '../support/api.ts';
import { allOf, pagesOf } from '../support/pages.ts';
import { makePartner, tradesOf } from '../support/partner.ts';
import { startTestServer, testNow } from '../support/server.ts';
import { planOf, statementsOf } from '../support/sql.ts';

interface TestTrade {
  id: string;
  attempt: number;
  entry_time: number;
  exit_time: number | null;
}

/** An account in its second attempt. */
async function startAccount(t: TestContext) {
  const server = await startTestServer(t);
  const { database } = server;
  const partner = await makePartner(database);
  const account = await partner.newAccount();
  const { handle } = database;
  await transact(database, async (transaction) => {
    await insertAttempt(transaction, {
      ...{ partner_id: partner.id, account_id: account, attempt: 2, started_at: testNow - day },
      ...{ starting_balance: null, max_drawdown: null },
    });
    handle.prepare('update accounts set attempt = 2 where id = ?').run(account);
  });
  const insert = handle.prepare(
    `insert into trades (partner_id, account_id, id, attempt, symbol, direction, quantity,
       entry_price, entry_time, exit_time, exit_price, pnl, commission, notes)
     values (?, ?, ?, ?, 'ES', 'long', 1, 1, ?, ?, ?, ?, 0, ?)`,
  );
  const put = (trades: readonly TestTrade[]) =>
    transact(database, async () => {
      for (const { id, attempt, entry_time, exit_time } of trades) {
        const closing = exit_time === null ? null : 1;
        const key = [partner.id, account, id, attempt];
        insert.run(...key, entry_time, exit_time, closing, closing, `Note of ${id}`);
      }
    });
  const asked = api(server, partner.key);
  return { server, database, partner, account, put, asked };
}

/** Trades in no order, of which many were entered at the same time, and many of these also exited. */
function someTrades(attempt: number): TestTrade[] {
  return Array.from({ length: 60 }, (_, number) => {
    const entry_time = testNow - ((number * 7) % 5) * minute;
    const exit_time = number % 4 === 0 ? null : entry_time + ((number * 3) % 4) * minute;
    return { id: `${attempt}-${(number * 37) % 60}`, attempt, entry_time, exit_time };
  });
}

function listOf(trades: readonly TestTrade[], status: TradeStatus, order: SortOrder): string[] {
  const listed = trades
    .filter(({ exit_time }) => status === 'all' || (exit_time === null) === (status === 'open'))
    .toSorted(
      (one, other) =>
        one.entry_time - other.entry_time ||
        (one.exit_time ?? 0) - (other.exit_time ?? 0) ||
        (one.id < other.id ? -1 : 1),
    )
    .map(({ id }) => id);
  return order === 'asc' ? listed : listed.toReversed();
}

const tradesIn = ({ trades }: AccountTradesAnswer) => trades;

test('all pages together are all trades of an attempt by entry, exit and id, in either order, open ones first', async (t) => {
  const { account, put, asked } = await startAccount(t);
  const [earlier, trades] = [someTrades(1), someTrades(2)];
  await put([...earlier, ...trades]);
  const assertListed = async (query: string, expected: string[]) => {
    const listed = await allOf(asked, `accounts/${account}/trades?${query}`, tradesIn);
    assert.deepEqual(
      listed.map(({ id }) => id),
      expected,
      query,
    );
  };
  for (const status of tradeStatuses) {
    for (const order of sortOrders) {
      for (const limit of [1, 7, 1_000]) {
        const query = `status=${status}&order=${order}&limit=${limit}`;
        await assertListed(query, listOf(trades, status, order));
      }
      const query = `status=${status}&order=${order}&limit=13&attempt=1`;
      await assertListed(query, listOf(earlier, status, order));
    }
  }
  await assertListed('', listOf(trades, 'all', 'asc'));
});

test('a list goes on where it was, also when trades are added, closed and deleted meanwhile', async (t) => {
  const { database, account, put, asked } = await startAccount(t);
  const trades = someTrades(2);
  await put(trades);
  const sorted = listOf(trades, 'all', 'asc');
  const seen: string[] = [];
  for await (const page of pagesOf<AccountTradesAnswer>(
    asked,
    `accounts/${account}/trades?limit=20`,
  )) {
    seen.push(...page.trades.map(({ id }) => id));
    if (seen.length !== 20) continue;
    const early = testNow - day;
    await put([
      { id: 'early', attempt: 2, entry_time: early, exit_time: null },
      { id: 'late', attempt: 2, entry_time: testNow + 1, exit_time: null },
    ]);
    // The trade that the cursor names is not needed to go on.
    await transact(database, async () => {
      for (const id of [seen[0], seen[19]])
        database.handle.prepare('delete from trades where id = ?').run(id);
    });
  }
  assert.deepEqual(seen, [...sorted, 'late']);
});

test('a list stays with the attempt in which it began, also across a reset', async (t) => {
  const { database, partner, account, put, asked } = await startAccount(t);
  const trades = someTrades(2);
  await put(trades);
  const attempts: number[] = [];
  const seen: string[] = [];
  for await (const page of pagesOf<AccountTradesAnswer>(
    asked,
    `accounts/${account}/trades?limit=30`,
  )) {
    attempts.push(page.attempt);
    seen.push(...page.trades.map(({ id }) => id));
    if (attempts.length > 1) continue;
    await transact(database, async (transaction) => {
      await insertAttempt(transaction, {
        ...{ partner_id: partner.id, account_id: account, attempt: 3, started_at: testNow + 1 },
        ...{ starting_balance: null, max_drawdown: null },
      });
      database.handle.prepare('update accounts set attempt = 3 where id = ?').run(account);
    });
    await put([{ id: 'new', attempt: 3, entry_time: testNow + 2, exit_time: null }]);
  }
  assert.deepEqual(attempts, [2, 2]);
  assert.deepEqual(seen, listOf(trades, 'all', 'asc'));
  const { body } = await asked.get<AccountTradesAnswer>(`accounts/${account}/trades`);
  assert.deepEqual([body.attempt, body.trades.length], [3, 1]);
});

test('a trade is told as in GET /trades, and alone with its account and attempt', async (t) => {
  const { account, put, asked } = await startAccount(t);
  await put([
    { id: 'a:1.x-Y', attempt: 2, entry_time: testNow - 30 * minute, exit_time: testNow },
    { id: 'old', attempt: 1, entry_time: testNow - 2 * day, exit_time: null },
  ]);
  const { body: list } = await asked.get<AccountTradesAnswer>(`accounts/${account}/trades`);
  const { body: page } = await asked.get<TradesAnswer>(`trades?account_id=${account}`);
  const closed = {
    ...{ id: 'a:1.x-Y', symbol: 'ES', contract: null, direction: 'long', quantity: 1 },
    ...{ entry_price: 1, exit_price: 1, entry_time: testNow - 30 * minute, exit_time: testNow },
    ...{ pnl: 0.0001, commission: 0, setup_type: null, notes: 'Note of a:1.x-Y' },
    duration_minutes: 30,
  };
  assert.deepEqual(list, {
    ...{ account: { id: account, nickname: 'Apex 50K' }, attempt: 2, trades: [closed] },
    next: null,
  });
  assert.deepEqual(page.trades, [closed]);
  const one = await asked.get<TradeDetails>(
    `trades/${encodeURIComponent('a:1.x-Y')}?account_id=${account}`,
  );
  assert.deepEqual(one.body, { account_id: account, attempt: 2, ...closed });
  const { body: open } = await asked.get<TradeDetails>(`trades/old?account_id=${account}`);
  assert.deepEqual(
    [open.attempt, open.exit_time, open.pnl, open.duration_minutes],
    [1, null, null, null],
  );
});

test('an unknown trade is a 404, and so is one of another account or firm', async (t) => {
  const { server, database, partner, account, asked } = await startAccount(t);
  await partner.addTrades(account, tradesOf([1]));
  const second = await partner.newAccount();
  const other = await makePartner(database);
  const foreign = await other.newAccount();
  await other.addTrades(foreign, tradesOf([1]));
  const ask = async (id: string, accountId: string) => {
    const { status, text } = await asked.get(`trades/${id}?account_id=${accountId}`);
    return [status, text];
  };
  assert.equal((await ask('t0', account))[0], 200);
  assert.equal((await ask('t1', account))[0], 404);
  assert.deepEqual(await ask('t0', second), await ask('t1', account));
  assert.deepEqual(await ask('t0', foreign), await ask('t0', 'acc_00000000000000000000'));
  assert.equal((await ask('t0', foreign))[0], 404);
  assert.equal((await asked.get('trades/t0')).status, 400);
  assert.equal((await ask('x'.repeat(65), account))[0], 400);
  for (const [scopes, status] of [
    [['stats:read'], 200],
    [['trades:write'], 200],
    [['accounts:list', 'stats:aggregate'], 403],
    [['embed:read'], 403],
  ] as const) {
    const { get } = api(server, await partner.newKey(scopes));
    for (const address of [`trades/t0?account_id=${account}`, `accounts/${account}/trades`])
      assert.equal((await get(address)).status, status, `${scopes} ${address}`);
  }
});

test('limits beyond 1,000 and cursors of other lists are a 400', async (t) => {
  const { partner, account, put, asked } = await startAccount(t);
  await put(someTrades(2));
  await partner.newAccount();
  const { body } = await asked.get<{ next: string }>('accounts?limit=1');
  for (const bad of ['limit=1001', 'limit=0', `cursor=${body.next}`, 'order=up', 'status=x']) {
    const { status, body } = await asked.get(`accounts/${account}/trades?${bad}`);
    assert.deepEqual([status, body.code], [400, 'invalid_parameters'], bad);
  }
  // Of the same form, but with values that no place has.
  for (const values of [
    [1.5, 1, 1, 'x'],
    [2, null, 1, 'x'],
    [2, 1, 1],
    [2, 1, 1, 'x', 'y'],
    [2, 1e300, 1, 'x'],
    [2, 1, 1, { x: 1 }],
  ]) {
    const cursor = Buffer.from(JSON.stringify(['account trades', ...values])).toString('base64url');
    const { status } = await asked.get(`accounts/${account}/trades?cursor=${cursor}`);
    assert.equal(status, 400, JSON.stringify(values));
  }
});

test('a page begins at its place in an index, without passing over what comes before, and nothing is sorted', async (t) => {
  const { database, partner, account, put } = await startAccount(t);
  const trades = someTrades(2);
  await put(trades);
  const found = (await findAccount(database.read, partner.id, account))!;
  for (const order of sortOrders) {
    for (const status of tradeStatuses) {
      const all = listOf(trades, status, order);
      const middle = Math.floor(all.length / 2);
      for (const [place, rest] of [
        [null, all],
        [all[middle], all.slice(middle + 1)],
      ] as const) {
        const after = trades.find(({ id }) => id === place) ?? null;
        const statements = await statementsOf(t, async () => {
          const page = { status, order, after, limit: all.length };
          const listed = await readAccountTrades(database.read, found, page);
          assert.deepEqual(
            listed.map(({ id }) => id),
            rest,
          );
        });
        const owner = 'partner_id=? AND account_id=? AND attempt=?';
        const bounds = after
          ? '( AND .*(entry_time|exit_time|id)[<>=]\\?)'
          : '( AND exit_time=\\?)?';
        const search = new RegExp(
          `^SEARCH trades USING INDEX (trades_by_entry|trades_in_order) \\(owner${bounds}\\)$`,
        );
        for (const step of statements.flatMap((each) => planOf(database, each)))
          assert.match(step.replace(owner, 'owner'), search, `${status} ${order}`);
      }
    }
  }
});
