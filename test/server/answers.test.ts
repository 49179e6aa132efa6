import assert from 'node:assert/strict';
import test from 'node:test';
import SQLite from 'better-sqlite3';
import type { AccountsAnswer } from '../../shared/answers/accounts.ts';
import type { ErrorAnswer } from '../../shared/answers/error.ts';
import type { StatsAnswer } from '../../shared/answers/stats.ts';
import type { TradesAnswer } from '../../shared/answers/trades.ts';
import type { WidgetAnswer } from '../../shared/answers/widgets.ts';
import { day, minute } from '../../shared/time.ts';
import { makePartner, tradesOf } from '../support/partner.ts';
import { startTestServer, type TestServer, testNow } from '../support/server.ts';

function asker(server: TestServer, key: string) {
  return async <Answer>(path: string): Promise<Answer> => {
    const response = await server.get(`/api/partner/${path}`, { 'X-API-Key': key });
    return (await response.json()) as Answer;
  };
}

test('/stats has the documented shape, for one account and for all of a currency', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const ask = asker(server, partner.key);
  const account = await partner.newAccount();
  await partner.addTrades(account, [
    { entry_time: testNow - day - minute, exit_time: testNow - day, pnl: 100.25, symbol: 'NQ' },
    { entry_time: testNow - minute, exit_time: testNow, pnl: -50.1, symbol: 'ES' },
    { entry_time: testNow - minute, exit_time: testNow, pnl: 0, symbol: 'ES' },
  ]);
  const other = await partner.newAccount({ nickname: 'Other' });
  await partner.addTrades(other, tradesOf([10]));
  const euros = await partner.newAccount({ nickname: 'Euros', currency: 'EUR' });
  await partner.addTrades(euros, tradesOf([7]));

  assert.deepEqual(await ask<StatsAnswer>(`stats?account_id=${account}`), {
    account: { id: account, nickname: 'Apex 50K' },
    currency: 'USD',
    accounts: { counted: 1, left_out: 0 },
    period: '30d',
    stats: {
      tradeCount: 3,
      winRate: 33.3,
      avgPnl: 16.72,
      totalPnl: 50.15,
      bestTrade: 100.25,
      worstTrade: -50.1,
      profitFactor: 2,
      instrumentsTraded: 2,
    },
    dailyPnl: [
      { day: '2026-11-19', pnl: 100.25, trades: 1 },
      { day: '2026-11-20', pnl: -50.1, trades: 2 },
    ],
    instruments: [
      { symbol: 'ES', trades: 2, win_rate: 0, total_pnl: -50.1 },
      { symbol: 'NQ', trades: 1, win_rate: 100, total_pnl: 100.25 },
    ],
  });
  const all = await ask<StatsAnswer>('stats');
  assert.equal(all.account, null);
  assert.deepEqual(all.accounts, { counted: 2, left_out: 1 });
  assert.equal(all.stats.totalPnl, 60.15);
  const inEuros = await ask<StatsAnswer>('stats?currency=EUR');
  assert.deepEqual(inEuros.accounts, { counted: 1, left_out: 2 });
  assert.equal(inEuros.stats.totalPnl, 7);
});

test('/stats counts the days of the period, today included, and moves on at midnight', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const account = await partner.newAccount();
  const midnight = Date.UTC(2026, 10, 14);
  await partner.addTrades(
    account,
    [midnight - 1, midnight].map((exit, index) => ({
      id: `edge${index}`,
      entry_time: exit - 1000,
      exit_time: exit,
      pnl: 1,
    })),
  );
  const ask = asker(server, partner.key);
  const count = async (period: string) =>
    (await ask<StatsAnswer>(`stats?period=${period}`)).stats.tradeCount;
  assert.equal(await count('7d'), 1);
  assert.equal(await count('all'), 2);
  server.clock.now = Date.UTC(2026, 10, 21);
  assert.equal(await count('7d'), 0);
});

