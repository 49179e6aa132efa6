import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AccountAnswer, AccountSummary } from '../../shared/answers/accounts.ts';
import type { AuditEntry } from '../../shared/answers/audit.ts';
import type { TradeDetails } from '../../shared/answers/trades.ts';
import type { UserAnswer } from '../../shared/answers/users.ts';
import { hour } from '../../shared/time.ts';
import { type CommandLine, commandLine } from '../support/command.ts';
import { holdOpen, makeFirm, serve } from '../support/firm.ts';
import { plainCsv, tradesOf } from '../support/partner.ts';
import { textOfTables } from '../support/tables.ts';

/** A firm, and the command line with its --partner. */
async function firmOf(cli: CommandLine) {
  const partner = await makeFirm(cli);
  const ofFirm = (args: readonly string[]) => [...args, '--partner', partner];
  return {
    partner,
    run: (...args: string[]) => cli.run(...ofFirm(args)),
    json: <Value>(...args: string[]) => cli.json<Value>(...ofFirm(args)),
    /** Of a command that must be done: what it prints. */
    done: async (...args: string[]) => {
      const { code, stdout, stderr } = await cli.run(...ofFirm(args));
      assert.deepEqual([code, stderr], [0, ''], args.join(' '));
      return stdout;
    },
  };
}

type Firm = Awaited<ReturnType<typeof firmOf>>;

async function setUp(t: TestContext) {
  const cli = commandLine(t);
  return { cli, firm: await firmOf(cli) };
}

/** Makes the account `ext:a1`. */
function makeAccount({ json }: Firm, ...more: string[]): Promise<AccountAnswer> {
  return json('account', 'create', '--nickname', 'Apex 50K', '--external-id', 'a1', ...more);
}

const opened = {
  id: ['--id', 't1'],
  rest: [
    ...['--symbol', 'MES', '--direction', 'long', '--quantity', '2', '--entry-price', '5000.25'],
    ...['--entry-time', '2025-03-04T10:00:00Z'],
  ],
};
const closing = ['--exit-price', '5010', '--exit-time', '2025-03-04T11:30:00Z', '--pnl', '-12.5'];
const ofAccount = ['--account', 'ext:a1'];

/** The events of a database’s only firm: their types, and what they name as changed. */
function eventsOf({ handle }: Awaited<ReturnType<typeof holdOpen>>): string[] {
  return handle
    .prepare<[], { type: string; data: string }>('select type, data from events order by number')
    .all()
    .map(({ type, data }) => {
      const { changes, milestone } = JSON.parse(data) as { changes?: string[]; milestone?: string };
      return [type, ...(changes ?? []), ...(milestone ? [milestone] : [])].join(' ');
    });
}

test('a user is made once for an external id, changed, and shown with its accounts', async (t) => {
  const { firm } = await setUp(t);
  const made = await firm.json<UserAnswer>(
    ...['user', 'create', '--external-id', 'u-1', '--name', 'Ann Lee'],
    ...['--email', 'Ann@Firm.example'],
  );
  const { id, created_at } = made;
  const ann = {
    ...{ id, external_id: 'u-1', name: 'Ann Lee', email: 'ann@firm.example', created_at },
    ...{ accounts: [], account_count: 0 },
  };
  assert.match(id, /^usr_[0-9a-f]{20}$/);
  assert.deepEqual(made, ann);
  assert.equal(
    await firm.done('user', 'create', '--external-id', 'u-1', '--name', 'Ann Lee'),
    `${id} is there already.\n`,
  );
  const other = await firm.run('user', 'create', '--external-id', 'u-1', '--name', 'Bob');
  assert.deepEqual(
    [other.code, other.stderr],
    [1, `The user ${id} is there already, with another name.\n`],
  );
  const account = await makeAccount(firm, '--user', 'ext:u-1');
  assert.equal(account.user_id, id);
  const { accounts } = await firm.json<{ accounts: AccountSummary[] }>('account', 'list');
  assert.deepEqual(
    accounts.map(({ id }) => id),
    [account.id],
  );
  const owner = { ...ann, accounts, account_count: 1 };
  assert.deepEqual(await firm.json('user', 'show', 'ext:u-1'), owner);
  assert.match(await firm.done('user', 'show', id), /name +Ann Lee[\s\S]* Apex 50K /);
  const changed = await firm.json('user', 'set', id, '--external-id', 'u2', '--name', 'none');
  assert.deepEqual(changed, { ...owner, external_id: 'u2', name: null });
  const bob = await firm.json<UserAnswer>('user', 'create', '--name', 'Bob');
  assert.deepEqual(await firm.json('user', 'list'), { users: [changed, bob] });
  const taken = await firm.run('user', 'set', bob.id, '--external-id', 'u2');
  assert.deepEqual(
    [taken.code, taken.stderr],
    [1, `This external id is that of the user ${id}.\n`],
  );
});

