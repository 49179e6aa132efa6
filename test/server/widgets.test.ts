import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import type { AccountAnswer } from '../../shared/answers/accounts.ts';
import type { UserAnswer } from '../../shared/answers/users.ts';
import type { WidgetAnswer, WidgetData } from '../../shared/answers/widgets.ts';
import { day, minute } from '../../shared/time.ts';
import { type WidgetName, widgetNames } from '../../shared/widgets.ts';
import { api } from '../support/api.ts';
import { makePartner, type TestPartner, tradesOf } from '../support/partner.ts';
import {
  startTestServer,
  type TestServer,
  type TestServerOptions,
  testNow,
} from '../support/server.ts';
import { planOf, statementsOf } from '../support/sql.ts';
import { readersHere } from '../support/threads.ts';

function asker(server: TestServer, { key }: TestPartner) {
  return async <Name extends WidgetName>(name: Name, question = ''): Promise<WidgetData[Name]> => {
    const response = await server.get(`/api/partner/widgets/${name}?${question}`, {
      'X-API-Key': key,
    });
    assert.equal(response.status, 200);
    return ((await response.json()) as WidgetAnswer<Name>).data;
  };
}

async function startFirm(test: TestContext, options: TestServerOptions = {}) {
  const server = await startTestServer(test, options);
  const partner = await makePartner(server.database);
  /** Makes an account with this nickname and a trade for each result; returns its id. */
  const open = async (
    nickname: string,
    results: number[],
    { lastExit = testNow, ...more }: { firm?: string; currency?: string; lastExit?: number } = {},
  ) => {
    const account = await partner.newAccount({ nickname, ...more });
    if (results.length > 0) await partner.addTrades(account, tradesOf(results, lastExit));
    return account;
  };
  return { server, partner, ask: asker(server, partner), asked: api(server, partner.key), open };
}

const namesOf = (rows: { nickname: string }[]) => rows.map(({ nickname }) => nickname).join(' ');

test('a leaderboard is ordered by its sort key, then by P&L, win rate and count, then by id', async (t) => {
  const { ask, open } = await startFirm(t);
  await open('steady', [10, 10, 10]);
  await open('lucky', [60, -10, -20]);
  await open('busy', [20, 20, -5, -5]);
  await open('small', [1]);
  await open('idle', []);
  // Equal in P&L: the rates 2/3 and 1/2 decide.
  const board = await ask('leaderboard');
  assert.equal(namesOf(board.leaders), 'steady busy lucky small');
  assert.deepEqual(
    board.leaders.map(({ rank }) => rank),
    [1, 2, 3, 4],
  );
  assert.equal(board.total, 4);
  assert.equal(board.own, null);
  assert.equal(
    namesOf((await ask('leaderboard', 'sort=win_rate')).leaders),
    'steady small busy lucky',
  );
  assert.equal(
    namesOf((await ask('leaderboard', 'sort=trades')).leaders),
    'busy steady lucky small',
  );
  assert.equal((await ask('leaderboard', 'sort=luck')).sort, 'pnl');

  const twins: string[] = [];
  for (let made = 0; made < 5; made++) twins.push(await open('twin', [100]));
  const { leaders } = await ask('leaderboard', 'limit=5');
  assert.deepEqual(
    leaders.map(({ account_id }) => account_id),
    twins.toSorted(),
  );
});

test('win rates are ranked exactly, even when they look equal by rounding', async (t) => {
  const { ask, open } = await startFirm(t);
  const outcomes = (wins: number, trades: number, win: number) =>
    Array.from({ length: trades }, (_, index) => (index < wins ? win : 0));
  // 67 of 100 and 201 of 300 are the same; 199 of 300 rounds to 66.3 as 663 of 1000 does, and is more.
  await open('a', outcomes(67, 100, 1));
  await open('b', outcomes(201, 300, 1));
  await open('c', outcomes(663, 1000, 1));
  await open('d', outcomes(199, 300, 1));
  const { leaders } = await ask('leaderboard', 'sort=win_rate');
  assert.equal(namesOf(leaders), 'b a d c');
  assert.equal(leaders[2]?.win_rate, leaders[3]?.win_rate);
});

