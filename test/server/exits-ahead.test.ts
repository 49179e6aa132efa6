import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import type { StatsAnswer } from '../../shared/answers/stats.ts';
import type { TradesAnswer } from '../../shared/answers/trades.ts';
import type { WidgetAnswer, WidgetData } from '../../shared/answers/widgets.ts';
import { day, minute } from '../../shared/time.ts';
import type { WidgetName } from '../../shared/widgets.ts';
import { makePartner, type TestTrade } from '../support/partner.ts';
import { startTestServer, testNow } from '../support/server.ts';

/** A trade whose exit is so many days after the present. */
function ahead(days: number, pnl = 1): TestTrade {
  const exit = testNow + days * day;
  return { id: `t${days}`, entry_time: exit - minute, exit_time: exit, pnl };
}

async function startFirm(t: TestContext, now = testNow) {
  const server = await startTestServer(t, { now });
  const partner = await makePartner(server.database, 'enterprise');
  const account = await partner.newAccount({ startingBalance: 1_000, firm: 'apex' });
  const ask = async <Answer>(question: string) => {
    const response = await server.get(`/api/partner/${question}`, { 'X-API-Key': partner.key });
    assert.equal(response.status, 200);
    return (await response.json()) as Answer;
  };
  const data = async <Name extends WidgetName>(name: Name, question: string) =>
    (await ask<WidgetAnswer<Name>>(`widgets/${name}?${question}`)).data as WidgetData[Name];
  return { server, partner, account, ask, data };
}

const spanning = [
  ...['stats-card', 'performance-summary', 'equity-curve', 'trade-heatmap'],
  ...['instrument-breakdown', 'win-streak', 'risk-metrics', 'leaderboard'],
] as ('stats-card' | 'leaderboard')[];

test('a period of days ends today, or tomorrow once that has begun in some zone', async (t) => {
  const { partner, account, ask, data } = await startFirm(t);
  // It is 21:00 UTC on Friday 2026-11-20, and already Saturday in the zones furthest ahead.
  await partner.addTrades(account, [ahead(-30), ahead(-29), ahead(0), ahead(1), ahead(2)]);
  for (const whose of ['', `&account_id=${account}`]) {
    for (const name of spanning) {
      const { from, to } = await data(name, `period=30d${whose}`);
      assert.deepEqual([from, to], ['2026-10-22', '2026-11-21'], name);
      const all = await data(name, `period=all${whose}`);
      assert.deepEqual([all.from, all.to], ['2026-10-21', '2026-11-22'], name);
    }
    const { stats, dailyPnl } = await ask<StatsAnswer>(`stats?period=7d${whose}`);
    assert.deepEqual([stats.tradeCount, dailyPnl.at(-1)?.day], [2, '2026-11-21']);
    assert.equal((await data('win-streak', `period=7d${whose}`)).streak.longestWin, 2);
  }
  const listed = async (period: string) => {
    const { trades } = await ask<TradesAnswer>(`trades?account_id=${account}&period=${period}`);
    return trades.map(({ id }) => id).join(' ');
  };
  assert.equal(await listed('30d'), 't1 t0 t-29');
  assert.equal(await listed('all'), 't2 t1 t0 t-29 t-30');
  const { trades } = await data('recent-trades', `account_id=${account}&limit=2`);
  assert.deepEqual(
    trades.map(({ id }) => id),
    ['t2', 't1'],
  );
  assert.equal((await data('win-streak', `account_id=${account}&period=7d`)).currentPnl, 2);
});

test('an answer is cached only until the next day begins in some zone', async (t) => {
  const { server, partner, account, ask } = await startFirm(
    t,
    Date.UTC(2026, 10, 20, 9, 59, 59, 999),
  );
  await partner.addTrades(account, [{ ...ahead(0), exit_time: Date.UTC(2026, 10, 21) }]);
  const count = async () => (await ask<StatsAnswer>('stats?period=7d')).stats.tradeCount;
  assert.equal(await count(), 0);
  server.clock.now++;
  assert.equal(await count(), 1);
});

test('the calendar shows future months up to the last one with trades', async (t) => {
  const { partner, account, data } = await startFirm(t);
  await partner.addTrades(account, [ahead(0), ahead(70, 3)]);
  for (const whose of ['', `account_id=${account}&`]) {
    const month = async (wanted: string) => data('monthly-calendar', `${whose}month=${wanted}`);
    const later = await month('2027-01');
    assert.deepEqual([later.month, later.totalPnl, later.lastMonth], ['2027-01', 3, '2027-01']);
    assert.deepEqual(
      [(await month('2026-12')).month, (await month('2027-02')).month],
      ['2026-12', '2027-01'],
    );
    const current = await month('');
    assert.deepEqual([current.month, current.today], ['2026-11', '2026-11-20']);
  }
  const nobody = await data('monthly-calendar', 'currency=GBP&month=2027-01');
  assert.deepEqual([nobody.month, nobody.lastMonth], ['2026-11', undefined]);
});

test('a trade in a mistyped year does not change the ratios', async (t) => {
  const { partner, account, data } = await startFirm(t);
  const usual = [-9, -8, -7, -4, -3, -2, -1, 0].map((days, index) =>
    ahead(days, (index % 3) * 40 - 30),
  );
  await partner.addTrades(account, usual);
  const risk = async () => (await data('risk-metrics', `account_id=${account}&period=all`)).risk;
  const before = await risk();
  assert.equal(before.n, 8);
  await partner.addTrades(account, [{ ...ahead(9_000, 500), id: 'mistyped' }]);
  const after = await risk();
  const ratios = ['n', 'mean', 'std', 'sharpe', 'sortino', 'var95', 'cvar95', 'calmar'] as const;
  for (const name of ratios) assert.equal(after[name], before[name], name);
  // It still counts as an active day and a trade.
  assert.deepEqual([after.activeDays, after.bestDay], [9, 500]);
});

test('a leaderboard spans the days of the accounts that it ranks', async (t) => {
  const { partner, account, data } = await startFirm(t);
  await partner.addTrades(account, [ahead(-40), ahead(-3), ahead(5)]);
  await partner.addTrades(await partner.newAccount({ firm: 'other' }), [ahead(-400), ahead(9)]);
  await partner.addTrades(await partner.newAccount({ firm: 'apex', currency: 'EUR' }), [
    ahead(-90),
  ]);
  const span = async (question: string) => {
    const { from, to } = await data('leaderboard', question);
    return [from, to];
  };
  assert.deepEqual(await span('firm_id=apex'), ['2026-10-11', '2026-11-25']);
  assert.deepEqual(await span('firm_id=other'), ['2025-10-16', '2026-11-29']);
  assert.deepEqual(await span(''), ['2025-10-16', '2026-11-29']);
  assert.deepEqual(await span('firm_id=apex&currency=EUR'), ['2026-08-22', '2026-11-20']);
  assert.deepEqual(await span('firm_id=apex&period=7d'), ['2026-11-14', '2026-11-20']);
  assert.deepEqual(await span('firm_id=none'), [null, '2026-11-20']);
});