test('an account has the fields that it was given, and the partner’s currency unless said', async (t) => {
  const { firm } = await setUp(t);
  const user = await firm.json<UserAnswer>('user', 'create', '--external-id', 'u1');
  const made = await makeAccount(
    firm,
    ...['--user', user.id, '--firm-id', 'apex', '--firm', 'Apex Funding', '--balance', '50000.5'],
    ...['--max-drawdown', '2500'],
  );
  const { id, created_at } = made;
  assert.deepEqual(made, {
    ...{ id, nickname: 'Apex 50K', external_id: 'a1', user_id: user.id, firm_id: 'apex' },
    ...{ firm: 'Apex Funding', currency: 'USD', status: 'active', created_at, closed_at: null },
    ...{ equity: null, open_pnl: null, observed_at: null },
    ...{ attempt: 1, attempt_started_at: null, trade_count: 0, total_pnl: 0 },
    ...{ starting_balance: 50_000.5, balance: 50_000.5, max_drawdown: 2_500 },
  });
  assert.equal(
    await firm.done('account', 'create', '--nickname', 'Apex 50K', '--external-id', 'a1'),
    `${id} (Apex 50K) is there already.\n`,
  );
  const other = await firm.run(
    ...['account', 'create', '--nickname', 'Apex 50K', '--external-id', 'a1', '--currency', 'EUR'],
  );
  assert.deepEqual(
    [other.code, other.stderr],
    [1, `The account ${id} is there already, with another currency.\n`],
  );
  const options = ['user', 'external-id', 'firm-id', 'firm', 'balance', 'max-drawdown'];
  const emptied = await firm.json<AccountAnswer>(
    ...['account', 'set', 'ext:a1', '--nickname', 'Mine', '--currency', 'EUR'],
    ...options.flatMap((option) => [`--${option}`, 'none']),
  );
  assert.deepEqual(emptied, {
    ...{ ...made, nickname: 'Mine', currency: 'EUR', user_id: null, external_id: null },
    ...{ firm_id: null, firm: null, starting_balance: null, balance: null, max_drawdown: null },
  });
  assert.deepEqual(await firm.json('account', 'show', id), emptied);
});

test('accounts are listed by user, status and firm id', async (t) => {
  const { firm } = await setUp(t);
  await firm.done('user', 'create', '--external-id', 'u1');
  const ids: string[] = [];
  for (const fields of [['--user', 'ext:u1'], ['--firm-id', 'apex'], []]) {
    const made = await firm.json<AccountAnswer>('account', 'create', '--nickname', 'X', ...fields);
    ids.push(made.id);
  }
  const [ofUser, ofFirm, closed] = ids as [string, string, string];
  assert.equal(await firm.done('account', 'close', closed), `${closed} is closed.\n`);
  const listed = async (...filter: string[]) => {
    const { accounts } = await firm.json<{ accounts: AccountSummary[] }>(
      ...['account', 'list', ...filter],
    );
    return accounts.map(({ id }) => id);
  };
  assert.deepEqual(await listed(), ids);
  assert.deepEqual(await listed('--user', 'ext:u1'), [ofUser]);
  assert.deepEqual(await listed('--firm-id', 'apex'), [ofFirm]);
  assert.deepEqual(await listed('--status', 'active'), [ofUser, ofFirm]);
  assert.deepEqual(await listed('--status', 'closed'), [closed]);
  const table = await firm.done('account', 'list');
  assert.match(table, new RegExp(`\n${closed} +X +closed +0 +0 USD\n`));
  assert.equal(await firm.done('account', 'list', '--firm-id', 'none'), 'No accounts.\n');
});

