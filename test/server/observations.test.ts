import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import type { AskedQuestion } from '../../server/answering.ts';
import { openDatabase, transact } from '../../server/store/database.ts';
import { readAccessChanges } from '../../server/store/keys.ts';
import { keepObservations, type Observation } from '../../server/store/observations.ts';
import { findPartner } from '../../server/store/partners.ts';
import type { Readers } from '../../server/threads/readers.ts';
import type { AccountAnswer } from '../../shared/answers/accounts.ts';
import type { ErrorAnswer } from '../../shared/answers/error.ts';
import type { ObservationsWritten } from '../../shared/answers/observations.ts';
import type { WidgetAnswer } from '../../shared/answers/widgets.ts';
import { fromDecimal } from '../../shared/money.ts';
import { day, hour, minute } from '../../shared/time.ts';
import { type Api, api } from '../support/api.ts';
import { openTestDatabase } from '../support/database.ts';
import { makePartner, type TestAccount, type TestPartner, tradesOf } from '../support/partner.ts';
import { startTestServer, type TestServer, testNow } from '../support/server.ts';
import { readersHere } from '../support/threads.ts';

interface Firm extends Api {
  server: TestServer;
  partner: TestPartner;
  account: string;
  /** Sends observations; of the account, where they name none. */
  observe(...sent: object[]): Promise<{ status: number; body: ObservationsWritten & ErrorAnswer }>;
  told(query?: string): Promise<AccountAnswer>;
  /** The rows of a table, without the ids of the partner and the account. */
  rows(table: string): Record<string, number>[];
}

async function startFirm(
  t: TestContext,
  of: TestAccount = {},
  options: { readers?: Readers } = {},
): Promise<Firm> {
  const server = await startTestServer(t, options);
  const partner = await makePartner(server.database, 'enterprise');
  const account = await partner.newAccount(of);
  const own = api(server, partner.key);
  return {
    ...{ ...own, server, partner, account },
    observe: (...sent) =>
      own.post('observations', {
        observations: sent.map((each) => ({ account_id: account, ...each })),
      }),
    told: async (query = '') => (await own.get<AccountAnswer>(`accounts/${account}${query}`)).body,
    rows: (table) => rowsOf(server.database.handle, table),
  };
}

function rowsOf(handle: Firm['server']['database']['handle'], table: string) {
  return handle
    .prepare<[], Record<string, number>>(`select * from ${table}`)
    .all()
    .map(({ partner_id: _, account_id: __, ...row }) => row);
}

const at = (time: number, equity: number, balance = 50_000) => ({ time, equity, balance });
/** The start of a quarter of an hour. */
const quarter = testNow - hour;

test('an account tells its latest observation, in whatever order they came; a repeat changes nothing', async (t) => {
  const { observe, told } = await startFirm(t);
  const before = await told();
  assert.deepEqual([before.equity, before.open_pnl, before.observed_at], [null, null, null]);
  const first = await observe({ ...at(quarter + 1, 50_120.25), open_pnl: 120.25 });
  assert.deepEqual([first.status, first.body], [201, { observations: 1, accounts: 1, changed: 1 }]);
  const seen = await told();
  assert.deepEqual(
    [seen.equity, seen.open_pnl, seen.observed_at],
    [50_120.25, 120.25, quarter + 1],
  );
  // Nothing else of the account is another, its balance by closed trades included.
  const { equity, open_pnl, observed_at, ...others } = seen;
  assert.deepEqual({ ...before, equity, open_pnl, observed_at }, { ...others, ...seen });

  assert.equal((await observe(at(quarter - minute, 1))).status, 201);
  assert.deepEqual(await told(), seen);
  const again = await observe({ ...at(quarter + 1, 50_120.25), open_pnl: 120.25 });
  assert.deepEqual([again.status, again.body.changed], [200, 0]);
  // Of the same time, the one that arrives later counts.
  assert.equal((await observe(at(quarter + 1, 50_130))).status, 201);
  assert.deepEqual([(await told()).equity, (await told()).open_pnl], [50_130, null]);
});