test('a leaderboard counts the trades of its period, by default of the whole history', async (t) => {
  const { ask, open } = await startFirm(t);
  await open('old', [100, 100], { lastExit: testNow - 40 * day });
  await open('new', [5, -1]);
  const mixed = await open('mixed', [50], { lastExit: testNow - 40 * day });
  const all = await ask('leaderboard', `account_id=${mixed}`);
  assert.equal(namesOf(all.leaders), 'old mixed new');
  assert.deepEqual([all.period, all.from, all.to], ['all', '2026-10-11', '2026-11-20']);
  const month = await ask('leaderboard', `account_id=${mixed}&period=30d`);
  assert.equal(namesOf(month.leaders), 'new');
  assert.deepEqual([month.total, month.own, month.from], [1, null, '2026-10-22']);
  assert.deepEqual([month.leaders[0]?.total_pnl, month.leaders[0]?.win_rate], [4, 50]);
});

test('a leaderboard has the given account’s rank beyond its rows, and is limited to a firm and a currency', async (t) => {
  const { ask, open } = await startFirm(t);
  await open('first', [30], { firm: 'apex' });
  await open('second', [20], { firm: 'summit' });
  const third = await open('third', [10], { firm: 'apex' });
  const euros = await open('euros', [99], { currency: 'EUR', firm: 'apex' });

  const board = await ask('leaderboard', `limit=1&account_id=${third}`);
  assert.equal(namesOf(board.leaders), 'first');
  assert.equal(board.own?.rank, 3);
  assert.deepEqual(board.account, { id: third, nickname: 'third' });
  assert.deepEqual([board.total, board.accounts], [3, { counted: 3, left_out: 1 }]);

  const firm = await ask('leaderboard', `firm_id=apex&account_id=${third}`);
  assert.equal(namesOf(firm.leaders), 'first third');
  assert.equal(firm.own?.rank, 2);
  assert.deepEqual(firm.accounts, { counted: 2, left_out: 1 });
  const other = await ask('leaderboard', `firm_id=summit&account_id=${third}`);
  assert.deepEqual([namesOf(other.leaders), other.own], ['second', null]);
  assert.equal(other.account?.id, third);
  const none = await ask('leaderboard', 'firm_id=nobody');
  assert.deepEqual([none.leaders, none.total], [[], 0]);

  assert.equal(namesOf((await ask('leaderboard', 'currency=EUR')).leaders), 'euros');
  // The account's own currency takes precedence over the requested one.
  const own = await ask('leaderboard', `currency=USD&account_id=${euros}`);
  assert.deepEqual([namesOf(own.leaders), own.currency], ['euros', 'EUR']);
});

test('closed accounts have no rank and are not counted, unless all are asked for', async (t) => {
  const { ask, asked, open } = await startFirm(t);
  const closed = await open('closed', [30], { lastExit: testNow - 40 * day });
  await open('open', [20]);
  await asked.post(`accounts/${closed}/close`);
  await asked.post(`accounts/${await open('euros', [1], { currency: 'EUR' })}/close`);
  const board = async (query: string) => {
    const { leaders, own, total, accounts, from } = await ask(
      'leaderboard',
      `account_id=${closed}&${query}`,
    );
    return { leaders: namesOf(leaders), own: own?.rank, total, accounts, from };
  };
  const active = {
    ...{ leaders: 'open', own: undefined, total: 1, from: '2026-11-20' },
    accounts: { counted: 1, left_out: 0 },
  };
  assert.deepEqual(await board(''), active);
  assert.deepEqual(await board('status=closed'), active);
  assert.deepEqual(await board('status=all'), {
    ...{ leaders: 'closed open', own: 1, total: 2, from: '2026-10-11' },
    accounts: { counted: 2, left_out: 1 },
  });
  await asked.post(`accounts/${closed}/reopen`);
  assert.equal((await board('')).leaders, 'closed open');
});