test('a closed account takes no trade that is opened later, until it is reopened', async (t) => {
  const { firm } = await setUp(t);
  const { id } = await makeAccount(firm);
  const closed = await firm.json<AccountAnswer>('account', 'close', 'ext:a1');
  assert.equal(closed.status, 'closed');
  const add = ['trade', 'add', ...ofAccount, ...opened.rest];
  const later = ['--entry-time', new Date(Date.now() + hour).toISOString()];
  const refused = await firm.run(...add, ...later);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /opened after the account ext:a1 was closed/);
  await firm.done(...add);
  const reset = await firm.run('account', 'reset', id);
  assert.deepEqual(
    [reset.code, reset.stderr],
    [1, `The account ${id} is closed. Reopen it before a reset.\n`],
  );
  assert.equal(await firm.done('account', 'reopen', id), `${id} is active.\n`);
  await firm.done(...add, ...later);
});

test('a reset starts the next attempt, to which later trades belong; earlier ones can be shown', async (t) => {
  const { firm } = await setUp(t);
  const { id } = await makeAccount(firm, '--balance', '50000', '--max-drawdown', '2500');
  await firm.done('trade', 'add', ...ofAccount, ...opened.id, ...opened.rest, ...closing);
  await firm.done(
    ...['trade', 'add', ...ofAccount, '--id', 't2', ...opened.rest],
    ...['--entry-time', '2025-03-06T10:00:00Z'],
  );
  const start = Date.UTC(2025, 2, 5);
  const reset = await firm.json<AccountAnswer>(
    ...['account', 'reset', 'ext:a1', '--at', '2025-03-05T00:00:00Z', '--balance', '60000'],
  );
  const { attempt, attempt_started_at, starting_balance, max_drawdown, trade_count } = reset;
  assert.deepEqual(
    [attempt, attempt_started_at, starting_balance, max_drawdown, trade_count],
    [2, start, 60_000, 2_500, 0],
  );
  const first = await firm.json<AccountAnswer>('account', 'show', id, '--attempt', '1');
  assert.deepEqual([first.attempt, first.trade_count, first.balance], [1, 1, 49_987.5]);
  const listed = async (...more: string[]) => {
    const { trades } = await firm.json<{ trades: TradeDetails[] }>(
      ...['trade', 'list', ...ofAccount, ...more],
    );
    return trades.map((trade) => trade.id);
  };
  assert.deepEqual(await listed(), ['t2']);
  assert.deepEqual(await listed('--attempt', '1'), ['t1']);
  const early = await firm.run('account', 'reset', id, '--at', String(start));
  assert.deepEqual(
    [early.code, early.stderr],
    [1, '--at: It must lie after 2025-03-05T00:00:00.000Z, when the current attempt started.\n'],
  );
  assert.match(
    await firm.done('account', 'reset', id),
    new RegExp(`^${id} is in attempt 3, since ${new Date().getUTCFullYear()}-`),
  );
});