test('/accounts lists in pages and filters by firm', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const ask = asker(server, partner.key);
  const first = await partner.newAccount({ nickname: 'First', firm: 'apex' });
  const second = await partner.newAccount({ nickname: 'Second', firm: 'summit' });
  await partner.addTrades(first, tradesOf([1.5, 2]));
  const { accounts, ...page } = await ask<AccountsAnswer>('accounts?firm_id=apex');
  assert.deepEqual(page, { total: 1, limit: 50, offset: 0, next: null });
  assert.deepEqual(accounts, [
    {
      id: first,
      external_id: null,
      nickname: 'First',
      user_id: null,
      firm_id: 'apex',
      status: 'active',
      currency: 'USD',
      trade_count: 2,
      total_pnl: 3.5,
    },
  ]);
  const pages = await Promise.all(
    [0, 1, 2].map((offset) => ask<AccountsAnswer>(`accounts?limit=1&offset=${offset}`)),
  );
  assert.deepEqual(
    pages.map(({ total, accounts: { length } }) => [total, length]),
    [
      [2, 1],
      [2, 1],
      [2, 0],
    ],
  );
  const ids = pages.flatMap(({ accounts: page }) => page.map(({ id }) => id));
  assert.deepEqual(ids.sort(), [first, second].sort());
});

test('/trades has the documented shape, open trades only when asked for', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const ask = asker(server, partner.key);
  const account = await partner.newAccount();
  await partner.addTrades(account, [
    {
      id: 'closed',
      entry_time: testNow - 1_800_000,
      exit_time: testNow,
      pnl: 187.5,
      commission: -4.6,
    },
    { id: 'open', entry_time: testNow, exit_time: null, pnl: null },
  ]);
  const answer = await ask<TradesAnswer>(`trades?account_id=${account}`);
  assert.deepEqual(answer, {
    account: { id: account, nickname: 'Apex 50K' },
    period: '30d',
    pagination: { page: 1, limit: 50, total: 1, total_pages: 1, has_more: false },
    trades: [
      {
        id: 'closed',
        symbol: 'ES',
        contract: null,
        direction: 'long',
        quantity: 1,
        entry_price: 5000,
        exit_price: 5000,
        entry_time: testNow - 1_800_000,
        exit_time: testNow,
        pnl: 187.5,
        commission: -4.6,
        setup_type: null,
        notes: null,
        duration_minutes: 30,
      },
    ],
  });
  const ids = async (query: string) =>
    (await ask<TradesAnswer>(`trades?account_id=${account}&${query}`)).trades.map(({ id }) => id);
  assert.deepEqual(await ids('status=open'), ['open']);
  assert.deepEqual(await ids('status=all'), ['open', 'closed']);
  const stats = await ask<StatsAnswer>(`stats?account_id=${account}`);
  assert.equal(stats.stats.tradeCount, 1);
});

test('/trades sorts, filters and pages', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const ask = asker(server, partner.key);
  const account = await partner.newAccount();
  await partner.addTrades(account, [
    {
      id: 'a',
      entry_time: testNow - 9000,
      exit_time: testNow - 100,
      pnl: 3,
      symbol: 'NQ',
      quantity: 2,
    },
    {
      id: 'b',
      entry_time: testNow - 8000,
      exit_time: testNow - 900,
      pnl: -1,
      symbol: 'ES',
      quantity: 5,
    },
    {
      id: 'c',
      entry_time: testNow - 7000,
      exit_time: testNow - 500,
      pnl: 2,
      symbol: 'CL',
      direction: 'short',
    },
    { id: 'd', entry_time: testNow - 40 * day, exit_time: testNow - 40 * day, pnl: 9 },
  ]);
  const ids = async (query: string) =>
    (await ask<TradesAnswer>(`trades?account_id=${account}&${query}`)).trades
      .map(({ id }) => id)
      .join('');
  assert.equal(await ids(''), 'cba');
  assert.equal(await ids('order=asc'), 'abc');
  assert.equal(await ids('sort=exit_time'), 'acb');
  assert.equal(await ids('sort=pnl'), 'acb');
  assert.equal(await ids('sort=symbol&order=asc'), 'cba');
  assert.equal(await ids('sort=quantity'), 'bac');
  assert.equal(await ids('symbol=NQ'), 'a');
  assert.equal(await ids('direction=short'), 'c');
  assert.equal(await ids('period=90d'), 'cbad');
  assert.equal(await ids('period=all&sort=pnl'), 'dacb');
  assert.equal(await ids('limit=2'), 'cb');
  assert.equal(await ids('limit=2&page=2'), 'a');
  const { pagination } = await ask<TradesAnswer>(`trades?account_id=${account}&limit=2`);
  assert.deepEqual(pagination, { page: 1, limit: 2, total: 3, total_pages: 2, has_more: true });
});