test('a leaderboard by user puts each user’s accounts together, under the user’s name or the oldest account’s', async (t) => {
  const { server, partner, ask, asked } = await startFirm(t);
  const addUser = async (name: string | null) => {
    const email = 'someone@example.com';
    return (await asked.post<UserAnswer>('users', { name, email, external_id: name })).body.id;
  };
  const [ada, nobody] = [await addUser('Ada'), await addUser(null)];
  const openFor = async (
    user_id: string | null,
    nickname: string,
    results: number[],
    currency = 'USD',
  ) => {
    server.clock.now += 1;
    const fields = { nickname, user_id, currency };
    const { id } = (await asked.post<AccountAnswer>('accounts', fields)).body;
    if (results.length > 0) await partner.addTrades(id, tradesOf(results));
    return id;
  };
  await openFor(ada, 'first', [10, -4]);
  const second = await openFor(ada, 'second', [30]);
  const idle = await openFor(nobody, 'oldest', []);
  await openFor(nobody, 'younger', [20]);
  const alone = await openFor(null, 'alone', [25]);
  await openFor(ada, 'euros', [99], 'EUR');
  const board = async (query = '') => {
    const { leaders, own, total } = await ask('leaderboard', `by=user&${query}`);
    return { leaders, own, total };
  };
  const ofUser = (rank: number, user_id: string, nickname: string, figures: object) => ({
    ...{ rank, account_id: null, user_id, nickname, ...figures },
  });
  const [three, one] = [
    { total_pnl: 36, win_rate: 66.7, trade_count: 3 },
    { total_pnl: 20, win_rate: 100, trade_count: 1 },
  ];
  const leaders = [
    ofUser(1, ada, 'Ada', three),
    { rank: 2, account_id: alone, user_id: null, nickname: 'alone', ...one, total_pnl: 25 },
    ofUser(3, nobody, 'oldest', one),
  ];
  assert.deepEqual(await board(), { leaders, own: null, total: 3 });
  // The row of the account's user, whether the account has trades or not.
  assert.deepEqual((await board(`account_id=${second}`)).own, leaders[0]);
  assert.deepEqual((await board(`account_id=${idle}&limit=1`)).own, leaders[2]);
  assert.deepEqual((await board(`account_id=${alone}`)).own, leaders[1]);
  assert.ok(!JSON.stringify(await board()).includes('someone@example.com'));
  const frame = await server.get(
    `/embed/partner/leaderboard?by=user&account_id=${second}&key=${partner.key}`,
  );
  // Of the three rows, that of the account's user is marked.
  assert.match(await frame.text(), /<bdi>Ada<\/bdi><small[^>]*>this account(?!.*this account<)/s);
  const ofAccounts = await ask('leaderboard');
  assert.equal(namesOf(ofAccounts.leaders), 'second alone younger first');
  assert.ok(ofAccounts.leaders.every((row) => !('user_id' in row)));

  await asked.patch(`users/${ada}`, { name: 'Ada L.' });
  assert.equal((await board()).leaders[0]?.nickname, 'Ada L.');
  await asked.patch(`accounts/${second}`, { user_id: nobody });
  assert.deepEqual(namesOf((await board()).leaders), 'second alone Ada L.');
  await asked.post(`accounts/${second}/close`);
  assert.deepEqual(namesOf((await board()).leaders), 'alone second Ada L.');
  assert.deepEqual(namesOf((await board('status=all')).leaders), 'second alone Ada L.');
  await asked.delete(`users/${nobody}`);
  assert.deepEqual(namesOf((await board('status=all')).leaders), 'alone Ada L.');
  await partner.addTrades(alone, [{ ...tradesOf([-100])[0]!, id: 'lost' }]);
  assert.deepEqual(namesOf((await board()).leaders), 'Ada L. alone');
});