test('a trade is added, closed, corrected, opened again and deleted, each with its event', async (t) => {
  const { cli, firm } = await setUp(t);
  const { id: account_id } = await makeAccount(firm);
  const added = await firm.json<TradeDetails>(
    ...['trade', 'add', ...ofAccount, ...opened.id, ...opened.rest],
    ...['--contract', 'MESH5', '--notes', 'First line\nand second', '--setup-type', 'breakout'],
  );
  const trade = {
    ...{ id: 't1', symbol: 'MES', contract: 'MESH5', direction: 'long', quantity: 2 },
    ...{ entry_price: 5_000.25, entry_time: Date.UTC(2025, 2, 4, 10), commission: 0 },
    ...{ exit_price: null, exit_time: null, pnl: null, duration_minutes: null },
    ...{ setup_type: 'breakout', notes: 'First line\nand second', account_id, attempt: 1 },
  };
  assert.deepEqual(added, trade);
  assert.equal(
    await firm.done('trade', 'add', ...ofAccount, ...opened.id, ...closing),
    'Closed t1.\n',
  );
  assert.equal(
    await firm.done('trade', 'add', ...ofAccount, ...opened.id, ...closing),
    't1 is there already.\n',
  );
  const exit = { exit_price: 5_010, exit_time: Date.UTC(2025, 2, 4, 11, 30), pnl: -12.5 };
  const closed = { ...trade, ...exit, duration_minutes: 90 };
  assert.deepEqual(await firm.json('trade', 'show', 't1', ...ofAccount), closed);
  const conflict = await firm.run('trade', 'add', ...ofAccount, ...opened.id, '--pnl', '20');
  assert.deepEqual(
    [conflict.code, conflict.stderr],
    [1, 'The trade t1 is there already: its P&L is -12.5, not 20. --upsert changes it.\n'],
  );
  assert.equal(
    await firm.done('trade', 'add', ...ofAccount, ...opened.id, '--pnl', '20', '--upsert'),
    'Changed t1.\n',
  );
  assert.deepEqual(
    await firm.json(
      ...['trade', 'set', 't1', ...ofAccount, '--commission', '-1.2345', '--contract', 'none'],
      ...['--exit-time', String(exit.exit_time + hour)],
    ),
    {
      ...{ ...closed, pnl: 20, commission: -1.2345, contract: null, duration_minutes: 150 },
      exit_time: exit.exit_time + hour,
    },
  );
  assert.equal(
    await firm.done('trade', 'set', 't1', ...ofAccount, '--pnl', '20'),
    't1 is like that already.\n',
  );
  const reopened = await firm.json<TradeDetails>(
    ...['trade', 'set', 't1', ...ofAccount, '--exit-time', 'none'],
  );
  assert.deepEqual([reopened.exit_time, reopened.exit_price, reopened.pnl], [null, null, null]);
  assert.equal(await firm.done('trade', 'remove', 't1', ...ofAccount), 'Deleted t1.\n');
  const { entries } = await cli.json<{ entries: AuditEntry[] }>('audit', firm.partner);
  assert.deepEqual([entries[0]!.action, entries[0]!.details], ['trades.deleted', { trades: 1 }]);
  const gone = await firm.run('trade', 'add', ...ofAccount, ...opened.id, ...opened.rest);
  assert.deepEqual(
    [gone.code, gone.stderr],
    [1, 'The trade t1 was deleted. --restore brings it back.\n'],
  );
  const restore = [...opened.id, ...opened.rest, '--restore'];
  assert.equal(await firm.done('trade', 'add', ...ofAccount, ...restore), 'Added t1.\n');
  assert.deepEqual(eventsOf(await holdOpen(t, cli)), [
    'account.created',
    'trade.created',
    'trade.updated exit_price exit_time pnl',
    'trade.updated pnl',
    'trade.updated contract exit_time commission',
    'trade.updated exit_price exit_time pnl',
    'trade.deleted',
    'trade.created',
  ]);
});

test('trades are listed by status, those opened last first, with a word that there are more', async (t) => {
  const { firm } = await setUp(t);
  await makeAccount(firm);
  for (const hour of ['10', '11', '12']) {
    await firm.done(
      ...['trade', 'add', ...ofAccount, '--id', `t${hour}`, ...opened.rest],
      ...['--entry-time', `2025-03-04T${hour}:00:00`, ...(hour === '11' ? closing : [])],
    );
  }
  const listed = async (...more: string[]) => {
    const { trades, has_more } = await firm.json<{ trades: TradeDetails[]; has_more: boolean }>(
      ...['trade', 'list', ...ofAccount, ...more],
    );
    return [...trades.map(({ id }) => id), has_more];
  };
  assert.deepEqual(await listed(), ['t12', 't11', 't10', false]);
  assert.deepEqual(await listed('--status', 'open'), ['t12', 't10', false]);
  assert.deepEqual(await listed('--status', 'closed'), ['t11', false]);
  assert.deepEqual(await listed('--limit', '2'), ['t12', 't11', true]);
  const table = (await firm.done('trade', 'list', ...ofAccount, '--limit', '2')).split('\n');
  assert.match(table[1]!, /^t12 +MES +long +2 +2025-03-04T12:00:00\.000Z +open$/);
  assert.match(table[2]!, / 2025-03-04T11:00:00\.000Z +2025-03-04T11:30:00\.000Z +-12\.5 USD$/);
  assert.equal(table[3], 'There are more: --limit lists them.');
});