test('quarters of an hour have first, last, high and low, and so have the minutes of the last day', async (t) => {
  const { observe, rows, server } = await startFirm(t);
  const old = quarter - day;
  await observe(
    ...[at(quarter + 30_000, 7, 1), at(quarter, 5, 2), at(quarter + 2 * minute, 6, 3)],
    ...[at(quarter + 14 * minute, 4, 9), at(quarter + 15 * minute, 8, 8), at(old, 3, 3)],
  );
  const units = (rows: Record<string, number>[]) =>
    rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [
          name,
          /^(equity|balance)/.test(name) ? value / 10_000 : value - quarter,
        ]),
      ),
    );
  const slot = (first: number, last: number, equity: number[], balance: number[]) => ({
    ...{ first_at: first, last_at: last },
    ...{ equity_first: equity[0], equity_last: equity[1] },
    ...{ equity_high: equity[2], equity_low: equity[3] },
    ...{ balance_first: balance[0], balance_last: balance[1] },
    ...{ balance_high: balance[2], balance_low: balance[3] },
  });
  assert.deepEqual(units(rows('observed_quarters')), [
    { start: -day, ...slot(-day, -day, [3, 3, 3, 3], [3, 3, 3, 3]) },
    { start: 0, ...slot(0, 14 * minute, [5, 4, 7, 4], [2, 9, 9, 1]) },
    { start: 15 * minute, ...slot(15 * minute, 15 * minute, [8, 8, 8, 8], [8, 8, 8, 8]) },
  ]);
  const minutes = units(rows('observed_minutes'));
  assert.deepEqual(
    minutes.map(({ start }) => start! / minute),
    [0, 2, 14, 15],
  );
  assert.deepEqual(minutes[0], { start: 0, ...slot(0, 30_000, [5, 7, 7, 5], [2, 1, 2, 1]) });

  // A day later the minutes are removed, and nothing else.
  server.clock.now = quarter + day + 3 * minute;
  await server.tick();
  assert.deepEqual(
    units(rows('observed_minutes')).map(({ start }) => start! / minute),
    [14, 15],
  );
  assert.equal(rows('observed_quarters').length, 3);
});

test('the same is kept of observations in whatever order and batches they arrive', async (t) => {
  const database = await openTestDatabase(t, async () => {});
  const partner = await makePartner(database);
  const observation = fc.record({
    // Each at a time of its own: of the same time, the one that arrives later counts.
    equity: fc.integer({ min: -9, max: 9 }),
    balance: fc.integer({ min: -9, max: 9 }),
    open_pnl: fc.option(fc.integer({ min: -9, max: 9 })),
    time: fc.integer({ min: 0, max: 200 }).map((place) => testNow - place * 20_000),
  });
  const observations = fc.uniqueArray(observation, {
    ...{ minLength: 1, maxLength: 40, selector: ({ time }: Observation) => time },
  });
  const orders = fc.array(fc.nat(), { minLength: 40, maxLength: 40 });
  const keep = async (batches: Observation[][]) => {
    const account = await partner.newAccount();
    for (const batch of batches) {
      await transact(database, async () =>
        keepObservations(database.handle, partner.id, new Map([[account, batch]]), testNow),
      );
    }
    const kept = ['observed_quarters', 'observed_minutes', 'latest_observations'].map((table) =>
      database.handle
        .prepare<[string], Record<string, unknown>>(`select * from ${table} where account_id = ?`)
        .all(account)
        .map(({ account_id: _, revision: __, ...row }) => row),
    );
    const again = await transact(database, async () =>
      keepObservations(database.handle, partner.id, new Map([[account, batches.flat()]]), testNow),
    );
    assert.equal(again, 0, 'sent again, they change nothing');
    return kept;
  };
  await fc.assert(
    fc.asyncProperty(
      observations,
      orders,
      fc.integer({ min: 1, max: 9 }),
      async (all, order, size) => {
        const shuffled = all
          .map((each, index) => [order[index]!, each] as const)
          .sort(([one], [other]) => one - other)
          .map(([, each]) => each);
        const batches = Array.from({ length: Math.ceil(shuffled.length / size) }, (_, batch) =>
          shuffled.slice(batch * size, (batch + 1) * size),
        );
        const inOrder = all.toSorted((one, other) => one.time - other.time);
        assert.deepEqual(await keep(batches), await keep([inOrder]));
      },
    ),
    { numRuns: 60 },
  );
});