test('a widget has as many rows as requested, ten by default, and no more than its maximum', async (t) => {
  const { server, ask, open } = await startFirm(t);
  await open(
    'many',
    Array.from({ length: 30 }, () => 1),
  );
  for (let made = 1; made < 102; made++) await open('another', []);
  server.database.handle.exec('update attempts set trade_count = 1');
  const rows = async (limit: string) => [
    (await ask('recent-trades', limit)).trades.length,
    (await ask('leaderboard', limit)).leaders.length,
  ];
  assert.deepEqual(await rows(''), [10, 10]);
  assert.deepEqual(await rows('limit=3'), [3, 3]);
  assert.deepEqual(await rows('limit=2.9'), [2, 2]);
  assert.deepEqual(await rows('limit=999'), [25, 100]);
  assert.deepEqual(await rows('limit=1e999'), [25, 100]);
  assert.deepEqual(await rows('limit=0'), [1, 1]);
  assert.deepEqual(await rows('limit=-7'), [1, 1]);
  for (const bad of ['x', '', '%20', 'NaN']) assert.deepEqual(await rows(`limit=${bad}`), [10, 10]);
});

test('widgets without a period cover the whole history, and others have a default period', async (t) => {
  const { ask, open } = await startFirm(t);
  await open('old', [5, 6], { lastExit: testNow - 40 * day });
  const gauge = await ask('drawdown-gauge', 'period=7d');
  assert.deepEqual([gauge.period, gauge.tradeCount, gauge.from], ['all', 2, '2026-10-11']);
  assert.equal((await ask('recent-trades', 'period=7d')).trades.length, 2);
  for (const name of ['trade-heatmap', 'instrument-breakdown', 'win-streak'] as const) {
    const standard = await ask(name, 'period=fortnight');
    assert.deepEqual(
      [standard.period, standard.tradeCount, standard.from],
      ['30d', 0, '2026-10-22'],
      name,
    );
    const all = await ask(name, 'period=all');
    assert.deepEqual([all.tradeCount, all.from, all.to], [2, '2026-10-11', '2026-11-20'], name);
  }
});

test('a breach of a drawdown limit keeps its day, whatever follows and whatever the period', async (t) => {
  const { partner, ask, open } = await startFirm(t);
  const account = await open('fallen', []);
  const trades = [100, -60, -41, 500, -300].flatMap((result, index) =>
    tradesOf([result], testNow - (60 - 10 * index) * day),
  );
  await partner.addTrades(account, trades);
  const breach = async (limit: number, name: 'drawdown-gauge' | 'risk-metrics') => {
    const { drawdown } = await ask(name, `account_id=${account}&max_drawdown=${limit}&period=7d`);
    return drawdown.gauge?.breachedOn;
  };
  for (const name of ['drawdown-gauge', 'risk-metrics'] as const) {
    assert.equal(await breach(59, name), '2026-10-01');
    // A limit that is just reached is not exceeded.
    assert.equal(await breach(101, name), '2026-10-31');
    assert.equal(await breach(100.99, name), '2026-10-11');
    assert.equal(await breach(300, name), null);
  }
});

test('a drawdown is compared with a limit when one is given', async (t) => {
  const { ask, open } = await startFirm(t);
  const account = await open('fallen', [100, -30, 10]);
  const gauge = async (limit: string) =>
    (await ask('drawdown-gauge', `account_id=${account}&max_drawdown=${limit}`)).drawdown.gauge;
  assert.deepEqual(await gauge('80'), {
    limit: 80,
    used: 25,
    usedClamped: 25,
    remaining: 60,
    everBreached: false,
    breachedOn: null,
  });
  assert.equal((await gauge('1e12'))?.limit, 1e9);
  assert.equal((await gauge('0.001'))?.limit, 0.01);
  for (const bad of ['', '0', '-5', 'x']) assert.equal(await gauge(bad), null, bad);
  const bare = await ask('drawdown-gauge', `account_id=${account}`);
  assert.deepEqual([bare.drawdown.gauge, bare.drawdown.currentDrawdown], [null, 20]);
});

