import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test, { type TestContext } from 'node:test';
import fc from 'fast-check';
import { importStatement } from '../../server/ingest/import.ts';
import { fieldProblem } from '../../server/records/trade-rules.ts';
import type { AccountAnswer } from '../../shared/answers/accounts.ts';
import type { StatsAnswer } from '../../shared/answers/stats.ts';
import type { TradesAnswer } from '../../shared/answers/trades.ts';
import { day, minute } from '../../shared/time.ts';
import type { Direction, TradeField } from '../../shared/trades.ts';
import { api } from '../support/api.ts';
import { bytes, importDefaults, makePartner } from '../support/partner.ts';
import { startTestServer, testNow } from '../support/server.ts';

/** All signs that something guards, quotes or takes for an end; and others that people write. */
const oddSigns = [...'=+-@\'",;|\t\n \u00a0aZ09é😀（', "''", '""', '\n\n', 'null', '=1+1'];
const firstSigns = [
  '=',
  '+',
  '-',
  '@',
  "'",
  "''",
  "'=",
  '"',
  ',',
  'null',
  'x',
  '<table><title>Statement:',
];

/** A text that a field may have, beginning with any of the signs that are guarded. */
function textOf(field: TradeField) {
  return fc
    .tuple(fc.constantFrom(...firstSigns), fc.array(fc.constantFrom(...oddSigns), { maxLength: 8 }))
    .map(([first, others]) => [first, ...others].join('').trim())
    .filter((text) => fieldProblem(field, text) === null);
}

const amount = fc.integer({ min: -99_999_999, max: 99_999_999 }).map((units) => units / 10_000);
const price = fc.double({ min: -1e12, max: 1e12, noNaN: true }).map((number) => number + 0);
/** Minutes before now. */
const age = fc.integer({ min: 1, max: 60 * 24 * 60 });

const trade = fc.record({
  id: fc.tuple(fc.constantFrom('', '-', '-1.', 'null'), fc.uuid()).map((parts) => parts.join('')),
  symbol: textOf('symbol'),
  contract: fc.option(textOf('contract')),
  direction: fc.constantFrom<Direction>('long', 'short'),
  quantity: fc.double({ min: 1e-9, max: 1e12, noNaN: true }),
  entry_price: price,
  age,
  /** Null: it is open. */
  exit: fc.option(fc.record({ lasts: fc.double({ min: 0, max: 1, noNaN: true }), price, amount })),
  commission: fc.integer({ min: -9_999_999, max: 0 }).map((units) => units / 10_000),
  setup_type: fc.option(textOf('setup_type')),
  notes: fc.option(textOf('notes')),
});

const balance = fc.option(fc.integer({ min: 1, max: 1e9 }).map((units) => units / 10_000));

/** Resets: how long ago, and the balance and limit of the next attempt. */
const reset = fc.record({ age, starting_balance: balance, max_drawdown: balance });

/** Histories with at least so many resets and trades. */
const historyOf = (resets: number, trades: number) =>
  fc.record({
    starting_balance: balance,
    max_drawdown: balance,
    resets: fc.uniqueArray(reset, { selector: ({ age }) => age, minLength: resets, maxLength: 4 }),
    trades: fc.uniqueArray(trade, { selector: ({ id }) => id, minLength: trades, maxLength: 25 }),
  });

type History = ReturnType<typeof historyOf> extends fc.Arbitrary<infer Value> ? Value : never;

const sample = (seed: number) => fc.sample(historyOf(3, 20), { numRuns: 1, seed })[0]!;