test('a trade that is closed by command counts at once, and reaches milestones', async (t) => {
  const { cli, firm } = await setUp(t);
  await makeAccount(firm);
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  await firm.done(
    ...['trade', 'add', ...ofAccount, ...opened.rest, '--entry-time', minutesAgo(10)],
    ...['--exit-time', minutesAgo(5), '--exit-price', '1', '--pnl', '1000'],
  );
  const account = await firm.json<AccountAnswer>('account', 'show', 'ext:a1');
  assert.deepEqual([account.trade_count, account.total_pnl], [1, 1_000]);
  assert.deepEqual(eventsOf(await holdOpen(t, cli)).at(-1), 'milestone.reached total_pnl_1000');
  assert.equal((await cli.run('doctor', '--sums')).code, 0);
});

test('the API answers with what the commands show', async (t) => {
  const { cli, firm } = await setUp(t);
  const { key } = await cli.json<{ key: string }>(
    ...['key', 'create', '--partner', firm.partner, '--preset', 'write'],
  );
  await firm.done('user', 'create', '--external-id', 'u1', '--name', 'Ann');
  await makeAccount(firm, '--user', 'ext:u1', '--balance', '100');
  await firm.done('trade', 'add', ...ofAccount, ...opened.id, ...opened.rest, ...closing);
  await firm.done('account', 'reset', 'ext:a1', '--at', '2025-03-05T00:00:00Z');
  await firm.done('account', 'close', 'ext:a1');
  const account = await firm.json<AccountAnswer>('account', 'show', 'ext:a1');
  const { address } = await serve(cli);
  for (const [asked, ...command] of [
    ['users/ext:u1', 'user', 'show', 'ext:u1'],
    [`accounts/${account.id}`, 'account', 'show', 'ext:a1'],
    [`accounts/${account.id}?attempt=1`, 'account', 'show', 'ext:a1', '--attempt', '1'],
    [`trades/t1?account_id=${account.id}`, 'trade', 'show', 't1', ...ofAccount],
  ] as const) {
    const url = `${address}/api/partner/${asked}`;
    const answer = await fetch(url, { headers: { 'X-API-Key': key } });
    assert.equal(answer.status, 200, asked);
    assert.deepEqual(await answer.json(), await firm.json(...command), asked);
  }
  const listed = await fetch(`${address}/api/partner/accounts`, { headers: { 'X-API-Key': key } });
  const { accounts } = (await listed.json()) as { accounts: AccountSummary[] };
  assert.deepEqual(await firm.json('account', 'list'), { accounts });
});

/** Texts that only what is erased has. */
const marks = ['Zedekiah', 'zed-user', 'zed-account', 'zed-firm', 'zed@', 'zt-'];

async function fillAccount(cli: CommandLine, firm: Firm, trades: number): Promise<UserAnswer> {
  await firm.done(
    ...['user', 'create', '--external-id', 'zed-user', '--name', 'Zedekiah', '--email', 'zed@x.io'],
  );
  const account = await firm.json<AccountAnswer>(
    ...['account', 'create', '--nickname', 'Zedekiah 50K', '--user', 'ext:zed-user'],
    ...['--external-id', 'zed-account', '--firm', 'zed-firm', '--firm-id', 'zed-firm'],
  );
  const results = Array.from({ length: trades }, (_, index) => (index % 7) - 2);
  const rows = tradesOf(results, Date.now() - hour).map((trade, index) => ({
    ...trade,
    id: `zt-${index}`,
  }));
  const file = path.join(cli.folder, 'Zedekiah.csv');
  writeFileSync(file, plainCsv(rows));
  await firm.done('import', file, '--account', 'ext:zed-account');
  const ofZed = ['--account', account.id];
  await firm.done('trade', 'set', 'zt-1', ...ofZed, '--pnl', '3', '--notes', 'Zedekiah');
  await firm.done('trade', 'remove', 'zt-2', ...ofZed);
  await firm.done('account', 'reset', account.id, '--at', String(rows[trades - 2]!.entry_time));
  await firm.done('trade', 'add', ...ofZed, '--id', 'zt-open', ...opened.rest);
  return firm.json('user', 'show', 'ext:zed-user');
}