test('the current streak of one account has its P&L within the period', async (t) => {
  const { partner, ask, open } = await startFirm(t);
  const one = await open('winner', [-4, 1.5, 2.25]);
  await open('other', [-7]);
  const streak = async (question: string) => {
    const data = await ask('win-streak', question);
    return [data.streak.current.type, data.streak.current.length, data.currentPnl];
  };
  assert.deepEqual(await streak(`account_id=${one}`), ['win', 2, 3.75]);
  assert.equal((await ask('win-streak')).currentPnl, null);

  const over = await open('broke even', [5, 0]);
  assert.deepEqual(await streak(`account_id=${over}`), ['none', 0, 0]);
  // Wins before the period are not counted, nor is a loss on a day that has not begun in any zone.
  const [entry_time, exit_time] = [testNow - minute, testNow];
  const long = await open('long', []);
  const shifted = (id: string, days: number, pnl: number) => ({
    id,
    entry_time: entry_time + days * day,
    exit_time: exit_time + days * day,
    pnl,
  });
  await partner.addTrades(long, [
    shifted('a', -10, 7),
    shifted('b', -1, 1),
    shifted('c', 0, 2),
    shifted('d', 2, -9),
  ]);
  assert.deepEqual(await streak(`account_id=${long}&period=7d`), ['win', 2, 3]);
  assert.deepEqual(await streak(`account_id=${long}`), ['win', 3, 10]);
  assert.deepEqual(await streak(`account_id=${long}&period=all`), ['loss', 1, -9]);
});

test('a calendar shows the given month, or the current one when none is given or it is in the future', async (t) => {
  const { partner, ask } = await startFirm(t);
  const account = await partner.newAccount();
  const at = (text: string) => ({
    entry_time: Date.parse(text) - minute,
    exit_time: Date.parse(text),
  });
  const trades = [
    { ...at('2024-02-29T23:59:59Z'), pnl: 3 },
    { ...at('2024-02-29T12:00:00Z'), pnl: -1 },
    { ...at('2024-02-01T00:00:00Z'), pnl: -1 },
    { ...at('2024-03-01T00:00:00Z'), pnl: 8 },
    { ...at('2026-11-02T10:00:00Z'), pnl: 0 },
  ];
  await partner.addTrades(account, trades);
  await partner.addTrades(await partner.newAccount({ currency: 'EUR' }), tradesOf([1]));
  for (const whose of ['', `&account_id=${account}`]) {
    const leap = await ask('monthly-calendar', `month=2024-02${whose}`);
    const { account: _, currency, accounts, period, ...figures } = leap;
    assert.deepEqual([currency, accounts.counted, period], ['USD', 1, 'all']);
    assert.deepEqual(figures, {
      month: '2024-02',
      firstMonth: '2024-02',
      today: '2026-11-20',
      days: [
        { day: '2024-02-01', pnl: -1, trades: 1, wins: 0 },
        { day: '2024-02-29', pnl: 2, trades: 2, wins: 1 },
      ],
      totalPnl: 1,
      trades: 3,
      winDays: 1,
      lossDays: 1,
      flatDays: 0,
    });
  }
  for (const month of ['', '2026-12', '9999-01', '2026-13', '2026-1', 'May', '2026-11-20']) {
    const current = await ask('monthly-calendar', `month=${month}`);
    assert.deepEqual([current.month, current.flatDays], ['2026-11', 1], month);
  }
  const before = await ask('monthly-calendar', 'month=0001-01');
  assert.deepEqual([before.month, before.days], ['0001-01', []]);
  const nobody = await ask('monthly-calendar', 'currency=GBP');
  assert.equal(nobody.firstMonth, null);
});