async function start(t: TestContext) {
  const server = await startTestServer(t, { keyBurst: { atOnce: 100_000, perSecond: 1 } });
  const partner = await makePartner(server.database, 'enterprise');
  const { get, post } = api(server, partner.key);
  const of = async <Body>(path: string): Promise<Body> => {
    const { status, body, text } = await get<Body>(path);
    assert.equal(status, 200, text);
    return body;
  };
  const made = async (path: string, body: object) => {
    const answer = await post<{ id: string }>(path, body);
    assert.ok(answer.status < 300, answer.text);
    return answer.body;
  };
  const makeAccount = async (fields: object = {}) =>
    (await made('accounts', { nickname: 'Apex 50K', ...fields })).id;
  const makeHistory = async ({ resets, trades, ...fields }: History) => {
    const account = await makeAccount(fields);
    for (const { age, ...reset } of resets.toSorted((one, other) => other.age - one.age))
      await made(`accounts/${account}/reset`, { at: testNow - age * minute, ...reset });
    const sent = trades.map(({ age, exit, ...others }) => {
      const entry_time = testNow - age * minute;
      return {
        ...{ account_id: account, ...others, entry_time },
        exit_time: exit && Math.round(entry_time + exit.lasts * age * minute),
        exit_price: exit?.price ?? null,
        pnl: exit?.amount ?? null,
      };
    });
    const rows = sent.map(({ id, ...fields }) => ({ external_id: id, ...fields }));
    if (rows.length > 0) await made('trades', { trades: rows });
    return account;
  };
  const exported = async (account: string, query = '') => {
    const { status, text } = await get(`trades.csv?account_id=${account}${query}`);
    assert.equal(status, 200, text);
    return text;
  };
  const imported = async (account: string, text: string) => {
    const report = await importStatement(
      server.database,
      bytes(text),
      { ...importDefaults, partnerId: partner.id, account, format: 'auto', zone: null },
      () => testNow,
      randomBytes,
    );
    assert.deepEqual([report.refusals, report.kept, report.format], [[], true, 'csv']);
    assert.equal(report.assumed_zone, null);
    return report;
  };
  /** All that answers tell of an account’s attempts, without what names the account. */
  const numbersOf = async (account: string) => {
    const { attempt: last } = await of<AccountAnswer>(`accounts/${account}`);
    const attempts = Array.from({ length: last }, (_, index) => index + 1);
    return Promise.all(
      attempts.map(async (attempt) => {
        const query = `account_id=${account}&attempt=${attempt}&period=all`;
        const { id, created_at, ...told } = await of<AccountAnswer>(
          `accounts/${account}?attempt=${attempt}`,
        );
        const { account: named, ...stats } = await of<StatsAnswer>(`stats?${query}`);
        const { account: owner, ...trades } = await of<TradesAnswer>(
          `trades?${query}&status=all&limit=100`,
        );
        assert.deepEqual([named?.id, owner.id, created_at], [account, account, testNow], id);
        const widget = await of<{ data: { account: unknown } }>(`widgets/risk-metrics?${query}`);
        return { told, stats, trades, risk: { ...widget.data, account: null } };
      }),
    );
  };
  return { server, partner, get, post, makeAccount, makeHistory, exported, imported, numbersOf };
}

test('any history that is exported and imported into an empty account has the same attempts, trades and numbers, and is exported to the same bytes', async (t) => {
  const { makeAccount, makeHistory, exported, imported, numbersOf } = await start(t);
  await fc.assert(
    fc.asyncProperty(historyOf(0, 0), fc.boolean(), async (told, hasOwn) => {
      const account = await makeHistory(told);
      const text = await exported(account);
      const empty = await makeAccount(hasOwn ? { starting_balance: 7, max_drawdown: 5 } : {});
      const { added } = await imported(empty, text);
      assert.equal(added, told.trades.length);
      assert.deepEqual(await numbersOf(empty), await numbersOf(account), text);
      assert.equal(await exported(empty), text);
      // Once more: nothing is added, and nothing changes.
      assert.equal((await imported(empty, text)).added, 0);
      assert.equal(await exported(empty), text);
    }),
    { numRuns: 40, seed: 14 },
  );
});

test('the export of one attempt tells all attempts, and its import gives that one the same numbers', async (t) => {
  const { makeAccount, makeHistory, exported, imported, numbersOf } = await start(t);
  const account = await makeHistory(sample(5));
  const numbers = await numbersOf(account);
  for (const attempt of numbers.keys().map((index) => index + 1)) {
    const copy = await makeAccount();
    await imported(copy, await exported(account, `&attempt=${attempt}`));
    const copied = await numbersOf(copy);
    assert.equal(copied.length, numbers.length);
    assert.deepEqual(copied[attempt - 1], numbers[attempt - 1]);
  }
});

