import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { findAccount, insertAttempt, listAccounts } from '../../server/store/accounts.ts';
import { transact } from '../../server/store/database.ts';
import { raiseRevision } from '../../server/store/partners.ts';
import type { AccountAnswer, AccountsAnswer } from '../../shared/answers/accounts.ts';
import { fromDecimal } from '../../shared/money.ts';
import { day, minute } from '../../shared/time.ts';
import { api } from '../support/api.ts';
import { allOf, pagesOf } from '../support/pages.ts';
import { makePartner, tradesOf } from '../support/partner.ts';
import { startTestServer, testNow } from '../support/server.ts';
import { planOf, statementsOf } from '../support/sql.ts';
import { addUser } from '../support/users.ts';

async function startFirm(t: TestContext) {
  const server = await startTestServer(t);
  const { database } = server;
  const partner = await makePartner(database);
  const asked = api(server, partner.key);
  const change = (id: string, column: string, value: string | number) =>
    transact(database, async (transaction) => {
      const revision = await raiseRevision(transaction, partner.id);
      database.handle
        .prepare(`update accounts set ${column} = ?, revision = ? where id = ?`)
        .run(value, revision, id);
    });
  const list = async (query: string) => {
    const { status, text, body } = await asked.get<AccountsAnswer>(`accounts?${query}`);
    assert.equal(status, 200, text);
    return body;
  };
  const names = async (query: string) => {
    const { accounts, total } = await list(query);
    assert.equal(total, accounts.length, query);
    return accounts.map(({ nickname }) => nickname).sort();
  };
  return { server, database, partner, asked, change, list, names };
}

const accountsIn = ({ accounts }: AccountsAnswer) => accounts;

test('accounts are listed by user, by its id or external id, and none for an unknown one', async (t) => {
  const { database, partner, names } = await startFirm(t);
  const ada = await addUser(database, partner.id, { externalId: 'ada' });
  const bob = await addUser(database, partner.id, { externalId: 'bob' });
  const other = await makePartner(database);
  const foreign = await addUser(database, other.id, { externalId: 'eve' });
  await other.newAccount({ userId: foreign });
  await partner.newAccount({ nickname: 'A1', userId: ada, firm: 'apex' });
  await partner.newAccount({ nickname: 'A2', userId: ada });
  await partner.newAccount({ nickname: 'B', userId: bob });
  await partner.newAccount({ nickname: 'None' });
  assert.deepEqual(await names(`user_id=${ada}`), ['A1', 'A2']);
  assert.deepEqual(await names('user_id=ext:ada'), ['A1', 'A2']);
  assert.deepEqual(await names('user_id=ext:ada&firm_id=apex'), ['A1']);
  assert.deepEqual(await names(`user_id=${bob}`), ['B']);
  for (const unknown of ['usr_00000000000000000000', foreign, 'ext:eve', 'ext:'])
    assert.deepEqual(await names(`user_id=${unknown}`), [], unknown);
});

test('accounts are listed by status: active ones, closed ones or all', async (t) => {
  const { partner, asked, change, names, list } = await startFirm(t);
  await partner.newAccount({ nickname: 'Active' });
  const closed = await partner.newAccount({ nickname: 'Closed' });
  const erased = await partner.newAccount({ nickname: 'Erased' });
  await change(closed, 'status', 'closed');
  await change(erased, 'status', 'erased');
  assert.deepEqual(await names(''), ['Active', 'Closed']);
  assert.deepEqual(await names('status=all'), ['Active', 'Closed']);
  assert.deepEqual(await names('status=active'), ['Active']);
  assert.deepEqual(await names('status=closed'), ['Closed']);
  const { accounts } = await list('status=closed');
  assert.deepEqual(
    accounts.map(({ id, status }) => [id, status]),
    [[closed, 'closed']],
  );
  assert.equal((await asked.get('accounts?status=erased')).status, 400);
});

test('q finds a part of the nickname or of the external id, in upper or lower case, and takes % and _ as they are', async (t) => {
  const { partner, asked, names } = await startFirm(t);
  await partner.newAccount({ nickname: 'Apex 50K', externalId: 'X-100' });
  await partner.newAccount({ nickname: '100% funded' });
  await partner.newAccount({ nickname: 'snake_case', externalId: 'y' });
  await partner.newAccount({ nickname: 'ÄRGER' });
  assert.deepEqual(await names('q=apex'), ['Apex 50K']);
  assert.deepEqual(await names('q=PEX%2050k'), ['Apex 50K']);
  assert.deepEqual(await names('q=x-1'), ['Apex 50K']);
  assert.deepEqual(await names('q=100'), ['100% funded', 'Apex 50K']);
  assert.deepEqual(await names('q=%25'), ['100% funded']);
  assert.deepEqual(await names('q=_'), ['snake_case']);
  assert.deepEqual(await names('q=%C3%84rger'), ['ÄRGER']);
  assert.deepEqual(await names('q=%C3%A4rger'), []);
  assert.deepEqual(await names(`q=${'😀'.repeat(100)}`), []);
  for (const bad of ['', 'x'.repeat(101)])
    assert.equal((await asked.get(`accounts?q=${bad}`)).status, 400, bad);
});

