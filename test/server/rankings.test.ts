import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import fc from 'fast-check';
import {
  type Database,
  inSnapshot,
  openDatabase,
  type Queries,
  type Snapshot,
} from '../../server/store/database.ts';
import { findPartner } from '../../server/store/partners.ts';
import { Rankings } from '../../server/store/rankings.ts';
import type { LeaderboardData } from '../../shared/answers/widgets.ts';
import { startOfUtcDay, utcDay } from '../../shared/day.ts';
import { periods } from '../../shared/period.ts';
import { day, hour } from '../../shared/time.ts';
import { type DaySettings, tradingDays, utcDays } from '../../shared/trading-day.ts';
import { sorts } from '../../shared/widgets.ts';
import { serveBeside } from '../support/beside.ts';
import { type RankedAccount, RankedFirm } from '../support/ranked-firm.ts';
import { startTestServer, type TestServer, testNow } from '../support/server.ts';
import { planOf, statementsOf } from '../support/sql.ts';
import { readersHere } from '../support/threads.ts';

const chicago: DaySettings = { zone: 'America/Chicago', start: 17 * 60 };
/** When its day begins, the date is two days later in the zones furthest ahead. */
const pagoPago: DaySettings = { zone: 'Pacific/Pago_Pago', start: 11 * 60 + 45 };

/** An item of a list by any number; undefined: the list is empty. */
function pick<Item>(items: readonly Item[], which: number): Item | undefined {
  return items[which % items.length];
}

// Few amounts, so that accounts are often equal in one measure or in all.
const pnl = fc.constantFrom(-20_000, -10_000, 0, 10_000, 20_000);
/** How long before the present a trade ends, at and around the ends of periods, or after it. */
const ago = fc
  .tuple(
    fc.constantFrom(0, 1, 5, 6, 7, 8, 20, 29, 30, 31, 89, 90, 364, 365, -1, -2, -40),
    fc.constantFrom(0, 7, 14, 21),
  )
  .map(([days, hours]) => days * day + hours * hour);

/** What happens to a firm. `which` chooses an account or a trade, `user` a user or none. */
type Step =
  | { trades: TradeChange[] }
  | { opened: Pick<RankedAccount, 'nickname' | 'firm' | 'currency'>; user: number | null }
  | { which: number; changed: Partial<RankedAccount> | 'removed' | 'erased' | 'reset' }
  | { which: number; user: number | null }
  | { renamed: number; name: string | null }
  | { hours: number }
  | { days: DaySettings };

interface TradeChange {
  kind: 'add' | 'edit' | 'delete';
  which: number;
  /** Whether it was opened in an earlier attempt. */
  isEarlier: boolean;
  /** Null: it is open. */
  ago: number | null;
  pnl: number;
}

const tradeChange: fc.Arbitrary<TradeChange> = fc.record({
  kind: fc.constantFrom('add', 'add', 'add', 'edit', 'delete'),
  which: fc.nat(),
  isEarlier: fc.boolean(),
  ago: fc.option(ago, { freq: 9 }),
  pnl,
});

const nickname = fc.constantFrom('Ada', 'Bo');
const firm = fc.option(fc.constantFrom('apex', 'summit'));
const currency = fc.constantFrom('USD', 'EUR');
const user = fc.option(fc.integer({ min: 0, max: 1 }), { freq: 3 });
const status = fc.constantFrom('active', 'closed', 'closed');

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ trades: fc.array(tradeChange, { minLength: 1, maxLength: 6 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ opened: fc.record({ nickname, firm, currency }), user }),
  },
  { weight: 3, arbitrary: fc.record({ which: fc.nat(), user }) },
  {
    weight: 1,
    arbitrary: fc.record({
      renamed: fc.integer({ min: 0, max: 1 }),
      name: fc.option(fc.constantFrom('Ann', 'Bob')),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      which: fc.nat(),
      changed: fc.oneof(
        fc.record({ nickname }),
        fc.record({ firm }),
        fc.record({ currency }),
        fc.record({ status }),
        fc.record({ status }),
        fc.constant('reset' as const),
        fc.constantFrom('removed' as const, 'erased' as const),
      ),
    }),
  },
  {
    weight: 4,
    // To other days, by as much as periods are long, and back.
    arbitrary: fc.record({ hours: fc.constantFrom(1, 5, 11, 24, 24, 72, 168, 192, 960, -11, -24) }),
  },
  { weight: 1, arbitrary: fc.record({ days: fc.constantFrom(utcDays, chicago, pagoPago) }) },
);