test('a file’s attempts are made in an empty account alone: others keep their own, and trades go by these', async (t) => {
  const { server, makeAccount, makeHistory, exported, imported, numbersOf, post } = await start(t);
  const start_ = testNow - 10 * day;
  const base = {
    ...{ symbol: 'ES', contract: null, direction: 'long' as const, quantity: 1, entry_price: 1 },
    ...{ exit: null, commission: 0, setup_type: null, notes: null },
  };
  const account = await makeHistory({
    starting_balance: 50_000,
    max_drawdown: null,
    resets: [{ age: (10 * day) / minute, starting_balance: 60_000, max_drawdown: 100 }],
    trades: [
      { ...base, id: 'early', age: (11 * day) / minute },
      { ...base, id: 'late', age: 60 },
    ],
  });
  const text = await exported(account);
  const attemptsOf = async (copy: string) =>
    (await numbersOf(copy)).map(({ told, trades }) => [
      told.attempt_started_at,
      told.starting_balance,
      told.max_drawdown,
      trades.trades.map(({ id }) => id),
    ]);

  const empty = await makeAccount();
  await imported(empty, text);
  assert.deepEqual(await attemptsOf(empty), [
    [null, 50_000, null, ['early']],
    [start_, 60_000, 100, ['late']],
  ]);
  const { handle } = server.database;
  const events = handle
    .prepare('select type, data from events where account_id = ? order by number')
    .all(empty) as { type: string; data: string }[];
  assert.deepEqual(
    events.map(({ type }) => type).filter((type) => type !== 'trade.created'),
    ['account.created', 'account.updated', 'import.completed'],
  );
  assert.deepEqual((JSON.parse(events[1]!.data) as { changes: string[] }).changes, [
    'attempt',
    'starting_balance',
  ]);

  const reset = await makeAccount({ starting_balance: 1 });
  await post(`accounts/${reset}/reset`, { at: testNow - 1 });
  await imported(reset, text);
  const own = [
    [null, 1, null, ['late', 'early']],
    [testNow - 1, 1, null, []],
  ];
  assert.deepEqual(await attemptsOf(reset), own);

  const traded = await makeAccount({ starting_balance: 1 });
  await post('trades', {
    ...{ account_id: traded, symbol: 'NQ', direction: 'long', quantity: 1, entry_price: 1 },
    ...{ entry_time: testNow - 5, external_id: 'own' },
  });
  await imported(traded, text);
  assert.deepEqual(await attemptsOf(traded), [[null, 1, null, ['own', 'late', 'early']]]);
});

test('an attempt that starts in the future is refused, and nothing of the file is kept', async (t) => {
  const { server, partner, makeAccount, exported } = await start(t);
  const header = (await exported(await makeAccount())).split('\r\n')[0]!;
  const columns = header.split(',').length - 5;
  const rowOf = (...cells: string[]) => `${','.repeat(columns)}USD,${cells.join(',')}`;
  const text = [header, rowOf('1', '', '5', ''), rowOf('2', String(testNow + 1), '', '')].join(
    '\n',
  );
  const account = await makeAccount();
  const options = { ...importDefaults, partnerId: partner.id, format: 'csv', zone: null } as const;
  await assert.rejects(
    importStatement(
      server.database,
      bytes(text),
      { ...options, account },
      () => testNow,
      randomBytes,
    ),
    { message: 'The attempt 2 starts in the future.' },
  );
  assert.equal(await exported(account), `${header}\r\n${rowOf('1', '', '', '')}\r\n`);
});

test('a file may also make the account, with its currency and attempts; a dry run makes nothing', async (t) => {
  const { server, partner, makeHistory, exported, numbersOf } = await start(t);
  const told = sample(6);
  const account = await makeHistory(told);
  const text = await exported(account);
  const make = (isDryRun: boolean) =>
    importStatement(
      server.database,
      bytes(text),
      {
        ...importDefaults,
        ...{ partnerId: partner.id, format: 'csv', zone: null, isDryRun },
        account: { nickname: 'Apex 50K', firm_id: null, currency: null, starting_balance: null },
      },
      () => testNow,
      randomBytes,
    );
  const dry = await make(true);
  assert.deepEqual([dry.kept, dry.account?.id, dry.added], [false, null, told.trades.length]);
  const { account: made } = await make(false);
  assert.deepEqual(await numbersOf(made!.id!), await numbersOf(account));
});