test('by cursor all pages are all accounts that match, the oldest first, also when some are made or closed meanwhile', async (t) => {
  const { partner, asked, change } = await startFirm(t);
  const made: { id: string; at: number; firm: string }[] = [];
  for (let number = 0; number < 31; number++) {
    const firm = number % 3 === 0 ? 'A' : 'B';
    const id = await partner.newAccount({ firm });
    const at = testNow - ((number * 7) % 6) * minute;
    await change(id, 'created_at', at);
    made.push({ id, at, firm });
  }
  const sorted = made.toSorted((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1));
  for (const [query, matching] of [
    ['limit=7', sorted],
    ['limit=200', sorted],
    ['limit=4&firm_id=A', sorted.filter(({ firm }) => firm === 'A')],
    ['limit=10&firm_id=C', []],
  ] as const) {
    const listed = await allOf(asked, `accounts?${query}`, accountsIn);
    assert.deepEqual(
      listed.map(({ id }) => id),
      matching.map(({ id }) => id),
      query,
    );
  }
  const seen: string[] = [];
  const pages: (number | null)[][] = [];
  for await (const page of pagesOf<AccountsAnswer>(asked, 'accounts?limit=11&status=active')) {
    seen.push(...page.accounts.map(({ id }) => id));
    pages.push([page.accounts.length, page.total, page.offset]);
    if (pages.length > 1) continue;
    // A page by offset would now skip one.
    await change(sorted[0]!.id, 'status', 'closed');
    const early = await partner.newAccount();
    await change(early, 'created_at', testNow - day);
  }
  assert.deepEqual(
    seen,
    sorted.map(({ id }) => id),
  );
  assert.deepEqual(pages, [
    [11, 31, 0],
    [11, 31, null],
    [9, 31, null],
  ]);
});

test('a page by offset has a cursor, too; both together are a 400, and so is the cursor of another list', async (t) => {
  const { database, partner, asked, list } = await startFirm(t);
  for (let number = 0; number < 5; number++) await partner.newAccount();
  for (let number = 0; number < 2; number++) await addUser(database, partner.id);
  const all = (await list('')).accounts.map(({ id }) => id);
  const second = await list('limit=2&offset=1');
  const rest = await list(`cursor=${second.next}`);
  assert.deepEqual(
    [...second.accounts, ...rest.accounts].map(({ id }) => id),
    all.slice(1),
  );
  assert.equal((await list('limit=2&offset=3')).next, null);
  const both = await asked.get(`accounts?cursor=${second.next}&offset=0`);
  assert.deepEqual([both.status, both.body.details?.[0]?.path], [400, 'cursor']);
  const users = await asked.get<{ next: string }>('users?limit=1');
  for (const bad of [users.body.next, `${second.next}A`, 'x', '', 'e30', 'W10', 'bnVsbA']) {
    const { status, body } = await asked.get(`accounts?cursor=${bad}`);
    assert.deepEqual([status, body.code], [400, 'invalid_parameters'], bad);
    assert.deepEqual(body.details, [{ path: 'cursor', message: 'is no cursor of this list' }]);
  }
});