async function take(firm: RankedFirm, clock: TestServer['clock'], step: Step): Promise<void> {
  if ('trades' in step) {
    return firm.write(() => {
      for (const change of step.trades) changeTrade(firm, clock.now, change);
    });
  }
  const userOf = (user: number | null) => (user === null ? null : firm.users[user]!);
  if ('opened' in step) {
    return void (await firm.open({ ...step.opened, user: userOf(step.user) }));
  }
  if ('renamed' in step) return firm.rename(firm.users[step.renamed]!, step.name);
  if ('days' in step) return firm.setDays(step.days);
  if ('hours' in step) {
    clock.now += step.hours * hour;
    return;
  }
  const account = pick(firm.accounts, step.which);
  if (!account) return;
  if ('user' in step) return firm.change(account, { user: userOf(step.user) });
  const { changed } = step;
  if (changed === 'removed') return firm.remove(account);
  if (changed === 'erased') return firm.erase(account);
  const next = { attempt: account.attempt + 1 };
  await firm.change(account, changed === 'reset' ? next : changed);
}

function changeTrade(firm: RankedFirm, now: number, change: TradeChange): void {
  const { kind, which, isEarlier, ago, pnl } = change;
  const exit = ago === null ? null : now - ago;
  const account = pick(firm.accounts, which);
  const trade = pick(firm.trades, which);
  if (kind === 'add' && account) {
    const { attempt } = account;
    firm.add(account, exit, pnl, isEarlier ? Math.max(1, attempt - 1) : attempt);
  }
  if (kind === 'edit' && trade) firm.edit(trade, exit, pnl);
  if (kind === 'delete' && trade) firm.delete(trade);
}

const question = fc.record({
  period: fc.constantFrom(...periods),
  sort: fc.constantFrom(...sorts),
  limit: fc.constantFrom(1, 3, 100),
  currency: fc.option(currency, { nil: undefined }),
  firm: fc.option(fc.constantFrom('apex', 'summit'), { nil: undefined }),
  status: fc.option(fc.constantFrom('active', 'all', 'all'), { nil: undefined }),
  attempt: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
  by: fc.option(fc.constantFrom('account', 'user', 'user'), { nil: undefined }),
  own: fc.option(fc.nat(), { nil: undefined }),
});