test('the latest trades of all accounts in one currency are in a single order, across days', async (t) => {
  const { partner, ask } = await startFirm(t);
  const mine = [await partner.newAccount(), await partner.newAccount()];
  // Of two trades with the same times, that of the account with the greater id is the later.
  const [other = '', one = ''] = mine.sort();
  const euros = await partner.newAccount({ nickname: 'euros', currency: 'EUR' });
  const trade = (id: string, ago: number, lasted = minute) => ({
    id,
    entry_time: testNow - ago - lasted,
    exit_time: testNow - ago,
    pnl: 1,
  });
  await partner.addTrades(one, [
    trade('f', 9 * day),
    trade('d', day),
    trade('b', 0, 3 * minute),
    trade('z', 0, 5 * minute),
    { id: 'open', entry_time: testNow, exit_time: null, pnl: null },
  ]);
  await partner.addTrades(other, [
    trade('g', 400 * day),
    trade('e', day + minute),
    trade('a', 0, 3 * minute),
    trade('c', minute),
  ]);
  await partner.addTrades(euros, [trade('x', 0), trade('y', 3 * day), trade('w', 12 * day)]);
  const ids = async (question: string) =>
    (await ask('recent-trades', question)).trades.map(({ id }) => id).join('');
  assert.equal(await ids(''), 'bazcdefg');
  for (let limit = 1; limit < 8; limit++) {
    assert.equal(await ids(`limit=${limit}`), 'bazcdefg'.slice(0, limit));
  }
  assert.equal(await ids(`account_id=${one}`), 'bzdf');
  assert.equal(await ids(`account_id=${one}&limit=2`), 'bz');
  assert.equal(await ids('currency=EUR'), 'xyw');
  assert.deepEqual((await ask('recent-trades', 'limit=1')).trades, [
    {
      id: 'b',
      account_id: one,
      nickname: 'Apex 50K',
      symbol: 'ES',
      direction: 'long',
      quantity: 1,
      entry_price: 5000,
      exit_price: 5000,
      entry_time: testNow - 3 * minute,
      exit_time: testNow,
      pnl: 1,
      durationMs: 3 * minute,
    },
  ]);
});

test('an earlier attempt of an account has no rank, and counts only among all accounts', async (t) => {
  const { server, ask, open } = await startFirm(t);
  await open('going on', [1]);
  const restarted = await open('restarted', [9]);
  server.database.handle.exec(`
    insert into attempts (partner_id, account_id, attempt, started_at, trade_count, wins, total_pnl,
        money, duration)
      select partner_id, account_id, 2, 0, 0, 0, 0, 0, 0 from attempts
      where account_id = '${restarted}';
    update accounts set attempt = 2 where id = '${restarted}'`);
  for (const question of ['', 'period=7d']) {
    const board = await ask('leaderboard', `account_id=${restarted}&${question}`);
    assert.deepEqual([namesOf(board.leaders), board.own], ['going on', null]);
  }
  assert.equal((await ask('recent-trades')).trades.length, 2);
  assert.equal((await ask('stats-card')).stats.totalPnl, 10);
  assert.deepEqual((await ask('recent-trades', `account_id=${restarted}`)).trades, []);
});

test('the hours and instruments of several accounts are combined', async (t) => {
  const { partner, ask } = await startFirm(t);
  const [one, other] = [await partner.newAccount(), await partner.newAccount()];
  const euros = await partner.newAccount({ currency: 'EUR' });
  // Entered on Saturday in the last hour of the week, on Sunday in its first, and closed on Monday.
  const monday = Date.UTC(2026, 10, 16);
  const entered = (entry_time: number, pnl: number, symbol: string) => [
    { entry_time, exit_time: monday, pnl, symbol },
  ];
  await partner.addTrades(one, entered(monday - day - 1, 4, 'ES'));
  await partner.addTrades(other, [
    ...entered(monday - day, -1, 'NQ'),
    ...entered(monday - day - 2, -6, 'ES').map((trade) => ({ ...trade, id: 'again' })),
  ]);
  await partner.addTrades(euros, entered(monday, 9, 'ES'));
  const { heatmap, tradeCount } = await ask('trade-heatmap');
  assert.deepEqual(heatmap, [
    { dow: 0, hour: 0, pnl: -1, trades: 1, wins: 0 },
    { dow: 6, hour: 23, pnl: -2, trades: 2, wins: 1 },
  ]);
  assert.equal(tradeCount, 3);
  const { instruments } = await ask('instrument-breakdown');
  assert.deepEqual(instruments, [
    { symbol: 'NQ', trades: 1, win_rate: 0, total_pnl: -1, winRateRaw: 0, profitFactor: 0 },
    { symbol: 'ES', trades: 2, win_rate: 50, total_pnl: -2, winRateRaw: 50, profitFactor: 4 / 6 },
  ]);
});