test('a removed user, its accounts and their trades are in no table any more but as ids of the audit trail and of events', async (t) => {
  const { cli, firm } = await setUp(t);
  const kept = await makeAccount(firm);
  await firm.done('trade', 'add', ...ofAccount, ...opened.id, ...opened.rest, ...closing);
  const user = await fillAccount(cli, firm, 2_600);
  const account = user.accounts[0]!.id;
  const second = await firm.json<AccountAnswer>(
    ...['account', 'create', '--nickname', 'Zedekiah II', '--user', user.id],
  );
  const database = await holdOpen(t, cli);
  const before = textOfTables(database);
  for (const mark of marks) assert.ok(before.includes(mark), mark);

  // One of the trades was deleted, and one is open.
  assert.equal(
    await firm.done('user', 'remove', 'ext:zed-user'),
    `Erasing ${user.id}: 2 accounts and 2600 trades.\nNothing is left of ${user.id}.\n`,
  );

  for (const line of textOfTables(database).split('\n')) {
    for (const mark of marks) assert.ok(!line.includes(mark), `${mark}: ${line}`);
    if (/^(audit|events) /.test(line)) continue;
    for (const id of [user.id, account, second.id])
      assert.ok(!line.includes(id), `${id}: ${line.slice(0, 200)}`);
  }
  const { users } = await firm.json<{ users: UserAnswer[] }>('user', 'list');
  assert.deepEqual(users, []);
  const { accounts } = await firm.json<{ accounts: AccountSummary[] }>('account', 'list');
  assert.deepEqual(
    accounts.map(({ id, trade_count }) => [id, trade_count]),
    [[kept.id, 1]],
  );
  const { entries } = await cli.json<{ entries: AuditEntry[] }>('audit', firm.partner);
  assert.deepEqual(
    entries.slice(0, 3).map(({ action, subject, actor }) => [action, subject, actor.type]),
    [
      ['user.erased', user.id, 'operator'],
      ['account.erased', second.id, 'operator'],
      ['account.erased', account, 'operator'],
    ],
  );
  assert.equal((await cli.run('doctor', '--sums')).code, 0);
});

test('a removed account is gone beside a running server too, and its user stays', async (t) => {
  const { cli, firm } = await setUp(t);
  const user = await fillAccount(cli, firm, 2_600);
  const account = user.accounts[0]!.id;
  const { key } = await cli.json<{ key: string }>(...['key', 'create', '--partner', firm.partner]);
  const server = await serve(cli);
  const stats = `/api/partner/stats?account_id=${account}`;
  assert.equal(await server.ask(stats, key), 200);
  const erased = await firm.json('account', 'remove', 'ext:zed-account');
  assert.deepEqual(erased, { id: account, erased: true, accounts: 1, trades: 2_600 });
  assert.equal(await server.ask(stats, key), 404);
  assert.ok(!textOfTables(await holdOpen(t, cli)).includes('zt-'));
  const left = await firm.json<UserAnswer>('user', 'show', user.id);
  assert.deepEqual(left, { ...user, accounts: [], account_count: 0 });
});