test('one bad observation refuses all, with every problem by its path', async (t) => {
  const { post, observe, rows, account } = await startFirm(t);
  const good = { account_id: account, ...at(quarter, 1) };
  const sent = [
    good,
    { ...good, equity: '1', open_pnl: 0.00001 },
    { ...good, balance: null, time: undefined, note: 'x' },
    { ...good, account_id: 7, equity: 1e11 },
    'nothing',
    { ...good, time: 3 },
    { ...good, time: quarter + 0.5 },
  ];
  const { status, body } = await post('observations', { observations: sent });
  assert.deepEqual([status, body.code], [400, 'invalid_body']);
  assert.deepEqual(
    body.details!.map(({ path }) => path.replace('observations.', '')),
    [
      ...['1.equity', '1.open_pnl', '2.time', '2.balance', '2.note', '3.account_id', '3.equity'],
      ...['4', '5.time', '6.time'],
    ],
  );
  const ahead = await observe(good, at(testNow + 6 * minute, 1));
  assert.deepEqual(
    [ahead.status, ahead.body.details!.map(({ path }) => path)],
    [400, ['observations.1.time']],
  );
  for (const observations of [undefined, [], {}, Array(1_001).fill(good)])
    assert.equal((await post('observations', { observations })).status, 400);
  assert.equal((await post('observations', { observations: [good], more: 1 })).status, 400);
  for (const table of ['observed_quarters', 'observed_minutes', 'latest_observations'])
    assert.deepEqual(rows(table), [], table);
  // A clock elsewhere may be a little ahead.
  assert.equal((await observe(good, at(testNow + 4 * minute, 1))).status, 201);
});

test('an account of another partner is told like one that does not exist, and is not observed', async (t) => {
  const { observe, rows, server } = await startFirm(t, { externalId: 'mine' });
  const other = await makePartner(server.database);
  const foreign = await other.newAccount({ externalId: 'theirs' });
  const refusals = [];
  for (const account_id of [foreign, 'acc_0123456789abcdef0123', 'ext:theirs', 'ext:nobody']) {
    const { status, body } = await observe(at(quarter, 1), { ...at(quarter, 1), account_id });
    assert.equal(status, 404, account_id);
    refusals.push(body);
  }
  for (const refusal of refusals) assert.deepEqual(refusal, refusals[0]);
  assert.deepEqual(refusals[0]!.details![0]!.path, 'observations.1.account_id');
  assert.deepEqual(rows('latest_observations'), []);
  const byExternal = await observe({ ...at(quarter, 1), account_id: 'ext:mine' }, at(quarter, 1));
  assert.deepEqual([byExternal.status, byExternal.body.accounts], [201, 1]);
});

test('a closed account is observed until it was closed', async (t) => {
  const { observe, post, told, account } = await startFirm(t);
  await post(`accounts/${account}/close`);
  const late = await observe(at(testNow - 1, 1), at(testNow, 2));
  assert.deepEqual(
    [late.status, late.body.code, late.body.details!.map(({ path }) => path)],
    [409, 'account_closed', ['observations.1.time']],
  );
  assert.equal((await observe(at(testNow - 1, 1))).status, 201);
  assert.equal((await told()).equity, 1);
});

test('an observation is of the current attempt from its start on', async (t) => {
  const { observe, post, told, account, server } = await startFirm(t);
  await observe(at(quarter, 49_000));
  assert.equal((await told('?attempt=1')).equity, 49_000);
  await post(`accounts/${account}/reset`, { at: testNow - minute });
  assert.equal((await told()).observed_at, null);
  assert.equal((await told('?attempt=1')).observed_at, null);
  server.clock.now += minute;
  await observe(at(testNow, 50_001));
  assert.equal((await told()).equity, 50_001);
  assert.equal((await told('?attempt=1')).equity, null);
});

test('a repeated request with an Idempotency-Key is answered alike and kept once', async (t) => {
  const { post, account, told } = await startFirm(t);
  const body = { observations: [{ account_id: account, ...at(quarter, 1) }] };
  const send = () => post('observations', body, { 'Idempotency-Key': 'one' });
  const first = await send();
  await post('observations', { observations: [{ account_id: account, ...at(quarter, 2) }] });
  const again = await send();
  assert.deepEqual([again.status, again.body], [first.status, first.body]);
  assert.equal(again.headers.get('idempotent-replayed'), 'true');
  assert.equal((await told()).equity, 2);
});