/** Starts a firm with accounts that have trades on many days. `whose` has the queries for all of them, and for one. */
async function startBusyFirm(test: TestContext) {
  // No answer is kept, and each is worked out where its statements can be seen.
  const firm = await startFirm(test, { readers: readersHere, answerMemory: 1 });
  const accounts: string[] = [];
  for (const name of ['one', 'two', 'three']) {
    const account = await firm.open(name, []);
    const trades = Array.from({ length: 60 }, (_, index) => {
      const exit = testNow - index * day - accounts.length * minute;
      return { entry_time: exit - minute, exit_time: exit, pnl: (index % 5) - 2 };
    });
    await firm.partner.addTrades(account, trades);
    accounts.push(account);
  }
  return { ...firm, whose: ['', `&account_id=${accounts[0]}`] };
}

test('a widget is answered by a few statements that each find their rows by an index', async (t) => {
  const { server, ask, whose } = await startBusyFirm(t);
  for (const name of widgetNames) {
    for (const of of whose) {
      for (const period of ['all', '90d', '7d']) {
        const question = `period=${period}${of}`;
        // The first question looks up the key.
        await ask(name, question);
        const statements = await statementsOf(t, () => ask(name, question));
        // Two of them look up the key again, when usage was stored in between.
        const most = 2 + (name === 'recent-trades' && of === '' ? 3 + 10 : 6);
        const count = statements.length;
        assert.ok(count > 0 && count <= most, `${name}?${question}: ${count} statements`);
        for (const step of statements.flatMap((each) => planOf(server.database, each))) {
          assert.doesNotMatch(step, /^SCAN (partners|accounts|attempts|trades|\w+_days)/, name);
        }
      }
    }
  }
});

test('the latest trades and the ranks of a period read no more than they need', async (t) => {
  const { server, ask, whose } = await startBusyFirm(t);
  const planned = async (name: WidgetName, question: string) =>
    (await statementsOf(t, () => ask(name, question)))
      .flatMap((each) => planOf(server.database, each))
      .filter((step) => /trades|account_days|FOR ORDER BY/.test(step));
  const [together, one] = whose;
  const ofDay =
    'SEARCH trades USING INDEX trades_by_exit (partner_id=? AND exit_time>? AND exit_time<?)';
  // A sort of all trades would be among these steps too.
  assert.deepEqual(await planned('recent-trades', `limit=4${together}`), [ofDay, ofDay]);
  assert.deepEqual(await planned('recent-trades', `limit=4${one}`), [
    'SEARCH trades USING INDEX trades_in_order (partner_id=? AND account_id=? AND attempt=? AND exit_time>?)',
  ]);
  const [ranked] = await planned('leaderboard', 'period=90d');
  assert.equal(
    ranked,
    'SEARCH account_days USING COVERING INDEX account_days_by_day (partner_id=? AND version=? AND day>? AND day<?)',
  );
});

test('of all widgets, only recent trades and the P&L of a streak read trades', async (t) => {
  const { server, ask, whose } = await startBusyFirm(t);
  const questions = widgetNames
    .filter((name) => name !== 'recent-trades')
    .flatMap((name) => whose.map((of) => ({ name, question: `period=all${of}` })));
  const askAll = async () => {
    const answers = [];
    for (const { name, question } of questions) {
      const data = await ask(name, question);
      answers.push({ name, question, data: { ...data, currentPnl: null } });
    }
    return answers;
  };
  const before = await askAll();
  // Another revision, so that no answer comes from the cache.
  server.database.handle.exec('delete from trades; update partners set revision = revision + 1');
  assert.deepEqual(await askAll(), before);
});