test('removing waits for another process’s lock for longer than other writes do', async (t) => {
  const { cli, firm } = await setUp(t);
  await firm.done('user', 'create', '--external-id', 'u1');
  await makeAccount(firm);
  const { handle } = await holdOpen(t, cli);
  handle.exec('begin immediate');
  const removals = Promise.all([
    firm.run('user', 'remove', 'ext:u1'),
    firm.run('account', 'remove', 'ext:a1'),
  ]);
  const other = await firm.run('account', 'close', 'ext:a1');
  assert.equal(other.code, 1);
  assert.match(other.stderr, /Another process is writing to the database/);
  await sleep(1_000);
  handle.exec('commit');
  assert.deepEqual(
    (await removals).map(({ code, stderr }) => [code, stderr]),
    [
      [0, ''],
      [0, ''],
    ],
  );
});

test('what is not possible exits with 1, and what is invalid with 2, each with a sentence on stderr', async (t) => {
  const { cli, firm } = await setUp(t);
  const { id } = await makeAccount(firm);
  await firm.done('trade', 'add', ...ofAccount, ...opened.id, ...opened.rest);
  const add = ['trade', 'add', ...ofAccount];
  const cases: [string[], number, RegExp][] = [
    [['user', 'show', 'ext:none'], 1, /has no user ext:none\. proptally user list shows them/],
    [['user', 'set', 'usr_none', '--name', 'X'], 1, /has no user usr_none/],
    [['user', 'remove', 'ext:none'], 1, /has no user ext:none/],
    [['user', 'set', 'usr_none'], 1, /Say what to change: --external-id, --name or --email/],
    [['user', 'create', '--external-id', 'a,b'], 2, /without blanks, commas and slashes/],
    [['user', 'create', '--email', 'nobody'], 2, /must be an e-mail address/],
    [['account', 'create'], 2, /--nickname/],
    [['account', 'create', '--nickname', 'X', '--user', 'usr_none'], 1, /no user usr_none/],
    [['account', 'create', '--nickname', 'X', '--balance', '-5'], 2, /amount above zero/],
    [['account', 'list', '--user', 'ext:none'], 1, /has no user ext:none/],
    [['account', 'list', '--status', 'gone'], 2, /active, closed, all/],
    [['account', 'show', 'ext:none'], 1, /has no account ext:none. proptally account list shows/],
    [['account', 'show', id, '--attempt', '2'], 1, new RegExp(`${id} has no attempt 2`)],
    [['account', 'set', id], 1, /Say what to change/],
    [['account', 'set', id, '--currency', 'EUR'], 1, /has trades, and nothing is converted/],
    [['account', 'set', 'acc_none', '--firm', 'X'], 1, /has no account acc_none/],
    [['account', 'close', 'acc_none'], 1, /has no account acc_none/],
    [['account', 'reset', id, '--at', 'noon'], 2, /time such as 2025-01-22T23:02:03Z/],
    [['account', 'reset', id, '--at', '2099-01-01T00:00Z'], 1, /--at: .*not lie in the future/],
    [['account', 'remove', 'ext:none'], 1, /has no account ext:none/],
    [['trade', 'list', '--account', 'ext:none'], 1, /has no account ext:none/],
    [['trade', 'list'], 2, /--account/],
    [['trade', 'show', 't9', ...ofAccount], 1, /ext:a1 has no trade t9/],
    [['trade', 'set', 't9', ...ofAccount, '--pnl', '1'], 1, /ext:a1 has no trade t9/],
    [['trade', 'set', 't1', ...ofAccount], 1, /Say what to change/],
    [
      ['trade', 'set', 't1', ...ofAccount, '--symbol', 'none', '--quantity', '0'],
      2,
      /--quantity must be above zero/,
    ],
    [['trade', 'set', 't1', ...ofAccount, '--quantity', 'none'], 2, /It must be a number/],
    [['trade', 'set', 't1', ...ofAccount, '--pnl', '1.00001'], 2, /at most four decimals/],
    [['trade', 'set', 't1', ...ofAccount, '--direction', 'up'], 2, /long or short/],
    [['trade', 'set', 't1', ...ofAccount, '--pnl', '1'], 2, /--exit-price is missing: a closed/],
    [['trade', 'remove', 't9', ...ofAccount], 1, /ext:a1 has no trade t9/],
    [[...add, '--symbol', 'ES'], 2, /--direction is required; --quantity is required/],
    [[...add, '--id', 'a b', ...opened.rest], 2, /--id must be 1 to 64 letters/],
    [['trade', 'add', '--account', 'acc_none', ...opened.rest], 1, /has no account acc_none/],
  ];
  await Promise.all(
    cases.map(async ([args, code, sentence]) => {
      const outcome = await firm.run(...args);
      assert.equal(outcome.code, code, `${args.join(' ')}: ${outcome.stderr}`);
      assert.match(outcome.stderr, sentence, args.join(' '));
      assert.doesNotMatch(outcome.stderr, /\n {4}at /, args.join(' '));
      assert.equal(outcome.stdout, '', args.join(' '));
    }),
  );
  for (const args of [
    ['user', 'create'],
    ['user', 'list'],
    ['account', 'create', '--nickname', 'X'],
    ['account', 'list'],
    ['account', 'show', id],
    ['account', 'remove', id],
    ['trade', 'list', '--account', id],
    [...add, ...opened.rest],
  ]) {
    const { code, stderr } = await cli.run(...args, '--partner', 'ptr_none');
    assert.equal(code, 1, args.join(' '));
    assert.match(stderr, /no partner ptr_none/, args.join(' '));
  }
});

