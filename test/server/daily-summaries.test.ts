import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test, { type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAccount } from '../../server/store/accounts.ts';
import { transact } from '../../server/store/database.ts';
import type { EventsAnswer } from '../../shared/answers/events.ts';
import { day, hour, minute, second } from '../../shared/time.ts';
import { api } from '../support/api.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer, testNow } from '../support/server.ts';

interface Summary {
  date: string;
  part?: number;
  parts?: number;
  accounts: {
    account_id: string;
    currency?: string;
    trades: number;
    pnl: number;
    win_rate: number;
  }[];
  totals: { trades: number; pnl: number };
}

/** 2026-11-21T00:00Z, three hours after the present of the tests. */
const midnight = testNow + 3 * hour;

async function startFirm(t: TestContext) {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const { get, post } = api(server, partner.key);
  /** Does the periodic work at a moment, and waits until it is done. */
  const tickAt = async (moment: number) => {
    server.clock.now = moment;
    await server.tick();
    await sleep(100);
  };
  const summaries = async () => {
    const { body } = await get<EventsAnswer>('events?types=daily_summary&limit=1000');
    return body.events.map(({ data, timestamp }) => ({
      timestamp,
      ...(data as unknown as Summary),
    }));
  };
  return { server, partner, post, tickAt, summaries };
}

test('a quarter past midnight a day is summed up for all active accounts, once', async (t) => {
  const { partner, post, tickAt, summaries } = await startFirm(t);
  const [first, idle, euros, closed] = [
    await partner.newAccount(),
    await partner.newAccount(),
    await partner.newAccount({ currency: 'EUR' }),
    await partner.newAccount(),
  ];
  const trade = (id: string, pnl: number, exit = testNow) => ({
    ...{ id, pnl, entry_time: exit - hour, exit_time: exit },
  });
  await partner.addTrades(first, [
    ...[trade('a', 10.5), trade('b', -3), trade('c', 1)],
    trade('yesterday', 99, testNow - day),
  ]);
  await partner.addTrades(euros, [trade('a', 7)]);
  await partner.addTrades(closed, [trade('a', 4)]);
  await post(`accounts/${closed}/close`);
  await tickAt(midnight + 14 * minute);
  assert.deepEqual(await summaries(), []);
  await tickAt(midnight + 15 * minute);
  await tickAt(midnight + 16 * minute);
  const none = { trades: 0, pnl: 0, win_rate: 0 };
  assert.deepEqual(await summaries(), [
    {
      timestamp: '2026-11-21T00:15:00.000Z',
      date: '2026-11-20',
      accounts: [
        { account_id: first, trades: 3, pnl: 8.5, win_rate: 66.7 },
        { account_id: idle, ...none },
        { account_id: euros, currency: 'EUR', trades: 1, pnl: 7, win_rate: 100 },
      ].sort((a, b) => (a.account_id < b.account_id ? -1 : 1)),
      totals: { trades: 3, pnl: 8.5 },
    },
  ]);
});

test('a partner’s own day is summed up a quarter past its end; one without active accounts is not', async (t) => {
  const { server, partner, tickAt, summaries, post } = await startFirm(t);
  const chicago = { day_zone: 'America/Chicago', day_start: 17 * 60 };
  await server.database.write
    .updateTable('partners')
    .set(chicago)
    .where('id', '=', partner.id)
    .execute();
  const account = await partner.newAccount();
  // 17:00 in Chicago is 23:00 UTC, and the day that begins then is named by its end.
  await tickAt(testNow + 2 * hour + 15 * minute);
  assert.deepEqual(
    (await summaries()).map(({ date }) => date),
    ['2026-11-20'],
  );
  await post(`accounts/${account}/close`);
  await tickAt(testNow + day + 3 * hour);
  await post(`accounts/${account}/reopen`);
  await tickAt(testNow + day + 4 * hour);
  assert.equal((await summaries()).length, 1);
});

test('beyond 1,000 accounts the summary comes in parts', async (t) => {
  const { server, partner, tickAt, summaries } = await startFirm(t);
  const account = { nickname: 'x', firm: null, currency: 'USD', startingBalance: null };
  await transact(server.database, async (transaction) => {
    for (let made = 0; made < 1_001; made++) {
      await createAccount(transaction, partner.id, account, testNow, randomBytes);
    }
  });
  await tickAt(midnight + 15 * minute);
  assert.deepEqual(
    (await summaries()).map(({ part, parts, accounts }) => [part, parts, accounts.length]),
    [
      [1, 2, 1_000],
      [2, 2, 1],
    ],
  );
});

test('missed days are made up for, at most thirty, each once; never while the clock is not trusted', async (t) => {
  const { server, partner, tickAt, summaries } = await startFirm(t);
  await partner.newAccount();
  await tickAt(testNow);
  const later = midnight + 40 * day;
  await tickAt(later);
  assert.deepEqual(await summaries(), []);
  assert.match(JSON.stringify(server.log), /nothing old is removed/);
  // It has run evenly for a day.
  for (let hours = 1; hours <= 24; hours++) await tickAt(later + hours * hour);
  const dates = (await summaries()).map(({ date }) => date);
  assert.equal(dates.length, 30);
  assert.equal(new Set(dates).size, 30);
  assert.deepEqual([dates[0], dates.at(-1)], ['2026-12-01', '2026-12-30']);
  await tickAt(later + 24 * hour + 5 * second);
  assert.equal((await summaries()).length, 30);
});