test('the pnl of a period’s trades add up to its totalPnl, exactly', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const ask = asker(server, partner.key);
  const account = await partner.newAccount();
  await partner.addTrades(account, tradesOf(['0.1', '0.2', '-0.0003', '1234567.8901', '-0.05']));
  const { trades } = await ask<TradesAnswer>(`trades?account_id=${account}&limit=100`);
  const units = trades.reduce((sum, { pnl }) => sum + Math.round(pnl! * 10_000), 0);
  const { stats, dailyPnl } = await ask<StatsAnswer>(`stats?account_id=${account}`);
  assert.equal(stats.totalPnl, units / 10_000);
  assert.equal(stats.totalPnl, 1234568.1398);
  assert.equal(dailyPnl[0]?.pnl, stats.totalPnl);
});

test('averages and ratios are rounded at the end, halves away from zero', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const ask = asker(server, partner.key);
  const figures = async (results: (number | string)[]) => {
    const account = await partner.newAccount();
    await partner.addTrades(account, tradesOf(results));
    return (await ask<StatsAnswer>(`stats?account_id=${account}`)).stats;
  };
  assert.equal((await figures([0.01, 0])).avgPnl, 0.01);
  assert.equal((await figures([-0.01, 0])).avgPnl, -0.01);
  assert.equal((await figures([1.005, -1])).profitFactor, 1.01);
  assert.equal((await figures([5, 5])).profitFactor, null);
  assert.equal((await figures([-5])).profitFactor, 0);
  assert.equal((await figures([-5])).bestTrade, -5);
});

test('a widget’s answer has data, branding and revision, and invalid parameters are mended instead of refused', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const ask = asker(server, partner.key);
  const account = await partner.newAccount();
  await partner.addTrades(account, tradesOf([5, -2]));
  const first = await ask<WidgetAnswer<'stats-card'>>(
    'widgets/stats-card?period=30&limit=x&period=7d',
  );
  assert.equal(first.widget, 'stats-card');
  assert.equal(first.data.period, '30d');
  assert.deepEqual(first.branding, {
    primary_color: null,
    logo_url: null,
    logo_url_light: null,
    logo_url_dark: null,
    company_name: null,
    hide_powered_by: false,
  });
  assert.equal(first.data.grossLoss, -2);
  await partner.addTrades(
    account,
    tradesOf([1], testNow - minute * 9).map((trade) => ({ ...trade, id: 'x' })),
  );
  const second = await ask<WidgetAnswer<'stats-card'>>('widgets/stats-card');
  assert.ok(second.revision > first.revision);
  assert.equal(second.data.stats.tradeCount, 3);
  const unknown = await ask<ErrorAnswer>('widgets/pie-chart');
  assert.equal(unknown.code, 'not_found');
});

test('an aggregate orders the trades of all accounts by their exits', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const ask = asker(server, partner.key);
  const one = await partner.newAccount();
  const other = await partner.newAccount();
  const risk = () => ask<WidgetAnswer<'risk-metrics'>>('widgets/risk-metrics?period=all');
  // Ordered by exits: +10, −4, −4, +1. By ids, the order would be another.
  await partner.addTrades(one, [
    { id: 'a', entry_time: testNow - 9_000, exit_time: testNow - 4_000, pnl: 10 },
    { id: 'c', entry_time: testNow - 9_000, exit_time: testNow - 2_000, pnl: -4 },
  ]);
  assert.equal((await risk()).data.drawdown.maxDrawdown, 4);
  await partner.addTrades(other, [
    { id: 'd', entry_time: testNow - 9_000, exit_time: testNow - 3_000, pnl: -4 },
    { id: 'b', entry_time: testNow - 9_000, exit_time: testNow - 1_000, pnl: 1 },
  ]);
  for (let times = 0; times < 2; times++) {
    const { data } = await risk();
    assert.equal(data.drawdown.maxDrawdown, 8);
    assert.deepEqual(data.streak.recent, ['W', 'L', 'L', 'W']);
    assert.equal(data.drawdown.maxDrawdownPct, null);
    server.clock.now += day;
  }
});

test('/stats is answered from the kept sums, without reading trades', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const ask = asker(server, partner.key);
  const account = await partner.newAccount();
  await partner.addTrades(account, tradesOf([5, -2]));
  // On a connection that does not note it for the sums.
  const other = new SQLite(server.database.path);
  t.after(() => other.close());
  other.exec('delete from trades');
  assert.equal((await ask<StatsAnswer>('stats')).stats.tradeCount, 2);
  assert.equal((await ask<StatsAnswer>(`stats?account_id=${account}`)).stats.tradeCount, 2);
});