test('a trade or balance with which sums would no longer be exact is refused, and not kept', async (t) => {
  const { cli, firm } = await setUp(t);
  const { id } = await makeAccount(firm);
  const database = await holdOpen(t, cli);
  database.handle
    .prepare('update attempts set money = ? where account_id = ?')
    .run(Number.MAX_SAFE_INTEGER - 100, id);
  const trade = await firm.run('trade', 'add', ...ofAccount, ...opened.rest, ...closing);
  assert.equal(trade.code, 1);
  assert.match(trade.stderr, /^The amounts of the account Apex 50K would come to more than /);
  const balance = await firm.run('account', 'set', id, '--balance', '1');
  assert.equal(balance.code, 1);
  assert.match(balance.stderr, /the sums of the account Apex 50K would not be exact/);
  const { trade_count, starting_balance } = await firm.json<AccountAnswer>('account', 'show', id);
  assert.deepEqual([trade_count, starting_balance], [0, null]);
  assert.equal(await firm.done('trade', 'list', ...ofAccount), 'No trades.\n');
});

test('what is another partner’s is not found, and stays', async (t) => {
  const { cli, firm } = await setUp(t);
  const { id } = await makeAccount(firm);
  const user = await firm.json<UserAnswer>('user', 'create', '--external-id', 'u1');
  const made = await cli.json<{ partner: { id: string } }>(
    ...['partner', 'create', '--name', 'Two', '--email', 'two@firm.example'],
  );
  for (const args of [
    ['user', 'show', user.id],
    ['user', 'set', user.id, '--name', 'X'],
    ['user', 'remove', user.id],
    ['account', 'show', id],
    ['account', 'show', 'ext:a1'],
    ['account', 'set', id, '--nickname', 'X'],
    ['account', 'create', '--nickname', 'X', '--user', user.id],
    ['account', 'close', id],
    ['account', 'remove', id],
    ['trade', 'list', '--account', id],
    ['trade', 'add', '--account', id, ...opened.rest],
  ]) {
    const { code, stderr } = await cli.run(...args, '--partner', made.partner.id);
    assert.equal(code, 1, args.join(' '));
    assert.match(stderr, /no (user|account) /, args.join(' '));
  }
  assert.equal((await firm.json<AccountAnswer>('account', 'show', id)).status, 'active');
});

test('tokens are made, and files imported, for an account that is named by its external id', async (t) => {
  const { cli, firm } = await setUp(t);
  const { id } = await makeAccount(firm);
  const file = path.join(cli.folder, 'trades.csv');
  writeFileSync(file, plainCsv(tradesOf([5, -2])));
  const report = await firm.json<{ account: { id: string } }>(
    ...['import', file, '--account', 'ext:a1'],
  );
  assert.equal(report.account.id, id);
  const token = await cli.json<{ account_id: string }>(
    ...['token', 'create', firm.partner, '--account', 'ext:a1'],
  );
  assert.equal(token.account_id, id);
});