test('a leaderboard is as the trades say, whatever has happened since it was asked for', async (t) => {
  const server = await startTestServer(t);
  const steps = fc.array(fc.tuple(step, fc.array(fc.nat(), { maxLength: 4 })), {
    minLength: 5,
    maxLength: 40,
  });
  // Few, so that they are asked again and again.
  const questions = fc.array(question, { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(questions, steps, async (questions, steps) => {
      server.clock.now = testNow;
      const firm = await RankedFirm.start(server);
      for (const name of ['Ann', null]) await firm.addUser(name);
      const [user = null] = firm.users;
      for (const nickname of ['Ada', 'Bo', 'Cy']) {
        await firm.open({ nickname, firm: 'apex', user: nickname === 'Cy' ? null : user });
      }
      const [restarted] = firm.accounts;
      await firm.write(() => firm.add(restarted!, testNow, 10_000));
      await firm.change(restarted!, { attempt: 2 });
      for (const [happened, which] of steps) {
        await take(firm, server.clock, happened);
        for (const { own, ...asked } of which.map((number) => pick(questions, number)!)) {
          const account = own === undefined ? undefined : pick(firm.accounts, own);
          const question = { ...asked, account };
          assert.deepEqual(await firm.ask(question), firm.expect(question));
        }
      }
    }),
    { numRuns: 40 },
  );
});

/** Answers are worked out where their statements can be seen. */
async function startFirm(t: TestContext) {
  const server = await startTestServer(t, { readers: readersHere });
  return { server, firm: await RankedFirm.start(server) };
}

/** Whether a statement reads sums of days; which days are later than today is read each time. */
const readsSums = ({ text }: { text: string }) =>
  /account_(days|months)/.test(text) && !/order by "day" desc/.test(text);

const namesOf = ({ leaders }: LeaderboardData) => leaders.map(({ nickname }) => nickname).join(' ');

test('a leaderboard is right from the first instant of a day', async (t) => {
  const { server, firm } = await startFirm(t);
  const week = async () => namesOf(await firm.ask({ period: '7d' }));
  for (const days of [utcDays, chicago]) {
    const { startOf, dayOf } = tradingDays(days);
    await firm.setDays(days);
    const today = dayOf(testNow);
    const [leaves, stays] = [
      await firm.open({ nickname: 'leaves' }),
      await firm.open({ nickname: 'stays' }),
    ];
    await firm.write(() => {
      firm.add(leaves, startOf(today - 5) - 1, 2);
      firm.add(stays, startOf(today - 5), 1);
    });
    server.clock.now = startOf(today + 1) - 1;
    assert.equal(await week(), 'leaves stays');
    server.clock.now++;
    assert.equal(await week(), 'stays');
    await firm.remove(leaves);
    await firm.remove(stays);
  }
});

test('a trade of tomorrow counts from the instant at which tomorrow begins in some zone', async (t) => {
  const { server, firm } = await startFirm(t);
  const account = await firm.open({ nickname: 'ahead' });
  const tomorrow = startOfUtcDay(utcDay(testNow) + 1);
  await firm.write(() => firm.add(account, tomorrow, 1));
  server.clock.now = tomorrow - 14 * hour - 1;
  assert.equal(namesOf(await firm.ask({ period: '30d' })), '');
  server.clock.now++;
  assert.equal(namesOf(await firm.ask({ period: '30d' })), 'ahead');
  // When the clock is set back, it no longer does; with another limit no earlier answer is repeated.
  server.clock.now--;
  assert.equal(namesOf(await firm.ask({ period: '30d', limit: 5 })), '');
});

/** Opens accounts with a trade on each of the last days, the first one with the highest results. */
async function openMany(firm: RankedFirm, count: number): Promise<RankedAccount[]> {
  const accounts = await firm.openAll(Array.from({ length: count }, () => ({})));
  await firm.write(() => {
    for (const [place, account] of accounts.entries()) {
      for (const ago of [0, 6, 29, 40]) firm.add(account, testNow - ago * day, count - place);
    }
  });
  return accounts;
}

test('after a new trade, a leaderboard reads the days of its account alone', async (t) => {
  const { server, firm } = await startFirm(t);
  const accounts = await openMany(firm, 5);
  for (const period of periods) {
    await firm.ask({ period });
    await firm.write(() => firm.add(accounts[4]!, testNow, 1_000));
    const statements = await statementsOf(t, () => firm.ask({ period }));
    assert.deepEqual(await firm.ask({ period }), firm.expect({ period }));
    for (const { text, values } of statements) {
      const rows = server.database.handle.prepare(text).all(...values);
      assert.ok(rows.length <= 1, `${period}: ${rows.length} rows of ${text}`);
    }
    const steps = statements.filter(readsSums).flatMap((each) => planOf(server.database, each));
    const ofDays = steps.filter((step) => /days|months/.test(step));
    assert.ok(ofDays.length > 0);
    for (const step of ofDays) assert.match(step, /^SEARCH days .*account_id=\?/);
  }
});

test('the ranks of fifty accounts are told by sums that are read once for each period', async (t) => {
  const { firm } = await startFirm(t);
  const accounts = await openMany(firm, 50);
  const ranks: (number | undefined)[] = [];
  const statements = await statementsOf(t, async () => {
    for (const account of accounts) {
      for (const period of ['7d', '30d'] as const) {
        ranks.push((await firm.ask({ period, account, limit: 1 })).own?.rank);
      }
    }
  });
  assert.deepEqual(
    ranks,
    accounts.flatMap((_, place) => [place + 1, place + 1]),
  );
  assert.equal(statements.filter(readsSums).length, 2);
});

test('when very many accounts have changed, months are read instead of the days of each', async (t) => {
  const { firm } = await startFirm(t);
  const accounts = await openMany(firm, 501);
  await firm.ask({ period: '30d' });
  await firm.write(() => {
    for (const account of accounts) firm.add(account, testNow, 1_000);
  });
  const statements = await statementsOf(t, () => firm.ask({ period: '30d' }));
  const ofDays = statements.filter(readsSums);
  assert.equal(ofDays.length, 1);
  assert.match(ofDays[0]!.text, /account_months/);
  assert.deepEqual(await firm.ask({ period: '30d' }), firm.expect({ period: '30d' }));
});

test('a server that was started later tells the same ranks', async (t) => {
  const { server, firm } = await startFirm(t);
  const accounts = await openMany(firm, 5);
  for (const period of periods) await firm.ask({ period });
  await firm.write(() => firm.add(accounts[3]!, testNow, 1_000));
  server.clock.now += day;
  await using beside = await serveBeside(server);
  for (const period of periods) {
    for (const sort of sorts) {
      const question = { period, sort, account: accounts[0] };
      assert.deepEqual(await firm.ask(question, beside.address), await firm.ask(question));
    }
  }
});

/** The results in the seven days that end on `to`, by account, of a snapshot of a database. */
async function rankWeek(
  rankings: Rankings,
  { read, edition }: Snapshot,
  partnerId: string,
  to: number,
): Promise<Record<string, number>> {
  const partner = (await findPartner(read, partnerId))!;
  const { leaders } = await rankings.read(read, {
    ...{ edition: edition(), partner, period: '7d', span: { from: to - 6, to }, today: to },
    ...{ currency: 'USD', firm: undefined, status: 'active', attempt: undefined, by: 'account' },
    ...{ sort: 'pnl', limit: 10, own: undefined },
  });
  return Object.fromEntries(leaders.map(({ id, pnl }) => [id, pnl]));
}

test('questions about different states of the data, asked at once, are each answered by their own', async (t) => {
  const { server, firm } = await startFirm(t);
  const [gains, stays] = [await firm.open(), await firm.open()];
  const today = utcDay(testNow);
  await firm.write(() => {
    for (const account of [gains, stays]) {
      firm.add(account, testNow - 6 * day, 50_000);
      firm.add(account, testNow, 10_000);
    }
  });
  const rankings = new Rankings();
  const { edition } = server.database;
  const ask = (read: Queries, to: number) =>
    rankWeek(rankings, { read, edition }, firm.partner.id, to);
  const other = await openDatabase(server.database.path);
  t.after(() => other.close());
  const before = { [gains.id]: 60_000, [stays.id]: 60_000 };
  const after = { [gains.id]: 130_000, [stays.id]: 60_000 };
  const tomorrow = { [gains.id]: 80_000, [stays.id]: 10_000 };
  await inSnapshot(server.database, async (old) => {
    assert.deepEqual(await ask(old, today), before);
    await firm.write(() => firm.add(gains, testNow, 70_000));
    await inSnapshot(other, async (now) => {
      assert.deepEqual(
        await Promise.all([
          ...[ask(now, today), ask(old, today), ask(now, today + 1)],
          ...[ask(now, today + 1), ask(old, today), ask(now, today)],
        ]),
        [after, before, tomorrow, tomorrow, before, after],
      );
    });
  });
});

test('another file with the same history is not ranked by what is known of the first', async (t) => {
  const { server, firm } = await startFirm(t);
  const account = await firm.open();
  await firm.write(() => firm.add(account, testNow, 10_000));
  const copy = `${server.database.path}-copy`;
  server.database.handle.prepare('vacuum into ?').run(copy);
  const other = await openDatabase(copy);
  t.after(() => other.close());
  await firm.write(() => firm.add(account, testNow, 70_000));
  other.handle.exec('update partners set revision = revision + 1');
  const rankings = new Rankings();
  const ask = (database: Database, edition: string) =>
    inSnapshot(database, (read) =>
      rankWeek(rankings, { read, edition: () => edition }, firm.partner.id, utcDay(testNow)),
    );
  assert.deepEqual(await ask(server.database, 'first'), { [account.id]: 80_000 });
  assert.deepEqual(await ask(other, 'other'), { [account.id]: 10_000 });
});