test('an observation makes the account, its curve and its gauge new, and no other answer', async (t) => {
  const asked: AskedQuestion[] = [];
  const readers: Readers = {
    ...readersHere,
    ask: (database, question, ...more) => {
      asked.push(question);
      return readersHere.ask(database, question, ...more);
    },
  };
  const { get, observe, server, partner, account } = await startFirm(t, {}, { readers });
  const other = await partner.newAccount({ nickname: 'other' });
  await partner.addTrades(account, tradesOf([100, -50], quarter - hour));
  const { key } = partner;
  const live = [
    ...[`accounts/${account}`, `widgets/equity-curve?account_id=${account}`],
    `widgets/drawdown-gauge?account_id=${account}`,
    ...['equity-curve', 'drawdown-gauge'].map(
      (widget) => `/embed/partner/${widget}?key=${key}&account_id=${account}`,
    ),
  ];
  const others = [
    ...['accounts', 'stats', `stats?account_id=${account}`, `trades?account_id=${account}`],
    ...[`accounts/${account}/trades`, 'users', 'events', `accounts/${other}`],
    ...['stats-card', 'performance-summary', 'risk-metrics', 'recent-trades', 'leaderboard'].map(
      (widget) => `widgets/${widget}?account_id=${account}`,
    ),
    ...['equity-curve', 'drawdown-gauge'].flatMap((widget) => [
      ...[`widgets/${widget}`, `widgets/${widget}?account_id=${other}`],
    ]),
    `/embed/partner/stats-card?key=${key}&account_id=${account}`,
  ];
  const read = async (paths: readonly string[]) => {
    const before = asked.length;
    const answers = [];
    for (const path of paths) {
      const { status, headers, body } = await get<WidgetAnswer>(path);
      assert.equal(status, 200, path);
      answers.push({ etag: headers.get('etag')!, revision: body?.revision });
    }
    return { answers, workedOut: asked.length - before };
  };
  const revisions = async () => {
    const { revision, observation_revision } = (await findPartner(
      server.database.read,
      partner.id,
    ))!;
    return { revision, observation_revision };
  };
  const before = await revisions();
  const accessChanges = await readAccessChanges(server.database.read);
  const known = { live: await read(live), others: await read(others) };
  const elsewhere = await openDatabase(server.database.path);
  t.after(() => elsewhere.close());
  const inAnotherProcess = (equity: number) => {
    const units = at(quarter, fromDecimal(equity), fromDecimal(50_000));
    const observed = [{ ...units, open_pnl: null }];
    return transact(elsewhere, async () =>
      keepObservations(elsewhere.handle, partner.id, new Map([[account, observed]]), testNow),
    );
  };
  const writes = {
    'by API': () => observe(at(quarter, 50_010)),
    'by another process': () => inAnotherProcess(50_020),
  };
  for (const [how, write] of Object.entries(writes)) {
    await write();
    const after = { live: await read(live), others: await read(others) };
    assert.equal(after.others.workedOut, 0, how);
    assert.deepEqual(after.others.answers, known.others.answers, how);
    assert.equal(after.live.workedOut, live.length, how);
    for (const [index, { etag, revision }] of after.live.answers.entries()) {
      const before = known.live.answers[index]!;
      assert.notEqual(etag, before.etag, `${how}: ${live[index]}`);
      if (revision !== undefined) assert.ok(revision > before.revision!, `${how}: ${live[index]}`);
    }
    known.live = after.live;
  }
  assert.equal(await readAccessChanges(server.database.read), accessChanges);
  // What is known already makes nothing new.
  await observe(at(quarter, 50_020));
  assert.equal((await read([...live, ...others])).workedOut, 0);
  assert.deepEqual(await revisions(), { ...before, observation_revision: 2 });
  // A trade raises the revision further.
  await partner.addTrades(account, [{ ...tradesOf([7], testNow)[0]!, id: 'another' }]);
  const traded = await read(live);
  assert.ok(traded.answers[1]!.revision! > known.live.answers[1]!.revision!);
});

async function widgets({ get, account }: Firm, query = '') {
  const read = async <Name extends 'equity-curve' | 'drawdown-gauge'>(name: Name) =>
    (await get<WidgetAnswer<Name>>(`widgets/${name}?account_id=${account}${query}`)).body.data;
  return { curve: await read('equity-curve'), gauge: await read('drawdown-gauge') };
}