test('by cursor or by user, no account is read that is not in the page', async (t) => {
  const { database, partner } = await startFirm(t);
  const user = await addUser(database, partner.id);
  for (let number = 0; number < 20; number++) await partner.newAccount({ userId: user });
  const from = { created_at: testNow, id: '' };
  const byAge = /^SEARCH accounts USING COVERING INDEX accounts_by_age \(partner_id=\?/;
  const byUser = /^SEARCH accounts USING COVERING INDEX accounts_by_user \(partner_id=\?/;
  for (const [filter, index, place] of [
    [{}, byAge, 'accounts_by_age (partner_id=? AND (created_at,id)>(?,?))'],
    [{ status: 'active' }, byAge, 'accounts_by_age (partner_id=? AND (created_at,id)>(?,?))'],
    [
      { userId: user },
      byUser,
      'accounts_by_user (partner_id=? AND user_id=? AND (created_at,id)>(?,?))',
    ],
  ] as const) {
    const statements = await statementsOf(t, async () => {
      const page = await listAccounts(database.read, partner.id, { ...filter, from, limit: 5 });
      assert.deepEqual([page.accounts.length, page.total, page.hasMore], [5, 20, true]);
    });
    const steps = statements.flatMap((each) => planOf(database, each));
    const ofAccounts = steps.filter((step) => /\baccounts\b/.test(step) && !index.test(step));
    assert.deepEqual(ofAccounts, [
      'SEARCH accounts USING INDEX sqlite_autoindex_accounts_1 (partner_id=? AND id=?)',
    ]);
    assert.ok(
      steps.some((step) => step.endsWith(place)),
      steps.join('\n'),
    );
  }
});

test('an account is told with its user, firm, balance and limit', async (t) => {
  const { database, partner, asked } = await startFirm(t);
  const user = await addUser(database, partner.id);
  const id = await partner.newAccount({
    ...{ nickname: 'Apex', userId: user, externalId: '7', firm: 'apex', firmName: 'Apex Trader' },
    ...{ startingBalance: 50_000, maxDrawdown: 2_500.5 },
  });
  await partner.addTrades(id, tradesOf([100.25, -50]));
  const { body } = await asked.get<AccountAnswer>(`accounts/${id}`);
  assert.deepEqual(body, {
    ...{ id, external_id: '7', nickname: 'Apex', user_id: user },
    ...{ firm_id: 'apex', firm: 'Apex Trader', status: 'active', currency: 'USD' },
    ...{ trade_count: 2, total_pnl: 50.25, attempt: 1, attempt_started_at: null },
    ...{ starting_balance: 50_000, balance: 50_050.25, max_drawdown: 2_500.5 },
    ...{ created_at: testNow, closed_at: null },
    ...{ equity: null, open_pnl: null, observed_at: null },
  });
  assert.deepEqual((await asked.get('accounts/ext:7')).body, body);
  const longest = '😀'.repeat(64);
  const other = await partner.newAccount({ externalId: longest });
  const { body: found } = await asked.get<AccountAnswer>(`accounts/ext:${longest}`);
  assert.deepEqual([found.id, found.external_id], [other, longest]);
  assert.equal((await asked.get(`accounts/ext:${longest}x`)).status, 400);
  const plain = await partner.newAccount();
  const { body: bare } = await asked.get<AccountAnswer>(`accounts/${plain}`);
  assert.deepEqual(
    [bare.starting_balance, bare.balance, bare.max_drawdown, bare.user_id, bare.firm],
    [null, null, null, null, null],
  );
});

test('an account is told with its current attempt or another, and changes are told at once', async (t) => {
  const { database, partner, asked, change } = await startFirm(t);
  const id = await partner.newAccount({ startingBalance: 1_000 });
  await partner.addTrades(id, tradesOf([10]));
  const read = async (query = '') => {
    const { status, text, body } = await asked.get<AccountAnswer>(`accounts/${id}${query}`);
    assert.equal(status, 200, text);
    const { attempt, attempt_started_at, balance, trade_count } = body;
    return [attempt, attempt_started_at, balance, trade_count];
  };
  assert.deepEqual(await read(), [1, null, 1_010, 1]);
  await transact(database, (transaction) =>
    insertAttempt(transaction, {
      ...{ partner_id: partner.id, account_id: id, attempt: 2, started_at: testNow + 1 },
      ...{ starting_balance: fromDecimal(2_000), max_drawdown: null },
    }),
  );
  await change(id, 'attempt', 2);
  assert.deepEqual(await read(), [2, testNow + 1, 2_000, 0]);
  assert.deepEqual(await read('?attempt=2'), [2, testNow + 1, 2_000, 0]);
  assert.deepEqual(await read('?attempt=1'), [1, null, 1_010, 1]);
  await change(id, 'status', 'closed');
  await change(id, 'closed_at', testNow + 5);
  const { body } = await asked.get<AccountAnswer>(`accounts/${id}`);
  assert.deepEqual([body.status, body.closed_at], ['closed', testNow + 5]);
  assert.equal((await findAccount(database.read, partner.id, id, 1))!.attempt, 1);
});

test('an unknown account or attempt is a 404, and so are another firm’s accounts and erased ones', async (t) => {
  const { server, database, partner, asked, change } = await startFirm(t);
  const other = await makePartner(database);
  const foreign = await other.newAccount({ externalId: 'theirs' });
  const own = await partner.newAccount();
  const erased = await partner.newAccount({ externalId: 'gone' });
  await change(erased, 'status', 'erased');
  for (const rest of ['', '/trades']) {
    const { status, text } = await asked.get(`accounts/acc_00000000000000000000${rest}`);
    assert.equal(status, 404);
    for (const unknown of [foreign, 'ext:theirs', erased, 'ext:gone', 'ext:']) {
      const answer = await asked.get(`accounts/${unknown}${rest}`);
      assert.deepEqual([answer.status, answer.text], [404, text], unknown);
    }
    const attempt = await asked.get(`accounts/${own}${rest}?attempt=2`);
    assert.deepEqual([attempt.status, attempt.text], [404, text]);
    assert.equal((await asked.get(`accounts/${own}${rest}?attempt=0`)).status, 400);
    assert.equal((await api(server, other.key).get(`accounts/ext:theirs${rest}`)).status, 200);
  }
});

test('a single account needs the scope accounts:list, which writing accounts includes', async (t) => {
  const { server, partner } = await startFirm(t);
  const id = await partner.newAccount();
  const ask = async (...scopes: Parameters<typeof partner.newKey>[0]) =>
    (await api(server, await partner.newKey(scopes)).get(`accounts/${id}`)).status;
  assert.equal(await ask('accounts:list'), 200);
  assert.equal(await ask('accounts:write'), 200);
  assert.equal(await ask('stats:read', 'users:write'), 403);
  assert.equal(await ask('embed:read'), 403);
});