test('the curve goes on to the latest observation, from the starting balance and on the scale of its period', async (t) => {
  const firm = await startFirm(t, { startingBalance: 50_000, maxDrawdown: 2_000 });
  const { partner, account, observe } = firm;
  await partner.addTrades(account, [
    ...tradesOf([1_000], testNow - 60 * day).map((trade) => ({ ...trade, id: 'old' })),
    ...tradesOf([500, -300], quarter),
  ]);
  assert.deepEqual((await widgets(firm)).curve.live, null);
  await observe({ ...at(quarter + 1, 50_900.5, 51_200), open_pnl: -299.5 });
  const { curve, gauge } = await widgets(firm, '&period=30d');
  assert.deepEqual([curve.totalPnl, curve.live], [200, { observedAt: quarter + 1, equity: -99.5 }]);
  const all = await widgets(firm, '&period=all');
  assert.deepEqual(all.curve.live, { observedAt: quarter + 1, equity: 900.5 });
  // The figures of closed trades stay; what takes their place stands beside them.
  assert.deepEqual(
    [gauge.drawdown.currentDrawdown, gauge.drawdown.gauge!.used, gauge.drawdown.maxDrawdown],
    [300, 15, 300],
  );
  assert.deepEqual(gauge.live, {
    ...{ observedAt: quarter + 1, currentEquity: 900.5, currentDrawdown: 599.5 },
    maxDrawdown: 599.5,
    gauge: {
      ...{ limit: 2_000, used: 29.975, usedClamped: 29.975, remaining: 1_400.5 },
      ...{ everBreached: false, breachedOn: null },
    },
  });
  // An open profit above the peak is no drawdown; one beyond the limit is a breach while it lasts.
  await observe(at(quarter + 2, 52_000));
  const up = (await widgets(firm)).gauge.live!;
  assert.deepEqual([up.currentDrawdown, up.maxDrawdown, up.gauge!.used], [0, 300, 0]);
  await observe(at(quarter + 3, 49_499.99));
  const down = (await widgets(firm)).gauge.live!;
  assert.deepEqual(
    [
      down.currentDrawdown,
      down.gauge!.remaining,
      down.gauge!.usedClamped,
      down.gauge!.everBreached,
    ],
    [2_000.01, 0, 100, true],
  );
});

test('without a starting balance open positions are added to the trades that are known', async (t) => {
  const firm = await startFirm(t);
  await firm.partner.addTrades(firm.account, tradesOf([500, -300], quarter));
  await firm.observe({ ...at(quarter + 1, 7_150, 7_000), open_pnl: 149 });
  assert.equal((await widgets(firm)).curve.live!.equity, 349);
  await firm.observe(at(quarter + 2, 7_150, 7_000));
  const { curve, gauge } = await widgets(firm);
  assert.equal(curve.live!.equity, 350);
  assert.deepEqual([gauge.live!.currentDrawdown, gauge.live!.gauge], [150, null]);
});

test('nothing is live of all accounts, of an earlier attempt, or once a trade was closed since', async (t) => {
  const firm = await startFirm(t, { startingBalance: 50_000 });
  const { partner, account, observe, get, post, server } = firm;
  await observe(at(quarter, 50_010));
  assert.equal((await widgets(firm)).curve.live!.equity, 10, 'before the first trade');
  for (const name of ['equity-curve', 'drawdown-gauge'])
    assert.equal((await get<WidgetAnswer<'equity-curve'>>(`widgets/${name}`)).body.data.live, null);
  await partner.addTrades(account, tradesOf([5], quarter));
  assert.equal((await widgets(firm)).curve.live, null, 'a trade of the same moment');
  await observe(at(quarter + 1, 50_020));
  assert.equal((await widgets(firm)).gauge.live!.currentEquity, 20);
  assert.notEqual((await widgets(firm, '&attempt=1')).curve.live, null);
  await post(`accounts/${account}/reset`, { at: quarter + minute });
  for (const query of ['', '&attempt=1']) {
    const { curve, gauge } = await widgets(firm, query);
    assert.deepEqual([curve.live, gauge.live], [null, null], query);
  }
  server.clock.now += minute;
  await observe(at(testNow, 50_030));
  assert.equal((await widgets(firm)).curve.live!.equity, 30);
  assert.equal((await widgets(firm, '&attempt=1')).curve.live, null);
});

test('nothing is left of the observations of an erased account, and those of others stay', async (t) => {
  const { observe, get, delete: remove, account, partner, rows, server } = await startFirm(t);
  const other = await partner.newAccount();
  // More than a step removes.
  const many = Array.from({ length: 300 }, (_, index) => at(quarter - index * 15 * minute, index));
  await observe(...many, { ...at(quarter, 1), account_id: other });
  assert.equal((await remove(`accounts/${account}`)).status, 200);
  assert.equal((await get(`accounts/${account}`)).status, 404);
  assert.equal((await observe(at(quarter, 1))).status, 404);
  await server.tick();
  for (let waited = 0; rows('erasures').length > 0; waited += 20) {
    assert.ok(waited < 20_000);
    await sleep(20);
  }
  for (const table of ['observed_quarters', 'observed_minutes', 'latest_observations'])
    assert.equal(rows(table).length, 1, table);
  assert.equal((await get<AccountAnswer>(`accounts/${other}`)).body.equity, 1);
});
